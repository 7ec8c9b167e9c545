"""Degenerate data, case by case: what is null, and the code that says why."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from survey_service.scoring.agreement import intraclass_correlations, unit_agreement
from survey_service.scoring.comparison import benjamini_hochberg
from survey_service.scoring.drivers import Drivers, drivers
from survey_service.scoring.families import manager_staff_gap
from survey_service.scoring.histograms import complete_histograms
from survey_service.scoring.matrix import Floats, Keying
from survey_service.scoring.moments import Moments, group_moments
from survey_service.scoring.omega import one_factor_omega
from survey_service.scoring.reliability import ItemCovariance, item_covariances, reliability

MakeKeying = Callable[..., Keying]
Expect = Callable[[str], dict[str, Any]]


@pytest.fixture
def case(oracle: Callable[[str, str], dict[str, Any]]) -> Expect:
    return lambda name: oracle("degenerate_cases", name)


def covary(items: list[list[int]], make_keying: MakeKeying) -> ItemCovariance:
    return item_covariances(np.array(items, np.int8), make_keying(len(items[0])))[0]


def column(values: object) -> Moments:
    scores = np.array(values, np.float64)[:, np.newaxis]
    return group_moments(scores, np.zeros(len(scores), int), 1)


@pytest.mark.parametrize("name", ["alpha_zero_total_variance", "alpha_k1", "alpha_n2"])
def test_no_alpha(name: str, case: Expect, make_keying: MakeKeying) -> None:
    found = reliability(covary(case(name)["items"], make_keying))
    assert {"alpha": found.alpha, "reason": found.reason} == case(name)["expect"]


def test_alpha_with_a_constant_item(case: Expect, make_keying: MakeKeying) -> None:
    expected = case("alpha_one_constant_item")
    covariance = covary(expected["items"], make_keying)
    found = reliability(covariance)
    assert found.alpha == pytest.approx(expected["expect"]["alpha"])
    assert found.item_rest[2] is expected["expect"]["item_rest_r_3"]
    assert one_factor_omega(covariance).reason == "zero_variance_item"


def test_negative_alpha(case: Expect, make_keying: MakeKeying) -> None:
    expected = case("alpha_negative")
    found = reliability(covary(expected["items"], make_keying))
    assert found.alpha is not None
    assert (found.alpha < 0) is expected["expect"]["alpha_negative"]
    assert expected["expect"]["flag"] in found.flags


def test_omega_of_two_items(case: Expect) -> None:
    expected = case("omega_k2")["expect"]
    found = one_factor_omega(ItemCovariance(60, np.array([[1.0, 0.5], [0.5, 1.0]])))
    assert found.omega is expected["omega"]
    assert found.reason == expected["reason"].split()[0]
    assert found.spearman_brown is not None


@pytest.mark.parametrize("name", ["hedges_both_constant_equal", "hedges_both_constant_diff"])
def test_constant_groups(name: str, case: Expect) -> None:
    found = manager_staff_gap(*(column(case(name)[side]) for side in "ab"))[0]
    got = {"g": found.g, "p": found.p, "diff": found.difference, "reason": found.reason}
    assert got == case(name)["expect"]


def test_small_group(case: Expect) -> None:
    expected = case("gap_small_group")
    few, many = (column(np.arange(expected[n]) % 5) for n in ("n1", "n2"))
    found = manager_staff_gap(few, many)[0]
    assert found.reason == found.withheld == expected["expect"]["reason"]


def share_out(x: Floats, y: Floats) -> Drivers:
    return drivers(x, y, draws=0)


@pytest.mark.parametrize("name", ["duplicate_predictor", "constant_predictor", "constant_outcome"])
def test_no_drivers(name: str, case: Expect) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(200, 3)), rng.normal(size=200)
    if name == "duplicate_predictor":
        x[:, 1] = x[:, 0]
    elif name == "constant_predictor":
        x[:, 1] = 62.5
    else:
        y[:] = 62.5
    found = share_out(x, y)
    expected = case(f"relweights_{name}")["expect"]
    assert (found.drivers, found.reason) == ((), expected["reason"])


def test_drivers_of_few(case: Expect) -> None:
    expected = case("relweights_small_n")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(expected["n"], expected["p"]))
    assert share_out(x, x.sum(axis=1)).withheld == expected["expect"]["reason"]


def test_correlations_within_units(case: Expect) -> None:
    one, alike, negative = (case(f"icc_{x}") for x in ("one_group", "zero_within", "negative"))
    found = intraclass_correlations(column([50, 75, 100]))[0]
    got = {"icc1": found.icc1, "icc2": found.icc2, "reason": found.reason}
    assert got == one["expect"]
    scores = np.array(alike["groups"], np.float64)
    groups = np.repeat(np.arange(len(scores)), scores.shape[1])
    found = intraclass_correlations(group_moments(scores.reshape(-1, 1), groups, len(scores)))[0]
    assert {"icc1": found.icc1, "icc2": found.icc2} == alike["expect"]
    mixed = np.array([[0.0], [100], [0], [100]])
    found = intraclass_correlations(group_moments(mixed, np.array([0, 0, 1, 1]), 2))[0]
    assert found.icc1 == negative["expect"]["icc1_reported"]
    assert found.icc2 is negative["expect"]["icc2_reported"]
    assert negative["expect"]["flag"] in found.flags


def test_agreement_in_a_unit(case: Expect, make_keying: MakeKeying) -> None:
    bimodal, single = case("rwg_bimodal"), case("rwg_n1")["expect"]
    codes, keying = np.array(bimodal["items"]), make_keying(2)
    found = [
        unit_agreement(complete_histograms(part, np.zeros(len(part), int), 1, keying), keying)[0][0]
        for part in (codes, codes[:1])
    ]
    assert found[0].value == pytest.approx(bimodal["expect"]["rwg_star"])
    assert {"rwg": found[1].value, "reason": found[1].reason} == single


@pytest.mark.parametrize("name", ["bh_empty", "bh_single"])
def test_small_families(name: str, case: Expect) -> None:
    assert benjamini_hochberg(case(name)["p"]).tolist() == case(name)["expect"]["q"]
