"""What only the embedded store promises: plain TinyDB files, each replaced as a whole."""

import json
import os
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.storage.open_answers import KEPT, SEGMENT_SIZE
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"tinydb:{tmp_path}/instance"


@pytest.fixture
def folder(store: Store, small: Questionnaire, tmp_path: Path) -> Path:
    store.create_wave(make_wave(small))
    return tmp_path / "instance" / "waves" / "w1"


def fill(store: Store, count: int, start: int = 0) -> None:
    """Hand in many, a few hundred in one commit."""
    batch = [make_submission(n, comments=[f"{n}"]) for n in range(start, start + count)]
    store.import_batch("w1", batch, OPENED)


def read(path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(path.read_text())
    return found


def test_plain_tinydb_opens_every_file(store: Store, folder: Path) -> None:
    fill(store, KEPT + 2 * SEGMENT_SIZE)
    paths = sorted(folder.rglob("*.json"))
    assert [path.name for path in paths] == [
        "live.json",
        "segment-000001.json",
        "segment-000002.json",
        "submissions-000001.json",
        "wave.json",
    ]
    for path in paths:
        with TinyDB(path) as database:
            assert database.tables()
    with TinyDB(folder / "open" / "live.json") as database:
        assert len(database.table("responses")) == KEPT
    with TinyDB(folder / "open" / "submissions-000001.json") as database:
        assert len(database.table("submissions")) == KEPT + 2 * SEGMENT_SIZE


def test_a_response_holds_stratum_pace_and_answers_and_nothing_else(
    store: Store, folder: Path
) -> None:
    store.submit("w1", make_submission(1), OPENED)
    (document,) = read(folder / "open" / "live.json")["responses"].values()
    assert document == {"stratum": "all", "pace": "ok", "answers": "45214"}


def test_no_key_joins_a_response_with_its_comment_or_its_submission(
    store: Store, folder: Path
) -> None:
    store.submit("w1", make_submission(1, comments=["好"]), OPENED)
    tables = read(folder / "open" / "live.json")
    ids = [set(tables[name]) for name in ("responses", "comments", "submissions")]
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]
    assert not ids[1] & ids[2]


def test_the_live_segment_is_sealed_in_parts_and_never_runs_dry(store: Store, folder: Path) -> None:
    fill(store, KEPT + SEGMENT_SIZE - 1)
    live = folder / "open" / "live.json"
    assert len(read(live)["responses"]) == KEPT + SEGMENT_SIZE - 1
    before = set(read(live)["responses"])
    store.submit("w1", make_submission(100_000), OPENED)
    assert len(read(live)["responses"]) == KEPT
    sealed = read(folder / "open" / "segment-000001.json")
    assert len(sealed["responses"]) == SEGMENT_SIZE
    assert "submissions" not in sealed
    assert "spent" not in sealed
    assert before & set(sealed["responses"])
    assert before & set(read(live)["responses"])
    assert len(store.responses("w1")) == KEPT + SEGMENT_SIZE
    assert len(store.comments("w1")) == KEPT + SEGMENT_SIZE - 1


def test_receipts_go_into_ledgers_of_limited_size(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey_service.storage.open_answers.LEDGER_SIZE", 450)
    total = 0
    for count in (399, 1, 200, 1400, 200):
        fill(store, count, total)
        total += count
    ledgers = sorted((folder / "open").glob("submissions-*.json"))
    held = [len(read(path)["submissions"]) for path in ledgers]
    assert sum(held) == total
    assert max(held) == 450
    again = open_store(f"tinydb:{folder.parents[1]}")
    for number in range(0, total, 7):
        assert not again.submit("w1", make_submission(number), OPENED).is_new


def test_documents_stand_in_the_order_of_their_random_ids(store: Store, folder: Path) -> None:
    for n in range(50):
        store.submit("w1", make_submission(n), OPENED)
    for table in read(folder / "open" / "live.json").values():
        assert list(map(int, table)) == sorted(map(int, table))


def test_what_a_crash_while_sealing_left_is_counted_once(store: Store, folder: Path) -> None:
    fill(store, KEPT + SEGMENT_SIZE - 1)
    live = folder / "open" / "live.json"
    before = live.read_bytes()
    store.submit("w1", make_submission(100_000), OPENED)
    live.write_bytes(before)
    assert len(store.responses("w1")) == KEPT + SEGMENT_SIZE - 1
    again = open_store(f"tinydb:{folder.parents[1]}")
    assert again.submit("w1", make_submission(100_001), OPENED).is_new
    assert len(again.responses("w1")) == KEPT + SEGMENT_SIZE


def test_a_second_process_that_writes_is_noticed(store: Store, folder: Path) -> None:
    other = open_store(f"tinydb:{folder.parents[1]}")
    for number in range(30):
        each = (store, other)[number % 2]
        assert each.submit("w1", make_submission(number), OPENED).is_new
        assert not each.submit("w1", make_submission(number // 2), OPENED).is_new
    assert len(store.responses("w1")) == 30


def test_a_bit_that_turned_over_is_never_taken_for_an_answer(store: Store, folder: Path) -> None:
    fill(store, KEPT + SEGMENT_SIZE)
    chance = random.Random(5)
    for name in ("live.json", "segment-000001.json"):
        path = folder / "open" / name
        whole = path.read_bytes()
        for _ in range(100):
            place, bit = chance.randrange(len(whole)), chance.randrange(8)
            turned = bytearray(whole)
            turned[place] ^= 1 << bit
            path.write_bytes(turned)
            with pytest.raises(SurveyError) as caught:
                store.responses("w1")
            assert caught.value.code is Code.STORE_DAMAGED
        path.write_bytes(whole)
    assert len(store.responses("w1")) == KEPT + SEGMENT_SIZE


def test_a_missing_segment_is_reported(store: Store, folder: Path) -> None:
    fill(store, KEPT + SEGMENT_SIZE)
    (folder / "open" / "segment-000001.json").unlink()
    with pytest.raises(SurveyError) as caught:
        store.close_wave("w1", CLOSED, now=True)
    assert caught.value.code is Code.STORE_DAMAGED
    assert store.wave("w1").closed_on is None


def test_the_compact_copy_is_used_only_if_it_is_right(store: Store, folder: Path) -> None:
    fill(store, 450)
    store.close_wave("w1", CLOSED, now=True)
    copy = folder / "closed" / "answers.bin"
    whole, expected = copy.read_bytes(), store.responses("w1")
    for broken in (b"", whole[:-1], whole[:-1] + b"2", whole.replace(b"450", b"449"), b"{}\n"):
        copy.write_bytes(broken)
        assert store.responses("w1") == expected
    for path in (folder / "closed").glob("segment-*1.json"):
        path.unlink()
    with pytest.raises(SurveyError) as caught:
        store.responses("w1")
    assert caught.value.code is Code.STORE_DAMAGED
    copy.write_bytes(whole)
    assert store.responses("w1") == expected


def test_only_one_server_at_a_time(store: Store, folder: Path) -> None:
    other = open_store(f"tinydb:{folder.parents[1]}")
    with store.serving():
        with pytest.raises(SurveyError) as caught, other.serving():
            pass
        assert caught.value.code is Code.STORE_SERVED
        assert other.submit("w1", make_submission(1), OPENED).is_new
    with other.serving():
        pass


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
    (folder / "open" / "live.json").write_text("{}")
    (folder / "codes-000001.json").write_text("{}")
    (folder / ".new-abc").write_text("{}")
    with pytest.raises(SurveyError):
        store.close_wave("w1", CLOSED, now=True)
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["closed", "control.lock", "request.lock", "wave.json"]
    assert len(store.responses("w1")) == 1


def test_what_a_crash_while_deleting_left_is_removed_and_never_counted(
    store: Store, folder: Path, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.submit("w1", make_submission(1), OPENED)

    def crash(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("survey_service.storage.files.shutil.rmtree", crash)
        with pytest.raises(KeyboardInterrupt):
            store.delete_wave("w1", lambda _: None)
    assert store.waves() == ()
    store.create_wave(make_wave(small))
    assert store.responses("w1") == ()
    assert [path.name for path in folder.parent.iterdir()] == ["w1"]


def test_a_restore_that_is_interrupted_leaves_no_answers_behind(
    store: Store, folder: Path, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.submit("w1", make_submission(1), OPENED)
    other = replace(store.snapshot("w1"), wave=make_wave(small, id="w2"))

    def interrupt(path: Path, wave: Wave) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("survey_service.storage.tinydb.write_wave", interrupt)
        with pytest.raises(KeyboardInterrupt):
            store.restore(other)
    assert [path.name for path in folder.parent.iterdir()] == ["w1"]


def test_a_small_import_joins_the_others(store: Store, folder: Path) -> None:
    for n in range(3):
        store.import_batch("w1", [make_submission(n, comments=["x"])], OPENED)
    assert [path.name for path in (folder / "open").iterdir()] == ["live.json"]


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
    assert [p.name for p in (folder / "open").iterdir()] == ["live.json"]


def test_after_a_failed_write_the_store_reads_again_before_it_accepts(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails after the file was put in place: the answer is there, and was not acknowledged."""
    store.submit("w1", make_submission(1), OPENED)

    def refuse(folder: Path) -> None:
        raise SurveyError(Code.STORE_UNWRITABLE)

    with monkeypatch.context() as patch:
        patch.setattr("survey_service.storage.files.sync_folder", refuse)
        for call in (lambda: store.submit("w1", make_submission(2), OPENED), store.check_writable):
            with pytest.raises(SurveyError) as caught:
                call()
            assert caught.value.code is Code.STORE_UNWRITABLE
    store.check_writable()
    assert not store.submit("w1", make_submission(2), OPENED).is_new
    assert len(store.responses("w1")) == 2


@pytest.mark.parametrize("url", ["", "tinydb:", "sqlite:x", "instance", "http://x"])
def test_a_store_url_that_we_do_not_know_is_refused(url: str) -> None:
    with pytest.raises(SurveyError) as caught:
        open_store(url)
    assert caught.value.code is Code.STORE_URL


def test_a_spent_code_that_is_issued_again_stays_spent(store: Store, small: Questionnaire) -> None:
    roster = make_roster({"甲": {"manager": 10, "frontline": 15}})
    store.create_wave(make_wave(small, roster, access="codes"))
    codes = {"s001": ["a" * 64, "b" * 64]}
    store.issue_codes("w1", codes, replace=False)
    spent = replace(make_submission(1, "s001"), code="a" * 64)
    store.submit("w1", spent, OPENED)
    store.issue_codes("w1", codes, replace=True)
    with pytest.raises(SurveyError) as caught:
        store.submit("w1", replace(spent, digest="2" * 64), OPENED)
    assert caught.value.code is Code.CODE_USED


def test_a_refusal_of_the_system_anywhere_is_a_fault_of_the_store(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.submit("w1", make_submission(1), OPENED)
    (folder / ".new-left").touch()

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        raise OSError(24, os.strerror(24))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(SurveyError) as caught:
            store.close_wave("w1", CLOSED, now=True)
    assert caught.value.code is Code.STORE_UNWRITABLE
    store.close_wave("w1", CLOSED, now=True)
