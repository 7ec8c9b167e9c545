"""What is published of waves of every size and kind."""

import json
from typing import Any

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire, load
from survey_service.response import encode_answers
from survey_service.roster import Roster
from survey_service.service.publication import publish
from survey_service.storage import open_store
from survey_service.store import Store
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave

ROSTER = {"甲": {"frontline": 60}, "乙": {"frontline": 60}, "丙": {"frontline": 20}}


def run_wave(
    store: Store, questionnaire: Questionnaire, roster: Roster | None, answered: dict[str, int]
) -> dict[str, Any]:
    """Run a wave in which so many of each stratum answer, and return what is published."""
    store.create_wave(make_wave(questionnaire, roster))
    number = 0
    batch = []
    for stratum, count in answered.items():
        for n in range(count):
            codes = {
                item.id: 2 if item.kind == "attention" else (n + i * 7) % 5 + 1
                for i, item in enumerate(questionnaire.closed)
            }
            number += 1
            batch.append(make_submission(number, stratum, encode_answers(questionnaire, codes)))
    store.import_batch("w1", batch, OPENED)
    store.close_wave("w1", CLOSED, now=True)
    content: dict[str, Any] = json.loads(publish(store, "w1").to_json())
    return content


def test_an_open_wave_gives_nothing(store: Store, small: Questionnaire) -> None:
    store.create_wave(make_wave(small))
    with pytest.raises(SurveyError) as caught:
        publish(store, "w1")
    assert (caught.value.code, caught.value.code.exit_code) == (Code.WAVE_STILL_OPEN, 3)


@pytest.mark.parametrize("answered", range(5))
def test_too_few_answers_look_alike_and_give_nothing(
    store: Store, small: Questionnaire, answered: int
) -> None:
    with pytest.raises(SurveyError) as caught:
        run_wave(store, small, None, {"all": answered})
    assert caught.value.faults[0].code is Code.WAVE_EMPTY
    assert caught.value.faults[0].values == {"wave": "w1"}


def test_changed_answers_are_not_published(store: Store, small: Questionnaire) -> None:
    run_wave(store, small, None, {"all": 30})
    record = store.wave("w1")
    store.change_wave("w1", lambda wave: wave.close(CLOSED, "0" * 64))
    assert record.frozen_sha256
    with pytest.raises(SurveyError) as caught:
        publish(store, "w1")
    assert caught.value.code is Code.STORE_DAMAGED


def test_a_hidden_unit_leaves_no_trace(store: Store, small: Questionnaire) -> None:
    content = run_wave(store, small, make_roster(ROSTER), {"s001": 50, "s002": 40, "s003": 3})
    assert content["unit_order"] == ["甲", "乙", "丙", "*"]
    assert content["units"]["丙"] == content["units"]["乙"] == {"suppressed": "privacy"}
    assert content["participation"]["units"]["丙"] == {"suppressed": "privacy"}
    assert content["units"]["*"]["members"] == ["丙", "乙"]
    assert content["units"]["甲"]["dimensions"]["A1"]["n"] == 50


def test_it_does_not_matter_how_few_answered_in_a_hidden_unit(
    small: Questionnaire, store: Store
) -> None:
    content = run_wave(store, small, make_roster(ROSTER), {"s001": 50, "s002": 40})
    assert content["units"]["丙"] == content["units"]["乙"] == {"suppressed": "privacy"}


def test_a_small_wave_is_printed_coarsely(store: Store, small: Questionnaire) -> None:
    content = run_wave(store, small, make_roster({"甲": {"frontline": 30}}), {"s001": 12})
    assert content["index"]["n"] == "10-19"
    assert content["index"]["ci95"][0] % 5 == 0
    assert content["participation"]["valid"] == content["participation"]["returned"] == "10-19"
    assert content["participation"]["excluded"] is None
    assert content["quality"] == {}
    assert "favourable" not in content["dimensions"]["A1"]


def test_a_wave_without_roster_has_no_units_and_no_rate(store: Store, small: Questionnaire) -> None:
    content = run_wave(store, small, None, {"all": 60})
    assert (content["units"], content["unit_order"]) == ({}, [])
    assert content["participation"]["invited"] is None
    assert content["participation"]["valid_rate"] is None
    assert "no_roster" in content["notes"]


@pytest.mark.parametrize("name", ["full", "pulse", "m1", "m2", "m3", "m4"])
def test_every_questionnaire_that_comes_with_the_program_is_published(
    store: Store, name: str
) -> None:
    questionnaire = load(name)
    content = run_wave(
        store, questionnaire, make_roster(ROSTER), {"s001": 50, "s002": 40, "s003": 15}
    )
    assert set(content["dimensions"]) == {d.id for d in questionnaire.dimensions}
    assert (content["index"] is None) == (questionnaire.index_name is None)
    assert len(content["items"]) == len(questionnaire.scored)


def test_unit_names_that_look_like_markup_stay_text(store: Store, small: Questionnaire) -> None:
    name = "<script>alert(1)</script> & <b>{{7*7}}</b>".replace("/", "∕")
    content = run_wave(
        store,
        small,
        make_roster({name: {"frontline": 60}, "乙": {"frontline": 60}}),
        {"s001": 30, "s002": 30},
    )
    assert name in content["units"]


def test_the_release_does_not_depend_on_the_order_of_answers(
    store: Store, small: Questionnaire, tmp_path: Any
) -> None:
    one = run_wave(store, small, make_roster(ROSTER), {"s001": 30, "s002": 20, "s003": 15})
    other_store = open_store(f"tinydb:{tmp_path}/other")
    other = run_wave(other_store, small, make_roster(ROSTER), {"s003": 15, "s002": 20, "s001": 30})
    assert one == other
