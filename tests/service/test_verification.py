"""Verifying finds what does not agree, and nothing where all does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from survey_service.answers import AnswerTable
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import Comment, Response
from survey_service.service.verification import Finding, Flaw, Verified, find_flaws, verify_wave
from survey_service.snapshot import Snapshot
from survey_service.storage import open_store
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import (
    CLOSED,
    OPENED,
    fill_store,
    make_codes,
    make_questionnaire,
    make_submission,
    make_wave,
)


@pytest.fixture
def filled(store: Store, small: Questionnaire) -> Store:
    fill_store(store, small)
    return store


@pytest.mark.parametrize("wave_id", ["carded", "closed", "draft", "linked"])
def test_a_sound_wave_has_no_flaw(filled: Store, wave_id: str) -> None:
    found = verify_wave(filled, filled.wave(wave_id))
    assert (found.findings, found.faults) == ((), ())
    assert found.is_sound


def test_counts_of_an_open_wave_go_down_to_tens(filled: Store) -> None:
    carded, linked, closed = (
        verify_wave(filled, filled.wave(wave_id)) for wave_id in ("carded", "linked", "closed")
    )
    assert (carded.answers, carded.comments, carded.codes, carded.spent) == (10, 10, 40, 10)
    assert (linked.answers, linked.comments) == (20, 0)
    assert (closed.answers, closed.comments) == (30, 30)


def test_paper_in_a_wave_with_cards_is_no_flaw(filled: Store) -> None:
    paper = [replace(make_submission(500, "s001"), comments=()) for _ in range(9)]
    filled.import_batch("carded", paper, OPENED)
    assert verify_wave(filled, filled.wave("carded")).is_sound


def test_a_spent_code_that_was_never_issued_is_a_flaw_whatever_came_on_paper(
    filled: Store,
) -> None:
    filled.import_batch("carded", [make_submission(500, "s001")] * 9, OPENED)
    whole = filled.snapshot("carded")
    codes = {code: name for code, name in whole.codes.items() if code != min(whole.spent)}
    assert list(find_flaws(replace(whole, codes=codes))) == [Finding(Flaw.SPENT)]


def test_cards_issued_anew_are_no_flaw(filled: Store) -> None:
    anew = {"s001": make_codes()["s002"][20:26]}
    filled.issue_codes("draft", {"s001": [], "s002": []}, replace=True)
    filled.issue_codes("draft", anew, replace=True)
    assert verify_wave(filled, filled.wave("draft")).is_sound


def with_row(table: AnswerTable, **changes: Any) -> AnswerTable:
    """Return a table whose first row is another one."""
    parts = {name: np.copy(getattr(table, name)) for name in ("stratum", "pace", "codes")}
    for name, value in changes.items():
        if name != "strata":
            parts[name][0] = value
    return AnswerTable(changes.get("strata", table.strata), **parts)


def less(mapping: Any) -> Any:
    return dict(list(mapping.items())[1:])


def flip_label(s: Snapshot) -> Snapshot:
    return replace(s, answers=with_row(s.answers, stratum=1))


CASES: list[tuple[str, Callable[[Snapshot], Snapshot], list[tuple[Flaw, tuple[str, ...]]]]] = [
    (
        "linked",
        lambda s: replace(s, answers=with_row(s.answers, codes=[4, 8, 1, 1, 9])),
        [(Flaw.ANSWERS, ("A1_1b",))],
    ),
    (
        "linked",
        lambda s: replace(s, answers=with_row(s.answers, stratum=2, strata=("s001", "s002", "x"))),
        [(Flaw.STRATA, ("x",))],
    ),
    ("linked", lambda s: replace(s, codes={"a": "s001"}), [(Flaw.CODELESS, ())]),
    (
        "linked",
        lambda s: replace(s, answers=s.answers.take(np.arange(20))),
        [(Flaw.RECEIPTS, ())],
    ),
    ("linked", lambda s: replace(s, receipts={}), [(Flaw.RECEIPTS, ())]),
    (
        "linked",
        lambda s: replace(s, comments=(Comment("A1_1a", "all", "x", id="1"),)),
        [(Flaw.COMMENTS, ("A1_1a",))],
    ),
    (
        "linked",
        lambda s: replace(s, comments=(Comment("WORDS", "s001", "x", id="1"),)),
        [(Flaw.COMMENTS, ("s001",))],
    ),
    (
        "linked",
        lambda s: replace(s, comments=(Comment("WORDS", "all", "x", id="1"),) * 2),
        [(Flaw.COMMENTS, ("WORDS",))],
    ),
    (
        "linked",
        lambda s: replace(s, wave=replace(s.wave, opened_on=None)),
        [(Flaw.EARLY, ())],
    ),
    ("carded", flip_label, [(Flaw.SPENT, ("s001", "s002"))]),
    (
        "carded",
        lambda s: replace(s, receipts=less(s.receipts)),
        [(Flaw.RECEIPTS, ())],
    ),
    (
        "carded",
        lambda s: replace(s, answers=s.answers.take(np.arange(1, 12))),
        [(Flaw.SPENT, ("s001",)), (Flaw.RECEIPTS, ())],
    ),
    (
        "carded",
        lambda s: replace(s, spent=frozenset(list(s.spent)[1:]), receipts=less(s.receipts)),
        [(Flaw.SPENT, ("s00?",)), (Flaw.RECEIPTS, ())],
    ),
    (
        "carded",
        lambda s: replace(s, codes={**s.codes, **{str(n): "s001" for n in range(2)}}),
        [(Flaw.CROWDED, ("s001",))],
    ),
    (
        "carded",
        lambda s: replace(s, codes={**s.codes, "b": "s009"}),
        [(Flaw.STRATA, ("s009",))],
    ),
    (
        "carded",
        lambda s: replace(s, codes={c: n for c, n in s.codes.items() if c != min(s.spent)}),
        [(Flaw.SPENT, ("s00?",)), (Flaw.SPENT, ())],
    ),
    (
        "closed",
        lambda s: replace(s, answers=with_row(s.answers, codes=[1, 1, 1, 1, 1])),
        [(Flaw.FROZEN, ())],
    ),
    (
        "closed",
        lambda s: replace(s, answers=s.answers.take(np.arange(29))),
        [(Flaw.FROZEN, ())],
    ),
    ("closed", lambda s: replace(s, receipts={"a": "b"}), [(Flaw.REMAINS, ())]),
    ("closed", lambda s: replace(s, codes={"a": "all"}), [(Flaw.REMAINS, ())]),
    (
        "closed",
        lambda s: replace(s, wave=replace(s.wave, salt="ab")),
        [(Flaw.REMAINS, ())],
    ),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Snapshot]:
    """Return the waves of a store, made once for all tests that break one."""
    folder = tmp_path_factory.mktemp("whole")
    store = open_store(f"tinydb:{folder}/store")
    fill_store(store, make_questionnaire(folder))
    return {wave.id: store.snapshot(wave.id) for wave in store.waves()}


@pytest.mark.parametrize(("wave_id", "break_it", "expected"), CASES)
def test_a_flaw_is_found_and_named(
    whole: dict[str, Snapshot],
    wave_id: str,
    break_it: Callable[[Snapshot], Snapshot],
    expected: list[tuple[Flaw, tuple[str, ...]]],
) -> None:
    found = list(find_flaws(break_it(whole[wave_id])))
    for finding, (flaw, places) in zip(found, expected, strict=False):
        assert finding.flaw is flaw
        if places != ("s00?",):
            assert finding.places == places
    assert {finding.flaw for finding in found} >= {flaw for flaw, _ in expected}


def test_more_answers_than_people_are_a_flaw_where_all_came_with_cards(
    whole: dict[str, Snapshot],
) -> None:
    carded = whole["carded"]
    codes = {f"{n:064x}": "s001" for n in range(11)}
    answers = carded.answers.take(np.zeros(11, np.intp))
    receipts = {f"{n:064x}": "X" for n in range(11)}
    crowded = replace(
        carded, answers=answers, codes=codes, spent=frozenset(codes), receipts=receipts
    )
    assert Finding(Flaw.CROWDED, ("s001",)) in list(find_flaws(crowded))


def test_a_wave_that_cannot_be_read_is_reported_with_what_the_store_says(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = filled.wave("closed")

    def refuse(wave_id: str) -> Snapshot:
        raise SurveyError(Code.STORE_DAMAGED, what=wave_id)

    monkeypatch.setattr(filled, "snapshot", refuse)
    found = verify_wave(filled, wave)
    assert [fault.code for fault in found.faults] == [Code.STORE_DAMAGED]
    assert not found.is_sound


def test_a_wave_without_answers_is_sound(store: Store, small: Questionnaire) -> None:
    store.create_wave(make_wave(small))
    assert verify_wave(store, store.wave("w1")).is_sound
    store.close_wave("w1", CLOSED, now=True)
    assert verify_wave(store, store.wave("w1")) == Verified(store.wave("w1"))


def test_a_wave_that_asks_for_no_unit_knows_one_stratum(store: Store, small: Questionnaire) -> None:
    wave: Wave = make_wave(small)
    store.create_wave(wave)
    store.submit("w1", make_submission(1), OPENED)
    assert verify_wave(store, wave).is_sound
    strange = replace(make_submission(2), response=Response("s001", "ok", "11111"))
    store.submit("w1", strange, OPENED)
    assert verify_wave(store, wave).findings == (Finding(Flaw.STRATA, ("s001",)),)
