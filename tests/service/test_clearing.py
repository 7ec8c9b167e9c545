"""Between scoring and the release: what is refused, and that a second release adds nothing."""

import json
from dataclasses import replace

import numpy as np
import pytest

from survey_service.answers import AnswerTable
from survey_service.disclosure.clearance import PARTICIPATION, Clearance, clear_release
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire, load
from survey_service.service.clearing import audit_release, clear_wave
from survey_service.service.crew import Crew
from survey_service.service.measures import make_measures
from survey_service.service.publication import publish
from survey_service.service.scoring import score_wave
from survey_service.store import Store
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave
from tests.filling import ANSWERED, fill


def remember(store: Store, names: list[str]) -> None:
    """Make the store believe that other sets were published before."""
    released = {**(store.wave("w1").released or {}), "A1": names}
    store.change_wave("w1", lambda wave: replace(wave, released=released))


def refuse(store: Store, wave_id: str = "w1", previous: str | None = None) -> Code:
    with pytest.raises(SurveyError) as caught:
        publish(store, wave_id, previous)
    assert caught.value.code.exit_code == 3
    return caught.value.code


def test_roles_are_published_as_far_as_they_are_safe(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    content = publish(store, "w1").content
    assert set(content["roles"]) == {"manager", "frontline"}
    assert content["roles"]["manager"]["dimensions"]["A1"]["n"] == "10-19"
    assert content["units"]["甲"]["roles"] == {
        "manager": {"suppressed": "privacy"},
        "frontline": {"suppressed": "privacy"},
    }
    assert content["units"]["丙"]["roles"]["frontline"]["dimensions"]["A1"]["mean"] is not None


def test_the_number_of_a_role_too_few_does_not_follow(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    content = publish(store, "w1").content
    assert content["participation"]["units"]["丙"]["valid"] == 34
    # 25 beside the band of the managers would tell that they are nine
    assert content["units"]["丙"]["roles"]["frontline"]["dimensions"]["A1"]["n"] == "20-49"


def test_everybody_answering_the_same_is_refused(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED, alike=True)
    assert refuse(store) is Code.RELEASE_UNIFORM


def test_a_wave_that_differs_from_the_last_by_three_people_is_refused(
    store: Store, small: Questionnaire
) -> None:
    fill(store, small, ANSWERED, "w1")
    fill(store, small, ANSWERED | {"s001": 0}, "w2")
    assert publish(store, "w1").content["participation"]["valid"] == 94
    assert refuse(store, "w2") is Code.RELEASE_OVERLAP


def test_what_would_give_a_group_away_is_refused(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    wave = store.wave("w1")
    cleared = clear_wave(wave, score_wave(wave, store.answers("w1"), draws=0))
    plan, shown = cleared.found.plan, cleared.clearance.shown
    assert "甲//frontline" in plan.cuts
    leaky = {name: names | {"甲//frontline"} for name, names in shown.items()}
    crew = Crew(plan)
    crew.take(cleared.measures)
    with pytest.raises(SurveyError) as caught:
        audit_release("w1", Clearance(leaky), crew)
    assert caught.value.code is Code.RELEASE_UNSAFE


def test_a_second_release_is_the_same_and_remembered(store: Store, small: Questionnaire) -> None:
    fill(store, small, ANSWERED)
    first = publish(store, "w1").to_json()
    released = store.wave("w1").released
    assert released is not None
    items = {item.id for item in small.scored}
    assert set(released) == {PARTICIPATION, "A1", "B1", "/weighted"} | items
    assert publish(store, "w1").to_json() == first
    assert store.wave("w1").released == released


def test_a_second_release_that_hides_otherwise_is_refused(
    store: Store, small: Questionnaire
) -> None:
    fill(store, small, ANSWERED)
    publish(store, "w1")
    other = ["all", "甲", "甲//frontline"]
    remember(store, other)
    assert refuse(store) is Code.RELEASE_CHANGED


def test_a_release_of_sets_that_are_no_longer_known_is_refused(
    store: Store, small: Questionnaire
) -> None:
    fill(store, small, ANSWERED)
    publish(store, "w1")
    remember(store, ["丁"])
    assert refuse(store) is Code.RELEASE_CHANGED


def test_the_wave_before_counts_as_known(store: Store, small: Questionnaire) -> None:
    units = make_roster({u: {"frontline": 40} for u in "甲乙丙丁"})
    fill(store, small, {"s001": 3, "s002": 20, "s003": 9, "s004": 30}, "w1", units)
    fill(store, small, {"s001": 3, "s002": 20, "s003": 25, "s004": 30}, "w2", units)
    assert "suppressed" not in publish(store, "w1").content["units"]["乙"]
    after = publish(store, "w2", "w1").content["units"]
    assert {name for name, unit in after.items() if "suppressed" not in unit} == {"丁"}


def test_one_joiner_between_two_waves_hides_nothing_more(
    store: Store, small: Questionnaire
) -> None:
    grown = make_roster({u: {"manager": 12, "frontline": 40 + (u == "甲")} for u in "甲乙丙"})
    fill(store, small, ANSWERED, "w1")
    fill(store, small, ANSWERED | {"s002": 31}, "w2", grown)
    before, after = publish(store, "w1").content, publish(store, "w2", "w1").content
    assert [u for u, s in before["units"].items() if "suppressed" in s] == [
        u for u, s in after["units"].items() if "suppressed" in s
    ]


def test_who_of_a_block_said_what_leaves_no_trace(store: Store, small: Questionnaire) -> None:
    """The three of a hidden team and three of its block change places: the release is the same."""
    units = make_roster({"甲": {"frontline": 60}, "乙": {"frontline": 60}, "丙": {"frontline": 20}})
    answers = ["45214", "11214", "35225", "54243", "21232", "33211"]
    for wave_id, hidden in (("w1", answers[:3]), ("w2", answers[3:])):
        store.create_wave(make_wave(small, units, id=wave_id, title="同"))
        rest = [a for a in answers if a not in hidden] * 2 + hidden
        sheets = [("s001", a) for a in answers * 8] + [("s003", a) for a in hidden]
        sheets += [("s002", a) for a in rest] + [("s002", a) for a in answers * 4]
        batch = [make_submission(n, *sheet) for n, sheet in enumerate(sheets)]
        store.import_batch(wave_id, batch, OPENED)
        store.close_wave(wave_id, CLOSED, now=True)
    one, other = (json.loads(publish(store, w).to_json()) for w in ("w1", "w2"))
    assert one.pop("data_sha256") != other.pop("data_sha256")
    assert one["wave"].pop("id") != other["wave"].pop("id")
    assert "suppressed" in one["units"]["丙"]
    assert one == other


def test_several_processes_find_what_one_finds() -> None:
    rng = np.random.default_rng(5)
    areas = [f"矿/{area}/{team}" for area in "甲乙丙丁" for team in range(6)]
    size = {"manager": (20, 30), "frontline": (20, 60)}
    roster = {a: {role: int(rng.integers(*ends)) for role, ends in size.items()} for a in areas}
    wave = make_wave(load("pulse"), make_roster(roster))
    strata = wave.strata.strata
    answered = [int(rng.integers(1, 20)) for _ in strata]
    labels = np.repeat(np.arange(len(strata)), answered)
    codes = rng.integers(1, 6, (len(labels), len(wave.questionnaire.closed)), np.int8)
    for place, item in enumerate(wave.questionnaire.closed):
        if item.kind == "attention":
            codes[:, place] = item.expected
    table = AnswerTable(
        tuple(s.id for s in strata),
        labels.astype(np.int32),
        np.full(len(labels), 3, np.int8),
        codes,
    )
    found = score_wave(wave, table, draws=0)
    plan, measures = found.plan, make_measures(found)
    people = {s.id: s.headcount for s in strata}
    results = []
    for processes in (1, 2):
        with Crew(plan, processes) as crew:
            clearance = crew.clear_weighted(measures, crew.clear_release(measures, people))
            assert not list(crew.find_leaks(clearance))
            bare = replace(clearance, shown=dict.fromkeys(measures, frozenset(plan.sets)))
            leaks = {(name, leak.strata) for name, leak in crew.find_leaks(bare)}
        results.append((clearance, leaks))
    assert results[0] == results[1]
    assert results[0][1]
    plain = clear_release(plan, measures, people)
    assert replace(results[0][0], weighted=frozenset(), changed=frozenset()) == plain
