"""Codes for cards: either all exist and are printed, or none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey_service.codes import draw_code
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.service.cards import CodeStack, issue_codes
from survey_service.service.collection import accept
from survey_service.service.waves import create_wave, open_wave
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, NOTICE, OPENED, make_roster

ROSTER = make_roster({"甲": {"manager": 12, "frontline": 40}, "乙": {"frontline": 30}})


@pytest.fixture
def wave(store: Store, small: Questionnaire) -> Wave:
    return create_wave(store, "w1", small, ROSTER, access="codes", notice=NOTICE)


def hold(stacks: tuple[CodeStack, ...]) -> Callable[[], None]:
    assert stacks
    return lambda: None


def answer(number: int, code: str) -> dict[str, object]:
    return {"submission": f"{number:032x}", "code": code, "answers": {"A1_1a": 4}}


def test_there_is_a_code_for_everybody_in_an_order_that_says_nothing(
    store: Store, wave: Wave
) -> None:
    stacks = issue_codes(store, wave, hold)
    assert [(s.stratum.headcount, len(s.codes)) for s in stacks] == [(12, 12), (40, 40), (30, 30)]
    codes = [code for stack in stacks for code in stack.codes]
    assert len(set(codes)) == 82
    assert list(stacks[1].codes) != sorted(stacks[1].codes)


def test_the_card_gives_the_stratum_whatever_else_is_sent(store: Store, wave: Wave) -> None:
    stacks = issue_codes(store, wave, hold)
    opened = open_wave(store, "w1", OPENED)
    data = answer(1, stacks[2].codes[0].lower()) | {"unit": "甲", "role": "manager"}
    assert accept(store, opened, data, OPENED).is_new
    assert store.responses("w1")[0].stratum == stacks[2].stratum.id


@pytest.mark.parametrize("code", ["", "x", "0000-0000-0000-0000", "\0", draw_code()])
def test_what_opens_nothing_is_said_alike_and_before_anything_else(
    store: Store, wave: Wave, code: str
) -> None:
    issue_codes(store, wave, hold)
    opened = open_wave(store, "w1", OPENED)
    with pytest.raises(SurveyError) as caught:
        accept(store, opened, {"submission": "bad", "code": code, "answers": 3}, OPENED)
    assert [(f.code, f.values, f.place.column) for f in caught.value.faults] == [
        (Code.CODE_UNKNOWN, {}, "code")
    ]
    assert store.responses("w1") == ()


def test_only_hashes_are_kept(store: Store, wave: Wave, store_url: str) -> None:
    stacks = issue_codes(store, wave, hold)
    folder = Path(store_url.partition(":")[2])
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for stack in stacks:
        for code in stack.codes:
            assert code.encode() not in kept
            assert code.replace("-", "").encode() not in kept


def test_a_print_that_fails_leaves_no_code(store: Store, wave: Wave) -> None:
    def fail(stacks: tuple[CodeStack, ...]) -> Callable[[], None]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        issue_codes(store, wave, fail)
    assert store.count_codes("w1") == {}
    assert issue_codes(store, wave, hold)


def test_a_store_that_fails_puts_no_print_into_place(store: Store, wave: Wave) -> None:
    placed = []

    def keep(stacks: tuple[CodeStack, ...]) -> Callable[[], None]:
        store.close_wave("w1", CLOSED, now=True)
        return lambda: placed.append(stacks)

    issue_codes(store, wave, hold)
    open_wave(store, "w1", OPENED)
    with pytest.raises(SurveyError) as caught:
        issue_codes(store, wave, keep, replace=True)
    assert caught.value.code is Code.WAVE_CLOSED
    assert placed == []


def test_replacing_makes_as_many_as_may_still_answer(store: Store, wave: Wave) -> None:
    old = issue_codes(store, wave, hold)
    opened = open_wave(store, "w1", OPENED)
    accept(store, opened, answer(1, old[0].codes[0]), OPENED)
    with pytest.raises(SurveyError) as caught:
        issue_codes(store, wave, hold)
    assert caught.value.code is Code.CODES_ISSUED
    new = issue_codes(store, wave, hold, replace=True)
    assert [len(stack.codes) for stack in new] == [11, 40, 30]
    with pytest.raises(SurveyError) as caught:
        accept(store, opened, answer(2, old[0].codes[1]), OPENED)
    assert caught.value.code is Code.CODE_UNKNOWN
    with pytest.raises(SurveyError) as caught:
        accept(store, opened, answer(3, old[0].codes[0]), OPENED)
    assert caught.value.code is Code.CODE_USED
    assert accept(store, opened, answer(4, new[0].codes[0]), OPENED).is_new


def test_a_code_of_another_wave_opens_nothing(
    store: Store, wave: Wave, small: Questionnaire
) -> None:
    issue_codes(store, wave, hold)
    other = create_wave(store, "w2", small, ROSTER, access="codes", notice=NOTICE)
    stacks = issue_codes(store, other, hold)
    opened = open_wave(store, "w1", OPENED)
    with pytest.raises(SurveyError) as caught:
        accept(store, opened, answer(1, stacks[0].codes[0]), OPENED)
    assert caught.value.code is Code.CODE_UNKNOWN
