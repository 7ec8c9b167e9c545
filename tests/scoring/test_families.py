from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.comparison import Difference, Estimates, estimates
from survey_service.scoring.families import (
    composition_shift,
    manager_staff_gap,
    unit_marks,
    wave_change,
    weighted_change,
)
from survey_service.scoring.matrix import Floats, Integers, Keying, ScoreMatrix
from survey_service.scoring.moments import Moments, group_moments, pool

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]
Columns = Mapping[str, list[str]]


def moments(scores: Floats) -> Moments:
    return group_moments(scores, np.zeros(len(scores), int), 1)


def spread(n: int, mean: float, sd: float) -> Moments:
    return Moments(*(np.full((1, 1), float(x)) for x in (n, mean, (n - 1) * sd**2)))


def check(found: Difference, expected: Mapping[str, Any], tolerance: float, agree: Agree) -> None:
    got = {
        "n1": found.n1,
        "n2": found.n2,
        "mean1": found.mean1,
        "mean2": found.mean2,
        "diff": found.difference,
        "welch_t": found.t,
        "welch_df": found.df,
        "welch_p": found.p,
        "welch_ci95": found.ci95,
        "hedges_g": found.g,
        "bh_q": found.q,
    }
    agree(got, {name: expected.get(name, found.q) for name in got}, tolerance)
    agree(found.g_ci95, expected["hedges_g_ci95_nct"], 1e-4)
    assert (found.reason, found.withheld) == (None, None)


def test_public_gap(
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
    as_codes: Callable[..., Integers],
    agree: Agree,
) -> None:
    case = oracle("two_group_bh", "gap_bfi_gender")
    columns = oracle_columns("bfi_ACE")
    turned = ("A1", "C4", "C5", "E1", "E2")
    scores = []
    for letter in "ACE":
        items = [f"{letter}{i}" for i in range(1, 6)]
        codes = as_codes([columns[item] for item in items]).astype(np.float64)
        codes[codes < 0] = np.nan
        keyed = np.where(np.isin(items, turned), 7 - codes, codes)
        answered = (~np.isnan(keyed)).sum(axis=1)
        sums = np.where(np.isnan(keyed), 0, keyed).sum(axis=1)
        means = np.divide(sums, answered, out=np.full(len(keyed), np.nan), where=answered >= 3)
        scores.append(20 * (means - 1))
    groups = as_codes([columns["gender"]])[:, 0] - 1
    both = group_moments(np.array(scores).T, groups, 2)
    sides = [Moments(both.n[[i]], both.mean[[i]], both.scatter[[i]]) for i in range(2)]
    for name, found in zip("ACE", manager_staff_gap(*sides), strict=True):
        check(found, case["expected"][name], 1e-8, agree)


@pytest.fixture(scope="module")
def gap(matrix: ScoreMatrix, flags: CarelessFlags, people: Columns) -> tuple[Difference, ...]:
    roles = np.array(people["role"])
    sides = (
        moments(matrix.dimension_scores[(roles == role) & ~flags.excluded])
        for role in ("管理者", "一线员工")
    )
    return manager_staff_gap(*sides)


def test_gap_of_the_mine(
    gap: tuple[Difference, ...], keying: Keying, oracle: Oracle, agree: Agree
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_gap")
    for name, found in zip(keying.dimensions, gap, strict=True):
        check(found, case["expected"][name], case["tolerance"]["abs"], agree)


def test_words_of_the_gap(gap: tuple[Difference, ...]) -> None:
    # R 4.2.2: t.test, effectsize 0.8.3::hedges_g, p.adjust(method = "BH")
    found = gap[3]
    assert (found.n1, found.n2, found.size, found.direction) == (46, 413, "small", "up")
    assert found.difference == pytest.approx(11.2527195845177, abs=1e-9)
    assert found.q == pytest.approx(0.00330653164347618, abs=1e-9)
    assert found.g == pytest.approx(0.458951910973548, abs=1e-9)
    assert gap[0].direction == "none"
    assert gap[0].size == "very_small"


def pseudo_values(scores: Floats, coefficients: Sequence[float]) -> Floats:
    """Linearise the index: I + u_i, NaN for people with none of the dimensions."""
    present = ~np.isnan(scores)
    means, n = np.nanmean(scores, axis=0), present.any(axis=1).sum()
    u = np.where(present, scores - means, 0) / present.sum(axis=0) * n @ np.array(coefficients)
    return np.where(present.any(axis=1), means @ np.array(coefficients) + u, np.nan)


def test_change_of_the_mine(
    scored: tuple[ScoreMatrix, CarelessFlags],
    score_people: Callable[[Columns], tuple[ScoreMatrix, CarelessFlags]],
    keying: Keying,
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
    agree: Agree,
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_waves")
    waves = []
    for matrix, flags in (score_people(oracle_columns("syn_a_wave2")), scored):
        scores = matrix.dimension_scores[~flags.excluded]
        index = pseudo_values(scores, [0.1] * 7 + [0.075] * 4)
        waves.append(moments(np.column_stack([scores, index])))
    names = (*keying.dimensions, "INDEX")
    for name, found in zip(names, wave_change(*waves), strict=True):
        check(found, case["expected"][name], case["tolerance"]["abs"], agree)
    with_errors = weighted_change(estimates(waves[0]), estimates(waves[1]))
    assert [x.q for x in with_errors] == [x.q for x in wave_change(*waves)]
    assert {x.g for x in with_errors} == {None}


def test_marks_of_the_mine(
    matrix: ScoreMatrix,
    flags: CarelessFlags,
    people: Columns,
    keying: Keying,
    oracle: Oracle,
    agree: Agree,
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_unit_vs_rest")
    units, groups = np.unique(np.array(people["unit"]), return_inverse=True)
    parts = group_moments(matrix.dimension_scores, np.where(flags.excluded, -1, groups), len(units))
    found = {
        (unit, dimension): cell
        for unit, row in zip(units.tolist(), unit_marks(parts, pool(parts)), strict=True)
        for dimension, cell in zip(keying.dimensions, row, strict=True)
    }
    assert len(found) == len(case["expected"])
    for expected in case["expected"]:
        cell = found[expected["unit"], expected["dim"]]
        got = [cell.n1, cell.difference, cell.p, cell.q]
        wanted = [expected[name] for name in ("n", "diff", "welch_p", "bh_q")]
        agree(got, wanted, case["tolerance"]["abs"])
        assert cell.direction == expected["mark"]


@pytest.mark.parametrize(
    ("n", "reason", "withheld"), [(4, "n<5", "n<5"), (5, "n<10", None), (9, "n<10", None)]
)
def test_a_gap_between_few(n: int, reason: str, withheld: str | None) -> None:
    found = manager_staff_gap(spread(n, 70, 10), spread(200, 50, 10))[0]
    assert found.difference == 20
    assert found.ci95 is not None
    assert (found.t, found.p, found.q, found.direction) == (None,) * 4
    assert (found.reason, found.withheld) == (reason, withheld)


@pytest.mark.parametrize("difference", [0.0, 25.0])
def test_constant_groups(difference: float) -> None:
    found = manager_staff_gap(spread(18, 50 + difference, 0), spread(19, 50, 0))[0]
    assert found.difference == difference
    assert (found.se, found.ci95, found.g, found.p, found.q, found.size) == (None,) * 6
    assert (found.reason, found.withheld) == ("zero_variance", None)


def test_one_person_on_one_side() -> None:
    alone = Moments(*(np.full((1, 1), x) for x in (1.0, 75.0, 0.0)))
    found = manager_staff_gap(alone, spread(200, 50, 10))[0]
    assert (found.difference, found.ci95, found.g) == (25.0, None, None)
    assert (found.reason, found.withheld) == ("n<2", "n<5")


def test_nobody_on_one_side() -> None:
    found = manager_staff_gap(moments(np.full((3, 1), np.nan)), spread(200, 50, 10))[0]
    assert (found.n1, found.mean1, found.mean2, found.difference) == (0, None, 50, None)
    assert (found.reason, found.withheld) == ("no_data", "n<5")


@pytest.mark.parametrize(
    ("difference", "sd", "direction"),
    [(4.9, 1, "none"), (5.1, 1, "up"), (-5.1, 1, "down"), (5.1, 40, "none")],
)
def test_a_direction_needs_size_and_evidence(difference: float, sd: float, direction: str) -> None:
    found = manager_staff_gap(spread(30, 50 + difference, sd), spread(30, 50, sd))[0]
    assert found.direction == direction


def test_a_change_needs_three_points() -> None:
    found = [wave_change(spread(300, 50 + d, 5), spread(300, 50, 5))[0] for d in (2.9, 3.1, -3.1)]
    assert [x.direction for x in found] == ["none", "up", "down"]
    few = wave_change(spread(9, 60, 5), spread(300, 50, 5))[0]
    assert (few.p, few.reason, few.withheld) == (None, "n<10", "n<10")


@pytest.mark.parametrize(
    ("g", "size"),
    [(0.19, "very_small"), (-0.21, "small"), (0.49, "small"), (-0.51, "medium"), (0.81, "large")],
)
def test_words_for_g(g: float, size: str) -> None:
    assert manager_staff_gap(spread(5000, 50 + 10 * g, 10), spread(5000, 50, 10))[0].size == size


def test_cells_that_are_not_shown_take_no_part() -> None:
    rng = np.random.default_rng(5)
    groups = np.repeat([0, 1, 2, 3], [20, 20, 20, 4])
    parts = group_moments(rng.normal(50, 20, (64, 2)) + 9 * groups[:, None], groups, 4)
    shown = np.array([[True, True], [True, False], [True, True], [True, True]])
    marks = unit_marks(parts, pool(parts), shown)
    assert (marks[1][1].p, marks[1][1].q, marks[1][1].direction) == (None,) * 3
    assert marks[1][1].reason == "not_shown"
    assert marks[3][0].reason == marks[3][0].withheld == "n<5"
    tested = [cell for row in marks for cell in row if cell.p is not None]
    assert len(tested) == 5
    largest = max(tested, key=lambda cell: cell.p or 0)
    assert largest.q == largest.p  # of five tests, not of eight


def test_one_unit_has_no_rest() -> None:
    only = spread(40, 60, 10)
    assert unit_marks(only, only)[0][0].reason == "no_data"


def test_one_family_has_one_correction() -> None:
    cells = Moments(np.full((1, 3), 50.0), np.array([[50.0, 58, 53]]), np.full((1, 3), 5e3))
    other = Moments(np.full((1, 3), 50.0), np.full((1, 3), 50.0), np.full((1, 3), 5e3))
    together = manager_staff_gap(cells, other)[2]
    alone = manager_staff_gap(
        *(Moments(*(x[:, 2:] for x in (m.n, m.mean, m.scatter))) for m in (cells, other))
    )[0]
    assert together.p == alone.p == alone.q
    assert together.q is not None
    assert together.q > (alone.q or 1)


def test_weighted_change_uses_the_errors_it_is_given() -> None:
    now = Estimates(*(np.full((1, 1), x) for x in (100.0, 62.0, 1.0, 90.0)))
    before = Estimates(*(np.full((1, 1), x) for x in (100.0, 58.0, 3.0, 80.0)))
    found = weighted_change(now, before)[0]
    assert (found.difference, found.se, found.t) == (4.0, 2.0, 2.0)
    assert found.df == pytest.approx(16 / (1 / 90 + 9 / 80))
    none = weighted_change(before._replace(mean=np.full((1, 1), np.nan)), before)[0]
    assert (none.difference, none.reason) == (None, "no_data")


def test_composition() -> None:
    assert composition_shift([10, 20, 70], [10, 20, 70]) == 0
    assert composition_shift([1, 1], [30, 70]) == pytest.approx(20)
