"""The disk under the database is full: nothing of what was acknowledged is lost, the rest is said."""

import errno
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from survey_service.errors import SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from tests.conftest import skip_or_fail
from tests.factories import OPENED, make_submission, make_wave
from tests.postgresql import NoServerError, Server, run_server

SIZE = "200m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a small disk of our own."""
    place = Path("/tmp") / tmp_path.name  # noqa: S108 - nobody must be able to reach it
    place.mkdir(mode=0o755)
    line = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if subprocess.run(line, check=False, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("NO RIGHT TO MOUNT A SMALL DISK: a full disk under PostgreSQL was not tested")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


@pytest.fixture
def server(small_disk: Path) -> Iterator[Server]:
    try:
        with run_server(small_disk, min_wal_size="'32MB'", max_wal_size="'32MB'") as started:
            yield started
    except NoServerError:
        skip_or_fail()


def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


@pytest.mark.usefixtures("quick")
def test_a_full_disk_acknowledges_nothing_more_and_loses_nothing(
    server: Server, small_disk: Path, small: Questionnaire
) -> None:
    acknowledged = []
    with closing(open_store(server.url())) as store:
        store.create_wave(make_wave(small))
        fill(small_disk / "filler")
        for number in range(100_000):
            try:
                said = ["字" * 2000]
                sent = make_submission(number, answers=f"{number:05d}", comments=said)
                store.submit("w1", sent, OPENED)
            except SurveyError as error:
                last = error.code
                break
            acknowledged.append(number)
        assert last.status == 503
        assert last.exit_code == 6
        (small_disk / "filler").unlink()
        if not server.is_running:
            server.start()
        store.submit("w1", make_submission(0, answers="00000"), OPENED)
        store.submit("w1", make_submission(99_999, answers="99999"), OPENED)
        kept = [int(each.answers) for each in store.responses("w1")]
    assert len(kept) == len(set(kept))
    assert set(acknowledged) | {99_999} <= set(kept) <= {*acknowledged, len(acknowledged), 99_999}
