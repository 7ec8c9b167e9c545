"""What only the embedded store promises: plain TinyDB files, each replaced as a whole."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tinydb import TinyDB

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.storage.segments import SEGMENT_SIZE
from survey_service.store import Store
from tests.factories import CLOSED, OPENED, make_submission, make_wave


@pytest.fixture
def folder(store: Store, small: Questionnaire, tmp_path: Path) -> Path:
    store.create_wave(make_wave(small))
    return tmp_path / "instance" / "waves" / "w1"


def test_plain_tinydb_opens_every_segment(store: Store, folder: Path) -> None:
    for n in range(3):
        store.submit("w1", make_submission(n, comments=["好"]), OPENED)
    with TinyDB(folder / "open" / "segment-000001.json") as database:
        assert len(database.table("responses")) == 3
        assert len(database.table("comments")) == 3
        assert len(database.table("submissions")) == 3


def test_a_response_holds_stratum_pace_and_answers_and_nothing_else(
    store: Store, folder: Path
) -> None:
    store.submit("w1", make_submission(1), OPENED)
    tables = json.loads((folder / "open" / "segment-000001.json").read_text())
    (document,) = tables["responses"].values()
    assert document == {"stratum": "all", "pace": "ok", "answers": "45214"}


def test_no_key_joins_a_response_with_its_comment_or_its_submission(
    store: Store, folder: Path
) -> None:
    store.submit("w1", make_submission(1, comments=["好"]), OPENED)
    tables = json.loads((folder / "open" / "segment-000001.json").read_text())
    ids = [set(table) for table in tables.values()]
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]
    assert not ids[1] & ids[2]


def test_a_full_segment_is_sealed(store: Store, folder: Path) -> None:
    for n in range(SEGMENT_SIZE + 1):
        store.submit("w1", make_submission(n), OPENED)
    sizes = [
        len(json.loads(path.read_text())["responses"])
        for path in sorted((folder / "open").glob("segment-*.json"))
    ]
    assert sizes == [SEGMENT_SIZE, 1]


def test_documents_stand_in_the_order_of_their_random_ids(store: Store, folder: Path) -> None:
    for n in range(50):
        store.submit("w1", make_submission(n), OPENED)
    tables = json.loads((folder / "open" / "segment-000001.json").read_text())
    for table in tables.values():
        assert list(map(int, table)) == sorted(map(int, table))


def test_closing_leaves_no_trace_of_submissions_or_open_segments(
    store: Store, folder: Path
) -> None:
    for n in range(5):
        store.submit("w1", make_submission(n), OPENED)
    store.close_wave("w1", CLOSED, now=True)
    assert not (folder / "open").exists()
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not re.search(rb"submissions|digest|receipt", everything)


def test_what_a_crash_during_closing_left_does_no_harm(store: Store, folder: Path) -> None:
    store.submit("w1", make_submission(1), OPENED)
    (folder / "closed").mkdir()
    (folder / "closed" / "segment-000001.json").write_text('{"responses": {"1": {"half": 1}}}')
    assert len(store.responses("w1")) == 1
    store.close_wave("w1", CLOSED, now=True)
    assert [r.answers for r in store.responses("w1")] == ["45214"]


def test_what_a_crash_after_closing_left_is_removed_by_the_next_write(
    store: Store, folder: Path
) -> None:
    store.submit("w1", make_submission(1), OPENED)
    store.close_wave("w1", CLOSED, now=True)
    (folder / "open").mkdir()
    (folder / "open" / "segment-000001.json").write_text("{}")
    (folder / "codes-000001.json").write_text("{}")
    (folder / ".new-abc").write_text("{}")
    with pytest.raises(SurveyError):
        store.close_wave("w1", CLOSED, now=True)
    assert sorted(path.name for path in folder.iterdir()) == ["closed", "wave.json"]
    assert len(store.responses("w1")) == 1


def test_what_a_crash_while_deleting_left_is_removed_and_never_counted(
    store: Store, folder: Path, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.submit("w1", make_submission(1), OPENED)

    def crash(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("survey_service.storage.tinydb.shutil.rmtree", crash)
        with pytest.raises(KeyboardInterrupt):
            store.delete_wave("w1", lambda _: None)
    assert store.waves() == ()
    store.create_wave(make_wave(small))
    assert store.responses("w1") == ()
    assert [path.name for path in folder.parent.iterdir()] == ["w1"]


def test_a_small_import_joins_the_segment_of_others(store: Store, folder: Path) -> None:
    for n in range(3):
        store.import_batch("w1", [make_submission(n, comments=["x"])], OPENED)
    assert len(list((folder / "open").iterdir())) == 1


def test_the_times_of_files_tell_the_day_only(store: Store, folder: Path) -> None:
    store.submit("w1", make_submission(1), OPENED)
    for path in folder.rglob("*.json"):
        assert path.stat().st_mtime % 86400 == 0


def test_no_file_or_folder_is_open_to_others(store: Store, folder: Path) -> None:
    store.submit("w1", make_submission(1), OPENED)
    top = folder.parents[1]
    for path in (top, *top.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"wave": {}}', b"\xff"])
def test_a_damaged_wave_is_reported_not_guessed(folder: Path, content: bytes) -> None:
    (folder / "wave.json").write_bytes(content)
    with pytest.raises(SurveyError) as caught:
        open_store(f"tinydb:{folder.parents[1]}").wave("w1")
    assert caught.value.code is Code.STORE_DAMAGED


def test_a_definition_changed_after_opening_is_refused(folder: Path) -> None:
    text = (folder / "wave.json").read_text()
    (folder / "wave.json").write_text(text.replace('"minutes":1', '"minutes":2'))
    with pytest.raises(SurveyError) as caught:
        open_store(f"tinydb:{folder.parents[1]}").wave("w1")
    assert caught.value.code is Code.STORE_DAMAGED


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield


def test_a_disk_that_refuses_loses_nothing_and_acknowledges_nothing(
    store: Store, folder: Path, request: pytest.FixtureRequest
) -> None:
    store.submit("w1", make_submission(1), OPENED)
    request.getfixturevalue("full_disk")
    with pytest.raises(SurveyError) as caught:
        store.submit("w1", make_submission(2), OPENED)
    assert caught.value.code is Code.STORE_UNWRITABLE
    with pytest.raises(SurveyError):
        store.check_writable()
    assert len(store.responses("w1")) == 1
    assert [p.name for p in (folder / "open").iterdir()] == ["segment-000001.json"]


@pytest.mark.parametrize("url", ["", "tinydb:", "sqlite:x", "instance", "http://x"])
def test_a_store_url_that_we_do_not_know_is_refused(url: str) -> None:
    with pytest.raises(SurveyError) as caught:
        open_store(url)
    assert caught.value.code is Code.STORE_URL
