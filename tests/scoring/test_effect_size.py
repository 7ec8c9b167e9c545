from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nct

from survey_service.scoring.effect_size import EffectSizes, hedges_g, noncentrality_limits
from survey_service.scoring.matrix import Floats
from survey_service.scoring.moments import Moments, group_moments

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]


def one(n: float, mean: float, sd: float) -> Moments:
    return Moments(*(np.full((1, 1), x) for x in (n, mean, (n - 1) * sd**2)))


def compare(first: object, second: object) -> list[float | None]:
    sides = [np.array(x, np.float64)[:, np.newaxis] for x in (first, second)]
    found = hedges_g(*(group_moments(x, np.zeros(len(x), int), 1) for x in sides))
    return listed(found)


def listed(found: EffectSizes) -> list[float | None]:
    return [None if np.isnan(x[0, 0]) else float(x[0, 0]) for x in found]


def test_values(oracle: Oracle, agree: Agree) -> None:
    case = oracle("two_group_bh", "gap_sleep")
    g, low, high = compare(case["params"]["g1"], case["params"]["g2"])
    agree(g, case["expected"]["hedges_g"], 1e-9)
    agree(g, case["expected"]["hedges_g_effectsize"], case["tolerance"]["hedges_g"])
    limits = case["expected"]["hedges_g_ci95_nct"]
    agree([low, high], limits, case["tolerance"]["hedges_g_ci95_nct"])


def test_sleep() -> None:
    drug = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    # R 4.2.2, effectsize 0.8.3::hedges_g(extra ~ group, data = sleep)
    g, low, high = compare(drug, other)
    assert g == pytest.approx(-0.796935239191122, abs=1e-12)
    assert (low, high) == pytest.approx((-1.66517166632542, 0.0914077686652717), abs=1e-4)


def test_summary(oracle: Oracle, agree: Agree) -> None:
    case = oracle("two_group_bh", "g_summary_borenstein")
    p = case["params"]
    g = hedges_g(one(p["n1"], p["m1"], p["s1"]), one(p["n2"], p["m2"], p["s2"])).g[0, 0]
    agree(float(g), case["expected"]["hedges_g_exact"], case["tolerance"]["abs"])


@pytest.mark.parametrize("t", [-30.0, -4.68, -0.3, 0.0, 2.5, 11.0, 90.0])
@pytest.mark.parametrize("df", [2.0, 8.0, 60.0, 1e5])
def test_limits_agree_with_the_distribution(t: float, df: float) -> None:
    low, high = noncentrality_limits(np.array([t]), np.array([df]))
    assert nct.cdf(t, df, low[0]) == pytest.approx(0.975, abs=1e-7)
    assert nct.cdf(t, df, high[0]) == pytest.approx(0.025, abs=1e-7)


def test_where_a_library_fails() -> None:
    # scipy's nct.cdf has been seen to return NaN at df 2794, t 4.68, noncentrality -3.32.
    low, high = noncentrality_limits(np.array([0.68]), np.array([2794.0]))
    assert float(low[0]) == pytest.approx(0.68 - 1.95996, abs=1e-3)
    assert float(high[0]) == pytest.approx(0.68 + 1.95996, abs=1e-3)


def test_limits_of_many_at_once() -> None:
    t, df = np.array([[1.0, 400.0], [np.nan, 1e6]]), np.full((2, 2), 8.0)
    low, high = noncentrality_limits(t, df)
    assert np.isnan(low).tolist() == [[False, True], [True, True]]
    assert np.isnan(high).tolist() == [[False, True], [True, True]]
    assert low[0, 0] == noncentrality_limits(np.array([1.0]), np.array([8.0]))[0][0]


def test_no_limit_rather_than_a_rough_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_service.scoring.effect_size._STEPS", 1)
    low, high = noncentrality_limits(np.array([0.0, 5.0]), np.array([1e9, 8.0]))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([50] * 8, [50] * 9),
        ([75] * 8, [50] * 9),
        ([75], [50, 60, 70]),
        ([50, 60, 70], [np.nan]),
        ([np.nan], [np.nan]),
    ],
)
def test_undefined(first: list[float], second: list[float]) -> None:
    assert compare(first, second) == [None, None, None]


def test_one_side_constant() -> None:
    g, low, high = compare([50] * 4, [25, 50, 75, 100])
    assert g is not None
    assert low is not None
    assert high is not None
    assert low < g < 0 < high


def test_worlds_apart() -> None:
    """Two units at opposite ends have a g, if a useless one, and an interval around it."""
    g, low, high = compare([100] * 9 + [93.75], [0] * 9 + [6.25])
    assert g is not None
    assert low is not None
    assert high is not None
    assert 30 < low < g < high < 80


scores = st.lists(st.integers(0, 16).map(lambda k: 6.25 * k), min_size=2, max_size=12)


def bounds(first: object, second: object) -> Floats:
    return np.array([np.nan if x is None else x for x in compare(first, second)])


@given(first=scores, second=scores)
def test_sides_shift_and_scale(first: list[float], second: list[float]) -> None:
    x, y = np.array(first), np.array(second)
    found = bounds(x, y)
    np.testing.assert_allclose(bounds(2 * x + 7, 2 * y + 7), found, rtol=1e-6, atol=1e-9)
    for turned in (bounds(y, x), bounds(100 - x, 100 - y)):
        np.testing.assert_allclose(-turned[[0, 2, 1]], found, rtol=1e-6, atol=1e-9)


def test_duplication_narrows() -> None:
    x = np.array([10.0, 20, 40, 50, 70])
    _, low, high = bounds(x, x + 10)
    _, tight_low, tight_high = bounds(np.tile(x, 4), np.tile(x + 10, 4))
    assert low < tight_low < tight_high < high


def test_arrays_of_any_shape() -> None:
    n = np.full((3, 4), 20.0)
    means: Floats = np.linspace(40, 60, 12).reshape(3, 4)
    found = hedges_g(Moments(n, means, 19 * 400 + 0 * n), Moments(n, 0 * n + 50, 19 * 400 + 0 * n))
    assert found.g.shape == found.low.shape == found.high.shape == (3, 4)
    assert (found.low < found.g).all()
    assert (found.g < found.high).all()
