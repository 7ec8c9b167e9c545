import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.scoring.descriptives import (
    dimension_shares,
    item_shares,
    mean_interval,
    wilson_interval,
)
from survey_service.scoring.index import composite_coefficients
from survey_service.scoring.matrix import (
    BLANK,
    Booleans,
    Floats,
    Integers,
    Keying,
    ScoreMatrix,
    score_matrix,
)
from survey_service.scoring.moments import group_moments
from survey_service.scoring.tallies import tally_people

Z = 1.959963984540054  # the 97.5 % point of the normal distribution


def count_codes(codes: Integers, keying: Keying) -> Floats:
    """Count the keyed codes of everybody together."""
    labels = np.zeros(len(codes), np.intp)
    coefficients = composite_coefficients(keying)
    return tally_people(score_matrix(codes, keying), labels, 1, keying, coefficients).answers


def describe(
    values: Sequence[float], population: float | None = None
) -> tuple[dict[str, float], set[str]]:
    """Give the figures and the flags of one column of values over one set that holds them all."""
    populations = None if population is None else np.array([population])
    moments = group_moments(np.array(values)[:, np.newaxis], np.zeros(len(values), np.intp), 1)
    found = mean_interval(moments, [len(values)], populations)
    cells = {name: x[0, 0] for name, x in vars(found).items()}
    figures = {name: float(x) for name, x in cells.items() if x.dtype != np.bool_}
    return figures, {name for name, x in cells.items() if x.dtype == np.bool_ and x}


def test_mean_with_finite_population() -> None:
    # By hand: squares about 60 sum to 3250, a quarter of 20 people answered, t(.975, 4) = 2.776445.
    figures, flags = describe([25, 50, 50, 75, 100], 20)
    se = math.sqrt(3250 / 4 / 5 * 15 / 20)
    ends = {"low": 60 - 2.776445 * se, "high": 60 + 2.776445 * se}
    expected = {"n": 5, "mean": 60, "sd": math.sqrt(3250 / 4), "se": se, **ends}
    assert figures == pytest.approx(expected, rel=1e-6)
    assert flags == set()


@pytest.mark.parametrize(
    ("constant", "n"), [(50, 20), (100 / 3, 60), (200 / 3, 31), (575 / 6, 13), (1.9, 60)]
)
def test_constant_scores_have_an_interval_without_width(constant: float, n: int) -> None:
    others = [0.0, 12.5, 100.0] * 50
    scores = np.array([constant] * n + others)[:, np.newaxis]
    moments = group_moments(scores, np.where(np.arange(len(scores)) < n, 0, -1), 1)
    found = mean_interval(moments, [n], np.array([60.0]))
    assert found.zero_variance.tolist() == [[True]]
    assert found.sd.tolist() == found.se.tolist() == [[0.0]]
    assert found.low == found.mean == found.high == pytest.approx(constant)


def test_one_different_answer_among_twenty_thousand_is_variance() -> None:
    finest = 100 / (4 * 132)  # between means of up to 12 answers on five points
    scores = np.array([100.0 - finest, *[100.0] * 19_999, *[0.0] * 20_000])[:, np.newaxis]
    moments = group_moments(scores, np.where(np.arange(40_000) < 20_000, 0, -1), 1)
    found = mean_interval(moments, [20_000])
    assert found.zero_variance.tolist() == [[False]]
    assert found.sd[0, 0] == pytest.approx(np.std(scores[:20_000], ddof=1), rel=1e-5)


def test_spread_does_not_depend_on_the_zero_point() -> None:
    plain, far = (describe([x + zero for x in (25, 50, 50, 75)], 20)[0] for zero in (0, 1e9))
    assert far["sd"] == pytest.approx(plain["sd"])
    assert far["high"] - far["low"] == pytest.approx(plain["high"] - plain["low"])


def test_nobody_and_one_person() -> None:
    figures, flags = describe([np.nan, np.nan], 10)
    assert figures.pop("n") == 0
    assert np.isnan(list(figures.values())).all()
    assert flags == set()
    figures, flags = describe([50, np.nan], 10)
    assert (figures.pop("n"), figures.pop("mean")) == (1, 50)
    assert np.isnan(list(figures.values())).all()
    assert flags == set()


def test_more_answers_than_people_turn_the_correction_off() -> None:
    values = [25.0, 50, 75, 100, 100]
    over, flags = describe(values, 4)
    assert flags == {"valid_exceeds_roster"}
    assert over == describe(values)[0]


def test_a_wrong_roster_is_wrong_for_every_column() -> None:
    scores = np.array([[50.0, 50], [75, 25], [25, np.nan]])
    found = mean_interval(group_moments(scores, np.zeros(3, int), 1), [3], np.array([2.0]))
    assert found.n.tolist() == [[3, 2]]
    assert found.valid_exceeds_roster.tolist() == [[True, True]]
    assert (found.se > 0).all()


@pytest.mark.parametrize(
    ("n", "population", "flags"),
    [
        (18, 20, set()),
        (19, 20, {"near_census"}),
        (20, 20, {"near_census"}),
        (21, 20, {"valid_exceeds_roster"}),
        (20, None, set()),
    ],
)
def test_near_census(n: int, population: int | None, flags: set[str]) -> None:
    assert describe([50.0, *[75.0] * (n - 1)], population)[1] == flags


def test_unknown_populations_stand_beside_known_ones() -> None:
    scores = np.tile(np.array([[25.0], [50], [75], [50]]), (3, 1))
    moments = group_moments(scores, np.repeat(np.arange(3), 4), 3)
    found = mean_interval(moments, [4, 4, 4], np.array([np.nan, 0.0, 4.0]))
    assert found.se[:2].tolist() == [[pytest.approx(20.412414523 / 2)]] * 2
    assert found.se[2].tolist() == [0.0]
    assert found.valid_exceeds_roster[:, 0].tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("hits", "n", "population", "interval"),
    [
        # R 4.2.2, the invented mine: items O1_1a, O1_2a and O2_1c of 870 people
        (288, 540, 870, (0.50734841303946, 0.559138642315494)),
        (259, 544, 870, (0.450494782868186, 0.501837375420245)),
        (351, 552, 870, (0.611270265723258, 0.659778605753911)),
        # R 4.2.2: prop.test(163, 200, correct = FALSE), and with n* of 6194 schools
        (163, 200, np.nan, (0.755429372388482, 0.86269807199384)),
        (163, 200, 6194, (0.756479611560689, 0.862022371571138)),
        (163, 200, 199, (0.755429372388482, 0.86269807199384)),
        (163, 200, 200, (0.815, 0.815)),
        # By hand: at p = 0 the upper end is z^2 / (n + z^2), and mirrored at p = 1.
        (0, 8, np.nan, (0, Z**2 / (8 + Z**2))),
        (12, 12, np.nan, (12 / (12 + Z**2), 1)),
        (1, 1, 1, (1, 1)),
    ],
)
def test_wilson(hits: int, n: int, population: float, interval: tuple[float, float]) -> None:
    found = [float(x) for x in wilson_interval(hits, n, population)]
    assert found == pytest.approx(interval, abs=1e-12)


def test_wilson_of_nothing_is_undefined() -> None:
    low, high = wilson_interval([0, 3], [0, 4], [10, 0])
    assert np.isnan([low[0], high[0]]).all()
    assert 0 < low[1] < 0.75 < high[1] < 1


@given(n=st.integers(1, 3000), share=st.floats(0, 1), population=st.none() | st.integers(1, 4000))
def test_wilson_holds_the_proportion(n: int, share: float, population: int | None) -> None:
    hits = round(share * n)
    low, high = wilson_interval(hits, n, np.nan if population is None else population)
    assert 0 <= low <= hits / n <= high <= 1
    mirrored = wilson_interval(n - hits, n, np.nan if population is None else population)
    assert (float(1 - mirrored[1]), float(1 - mirrored[0])) == pytest.approx((low, high))
    assert bool(low == high) == (population == n)


def test_shares_of_the_mine(matrix: ScoreMatrix, keying: Keying, sets: dict[str, Booleans]) -> None:
    codes = [matrix.codes[sets[name]] for name in ("all", "掘进队")]
    items = item_shares(np.vstack([count_codes(part, keying) for part in codes]), keying)
    dimensions = dimension_shares(items, keying)
    # R 4.2.2: 100 * mean(k >= 4, na.rm = TRUE) by item, mean of the four by dimension
    assert items.favourable[0, 0] == pytest.approx(53.3333333333333)
    assert dimensions.favourable[:, 0] == pytest.approx([49.460864440788, 35.9019886363636])
    assert dimensions.neutral[:, 0] == pytest.approx([26.9529214732268, 29.8177083333333])
    assert dimensions.unfavourable[:, 0] == pytest.approx([23.5862140859851, 34.280303030303])


def test_cut_offs_belong_to_the_scale(make_keying: Callable[..., Keying]) -> None:
    keying = make_keying(1, highest=7, favourable=(6, 7), unfavourable=(1,))
    codes = np.array([[1], [2], [3], [4], [5], [6], [7], [7]])
    shares = item_shares(count_codes(codes, keying), keying)
    assert shares.favourable.tolist() == [[37.5]]
    assert shares.neutral.tolist() == [[50.0]]
    assert shares.unfavourable.tolist() == [[12.5]]


def test_an_item_that_nobody_answered_leaves_the_average(
    make_keying: Callable[..., Keying],
) -> None:
    keying = make_keying(2, 1)
    items = item_shares(count_codes(np.array([[5, BLANK, 9], [3, 9, BLANK]]), keying), keying)
    assert np.isnan(items.neutral).tolist() == [[False, True, True]]
    dimensions = dimension_shares(items, keying)
    np.testing.assert_array_equal(dimensions.favourable, np.array([[50.0, np.nan]]))
