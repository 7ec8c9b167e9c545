"""The life of a wave as use cases: what is refused and what is printed for whom."""

from datetime import date

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire, add_background, load
from survey_service.service.collection import accept
from survey_service.service.waves import (
    close_wave,
    create_wave,
    delete_wave,
    extend_wave,
    open_wave,
)
from survey_service.store import Store
from survey_service.strata import WHOLE
from survey_service.wave import Notice
from tests.factories import CLOSED, NOTICE, OPENED, make_roster

ROSTER = make_roster({"甲": {"manager": 12, "frontline": 40}, "乙": {"frontline": 30}})


def refusal(call: object) -> SurveyError:
    with pytest.raises(SurveyError) as caught:
        call()  # type: ignore[operator]
    return caught.value


def test_opening_needs_a_complete_notice(store: Store, small: Questionnaire) -> None:
    create_wave(store, "w1", small, notice=Notice("某矿", "", "电话"))
    error = refusal(lambda: open_wave(store, "w1", OPENED))
    assert error.code is Code.NOTICE_MISSING
    assert error.faults[0].values == {"options": "--handler --retention"}
    assert store.wave("w1").opened_on is None
    more = {"handler": "工会", "retention_months": 12}
    opened = open_wave(store, "w1", OPENED, more)
    assert opened.notice == Notice("某矿", "工会", "电话", 12)


def test_a_rehearsal_needs_no_notice_and_can_be_removed_at_any_time(
    store: Store, small: Questionnaire
) -> None:
    create_wave(store, "w1", small, rehearsal=True)
    open_wave(store, "w1", OPENED)
    delete_wave(store, "w1", confirmed=False)
    assert store.waves() == ()


def test_a_wave_with_cards_opens_only_after_they_were_made(
    store: Store, small: Questionnaire
) -> None:
    create_wave(store, "w1", small, ROSTER, access="codes", notice=NOTICE)
    assert refusal(lambda: open_wave(store, "w1", OPENED)).code is Code.CODES_NEEDED


def test_cards_need_a_roster(store: Store, small: Questionnaire) -> None:
    error = refusal(lambda: create_wave(store, "w1", small, access="codes"))
    assert error.code is Code.CODES_ROSTER
    assert store.waves() == ()


def test_a_closing_date_only_moves_forward_while_open(store: Store, small: Questionnaire) -> None:
    create_wave(store, "w1", small, closes=CLOSED, notice=NOTICE)
    later = date(2026, 10, 27)
    assert refusal(lambda: extend_wave(store, "w1", later, OPENED)).code is Code.WAVE_DRAFT
    open_wave(store, "w1", OPENED)
    assert extend_wave(store, "w1", later, OPENED).closes == later
    for day in (later, CLOSED, date(2026, 1, 1)):
        assert (
            refusal(lambda d=day: extend_wave(store, "w1", d, OPENED)).code is Code.WAVE_NOT_LATER
        )
    close_wave(store, "w1", later, now=True)
    far = date(2027, 1, 1)
    assert refusal(lambda: extend_wave(store, "w1", far, later)).code is Code.WAVE_CLOSED


def test_deleting_asks_before_real_results_and_never_takes_an_open_wave(
    store: Store, small: Questionnaire
) -> None:
    create_wave(store, "draft", small)
    delete_wave(store, "draft", confirmed=False)
    create_wave(store, "w1", small, notice=NOTICE)
    open_wave(store, "w1", OPENED)
    for confirmed in (False, True):
        call = lambda c=confirmed: delete_wave(store, "w1", confirmed=c)  # noqa: E731
        assert refusal(call).code is Code.WAVE_OPEN
    close_wave(store, "w1", CLOSED)
    error = refusal(lambda: delete_wave(store, "w1", confirmed=False))
    assert error.code is Code.DELETE_UNCONFIRMED
    delete_wave(store, "w1", confirmed=True)
    assert store.waves() == ()


def test_background_is_asked_instead_of_the_unit(store: Store) -> None:
    wave = create_wave(store, "w1", load("pulse"), ROSTER, background=True, notice=NOTICE)
    assert [item.id for item in wave.questionnaire.items][-3:] == ["party", "tenure", "T2"]
    assert (wave.strata.groups, wave.unit_keys) == ((), None)
    wave = open_wave(store, "w1", OPENED)
    answers = {"O1_4b": 4, "party": 1, "tenure": 9}
    accept(store, wave, {"submission": "0" * 32, "answers": answers}, OPENED)
    (response,) = store.responses("w1")
    assert response.stratum == WHOLE
    assert response.answers.endswith("19")


def test_background_changes_the_definition_and_its_hash() -> None:
    pulse = load("pulse")
    asked = add_background(pulse)
    assert asked != pulse
    assert asked.scored == pulse.scored
    assert Questionnaire.from_definition(asked.definition) == asked
