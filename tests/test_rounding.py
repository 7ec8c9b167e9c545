import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.rounding import largest_remainder, round_half_up, round_outward

scores = st.floats(0, 100)


@pytest.mark.parametrize(
    ("x", "decimals", "printed"),
    [
        (62.25, 1, 62.3),
        (62.35, 1, 62.4),
        (2.675, 2, 2.68),
        (0.05, 1, 0.1),
        (-1.25, 1, -1.3),
        (99.95, 1, 100.0),
        (49.5, 0, 50.0),
        (0.0, 1, 0.0),
        (1e-300, 1, 0.0),
        (1234567890123.0, 1, 1234567890000.0),
        (59.464999, 2, 59.46),
        (59.4649999999, 2, 59.47),
    ],
)
def test_rounds_the_decimal_that_a_reader_sees(x: float, decimals: int, printed: float) -> None:
    assert round_half_up(x, decimals) == printed


def test_never_prints_minus_nought() -> None:
    assert math.copysign(1, round_half_up(-0.04, 1)) == 1


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_refuses_to_round_what_is_no_number(x: float) -> None:
    with pytest.raises(ValueError, match="cannot round"):
        round_half_up(x, 1)


@given(x=st.floats(-1000, 1000), decimals=st.integers(0, 4))
def test_rounding_is_near_even_handed_and_final(x: float, decimals: int) -> None:
    rounded = round_half_up(x, decimals)
    assert abs(rounded - x) <= 0.5 / 10**decimals + 1e-6
    assert round_half_up(-x, decimals) == -rounded
    assert round_half_up(rounded, decimals) == rounded


@pytest.mark.parametrize(
    ("low", "high", "step", "widened"),
    [
        (57.99, 60.34, 5, (55.0, 65.0)),
        (57.99, 60.34, 1, (57.0, 61.0)),
        (57.99, 60.34, 0.1, (57.9, 60.4)),
        (0.3, 0.1 + 0.2, 0.1, (0.3, 0.3)),
        (54.999999999999, 65.000000000001, 5, (55.0, 65.0)),
        (-3.2, 103.4, 1, (0.0, 100.0)),
        (97.0, 98.0, 30, (90.0, 100.0)),
        (0.0, 1e-14, 5, (0.0, 0.0)),
    ],
)
def test_widens_outward(low: float, high: float, step: float, widened: tuple[float, float]) -> None:
    if low > high:
        low, high = high, low
    assert round_outward(low, high, step) == widened


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(2, 1, 5), (1, 2, 0), (1, 2, -5), (math.nan, 2, 5), (1, math.inf, 5), (-math.inf, 1, 5)],
)
def test_refuses_to_widen_what_is_no_interval(low: float, high: float, step: float) -> None:
    with pytest.raises(ValueError, match="cannot widen"):
        round_outward(low, high, step)


@given(ends=st.tuples(scores, scores), step=st.sampled_from([0.1, 0.5, 1, 2, 5, 10]))
def test_a_widened_interval_holds_the_first_and_stays_put(
    ends: tuple[float, float], step: float
) -> None:
    widened = round_outward(min(ends), max(ends), step)
    assert widened[0] - 1e-8 <= min(ends) <= max(ends) <= widened[1] + 1e-8
    assert widened[1] - widened[0] < max(ends) - min(ends) + 2 * step
    assert round_outward(*widened, step) == widened


@pytest.mark.parametrize(
    ("parts", "decimals", "shares"),
    [
        ([1, 1, 1], 0, [34, 33, 33]),
        ([12.5, 37.5, 50], 0, [13, 37, 50]),
        ([1, 1, 1], 1, [33.4, 33.3, 33.3]),
        ([0, 0, 7], 0, [0, 0, 100]),
        ([565, 0, 0], 1, [100, 0, 0]),
        ([2, 3, 7], 0, [17, 25, 58]),
        ([0.1, 0.2, 0.1], 0, [25, 50, 25]),
        ([0.1, 0.4, 0.1], 0, [17, 67, 16]),
        ([0.2, 0.5, 0.5], 0, [17, 42, 41]),
    ],
)
def test_shares_are_filled_up_by_largest_remainder(
    parts: list[float], decimals: int, shares: list[float]
) -> None:
    assert largest_remainder(parts, decimals) == shares


@pytest.mark.parametrize("parts", [[], [0, 0], [1, -1, 2], [math.nan, 1], [math.inf, 1]])
def test_refuses_to_share_out_nothing(parts: list[float]) -> None:
    with pytest.raises(ValueError, match="no shares"):
        largest_remainder(parts, 0)


@given(
    parts=st.lists(st.integers(0, 10**6), min_size=1, max_size=7).filter(any),
    decimals=st.integers(0, 2),
)
def test_shares_sum_to_a_hundred_and_lie_near(parts: list[int], decimals: int) -> None:
    shares = largest_remainder(parts, decimals)
    assert sum(round(share * 10**decimals) for share in shares) == 100 * 10**decimals
    for part, share in zip(parts, shares, strict=True):
        assert abs(share - 100 * part / sum(parts)) < 1 / 10**decimals
