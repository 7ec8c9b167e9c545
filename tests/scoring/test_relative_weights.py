from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.scoring.matrix import Floats
from survey_service.scoring.relative_weights import (
    bootstrap_weights,
    lmg_weights,
    relative_weights,
)

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]


def correlated(seed: int, p: int, n: int = 60) -> Floats:
    """Correlate p predictors and, last, an outcome."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p + 1)) @ rng.normal(size=(p + 1, p + 1))
    return np.asarray(np.corrcoef(x.T))


def explained(r: Floats, chosen: list[int]) -> float:
    return float(r[chosen, -1] @ np.linalg.solve(r[np.ix_(chosen, chosen)], r[chosen, -1]))


def test_from_a_matrix(oracle: Oracle, agree: Agree) -> None:
    case = oracle("drivers", "drivers_iopsych_matrix")
    r = np.array(case["params"]["R"])
    x, y = np.array(case["params"]["x"]) - 1, case["params"]["y"] - 1
    found = relative_weights(r[np.ix_(x, x)], r[x, y])
    agree(found.tolist(), case["expected"]["raw"], case["tolerance"]["abs"])
    agree(float(found.sum()), case["expected"]["R2"], case["tolerance"]["abs"])


def test_a_known_matrix() -> None:
    # R: iopsych::relWt, the example of its help page
    r = np.array([[1, 0.2, 0.3, 0.4], [0.2, 1, 0.5, 0.1], [0.3, 0.5, 1, 0.2], [0.4, 0.1, 0.2, 1]])
    found = relative_weights(r, np.array([-0.4, 0.1, -0.3, 0.4]))
    expected = [0.240661193555763, 0.0549266374065877, 0.121434762294838, 0.281581893582593]
    assert found.tolist() == pytest.approx(expected, abs=1e-12)


@given(seed=st.integers(0, 10**6), p=st.integers(1, 6))
def test_parts_of_the_whole(seed: int, p: int) -> None:
    r = correlated(seed, p)
    for share_out in (relative_weights, lmg_weights):
        weights = share_out(r[:-1, :-1], r[:-1, -1])
        assert weights.sum() == pytest.approx(explained(r, list(range(p))), rel=1e-6)
        assert (weights > -1e-9).all()
        order = np.random.default_rng(seed).permutation(p)
        among = r[np.ix_(order, order)]
        assert share_out(among, r[order, -1]) == pytest.approx(weights[order], rel=1e-6)
        sign = np.where(np.arange(p) % 2, -1.0, 1.0)
        turned = share_out(r[:-1, :-1] * np.outer(sign, sign), -sign * r[:-1, -1])
        assert turned == pytest.approx(weights, rel=1e-6)


@given(seed=st.integers(0, 10**6))
def test_lmg_averages_over_all_orders(seed: int) -> None:
    r = correlated(seed, 4)
    gains = np.zeros(4)
    for order in permutations(range(4)):
        before = 0.0
        for step, j in enumerate(order):
            now = explained(r, list(order[: step + 1]))
            gains[j] += (now - before) / 24
            before = now
    assert lmg_weights(r[:-1, :-1], r[:-1, -1]) == pytest.approx(gains, abs=1e-9)


@given(seed=st.integers(0, 10**6))
def test_two_predictors_have_the_same_parts_by_both_methods(seed: int) -> None:
    r = correlated(seed, 2)
    sides = r[:-1, :-1], r[:-1, -1]
    assert relative_weights(*sides) == pytest.approx(lmg_weights(*sides), rel=1e-6)


def test_many_matrices_at_once() -> None:
    several = np.array([correlated(seed, 5) for seed in range(4)])
    several[2, :-1, :-1] = 1.0  # predictors that are one
    found = relative_weights(several[:, :-1, :-1], several[:, :-1, -1])
    assert np.isnan(found).all(axis=1).tolist() == [False, False, True, False]
    for r, weights in zip(several[[0, 1, 3]], found[[0, 1, 3]], strict=True):
        assert relative_weights(r[:-1, :-1], r[:-1, -1]) == pytest.approx(weights)


def make_rows(n: int) -> Floats:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 3))
    rows = np.column_stack([x, x @ [2.0, 1.0, 0.5] + rng.normal(size=n)])
    return np.asarray((rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1))


def test_a_draw_is_a_sample_of_the_rows() -> None:
    rows = make_rows(50)
    drawn = np.random.default_rng(9).integers(0, 50, (20, 50))
    for found, people in zip(bootstrap_weights(rows, 20, 9), drawn, strict=True):
        r = np.corrcoef(rows[people].T)
        weights = relative_weights(r[:-1, :-1], r[:-1, -1])
        assert found == pytest.approx(100 * weights / weights.sum())


def test_draws_do_not_depend_on_how_many_are_made_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = bootstrap_weights(make_rows(51), 30, 9)
    monkeypatch.setattr("survey_service.scoring.relative_weights._NUMBERS", 51 * 7)
    np.testing.assert_allclose(bootstrap_weights(make_rows(51), 30, 9), whole)


def test_draws_without_weights() -> None:
    rows = make_rows(8)
    rows[:, 0] = [3, 0, 0, 0, 0, 0, 0, 0]  # left out of many draws
    found = bootstrap_weights(rows, 300, 9)
    lost = np.isnan(found).any(axis=1)
    assert 0.2 < lost.mean() < 0.5
    assert np.isnan(found[lost]).all()
    assert found[~lost].sum(axis=1) == pytest.approx(100)
    assert bootstrap_weights(rows, 0, 9).shape == (0, 3)
