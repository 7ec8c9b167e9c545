"""Signs of stuffing: seen, said in tens, and pointing at nobody."""

import pytest

from survey_service.questionnaire import load
from survey_service.response import encode_answers
from survey_service.service.integrity import Irregularities, find_irregularities
from survey_service.service.participation import report_participation
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave

FULL = load("full")
ROSTER = make_roster({"甲": {"frontline": 40}, "乙": {"frontline": 30}})


def sheet(seed: int, *, blank_from: int = 99) -> str:
    """Return a sheet that no other seed gives."""
    codes = {
        item.id: 2 if item.kind == "attention" else (seed * (n + 3) + n * n + seed // 5) % 5 + 1
        for n, item in enumerate(FULL.closed)
        if n < blank_from
    }
    return encode_answers(FULL, codes)


@pytest.fixture
def wave(store: Store) -> Wave:
    made = make_wave(FULL, ROSTER)
    store.create_wave(made)
    return made


def bring(store: Store, sheets: list[str], stratum: str = "s001", start: int = 0) -> None:
    batch = [make_submission(start + n, stratum, text) for n, text in enumerate(sheets)]
    store.import_batch("w1", batch, OPENED)


def look(store: Store, wave: Wave) -> Irregularities:
    return find_irregularities(wave, store.answers("w1"))


def test_honest_answers_are_clean(store: Store, wave: Wave) -> None:
    bring(store, [sheet(n) for n in range(25)])
    assert len({sheet(n) for n in range(25)}) == 25
    assert look(store, wave).is_clean


def test_copies_are_counted_short_sheets_and_straight_lines_apart(store: Store, wave: Wave) -> None:
    copies = [sheet(1)] * 3 + [sheet(2)] * 2 + [sheet(3)]
    short = [sheet(4, blank_from=10)] * 4
    straight = ["5" * len(FULL.closed)] * 6
    bring(store, copies + short + straight)
    found = look(store, wave)
    assert (found.identical, found.all_same) == (5, 6)


def test_more_answers_than_people_are_seen_by_unit(store: Store, wave: Wave) -> None:
    bring(store, [sheet(n) for n in range(31)], "s002")
    assert look(store, wave).crowded == ("乙",)


def test_a_burst_is_what_came_since_the_last_look(store: Store, wave: Wave) -> None:
    bring(store, [sheet(n) for n in range(25)], "s001")
    first = report_participation(store, wave)
    assert first.irregularities.bursts == ()
    bring(store, [sheet(n) for n in range(30, 50)], "s002", start=100)
    second = report_participation(store, store.wave("w1"))
    assert second.irregularities.bursts == ("乙",)
    third = report_participation(store, store.wave("w1"))
    assert third.irregularities.bursts == ()


def test_two_looks_around_one_answer_do_not_tell_how_it_was_given(store: Store, wave: Wave) -> None:
    bring(store, ["5" * len(FULL.closed)] * 12 + [sheet(1)] * 13)
    report_participation(store, wave)
    before = report_participation(store, store.wave("w1"))
    bring(store, ["4" * len(FULL.closed)], start=900)
    assert report_participation(store, store.wave("w1")) == before
    assert (before.irregularities.identical, before.irregularities.all_same) == (10, 10)


def test_closing_forgets_the_last_look(store: Store, wave: Wave) -> None:
    report_participation(store, wave)
    assert store.wave("w1").last_seen is not None
    assert store.close_wave("w1", CLOSED, now=True).last_seen is None
    report_participation(store, store.wave("w1"))
    assert store.wave("w1").last_seen is None
