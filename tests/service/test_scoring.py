"""From a wave's strata to what scoring is asked for."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.answers import AnswerTable, tabulate
from survey_service.questionnaire import ROLES, Questionnaire, load
from survey_service.response import Response, encode_answers
from survey_service.roster import Roster
from survey_service.service.clearing import clear_wave
from survey_service.service.publication import publish
from survey_service.service.scoring import score_wave
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

K = 5
PULSE = load("pulse")

paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
sizes = st.fixed_dictionaries({role: st.integers(0, 30) for role in ROLES})


@settings(max_examples=30)
@given(st.dictionaries(paths, sizes, min_size=1, max_size=6), st.integers(0, 10**6))
def test_a_weighted_mean_is_a_sum_of_what_is_shown(
    headcounts: dict[str, dict[str, int]], seed: int
) -> None:
    """Its weights lie in the space of the figures that are shown of every dimension."""
    staffed = {path: counts for path, counts in headcounts.items() if sum(counts.values())}
    if sum(sum(counts.values()) for counts in staffed.values()) < 10:
        return
    wave = make_wave(PULSE, make_roster(staffed))
    rng = np.random.default_rng(seed)
    labels = [s.id for s in wave.strata.strata for _ in range(rng.integers(0, s.headcount + 1))]
    if len(labels) < 2 * K:
        return
    codes = rng.integers(1, 6, (len(labels), len(PULSE.closed)))
    texts = ["".join(map(str, row)) for row in codes]
    table = tabulate(
        [Response(label, "ok", text) for label, text in zip(labels, texts, strict=True)],
        len(PULSE.closed),
    )
    found = score_wave(wave, table, draws=0)
    if found.valid < K:
        return
    cleared = clear_wave(wave, found)
    for name in cleared.found.analysis.keying.dimensions:
        measure = cleared.measures[name]
        if measure.weighted is None or "all" not in cleared.clearance.shown[name]:
            continue
        assert name in cleared.clearance.weighted
        sums = [found.plan.sets[each].strata for each in cleared.clearance.shown[name]]
        matrix = np.array([[s in members for s in found.strata] for members in sums], float)
        weights = np.array([float(measure.weighted[s]) for s in found.strata])
        answered = np.array([measure.answered[s] > 0 for s in found.strata])
        matrix, weights = matrix[:, answered], weights[answered]
        best, *_ = np.linalg.lstsq(matrix.T, weights, rcond=None)
        assert np.allclose(matrix.T @ best, weights)


def answer(wave_strata: dict[str, int], questionnaire: Questionnaire) -> list[str]:
    texts = []
    for place, (_, count) in enumerate(wave_strata.items()):
        for n in range(count):
            codes: dict[str, int | None] = {
                item.id: (n * (i + 2) + n // 5 + place) % 5 + 1
                for i, item in enumerate(questionnaire.closed)
            }
            texts.append(encode_answers(questionnaire, codes))
    return texts


def publish_pulse(store: Store, roster: Roster, counts: dict[str, int]) -> dict[str, Any]:
    store.create_wave(make_wave(PULSE, roster))
    labels = [name for name, count in counts.items() for _ in range(count)]
    batch = [
        make_submission(number, label, text)
        for number, (label, text) in enumerate(zip(labels, answer(counts, PULSE), strict=True))
    ]
    store.import_batch("w1", batch, OPENED)
    store.close_wave("w1", CLOSED, now=True)
    return dict(publish(store, "w1", draws=50).content)


TWO_RANKS = {
    "甲": {"key_staff": 30, "frontline": 60},
    "乙": {"key_staff": 30, "frontline": 60},
}


def test_roles_are_shown_where_nobody_can_be_worked_out(store: Store) -> None:
    counts = {"s001": 20, "s002": 40, "s003": 25, "s004": 45}
    content = publish_pulse(store, make_roster(TWO_RANKS), counts)
    assert set(content["roles"]) == {"key_staff", "frontline"}
    assert content["roles"]["key_staff"]["dimensions"]["P1"]["n"] == 45
    assert content["gaps"]["P1"]["ci95"] is not None
    assert content["weighting"] == {"weighted": True, "cells": 4}
    assert content["quality"]["unfamiliar"] == {"key_staff": [], "frontline": []}
    assert "suppressed" not in content["units"]["甲"]["roles"]["key_staff"]


@pytest.mark.parametrize("few", [1, 4])
def test_a_handful_of_one_unit_hides_the_roles_of_units(few: int, store: Store) -> None:
    counts = {"s001": few, "s002": 40, "s003": 25, "s004": 45}
    content = publish_pulse(store, make_roster(TWO_RANKS), counts)
    hidden = {"suppressed": "privacy"}
    roles = {"key_staff": hidden, "frontline": hidden}
    assert [content["units"][unit]["roles"] for unit in "甲乙"] == [roles, roles]
    assert content["gaps"]["P1"]["difference"] is not None
    assert content["weighting"] == {"weighted": True, "cells": 2}


def test_one_label_for_everybody_is_not_weighted(store: Store) -> None:
    content = publish_pulse(store, make_roster({"甲": {"frontline": 90}}), {"s001": 60})
    assert content["weighting"] == {"weighted": False, "reason": "one_cell"}
    assert "unweighted" in content["notes"]
    assert "unweighted" not in content["dimensions"]["P1"]


def publish_answers(
    store: Store, questionnaire: Questionnaire, roster: Roster, sheets: dict[str, list[str]]
) -> dict[str, Any]:
    """Publish a wave of given sheets, stratum by stratum."""
    store.create_wave(make_wave(questionnaire, roster))
    rows = [(label, sheet) for label, texts in sheets.items() for sheet in texts]
    batch = [make_submission(number, *row) for number, row in enumerate(rows)]
    store.import_batch("w1", batch, OPENED)
    store.close_wave("w1", CLOSED, now=True)
    return dict(publish(store, "w1", draws=50).content)


def sheets_of(count: int, level: int = 3, first: str | None = None) -> list[str]:
    """Write sheets of the small questionnaire about a level; `first` is its dimension A1."""
    return [
        (first or f"{level + n % 2}{5 - level + n // 2 % 2}")
        + f"2{level + n % 3 // 2}{level - n % 2}"
        for n in range(count)
    ]


def test_a_role_of_one_mind_is_hidden(store: Store, small: Questionnaire) -> None:
    sheets = {
        "s001": sheets_of(25, first="42"),
        "s002": sheets_of(40),
        "s003": sheets_of(25, first="42"),
        "s004": sheets_of(45),
    }
    content = publish_answers(store, small, make_roster(TWO_RANKS), sheets)
    hidden = {"suppressed": "privacy"}
    assert content["roles"]["key_staff"]["dimensions"]["A1"] == hidden
    assert content["roles"]["key_staff"]["index"] == hidden
    assert content["roles"]["key_staff"]["dimensions"]["B1"]["n"] == 50
    # or what all others said would follow from the whole
    assert content["roles"]["frontline"]["dimensions"]["A1"] == hidden
    assert content["roles"]["frontline"]["dimensions"]["B1"]["n"] == 85
    assert content["gaps"]["A1"] == hidden
    assert content["gaps"]["B1"]["difference"] is not None


@pytest.mark.parametrize(("careless", "shown"), [(4, False), (5, True)])
def test_scores_with_those_left_out_need_enough_of_them(
    careless: int, shown: bool, store: Store, small: Questionnaire
) -> None:
    sheets = {"all": [*sheets_of(40), *["4----"] * careless]}
    store.create_wave(make_wave(small))
    batch = [make_submission(n, "all", text) for n, text in enumerate(sheets["all"])]
    store.import_batch("w1", batch, OPENED)
    store.close_wave("w1", CLOSED, now=True)
    content = publish(store, "w1", draws=0).content
    assert content["participation"]["excluded"] == careless
    assert ("with_excluded" in content["quality"]) is shown
    if shown:
        assert content["quality"]["with_excluded"]["A1"]["n"] == 45
        assert content["quality"]["with_excluded"]["B1"] == {"suppressed": "privacy"}


def test_roles_that_one_dimension_hides_are_weighted_as_one(
    store: Store, small: Questionnaire
) -> None:
    """One of 25 key staff of 甲 answered A1, so nothing may tell them from their unit in it."""
    sheets = {
        "s001": [*sheets_of(1), *sheets_of(24, first="99")],
        "s002": sheets_of(40),
        "s003": sheets_of(25),
        "s004": sheets_of(45),
    }
    content = publish_answers(store, small, make_roster(TWO_RANKS), sheets)
    hidden = {"suppressed": "privacy"}
    assert content["units"]["甲"]["roles"]["key_staff"]["dimensions"]["A1"] == hidden
    assert content["units"]["甲"]["roles"]["key_staff"]["dimensions"]["B1"] != hidden
    assert content["weighting"] == {"weighted": True, "cells": 2}
    assert content["dimensions"]["A1"]["unweighted"]["n"] == content["dimensions"]["A1"]["n"]


def test_the_band_is_that_of_the_printed_index(store: Store, small: Questionnaire) -> None:
    roster = make_roster({"甲": {"frontline": 1800}, "乙": {"frontline": 200}})
    sheets = {"s001": sheets_of(60, level=4), "s002": sheets_of(190, level=2)}
    index = publish_answers(store, small, roster, sheets)["index"]
    assert index["mean"] > 75
    assert index["unweighted"]["mean"] < 60
    assert index["band"] == "high"


def table_of(questionnaire: Questionnaire, texts: list[str]) -> AnswerTable:
    return tabulate([Response("all", "ok", text) for text in texts], len(questionnaire.closed))


def test_a_questionnaire_may_ask_for_a_recommendation(tmp_path: Any) -> None:
    options = ", ".join(
        f'{{ code = {c}, label = {{ zh = "{c}", en = "{c}" }} }}' for c in range(11)
    )
    extra = f"""
[scales.likely]
options = [{options}]

[[extras]]
id = "NPS"
kind = "recommendation"
scale = "likely"
text = {{ zh = "愿意推荐吗？", en = "Would you recommend it?" }}
"""
    text = SMALL.replace('"WORDS"]', '"NPS", "WORDS"]') + extra
    asked = make_questionnaire(tmp_path, text)
    texts = [f"{1 + n % 5}{1 + n % 3}21{1 + n % 4}{'0123456789A'[n % 11]}" for n in range(44)]
    found = score_wave(make_wave(asked), table_of(asked, texts), draws=0).recommendation
    assert found is not None
    assert (found.n, found.withheld) == (44, None)
    assert found.score == pytest.approx(100 * (2 - 7) / 11)
    plain = make_questionnaire(tmp_path)
    assert (
        score_wave(make_wave(plain), table_of(plain, ["45214"] * 9), draws=0).recommendation is None
    )
