from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.index import composite_coefficients
from survey_service.scoring.matrix import Keying, ScoreMatrix
from survey_service.scoring.moments import group_moments
from survey_service.scoring.tallies import tally_scores
from survey_service.scoring.weighting import (
    WeightedMeans,
    join_partitions,
    kish_design_effect,
    post_stratify,
    sum_by_cell,
)
from tests.scoring.pooling import collapse_cells

RANKS = {"管理者": 0, "基层骨干": 1, "一线员工": 2}
People = Mapping[str, list[str]]


@pytest.fixture(scope="module")
def cells(
    people: People, flags: CarelessFlags, roster: Mapping[tuple[str, str], int]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Collapse unit x role: the cell of each valid person (-1 for others), people and answers."""
    order = {cell: number for number, cell in enumerate(roster)}
    basic = np.array([order[cell] for cell in zip(people["unit"], people["role"], strict=True)])
    counts = np.bincount(basic[~flags.excluded], minlength=len(order))
    pooled = collapse_cells(
        [unit for unit, _ in roster], [RANKS[role] for _, role in roster], counts.tolist(), 5
    )
    labels = np.where(flags.excluded, -1, pooled[basic])
    return labels, sum_by_cell(pooled, list(roster.values())), sum_by_cell(pooled, counts)


def weigh(
    matrix: ScoreMatrix, keying: Keying, cells: tuple[Any, Any, Any]
) -> tuple[WeightedMeans, WeightedMeans]:
    labels, populations, counts = cells
    coefficients = composite_coefficients(keying)
    tally = tally_scores(matrix.dimension_scores, labels, len(counts), coefficients)
    dimensions = post_stratify(tally.moments(), counts, populations)
    return dimensions, post_stratify(tally.composites(), counts, populations)


def test_cells_of_the_mine(cells: tuple[Any, Any, Any], oracle: Callable[..., Any]) -> None:
    case = oracle("pipeline_syn_a", "syn_a_poststrat")["expected"]["cells"]
    _, populations, counts = cells
    found = sorted(zip(populations.tolist(), counts.tolist(), strict=True))
    assert found == sorted((cell["N"], cell["n"]) for cell in case)


def test_weighted_scores_of_the_mine(
    matrix: ScoreMatrix,
    keying: Keying,
    cells: tuple[Any, Any, Any],
    oracle: Callable[..., Any],
    agree: Callable[..., None],
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_poststrat")
    expected, tolerance = case["expected"], case["tolerance"]["abs"]
    dimensions, composites = weigh(matrix, keying, cells)
    for d, name in enumerate(keying.dimensions):
        found = {key: float(vars(dimensions.intervals)[key][0, d]) for key in ("n", "mean", "se")}
        ends = [float(dimensions.intervals.low[0, d]), float(dimensions.intervals.high[0, d])]
        agree({**found, "ci95": ends}, expected["weighted"][name], tolerance)
    index = composites.intervals
    got = {
        "n": int(index.n[0, -1]),
        "H": len(cells[1]),
        "index": float(index.mean[0, -1]),
        "se": float(index.se[0, -1]),
        "ci95": [float(index.low[0, -1]), float(index.high[0, -1])],
    }
    agree(got, expected["weighted_index"], 1e-9)
    weights = cells[1] / cells[2]
    agree(kish_design_effect(weights, cells[2]), expected["kish_deff"], tolerance)


def test_on_complete_rows_the_index_is_that_of_the_survey_package(
    matrix: ScoreMatrix, keying: Keying, cells: tuple[Any, Any, Any], oracle: Callable[..., Any]
) -> None:
    expected = oracle("pipeline_syn_a", "syn_a_poststrat")["expected"]
    labels, populations, _ = cells
    complete = ~np.isnan(matrix.dimension_scores).any(axis=1)
    kept = np.where(complete, labels, -1)
    counts = np.bincount(kept + 1)[1:]
    _, composites = weigh(matrix, keying, (kept, populations, counts))
    wanted = expected["weighted_index_complete_rows_survey"]
    assert int(composites.intervals.n[0, -1]) == wanted["n"]
    assert composites.intervals.mean[0, -1] == pytest.approx(wanted["index"], abs=1e-9)
    assert composites.intervals.se[0, -1] == pytest.approx(wanted["se"], abs=1e-9)


def test_a_cell_with_one_score_leaves_its_column_unweighted() -> None:
    scores = np.array([[60.0, 60], [80, 80], [30, 30], [50, np.nan]])
    moments = group_moments(scores, np.array([0, 0, 1, 1]), 2)
    found = post_stratify(moments, [2, 2], np.array([10.0, 30]))
    assert found.thin.tolist() == [False, True]
    assert np.isnan(found.intervals.mean).tolist() == [[False, True]]


def test_more_answers_than_people_turn_the_correction_of_a_cell_off() -> None:
    moments = group_moments(np.array([[60.0], [80], [30], [50]]), np.array([0, 0, 1, 1]), 2)
    found = post_stratify(moments, [2, 2], np.array([1.0, 2]))
    # by hand: one third of the first cell without correction, the second is a census
    assert found.intervals.se[0, 0] == pytest.approx(np.sqrt(200 / 2 / 9))
    assert found.intervals.valid_exceeds_roster.all()


def test_between_waves_there_is_no_finite_population() -> None:
    moments = group_moments(np.array([[60.0], [80], [30], [50]]), np.array([0, 0, 1, 1]), 2)
    found = post_stratify(moments, [2, 2], np.array([2.0, 2]), describes_staff=False)
    assert found.intervals.se[0, 0] == pytest.approx(np.sqrt((200 / 2 + 200 / 2) / 4))


def test_a_census_of_every_cell_has_no_sampling_error() -> None:
    moments = group_moments(np.array([[60.0], [80], [30], [50]]), np.array([0, 0, 1, 1]), 2)
    found = post_stratify(moments, [2, 2], np.array([2.0, 2]))
    assert found.intervals.se.tolist() == [[0.0]]
    assert found.intervals.near_census.all()


partitions = st.integers(1, 9).flatmap(
    lambda count: st.tuples(*[st.lists(st.integers(0, 4), min_size=count, max_size=count)] * 2)
)


@given(partitions)
def test_joined_partitions_are_the_finest_unions_of_both(pair: tuple[list[int], list[int]]) -> None:
    one, other = (np.array(part) for part in pair)
    joined = join_partitions(one, other)
    for part in (one, other):
        for label in set(part.tolist()):
            assert len(set(joined[part == label].tolist())) == 1
    # nothing that could be kept apart was joined: each union is connected
    for label in set(joined.tolist()):
        inside = np.flatnonzero(joined == label)
        reached = {int(inside[0])}
        for _ in inside:
            reached |= {
                int(n) for n in inside for m in reached if one[n] == one[m] or other[n] == other[m]
            }
        assert reached == set(inside.tolist())


@given(st.lists(st.floats(0, 100), min_size=4, max_size=20), st.integers(2, 5))
def test_equal_rates_change_nothing(values: list[float], times: int) -> None:
    scores = np.array(values)[:, np.newaxis]
    labels = np.arange(len(values)) % 2
    counts = np.bincount(labels)
    moments = group_moments(scores, labels, 2)
    found = post_stratify(moments, counts, times * counts.astype(np.float64))
    assert found.intervals.mean[0, 0] == pytest.approx(np.mean(values))
    assert kish_design_effect(np.full(2, float(times)), counts) == pytest.approx(1)
