from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.matrix import Integers, ScoreMatrix
from survey_service.scoring.raking import Margin, rake

Columns = Mapping[str, list[str]]


def margin(values: list[str], totals: Mapping[str, float]) -> Margin:
    order = {name: number for number, name in enumerate(totals)}
    return Margin(np.array([order[x] for x in values]), np.array([*totals.values()], np.float64))


@pytest.mark.parametrize(
    ("case_id", "data"), [("rake_apiclus1", "apiclus1"), ("rake_apisrs", "apisrs")]
)
def test_the_survey_package(
    case_id: str,
    data: str,
    oracle: Callable[..., Any],
    oracle_columns: Callable[[str], Columns],
) -> None:
    case = oracle("sampling", case_id)
    columns, expected = oracle_columns(data), case["expected"]
    margins = [margin(columns[name], case["params"][name]) for name in ("stype", "sch.wide")]
    found = rake(np.array(columns["pw"], np.float64), margins, trim=False)
    assert found.weights is not None
    cells = zip(columns["stype"], columns["sch.wide"], strict=True)
    by_cell = {
        f"{one}|{other}": weight for (one, other), weight in zip(cells, found.weights, strict=True)
    }
    assert by_cell == pytest.approx(expected["weight_by_cell"], abs=1e-6)
    assert found.design_effect == pytest.approx(expected["kish_deff"], abs=1e-5)
    mean = np.average(np.array(columns["api00"], np.float64), weights=found.weights)
    assert mean == pytest.approx(expected["mean_api00"], abs=1e-5)


def test_the_mine(
    people: Columns,
    matrix: ScoreMatrix,
    flags: CarelessFlags,
    roster: Mapping[tuple[str, str], int],
    oracle: Callable[..., Any],
) -> None:
    expected = oracle("pipeline_syn_a", "syn_a_raking")["expected"]
    kept = np.flatnonzero(~flags.excluded)
    margins = []
    for place, column in enumerate(("unit", "role")):
        totals: dict[str, float] = {}
        for cell, headcount in roster.items():
            totals[cell[place]] = totals.get(cell[place], 0) + headcount
        margins.append(margin([people[column][row] for row in kept], totals))
    found = rake(np.ones(len(kept)), margins)
    assert found.weights is not None
    by_cell = {
        f"{people['unit'][row]}|{people['role'][row]}": weight
        for row, weight in zip(kept, found.weights, strict=True)
    }
    assert by_cell == pytest.approx(expected["weight_by_cell"], abs=1e-5)
    assert found.weights.sum() == pytest.approx(expected["sum_w"])
    assert found.effective == pytest.approx(expected["n_eff"], abs=1e-5)
    parts = found.weights / found.weights.mean()
    assert parts.min() == pytest.approx(expected["min_ratio"], abs=1e-5)
    assert parts.max() == pytest.approx(expected["max_ratio"], abs=1e-5)
    means = np.ma.average(
        np.ma.masked_invalid(matrix.dimension_scores[kept]), axis=0, weights=found.weights
    )
    assert means.tolist() == pytest.approx(list(expected["weighted_mean"].values()), abs=1e-5)


def test_a_role_without_answers_leaves_no_weights(oracle: Callable[..., Any]) -> None:
    roles = Margin(np.array([0, 0, 1]), np.array([5.0, 5.0, 2.0]))
    found = rake(np.ones(3), [roles])
    expected = oracle("degenerate_cases", "rake_missing_category")["expect"]
    assert (found.weights, found.reason) == (expected["weights"], expected["reason"])
    assert found.effective is None


def test_an_answer_from_a_role_that_the_roster_lacks_leaves_no_weights() -> None:
    found = rake(np.ones(2), [Margin(np.array([0, 1]), np.array([5.0]))])
    assert found.reason == "empty_category"


def test_margins_that_contradict_one_another_leave_no_weights(oracle: Callable[..., Any]) -> None:
    same: Integers = np.array([0, 1])
    found = rake(np.ones(2), [Margin(same, np.array([5.0, 5])), Margin(same, np.array([8.0, 2]))])
    expected = oracle("degenerate_cases", "rake_nonconvergent")["expect"]
    assert (found.weights, found.reason) == (expected["weights"], expected["reason"])


def test_extreme_weights_are_trimmed_and_margins_still_met() -> None:
    unit = Margin(np.repeat([0, 1], [50, 50]), np.array([50.0, 50]))
    role = Margin(np.tile([0, 1], 50), np.array([50.0, 50]))
    base = np.ones(100)
    base[0] = 40
    plain = rake(base, [unit, role], trim=False)
    trimmed = rake(base, [unit, role])
    assert plain.weights is not None
    assert trimmed.weights is not None
    assert trimmed.weights.max() < plain.weights.max() / 3
    assert trimmed.design_effect is not None
    assert plain.design_effect is not None
    assert trimmed.design_effect < plain.design_effect
    for categories, totals in (unit, role):
        assert np.bincount(categories, weights=trimmed.weights).tolist() == pytest.approx(totals)


@given(st.lists(st.integers(1, 50), min_size=4, max_size=4), st.integers(2, 9))
def test_margins_of_crossed_counts_are_met(counts: list[int], times: int) -> None:
    unit, role = np.repeat([0, 0, 1, 1], counts), np.repeat([0, 1, 0, 1], counts)
    margins = [
        Margin(x, times * np.bincount(x, minlength=2).astype(np.float64)) for x in (unit, role)
    ]
    found = rake(np.ones(len(unit)), margins)
    assert found.weights is not None
    assert found.weights.tolist() == pytest.approx([float(times)] * len(unit))
    assert found.design_effect == pytest.approx(1)
