"""The attack on one's own data finds nothing, and would find something."""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey_service.disclosure.release import Release
from survey_service.questionnaire import Questionnaire
from survey_service.service.privacy import attack_release, audit_privacy
from survey_service.service.publication import prepare_release, publish
from survey_service.service.stored_bytes import ByteCheck, check_bytes
from survey_service.storage import open_store
from survey_service.store import Store
from tests.factories import OPENED, make_submission, make_wave
from tests.filling import ANSWERED, ROSTER, fill

Files = list[tuple[str, bytes]]


def test_nothing_is_found_in_a_closed_wave(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    report = audit_privacy(store, "w1")
    assert report.published is not None
    assert report.published.figures > 0
    assert [check.name for check in report.stored] == [
        "fields", "personal", "order", "keys", "groups", "leftovers", "frozen",
    ]  # fmt: skip
    assert report.hits == 0


def test_auditing_publishes_nothing(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    audit_privacy(store, "w1")
    assert store.wave("w1").released is None


def test_of_an_open_wave_only_the_files_are_tried(store: Store, small: Questionnaire) -> None:
    store.create_wave(make_wave(small, ROSTER))
    batch = [replace(make_submission(n, "s001"), digest=secrets.token_hex(32)) for n in range(80)]
    store.import_batch("w1", batch, OPENED)
    report = audit_privacy(store, "w1")
    assert report.published is None
    assert report.hits == 0


def test_how_few_answered_somewhere_is_not_in_the_report(
    store: Store, tmp_path: Path, small: Questionnaire
) -> None:
    other = open_store(f"tinydb:{tmp_path}/other")
    fill(store, small, ANSWERED)
    fill(other, small, ANSWERED | {"s001": 0})
    one, two = (audit_privacy(each, "w1").published for each in (store, other))
    assert one == two


def test_a_role_brought_back_into_the_release_is_found(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    prepared = prepare_release(store, "w1")
    content = json.loads(prepared.release.to_json())
    assert "suppressed" in content["units"]["甲"]["roles"]["frontline"]
    content["units"]["甲"]["roles"]["frontline"] = content["units"]["丙"]["roles"]["frontline"]
    attack = attack_release(Release(content), prepared.cleared)
    assert attack.sums > 0
    assert attack.numbers > 0


def test_what_was_published_before_is_tried_together(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    publish(store, "w1")
    released = {**(store.wave("w1").released or {}), "A1": ["甲//frontline"]}
    store.change_wave("w1", lambda wave: replace(wave, released=released))
    report = audit_privacy(store, "w1")
    assert report.published is not None
    assert report.published.sums > 0


def spoil(change: Callable[[dict[str, Any]], None]) -> Callable[[Files], Files]:
    """Return what changes the files that hold responses."""

    def apply(files: Files) -> Files:
        changed = []
        for name, raw in files:
            tables = json.loads(raw) if name.endswith(".json") else {}
            if tables.get("responses"):
                change(tables)
            changed.append((name, json.dumps(tables).encode() if tables else raw))
        return changed

    return apply


def change_first(tables: dict[str, Any], **fields: str) -> None:
    rows = tables["responses"]
    place = 0 if isinstance(rows, list) else next(iter(rows))
    rows[place] = {**rows[place], **fields}


def add_time(tables: dict[str, Any]) -> None:
    change_first(tables, at="2026-10-08T09:41:07")


def write_telephone(tables: dict[str, Any]) -> None:
    change_first(tables, pace="13800138000")


def invent_a_group(tables: dict[str, Any]) -> None:
    change_first(tables, stratum="s999")


def group_by_stratum(tables: dict[str, Any]) -> None:
    rows = tables["responses"]
    documents = rows if isinstance(rows, list) else rows.values()
    ranked = sorted(documents, key=lambda document: str(document["stratum"]))
    tables["responses"] = ranked if isinstance(rows, list) else dict(zip(rows, ranked, strict=True))


def leave_a_code(tables: dict[str, Any]) -> None:
    tables["spent"] = {"77": {"code": "ab" * 32}}


def number_in_order(tables: dict[str, Any]) -> None:
    tables["responses"] = {str(n): d for n, d in enumerate(tables["responses"].values(), 1)}


def enter_last(tables: dict[str, Any]) -> None:
    first = next(iter(tables["responses"]))
    tables["responses"][first] = tables["responses"].pop(first)


def share_a_key(tables: dict[str, Any]) -> None:
    tables["comments"] = {next(iter(tables["responses"])): {"text": "好"}}


def hit(store: Store, files: Files, name: str) -> int:
    found = {check.name: check for check in check_bytes(store.wave("w1"), files)}
    return found[name].hits


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (add_time, "fields"),
        (write_telephone, "personal"),
        (group_by_stratum, "order"),
        (invent_a_group, "groups"),
        (leave_a_code, "leftovers"),
    ],
)
def test_what_would_tell_something_is_found_in_the_bytes(
    store: Store, small: Questionnaire, change: Callable[[dict[str, Any]], None], name: str
) -> None:
    fill(store, small, ANSWERED)
    files = list(store.stored_files("w1"))
    assert sum(check.hits for check in check_bytes(store.wave("w1"), files)) == 0
    assert hit(store, spoil(change)(files), name) > 0


@pytest.mark.parametrize(
    ("change", "name"),
    [(number_in_order, "order"), (enter_last, "order"), (share_a_key, "keys")],
)
def test_keys_that_would_tell_something_are_found(
    tmp_path: Path, small: Questionnaire, change: Callable[[dict[str, Any]], None], name: str
) -> None:
    store = open_store(f"tinydb:{tmp_path}/keys")
    fill(store, small, ANSWERED)
    assert hit(store, spoil(change)(list(store.stored_files("w1"))), name) > 0


def test_a_copy_with_anything_but_answers_in_order_is_found(
    tmp_path: Path, small: Questionnaire
) -> None:
    store = open_store(f"tinydb:{tmp_path}/copy")
    fill(store, small, ANSWERED)
    files = dict(store.stored_files("w1"))
    line, _, body = files["closed/answers.bin"].partition(b"\n")
    width = len(small.closed)
    turned = b"".join(body[start : start + width] for start in range(0, len(body), width)[::-1])
    for raw in (line + b"\n" + turned, line + b"\n" + body + b"0", b"names"):
        assert hit(store, [*(files | {"closed/answers.bin": raw}).items()], "fields") == 1


def test_rows_of_a_database_written_at_different_times_are_found(
    store: Store, small: Questionnaire
) -> None:
    """PostgreSQL keeps of every row by which transaction it was written."""
    fill(store, small, ANSWERED)
    rows = {"responses": [{"stratum": "s001", "pace": "ok", "answers": "11211"}] * 2}
    files = [("response.json", json.dumps(rows | {"transactions": [1, 1]}).encode())]
    assert hit(store, files, "order") == 1


def test_answers_that_are_not_those_of_closing_are_found(
    store: Store, small: Questionnaire
) -> None:
    fill(store, small, ANSWERED)
    files = list(store.stored_files("w1"))
    assert hit(store, spoil(lambda tables: change_first(tables, answers="55255"))(files), "frozen")


def test_a_long_note_in_a_lock_is_found(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    assert hit(store, [("control.lock", b"0" * 16)], "fields") == 0
    assert hit(store, [("control.lock", b"13800138000 is number 7")], "fields") == 1


def test_a_file_that_is_not_json_is_a_finding(small: Questionnaire) -> None:
    assert check_bytes(make_wave(small), [("notes.txt", b"\xff")])[0] == ByteCheck("fields", 0, 1)
