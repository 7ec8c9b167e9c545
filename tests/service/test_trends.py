"""Two waves in one store: what is compared, what is not, and why."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import Submission, encode_answers
from survey_service.roster import Roster
from survey_service.service.clearing import Cleared
from survey_service.service.publication import prepare_release, publish
from survey_service.service.trends import find_alike
from survey_service.store import Store
from tests.factories import (
    CLOSED,
    OPENED,
    SMALL,
    make_questionnaire,
    make_roster,
    make_submission,
    make_wave,
)

UNITS = {"甲": {"frontline": 60}, "乙": {"frontline": 60}, "丙": {"frontline": 60}}
ANSWERED = {"s001": 40, "s002": 40, "s003": 40}


def run(
    store: Store,
    wave_id: str,
    questionnaire: Questionnaire,
    roster: Roster | None,
    answered: Mapping[str, int],
    *,
    rise: int = 0,
    closed: date = CLOSED,
    rehearsal: bool = False,
) -> None:
    """Run a wave whose answers lie about 2, or ``rise`` codes higher."""
    store.create_wave(make_wave(questionnaire, roster, id=wave_id, rehearsal=rehearsal))
    batch: list[Submission] = []
    for stratum, count in answered.items():
        for n in range(count):
            codes: dict[str, int | None] = {
                item.id: 2
                if item.kind == "attention"
                else (1 + (n + i) % 3 + rise if not item.reverse else 5 - (n + i) % 3 - rise)
                for i, item in enumerate(questionnaire.closed)
            }
            text = encode_answers(questionnaire, codes)
            batch.append(make_submission(len(batch), stratum, text))
    store.import_batch(wave_id, batch, OPENED)
    store.close_wave(wave_id, closed, now=True)


def compare(store: Store, now: str = "now", before: str = "before") -> dict[str, Any]:
    change: dict[str, Any] = json.loads(publish(store, now, before, draws=0).to_json())["change"]
    return change


def test_a_rise_is_told_for_the_whole_and_each_unit(store: Store, small: Questionnaire) -> None:
    run(store, "before", small, make_roster(UNITS), ANSWERED)
    run(store, "now", small, make_roster(UNITS), ANSWERED, rise=1)
    change = compare(store)
    then = change["previous"].pop("favourable")
    items = publish(store, "before", draws=0).content["items"]
    assert then == {item: score["favourable"] for item, score in items.items()}
    assert change["previous"] == {"id": "before", "title": "", "closed_on": str(CLOSED)}
    assert change["basis"] == "plain"
    assert change["index"]["difference"] == 25.0
    assert change["index"]["direction"] == "up"
    assert change["dimensions"]["A1"]["difference"] == 25.0
    assert change["units"]["甲"]["dimensions"]["A1"]["difference"] == 25
    assert "first_wave" not in publish(store, "now", "before", draws=0).content["notes"]


def test_without_a_previous_wave_it_is_the_first(store: Store, small: Questionnaire) -> None:
    run(store, "now", small, None, {"all": 30})
    content = publish(store, "now", draws=0).content
    assert content["change"] is None
    assert "first_wave" in content["notes"]


def test_another_questionnaire_is_named(store: Store, small: Questionnaire, tmp_path: Path) -> None:
    other = make_questionnaire(tmp_path, SMALL.replace("任务讲得清楚。", "任务讲得很清楚。"))
    run(store, "before", other, make_roster(UNITS), ANSWERED)
    run(store, "now", small, make_roster(UNITS), ANSWERED)
    change = compare(store)
    assert change["left_out"] == {"A1": "other_questionnaire"}
    assert change["index"] is None
    assert set(change["dimensions"]) == {"B1"}


def test_nothing_alike_leaves_only_the_reason(
    store: Store, small: Questionnaire, tmp_path: Path
) -> None:
    scale = SMALL.replace('zh = "部分符合"', 'zh = "说不准"')
    run(store, "before", make_questionnaire(tmp_path, scale), make_roster(UNITS), ANSWERED)
    run(store, "now", small, make_roster(UNITS), ANSWERED)
    assert compare(store) == {
        "previous": {"id": "before", "title": "", "closed_on": str(CLOSED), "favourable": {}},
        "reason": "other_questionnaire",
    }


def test_alike_is_word_for_word(small: Questionnaire, tmp_path: Path) -> None:
    assert find_alike(small, small) == {"A1", "B1"}
    manager = make_questionnaire(tmp_path, SMALL.replace("我会帮同事。", "我常帮同事。"))
    assert find_alike(small, manager) == {"A1"}
    turned = make_questionnaire(tmp_path, SMALL.replace("reverse = true\n", ""))
    assert find_alike(small, turned) == {"B1"}


def test_a_reorganised_unit_has_no_trend(store: Store, small: Questionnaire) -> None:
    merged = {"甲": {"frontline": 60}, "乙": {"frontline": 60}, "丁": {"frontline": 60}}
    run(store, "before", small, make_roster(merged), ANSWERED)
    run(store, "now", small, make_roster(UNITS), ANSWERED)
    # who answered is no longer the same by more than five points: nothing is compared
    assert compare(store)["reason"] == "reorganised"
    small_part = {"甲": {"frontline": 900}, "乙": {"frontline": 900}}
    old = small_part | {"丁": {"frontline": 60}}
    new = small_part | {"丙": {"frontline": 60}}
    counts = {"s001": 500, "s002": 500, "s003": 40}
    run(store, "old", small, make_roster(old), counts)
    run(store, "new", small, make_roster(new), counts)
    change = compare(store, "new", "old")
    assert change["basis"] == "plain"
    assert change["units"]["丙"] == {"reason": "reorganised"}
    assert change["units"]["甲"]["index"]["difference"] == 0


def test_a_unit_hidden_before_stays_hidden(store: Store, small: Questionnaire) -> None:
    roster = {
        "甲": {"frontline": 900},
        "乙": {"frontline": 900},
        "丙": {"frontline": 60},
        "丁": {"frontline": 60},
    }
    run(
        store,
        "before",
        small,
        make_roster(roster),
        {"s001": 500, "s002": 500, "s003": 3, "s004": 4},
    )
    run(
        store, "now", small, make_roster(roster), {"s001": 500, "s002": 500, "s003": 30, "s004": 30}
    )
    change = compare(store)
    assert change["units"]["丙"] == {"suppressed": "privacy"}
    assert change["units"]["甲"]["index"]["difference"] == 0


@pytest.mark.parametrize("alike", ["before", "now"])
def test_a_dimension_hidden_in_either_wave_has_no_trend(
    alike: str, store: Store, small: Questionnaire
) -> None:
    for wave in ("before", "now"):
        store.create_wave(make_wave(small, make_roster(UNITS), id=wave))
        batch = [
            make_submission(
                number,
                f"s00{number // 40 + 1}",
                ("42" if wave == alike and number < 40 else f"{1 + number % 5}{1 + number % 3}")
                + f"2{1 + number % 4}{1 + number % 5}",
            )
            for number in range(120)
        ]
        store.import_batch(wave, batch, OPENED)
        store.close_wave(wave, CLOSED, now=True)
    units = compare(store)["units"]
    assert units["甲"]["dimensions"]["A1"] == {"suppressed": "privacy"}
    assert units["甲"]["index"] == {"suppressed": "privacy"}
    assert "difference" in units["甲"]["dimensions"]["B1"]


@pytest.mark.parametrize(
    ("headcount", "keys"),
    [
        (60, {"difference", "ci95", "direction"}),
        (61, {"direction"}),
        (64, {"direction"}),
        (65, {"difference", "ci95", "direction"}),
    ],
)
def test_when_a_few_came_or_went_only_the_direction_is_told(
    store: Store, small: Questionnaire, headcount: int, keys: set[str]
) -> None:
    run(store, "before", small, make_roster(UNITS), ANSWERED)
    grown = UNITS | {"甲": {"frontline": headcount}}
    run(store, "now", small, make_roster(grown), ANSWERED, rise=1)
    change = compare(store)
    assert set(change["units"]["甲"]["dimensions"]["A1"]) == keys
    assert set(change["units"]["乙"]["dimensions"]["A1"]) == {"difference", "ci95", "direction"}


def test_other_people_answering_is_no_change(store: Store, small: Questionnaire) -> None:
    roster = make_roster({"甲": {"frontline": 600}, "乙": {"frontline": 600}})
    run(store, "before", small, roster, {"s001": 200, "s002": 200})
    run(store, "now", small, roster, {"s001": 200, "s002": 400})
    assert compare(store)["basis"] == "weighted"


def test_what_is_not_an_earlier_wave_of_the_same_kind_is_refused(
    store: Store, small: Questionnaire
) -> None:
    roster = make_roster(UNITS)
    run(store, "now", small, roster, ANSWERED)
    run(store, "after", small, roster, ANSWERED, closed=CLOSED + timedelta(days=1))
    run(store, "practice", small, roster, ANSWERED, rehearsal=True)
    for other in ("now", "after", "practice"):
        with pytest.raises(SurveyError) as caught:
            publish(store, "now", other)
        assert (caught.value.code, caught.value.code.exit_code) == (Code.PREVIOUS_UNFIT, 2)
    with pytest.raises(SurveyError) as caught:
        publish(store, "now", "nosuch")
    assert caught.value.code is Code.WAVE_UNKNOWN


def test_a_previous_wave_still_open_or_damaged_is_refused(
    store: Store, small: Questionnaire
) -> None:
    run(store, "now", small, None, {"all": 30})
    store.create_wave(make_wave(small, id="open"))
    with pytest.raises(SurveyError) as caught:
        publish(store, "now", "open")
    assert caught.value.code is Code.WAVE_STILL_OPEN
    run(store, "before", small, None, {"all": 30})
    store.change_wave("before", lambda wave: replace(wave, frozen_sha256="0" * 64))
    with pytest.raises(SurveyError) as caught:
        publish(store, "now", "before")
    assert caught.value.code is Code.STORE_DAMAGED


SHIFTED = {"s001": 60, "s002": 15, "s003": 40}
"""Other people than in ``ANSWERED``: changes since such a wave are weighted."""


def run_three(store: Store, small: Questionnaire) -> None:
    """Run two waves of other people, and one that may be compared with either."""
    roster = make_roster(UNITS)
    run(store, "oldest", small, roster, SHIFTED, closed=CLOSED - timedelta(days=200))
    run(store, "last", small, roster, {**SHIFTED, "s003": 58}, closed=CLOSED - timedelta(days=100))
    run(store, "now", small, roster, ANSWERED, rise=1)


def prepare(store: Store, before: str | None = None) -> Cleared:
    return prepare_release(store, "now", before, draws=0).cleared


def known_beside(cleared: Cleared) -> set[str]:
    """Return the waves whose figures readers are taken to know."""
    return {figure.id.partition(":")[0] for figure in cleared.measures["A1"].beside}


def test_the_change_that_is_told_is_the_one_that_is_cleared(
    store: Store, small: Questionnaire
) -> None:
    """Also where another wave was closed in between."""
    run_three(store, small)
    since_oldest = prepare(store, "oldest").measures["A1"].change
    assert compare(store, before="oldest")["basis"] == "weighted"
    assert since_oldest is not None
    assert since_oldest != prepare(store, "last").measures["A1"].change
    store.delete_wave("last", lambda _: None)
    assert prepare(store, "oldest").measures["A1"].change == since_oldest


def test_a_wave_once_compared_with_stays_known(store: Store, small: Questionnaire) -> None:
    run_three(store, small)
    assert known_beside(prepare(store)) == {"last"}
    change = compare(store, before="oldest")
    told = (store.wave("now").released or {})["/compared/oldest"]
    assert told
    assert set(told) == {n for n, one in change["dimensions"].items() if "difference" in one}
    later = prepare(store)
    assert known_beside(later) == {"oldest", "last"}
    for name in told:
        since_oldest = prepare(store, "oldest").measures[name].change
        assert prepare(store, "last").measures[name].repeated == (since_oldest,)
        assert later.measures[name].repeated == (since_oldest,)
        assert later.measures[name].change is None
    assert compare(store, before="oldest") == change
