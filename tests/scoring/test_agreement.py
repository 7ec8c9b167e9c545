from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.agreement import (
    IntraclassCorrelation,
    UnitAgreement,
    intraclass_correlations,
    unit_agreement,
)
from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.histograms import complete_histograms
from survey_service.scoring.matrix import BLANK, Floats, Integers, Keying, ScoreMatrix
from survey_service.scoring.moments import group_moments

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]
Columns = Mapping[str, list[str]]


def label(names: list[str]) -> tuple[list[str], Integers]:
    units, groups = np.unique(np.array(names), return_inverse=True)
    return units.tolist(), groups


def correlate(scores: object, groups: Integers) -> IntraclassCorrelation:
    column = np.array(scores, np.float64)[:, np.newaxis]
    return intraclass_correlations(group_moments(column, groups, groups.max() + 1))[0]


def agree_within(codes: Integers, groups: Integers) -> list[UnitAgreement]:
    k = codes.shape[1]
    keying = Keying(tuple(map(str, range(k))), ("D",), np.zeros(k, int), np.zeros(k, np.bool_))
    counted = complete_histograms(codes, groups, groups.max() + 1, keying)
    return [unit for (unit,) in unit_agreement(counted, keying)]


def check_correlation(
    found: IntraclassCorrelation, case: Mapping[str, Any], tolerance: float, agree: Agree
) -> None:
    got = {
        "G": found.groups,
        "N": found.n,
        "n0": found.mean_size,
        "MSB": found.between,
        "MSW": found.within,
        "icc1_n0": found.icc1,
        "icc2": found.icc2,
    }
    agree(got, {name: case[name] for name in got}, tolerance)
    assert found.reason is None


@pytest.mark.parametrize("name", ["HRS", "LEAD", "COHES"])
def test_public_units(
    name: str, oracle: Oracle, oracle_columns: Callable[[str], Columns], agree: Agree
) -> None:
    columns = oracle_columns("bh1996")
    found = correlate(columns[name], label(columns["GRP"])[1])
    check_correlation(found, oracle("agreement_icc", f"icc_bh1996_{name}")["expected"], 1e-9, agree)


def test_public_raters(
    oracle: Oracle, oracle_columns: Callable[[str], Columns], agree: Agree
) -> None:
    case = oracle("agreement_icc", "icc_shrout_fleiss")
    columns = oracle_columns("shrout_fleiss_long")
    found = correlate(columns["rating"], label(columns["subj"])[1])
    check_correlation(found, case["expected"], case["tolerance"]["abs"], agree)
    assert found.icc1 == pytest.approx(case["published"]["icc_1_1"], abs=0.005)
    assert found.icc2 == pytest.approx(case["published"]["icc_1_k"], abs=0.005)


@pytest.mark.parametrize(
    ("name", "data", "by"),
    [
        ("rwg_icc_lq2002_LEAD", "lq2002_lead", ["COMPID"]),
        ("rwg_cohesion_small", "cohesion", ["UNIT", "PLATOON"]),
    ],
)
def test_public_agreement(
    name: str,
    data: str,
    by: list[str],
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
    as_codes: Callable[..., Integers],
    agree: Agree,
) -> None:
    case = oracle("agreement_icc", name)
    columns, expected = oracle_columns(data), case["expected"]
    units, groups = label(["|".join(row) for row in zip(*[columns[x] for x in by], strict=True)])
    codes = as_codes([columns[item] for item in case["select"]["columns"]])
    found = dict(zip(units, agree_within(codes, groups), strict=True))
    for unit, value in expected["rwg_star_j"].items():
        agree(found[unit].value, value, case["tolerance"]["abs"])
        assert found[unit].n == expected["group_n_listwise"][unit]
        assert found[unit].withheld == ("n<10" if found[unit].n < 10 else None)
    complete = (codes != BLANK).all(axis=1)
    correlation = correlate(codes[complete].mean(axis=1), groups[complete])
    check_correlation(correlation, expected, case["tolerance"]["abs"], agree)


def test_the_mine(
    matrix: ScoreMatrix,
    flags: CarelessFlags,
    people: Columns,
    keying: Keying,
    oracle: Oracle,
    agree: Agree,
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_agreement")
    units, groups = label(people["unit"])
    kept = np.where(flags.excluded, -1, groups)
    agreements = unit_agreement(complete_histograms(matrix.codes, kept, len(units), keying), keying)
    correlations = intraclass_correlations(group_moments(matrix.dimension_scores, kept, len(units)))
    for d, name in enumerate(keying.dimensions):
        expected, tolerance = case["expected"][name], case["tolerance"]["abs"]
        check_correlation(correlations[d], expected, tolerance, agree)
        for unit, row in zip(units, agreements, strict=True):
            agree(row[d].value, expected["rwg_star_j"][unit], tolerance)
            assert row[d].n == expected["group_n_listwise"][unit]


def test_first_dimension_of_the_mine(
    matrix: ScoreMatrix, flags: CarelessFlags, people: Columns, keying: Keying
) -> None:
    units, groups = label(people["unit"])
    kept = np.where(flags.excluded, -1, groups)
    # R 4.2.2: aov, and multilevel 2.7::rwg.j.lindell
    found = intraclass_correlations(group_moments(matrix.dimension_scores, kept, 8))[0]
    assert found.icc1 == pytest.approx(0.0767945430921133, abs=1e-10)
    assert found.icc2 == pytest.approx(0.852654463701546, abs=1e-10)
    assert found.use == "sort"
    first = unit_agreement(complete_histograms(matrix.codes, kept, 8, keying), keying)
    unit = first[units.index("通风队")][0]
    assert unit.value == pytest.approx(0.4375, abs=1e-12)
    assert (unit.n, unit.level, unit.reason, unit.withheld) == (53, "mixed", None, None)


@pytest.mark.parametrize(
    ("scores", "groups", "reason"),
    [
        ([np.nan, np.nan], [0, 1], "no_data"),
        ([50, 75, 100], [0, 0, 0], "groups<2"),
        ([50, 75, np.nan], [0, 0, 1], "groups<2"),
        ([50, 75, 100], [0, 1, 2], "n<2"),
        ([100 / 3] * 6, [0, 0, 1, 1, 2, 2], "zero_variance"),
    ],
)
def test_no_correlation(scores: list[float], groups: list[int], reason: str) -> None:
    found = correlate(scores, np.array(groups))
    assert (found.icc1, found.icc2, found.between, found.within, found.use) == (None,) * 5
    assert (found.reason, found.withheld) == (reason, "groups<5")


def test_units_alike_inside() -> None:
    found = correlate([50, 50, 75, 75], np.array([0, 0, 1, 1]))
    assert (found.icc1, found.icc2, found.reason) == (1.0, 1.0, None)


def test_units_more_alike_than_by_chance() -> None:
    found = correlate([0, 100, 0, 100, 10, 90], np.array([0, 0, 1, 1, 2, 2]))
    assert (found.icc1, found.icc2, found.use) == (0.0, None, "none")
    assert found.flags == {"negative_set_to_0"}


@pytest.mark.parametrize(
    ("between", "use"), [(1.98, "none"), (2.01, "heat_map"), (3.3, "heat_map"), (3.34, "sort")]
)
def test_what_unit_means_may_be_used_for(between: float, use: str) -> None:
    rng = np.random.default_rng(7)
    scores, groups = rng.normal(size=60), np.repeat(np.arange(6), 10)
    parts = group_moments(scores[:, np.newaxis], groups, 6)
    scores = (scores - parts.mean[groups, 0]) / np.sqrt(parts.scatter.sum() / 54)  # MSW = 1
    steps = np.arange(6) - 2.5
    steps *= np.sqrt(between * 5 / (10 * (steps**2).sum()))  # MSB as wanted
    found = correlate(scores + steps[groups], groups)
    assert found.icc2 == pytest.approx(1 - 1 / between)
    assert (found.use, found.withheld) == (use, None)


def test_two_camps() -> None:
    found = agree_within(np.array([[1, 1], [1, 1], [5, 5], [5, 5]]), np.zeros(4, int))[0]
    assert found.value == pytest.approx(-5 / 3)
    assert (found.n, found.level, found.withheld) == (4, "polarised", "n<10")


def test_one_person_agrees_with_nobody() -> None:
    found = agree_within(np.array([[1, 2], [5, 5], [5, 5], [4, 9]]), np.array([0, 1, 1, 0]))
    assert found == [
        UnitAgreement(1, None, None, "n<2", "n<10"),
        UnitAgreement(2, 1.0, "alike", None, "n<10"),
    ]


@pytest.mark.parametrize(
    ("sheet", "level"),
    [
        ([3] * 10, "alike"),
        ([2, 4] * 5, "mixed"),
        ([1, 3, 4, 5, 3, 2, 4, 3, 5, 3], "divided"),
        ([2, 4, 3, 5, 1] * 2, "polarised"),
    ],
)
def test_levels(sheet: list[int], level: str) -> None:
    codes = np.array(sheet)[:, np.newaxis]
    found = agree_within(codes, np.zeros(10, int))[0]
    assert found.value == pytest.approx(1 - codes.var(ddof=1) / 2)
    assert (found.level, found.withheld) == (level, None)


def test_a_wider_scale_expects_more_variance(make_keying: Callable[..., Keying]) -> None:
    keying = make_keying(1, lowest=0, highest=10, not_applicable=99)
    codes = np.tile(np.arange(11), 100)[:, np.newaxis]
    found = unit_agreement(complete_histograms(codes, 0 * codes[:, 0], 1, keying), keying)[0][0]
    assert found.value == pytest.approx(0, abs=1e-3)  # as many of each code: agreement by chance


sheets = arrays(np.int8, (14, 3), elements=st.sampled_from((1, 2, 3, 4, 5, 5, 4, 9, BLANK)))
labels = arrays(np.int64, 14, elements=st.integers(-1, 2))


@given(codes=sheets, groups=labels, order=st.permutations(range(14)))
def test_permutation_and_reversal(codes: Integers, groups: Integers, order: list[int]) -> None:
    groups[0] = 2
    turned = np.where((codes >= 1) & (codes <= 5), 6 - codes, codes)
    for one, other in zip(
        agree_within(codes, groups), agree_within(turned[order], groups[order]), strict=True
    ):
        assert one.n == other.n
        assert one.value == pytest.approx(other.value)


@given(scores=arrays(np.float64, 14, elements=st.sampled_from((0.0, 25.0, 62.5, 100.0))))
def test_shift_scale_and_duplication(scores: Floats) -> None:
    groups = np.arange(14) % 3
    found = correlate(scores, groups)
    moved = correlate(100 - scores / 2, groups)
    assert moved.icc1 == pytest.approx(found.icc1, abs=1e-9)
    assert moved.icc2 == pytest.approx(found.icc2, abs=1e-9)
    twice = correlate(np.tile(scores, 2), np.tile(groups, 2))
    if found.between is not None and twice.between is not None:
        assert twice.between == pytest.approx(2 * found.between)
