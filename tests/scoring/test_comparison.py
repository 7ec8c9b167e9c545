from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.scoring.comparison import Welch, benjamini_hochberg, estimates, welch_test
from survey_service.scoring.moments import Moments, group_moments

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]


def moments(values: object) -> Moments:
    column = np.array(values, np.float64)[:, np.newaxis]
    return group_moments(column, np.zeros(len(column), int), 1)


def compare(first: object, second: object) -> Welch:
    return welch_test(estimates(moments(first)), estimates(moments(second)))


def listed(found: Welch) -> list[float]:
    return [float(x[0, 0]) for x in found]


def test_values(oracle: Oracle, agree: Agree) -> None:
    case = oracle("two_group_bh", "gap_sleep")
    expected = case["expected"]
    found = compare(case["params"]["g1"], case["params"]["g2"])
    got = [float(x[0, 0]) for x in (found.difference, found.t, found.df, found.p)]
    names = ("diff", "welch_t", "welch_df", "welch_p")
    agree(got, [expected[name] for name in names], case["tolerance"]["abs"])
    limits = [float(found.low[0, 0]), float(found.high[0, 0])]
    agree(limits, expected["welch_ci95"], case["tolerance"]["abs"])


def test_one_side_constant() -> None:
    found = compare([50] * 4, [25, 50, 75, 100])
    assert found.difference[0, 0] == -12.5
    assert found.t[0, 0] == pytest.approx(-0.7745966692414834)
    assert found.df[0, 0] == pytest.approx(3.0)
    assert found.p[0, 0] == pytest.approx(0.495025, abs=1e-6)  # R: 2 * pt(-.7745967, 3)


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    [([75] * 8, [50] * 9, 25.0), ([50] * 8, [50] * 9, 0.0), ([75], [50, 60], 20.0)],
)
def test_no_test(first: list[float], second: list[float], difference: float) -> None:
    found = listed(compare(first, second))
    assert found[0] == difference
    assert np.isnan(found[1:]).all()


def test_nobody() -> None:
    assert np.isnan(listed(compare([np.nan], [50, 60]))).all()


scores = st.lists(st.integers(0, 16).map(lambda k: 6.25 * k), min_size=2, max_size=12)


@given(first=scores, second=scores)
def test_sides_and_shift(first: list[float], second: list[float]) -> None:
    x, y = np.array(first), np.array(second)
    found = listed(compare(x, y))
    difference, se, t, df, p, low, high = listed(compare(y, x))
    turned = [-difference, se, -t, df, p, -high, -low]
    assert turned == pytest.approx(found, nan_ok=True)
    assert listed(compare(x + 13, y + 13)) == pytest.approx(found, nan_ok=True, abs=1e-9)


@pytest.mark.parametrize("name", ["bh_three", "bh_1995"])
def test_corrections(name: str, oracle: Oracle, agree: Agree) -> None:
    case = oracle("two_group_bh", name)
    found = benjamini_hochberg(case["params"]["p"])
    agree(found.tolist(), case["expected"]["q"], case["tolerance"]["abs"])
    if "n_reject_05" in case["expected"]:
        assert (found < 0.05).sum() == case["expected"]["n_reject_05"]


def test_correction_of_1995() -> None:
    # Benjamini & Hochberg (1995), section 3.2; R 4.2.2: p.adjust(p, "BH")
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262]
    found = benjamini_hochberg([*p, 0.5719, 0.6528, 0.759, 1.0])
    assert (found < 0.05).sum() == 4
    assert found[:6] == pytest.approx(
        [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714286]
    )


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ([], []),
        ([0.03], [0.03]),
        ([np.nan, np.nan], [np.nan, np.nan]),
        ([np.nan, 0.03], [np.nan, 0.03]),
        ([0.9, 1.0, 0.95], [1.0, 1.0, 1.0]),
    ],
)
def test_small_families(p: list[float], q: list[float]) -> None:
    assert benjamini_hochberg(p).tolist() == pytest.approx(q, nan_ok=True)


@given(
    p=st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), max_size=20),
    seed=st.integers(0, 99),
)
def test_laws_of_correction(p: list[float], seed: int) -> None:
    values = np.array(p)
    q = benjamini_hochberg(values)
    order = np.random.default_rng(seed).permutation(len(p))
    np.testing.assert_allclose(benjamini_hochberg(values[order]), q[order])
    known = ~np.isnan(values)
    np.testing.assert_allclose(q[known], benjamini_hochberg(values[known]))
    assert (q[known] >= values[known] * (1 - 1e-12)).all()
    assert (q[known] <= 1).all()
    rising = np.argsort(values[known])
    assert (np.diff(q[known][rising]) >= 0).all()
