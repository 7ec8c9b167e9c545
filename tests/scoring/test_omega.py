from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.matrix import BLANK, Floats, Integers, Keying, ScoreMatrix
from survey_service.scoring.omega import LEAST_UNIQUENESS, Omega, fit_one_factor, one_factor_omega
from survey_service.scoring.reliability import ItemCovariance, item_covariances

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]
Columns = Mapping[str, list[str]]

THREE = np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])


def check(
    found: Omega,
    covariance: ItemCovariance,
    items: tuple[str, ...],
    case: Mapping[str, Any],
    tolerance: float,
    agree: Agree,
) -> None:
    assert found.n == case["n_complete"]
    agree(found.omega, case["omega_total_ml1"], tolerance)
    agree(found.omega, case["omega_total_lavaan"], tolerance)
    loadings = dict(zip(items, found.loadings, strict=True))
    agree(loadings, case["ml1_std_loadings"], 1e-3)
    agree(min(found.uniquenesses), case["ml1_min_uniqueness"], 1e-3)
    deviations = np.sqrt(np.diag(covariance.matrix))
    standardised = ItemCovariance(
        covariance.n, covariance.matrix / np.outer(deviations, deviations)
    )
    if "omega_total_ml1_std" in case:
        got = one_factor_omega(standardised).omega
        agree(got, case["omega_total_ml1_std"], tolerance)
    assert found.reason is None
    assert found.flags == set()


@pytest.mark.parametrize("name", ["bfi_A", "bfi_C", "bfi_E", "attitude7", "fmsb_quest"])
def test_public_data(
    name: str,
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
    as_codes: Callable[..., Integers],
    agree: Agree,
) -> None:
    case = oracle("reliability", f"reliability_{name}")
    items = tuple(case["select"]["columns"])
    columns = oracle_columns(case["data"].removeprefix("data/").removesuffix(".csv"))
    codes = as_codes([columns[item] for item in items])
    reverse, scale = np.isin(items, case["params"]["reverse"]), case["params"]
    keyed = np.where(reverse & (codes != BLANK), scale["min"] + scale["max"] - codes, codes)
    k = len(items)
    keying = Keying(items, ("D",), np.zeros(k, int), np.zeros(k, np.bool_))
    covariance = item_covariances(keyed.astype(np.int8), keying)[0]
    found = one_factor_omega(covariance)
    check(found, covariance, items, case["expected"], case["tolerance"]["omega_total_ml1"], agree)


def test_the_mine(
    matrix: ScoreMatrix, flags: CarelessFlags, keying: Keying, oracle: Oracle, agree: Agree
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_reliability")
    covariances = item_covariances(matrix.keyed, keying, ~flags.excluded)
    for name, covariance in zip(keying.dimensions, covariances, strict=True):
        items = tuple(item for item in keying.items if item.startswith(name))
        found = one_factor_omega(covariance)
        tolerance = case["tolerance"]["omega_total_ml1"]
        check(found, covariance, items, case["expected"][name], tolerance, agree)


def test_first_dimension_of_the_mine(
    matrix: ScoreMatrix, flags: CarelessFlags, keying: Keying
) -> None:
    found = one_factor_omega(item_covariances(matrix.keyed, keying, ~flags.excluded)[0])
    # R 4.2.2: lavaan 0.6.14; factanal stops a little earlier, at .786031212655238
    assert found.omega == pytest.approx(0.786031201604095, abs=2e-7)
    assert found.withheld is None


def test_two_items_have_spearman_brown_instead() -> None:
    found = one_factor_omega(ItemCovariance(60, np.array([[4.0, 1.0], [1.0, 1.0]])))
    assert (found.omega, found.reason) == (None, "k<3")
    assert found.spearman_brown == pytest.approx(2 / 3)  # r = 1/2
    against = one_factor_omega(ItemCovariance(60, np.array([[1.0, -0.2], [-0.2, 1.0]])))
    assert against.spearman_brown == pytest.approx(-0.5)
    assert one_factor_omega(ItemCovariance(60, THREE)).spearman_brown is None


@pytest.mark.parametrize(
    "matrix", [[[1.0, -1.0], [-1.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]]], ids=["opposite", "constant"]
)
def test_two_items_without_even_that(matrix: list[list[float]]) -> None:
    assert one_factor_omega(ItemCovariance(60, np.array(matrix))).spearman_brown is None


@pytest.mark.parametrize(
    ("covariance", "reason"),
    [
        (ItemCovariance(0, np.zeros((4, 4))), "no_data"),
        (ItemCovariance(60, np.eye(1)), "k<3"),
        (ItemCovariance(2, np.ones((3, 3))), "n<3"),
        (ItemCovariance(60, np.diag([1.0, 1, 0])), "zero_variance_item"),
        (ItemCovariance(60, np.array([[2.0, 2, 1], [2, 2, 1], [1, 1, 2]])), "singular"),
    ],
)
def test_undefined(covariance: ItemCovariance, reason: str) -> None:
    found = one_factor_omega(covariance)
    assert (found.omega, found.spearman_brown, found.reason) == (None, None, reason)
    assert found.loadings == found.uniquenesses == ()


def test_an_item_that_is_the_factor() -> None:
    r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.7], [0.9, 0.7, 1]])  # .9 * .9 / .7 > 1
    found = one_factor_omega(ItemCovariance(60, r))
    assert found.flags == {"heywood"}
    assert found.uniquenesses[0] == pytest.approx(LEAST_UNIQUENESS)
    # scipy 1.17: minimize(method="L-BFGS-B") of the same function from the same start
    assert found.omega == pytest.approx(0.9529267527, abs=1e-6)


def test_no_minimum_in_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_service.scoring.omega._STEPS", 1)
    found = one_factor_omega(ItemCovariance(29, THREE * 1.0 + np.eye(3)))
    assert (found.omega, found.reason, found.withheld) == (None, "not_converged", "n<30")


def correlated(seed: int, k: int, n: int) -> Floats:
    rng = np.random.default_rng(seed)
    loadings = rng.uniform(0.2, 0.9, k)
    x = rng.normal(size=(n, 1)) * loadings + rng.normal(size=(n, k)) * np.sqrt(1 - loadings**2)
    return np.asarray(np.corrcoef(x.T))


@given(seed=st.integers(0, 10**6), k=st.integers(3, 12))
def test_the_solution_reproduces_the_variances(seed: int, k: int) -> None:
    """At a maximum inside the bounds, l^2 + u is 1 for every item (Lawley & Maxwell, eq. 4.12)."""
    found = fit_one_factor(correlated(seed, k, 80))
    assert found is not None
    inside = found.uniquenesses > LEAST_UNIQUENESS * 1.001
    assert (found.loadings**2 + found.uniquenesses)[inside] == pytest.approx(1, abs=1e-6)
    assert (found.uniquenesses >= LEAST_UNIQUENESS * (1 - 1e-12)).all()
    assert (found.uniquenesses <= 1).all()


@given(seed=st.integers(0, 10**6), order=st.permutations(range(5)))
def test_permutation_and_reversal(seed: int, order: list[int]) -> None:
    r = correlated(seed, 5, 80)
    found = one_factor_omega(ItemCovariance(80, r))
    assume(not found.flags)
    other = one_factor_omega(ItemCovariance(80, r[np.ix_(order, order)]))
    assert other.omega == pytest.approx(found.omega, abs=1e-6)
    assert other.loadings == pytest.approx([found.loadings[i] for i in order], abs=1e-5)
    turned = np.array([1, -1, 1, 1, 1])
    one = one_factor_omega(ItemCovariance(80, r * np.outer(turned, turned)))
    assert np.abs(one.loadings) == pytest.approx(np.abs(found.loadings), abs=1e-5)
    assert one.uniquenesses == pytest.approx(found.uniquenesses, abs=1e-5)
