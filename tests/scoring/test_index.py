from collections.abc import Callable

import numpy as np
import pytest

from survey_service.scoring.descriptives import MeanIntervals, mean_interval
from survey_service.scoring.index import band, block_coefficients, index_coefficients
from survey_service.scoring.matrix import Block, Booleans, Floats, Keying, ScoreMatrix
from survey_service.scoring.tallies import tally_scores

MakeKeying = Callable[..., Keying]


def compose(
    scores: Floats, weights: Floats, kept: int | None = None, population: float = np.nan
) -> MeanIntervals:
    """Describe composites of the first `kept` people, everybody where it is left out."""
    labels = np.where(np.arange(len(scores)) < (kept or len(scores)), 0, -1)
    moments = tally_scores(scores, labels, 1, weights).composites()
    return mean_interval(moments, [(labels == 0).sum()], np.array([population]))


def test_coefficients_of_the_full_questionnaire(keying: Keying) -> None:
    index = index_coefficients(keying)
    assert index is not None
    assert index.tolist() == pytest.approx([0.1] * 7 + [0.075] * 4)
    assert block_coefficients(keying).sum(axis=1).tolist() == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("blocks", [{}, {"A": Block(None, (0,)), "B": Block(None, (1, 2))}])
def test_blocks_without_weights_make_no_index(
    blocks: dict[str, Block], make_keying: MakeKeying
) -> None:
    keying = make_keying(1, 1, 1, blocks=blocks)
    assert index_coefficients(keying) is None
    assert block_coefficients(keying).shape == (len(blocks), 3)


def test_on_complete_rows_the_index_is_the_mean_of_person_values() -> None:
    scores = np.array([[50.0, 25, 0], [75, 50, 100], [100, 100, 25], [25, 0, 75]])
    weights = np.array([0.5, 0.3, 0.2])
    found = compose(scores, weights[np.newaxis], population=10.0)
    values = scores @ weights
    assert found.mean[0, 0] == pytest.approx(values.mean())
    assert found.sd[0, 0] == pytest.approx(values.std(ddof=1))
    assert found.se[0, 0] == pytest.approx(values.std(ddof=1) / 2 * np.sqrt(1 - 4 / 10))


def test_rows_with_gaps_are_linearised() -> None:
    # By hand: means 50 and 40 of three and two people, n = 4 with any score.
    # u = .5 * 4/3 * (y1 - 50) + .5 * 4/2 * (y2 - 40), absent parts 0.
    scores = np.array([[20.0, np.nan], [50, 30], [80, np.nan], [np.nan, 50], [np.nan, np.nan]])
    u = [-20, -10, 20, 10]
    found = compose(scores, np.array([[0.5, 0.5]]))
    assert found.n.tolist() == [[4]]
    assert found.mean.tolist() == [[45.0]]
    assert found.sd[0, 0] == pytest.approx(np.sqrt(sum(x * x for x in u) / 3))
    assert found.se[0, 0] == pytest.approx(np.sqrt(sum(x * x for x in u) / 3 / 4))


def test_a_dimension_without_weight_plays_no_part() -> None:
    scores = np.array([[50.0, np.nan], [75, np.nan], [np.nan, 10.0]])
    found = compose(scores[:2], np.array([[1.0, 0.0], [0.5, 0.5]]))
    np.testing.assert_array_equal(found.mean, np.array([[62.5, np.nan]]))
    assert np.isnan(found.sd).tolist() == [[False, True]]
    assert found.zero_variance.tolist() == [[False, False]]
    first = compose(scores, np.array([[1.0, 0.0]]))
    assert first.n.tolist() == [[2]]


@pytest.mark.parametrize("n", [7, 20, 60])
def test_alike_people_have_an_index_without_width(n: int) -> None:
    scores = np.array([[575 / 6, 58.25, 1.9]] * n + [[0.0, 100.0, 50.0]] * 30)
    found = compose(scores, np.array([[0.3, 0.4, 0.3]]), kept=n)
    assert found.zero_variance.tolist() == [[True]]
    assert found.low == found.high == pytest.approx(28.75 + 23.3 + 0.57)


def test_another_set_of_weights_needs_no_other_function(
    matrix: ScoreMatrix, sets: dict[str, Booleans]
) -> None:
    equal = np.full((1, 11), 1 / 11)
    kept = matrix.dimension_scores[sets["all"]]
    found = compose(kept, equal)
    assert found.mean[0, 0] == pytest.approx(np.nanmean(kept, axis=0).mean())


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        (75, 80, "high"),
        (74.999, 80, "borderline"),
        (75, 75, "high"),
        (50, 74.999, "middle"),
        (50, 75, "borderline"),
        (49.999, 60, "borderline"),
        (40, 49.999, "low"),
        (40, 50, "borderline"),
        (50, 50, "middle"),
        (49, 76, "borderline"),
    ],
)
def test_a_band_holds_the_whole_interval(low: float, high: float, name: str) -> None:
    assert band(low, high) == name
