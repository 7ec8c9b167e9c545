"""The attack on one's own data finds nothing, and would find something."""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from survey_service.disclosure.release import Release
from survey_service.questionnaire import Questionnaire
from survey_service.service.privacy import attack_release, audit_privacy
from survey_service.service.publication import prepare_release, publish
from survey_service.service.stored_bytes import ByteCheck, check_bytes
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
        "fields", "personal", "order", "keys", "groups", "leftovers",
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
    store: Store, small: Questionnaire
) -> None:
    fill(store, small, ANSWERED, "w1")
    fill(store, small, ANSWERED | {"s001": 0}, "w2")
    one, other = (audit_privacy(store, wave_id).published for wave_id in ("w1", "w2"))
    assert one == other


def test_a_role_brought_back_into_the_release_is_found(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    prepared = prepare_release(store, store.wave("w1"))
    content = json.loads(prepared.release.to_json())
    assert "suppressed" in content["units"]["甲"]["roles"]["frontline"]
    content["units"]["甲"]["roles"]["frontline"] = content["units"]["丙"]["roles"]["frontline"]
    attack = attack_release(Release(content), prepared.plan, prepared.measures)
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
    """Return what changes the first file that holds responses."""

    def apply(files: Files) -> Files:
        changed = []
        for name, raw in files:
            tables = json.loads(raw)
            if tables.get("responses"):
                change(tables)
            changed.append((name, json.dumps(tables).encode()))
        return changed

    return apply


def add_time(tables: dict[str, Any]) -> None:
    next(iter(tables["responses"].values()))["at"] = "2026-10-08T09:41:07"


def write_telephone(tables: dict[str, Any]) -> None:
    next(iter(tables["responses"].values()))["pace"] = "13800138000"


def number_in_order(tables: dict[str, Any]) -> None:
    tables["responses"] = {str(n): d for n, d in enumerate(tables["responses"].values(), 1)}


def enter_last(tables: dict[str, Any]) -> None:
    first = next(iter(tables["responses"]))
    tables["responses"][first] = tables["responses"].pop(first)


def group_by_stratum(tables: dict[str, Any]) -> None:
    rows = tables["responses"]
    ranked = sorted(rows.values(), key=lambda document: str(document["stratum"]))
    tables["responses"] = dict(zip(rows, ranked, strict=True))


def share_a_key(tables: dict[str, Any]) -> None:
    tables["comments"] = {next(iter(tables["responses"])): {"text": "好"}}


def invent_a_group(tables: dict[str, Any]) -> None:
    next(iter(tables["responses"].values()))["stratum"] = "s999"


def leave_a_code(tables: dict[str, Any]) -> None:
    tables["spent"] = {"77": {"code": "ab" * 32}}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (add_time, "fields"),
        (write_telephone, "personal"),
        (number_in_order, "order"),
        (enter_last, "order"),
        (group_by_stratum, "order"),
        (share_a_key, "keys"),
        (invent_a_group, "groups"),
        (leave_a_code, "leftovers"),
    ],
)
def test_what_would_tell_something_is_found_in_the_bytes(
    store: Store, small: Questionnaire, change: Callable[[dict[str, Any]], None], name: str
) -> None:
    fill(store, small, ANSWERED)
    wave = store.wave("w1")
    files = list(store.stored_files("w1"))
    assert sum(check.hits for check in check_bytes(wave, files)) == 0
    found = {check.name: check for check in check_bytes(wave, spoil(change)(files))}
    assert found[name].hits > 0


def test_a_file_that_is_not_json_is_a_finding(small: Questionnaire) -> None:
    assert check_bytes(make_wave(small), [("notes.txt", b"\xff")])[0] == ByteCheck("fields", 0, 1)
