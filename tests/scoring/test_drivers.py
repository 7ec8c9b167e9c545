from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.drivers import Drivers, drivers
from survey_service.scoring.matrix import Floats, ScoreMatrix
from survey_service.scoring.priorities import priority_matrix

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]
Columns = Mapping[str, list[str]]


def make(n: int, p: int, noise: float = 1.0, seed: int = 3) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = rng.normal(50, 10, size=(n, p)).round()
    return x, (x @ np.arange(1, p + 1) + 10 * noise * rng.normal(size=n)).round()


def check(
    found: Drivers, names: list[str], expected: Mapping[str, Any], tolerance: float, agree: Agree
) -> None:
    got = {
        "n": found.n,
        "R2": found.r2,
        "condition_number": found.condition,
        "raw": {name: part.raw for name, part in zip(names, found.drivers, strict=True)},
        "lmg": {name: part.lmg for name, part in zip(names, found.drivers, strict=True)},
    }
    agree(got, {name: expected[name] for name in got}, tolerance)
    percent = {name: part.percent for name, part in zip(names, found.drivers, strict=True)}
    agree(percent, expected["rescaled_pct"], tolerance)
    assert found.reason is None


@pytest.mark.parametrize(
    ("name", "data"), [("drivers_swiss", "swiss"), ("drivers_attitude", "attitude")]
)
def test_public_data(
    name: str, data: str, oracle: Oracle, oracle_columns: Callable[[str], Columns], agree: Agree
) -> None:
    case = oracle("drivers", name)
    columns = oracle_columns(data)
    names = case["select"]["x"]
    x = np.array([columns[item] for item in names], np.float64).T
    found = drivers(x, np.array(columns[case["select"]["y"]], np.float64))
    check(found, names, case["expected"], 1e-10, agree)
    assert found.withheld == "n<100"


@pytest.fixture(scope="module")
def mine(matrix: ScoreMatrix, flags: CarelessFlags) -> Drivers:
    scores = matrix.dimension_scores[~flags.excluded]
    return drivers(scores[:, 3:], scores[:, :3].mean(axis=1))


def test_the_mine(mine: Drivers, oracle: Oracle, agree: Agree) -> None:
    case = oracle("pipeline_syn_a", "syn_a_drivers")
    names = ["P1", "P2", "P3", "P4", "M1", "M2", "M3", "M4"]
    check(mine, names, case["expected"], case["tolerance"]["abs"], agree)
    # Both ends are drawn at random, there as here.
    points = case["tolerance"]["boot_ci95_rescaled_pct_MC"]
    for name, part in zip(names, mine.drivers, strict=True):
        expected = case["expected"]["boot_ci95_rescaled_pct_MC"][name]
        assert part.ci95 == pytest.approx(expected, abs=points)


def test_the_mine_has_no_order(mine: Drivers) -> None:
    # R 4.2.2, relaimpo: type = "genizi" and "lmg"
    assert (mine.n, mine.withheld, mine.ranked, mine.flags) == (544, None, False, frozenset())
    assert mine.r2 == pytest.approx(0.704900161579811, abs=1e-10)
    assert mine.drivers[0].percent == pytest.approx(13.2471222785932, abs=1e-8)
    assert mine.drivers[0].lmg == pytest.approx(0.0937091416886909, abs=1e-10)
    assert mine.drivers[0].ci95 == pytest.approx((10.35, 16.49), abs=0.6)
    assert {part.level for part in mine.drivers} <= {"similar", "weak", "strong"}
    assert mine.even_share == 12.5
    assert priority_matrix(mine, [60.0] * 8, [(58.0, 62.0)] * 8) == ()


def test_the_order_of_people_makes_no_difference() -> None:
    x, y = make(150, 4)
    order = np.random.default_rng(1).permutation(150)
    assert drivers(x[order], y[order], draws=50) == drivers(x, y, draws=50)


def test_incomplete_people_are_left_out() -> None:
    x, y = make(150, 4)
    gaps, holes = x.copy(), y.copy()
    gaps[:20, 1] = np.nan
    holes[20:30] = np.nan
    assert drivers(gaps, holes, draws=50) == drivers(x[30:], y[30:], draws=50)


def test_units_of_measurement_make_no_difference() -> None:
    x, y = make(150, 4)
    found, other = drivers(x, y, draws=0), drivers(-2 * x + 7, 5 * y - 1, draws=0)
    assert [part.raw for part in other.drivers] == pytest.approx([p.raw for p in found.drivers])
    twice = drivers(np.vstack([x, x]), np.tile(y, 2), draws=0)
    assert [part.raw for part in twice.drivers] == pytest.approx([p.raw for p in found.drivers])


def test_clear_differences_are_ranked() -> None:
    x, y = make(400, 4)
    found = drivers(x, y, draws=300)
    assert [part.level for part in found.drivers] == ["weak", "weak", "strong", "strong"]
    assert (found.ranked, found.withheld, found.flags) == (True, None, frozenset())
    assert found.rank_agreement == pytest.approx(1.0)
    for part in found.drivers:
        assert part.ci95 is not None
        assert part.ci95[0] < part.percent < part.ci95[1]
    assert sum(part.percent for part in found.drivers) == pytest.approx(100)


def test_one_dimension_apart_makes_no_order() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 6))
    found = drivers(x, x @ [1.5, 1, 1, 1, 1, 1] + 2 * rng.normal(size=400), draws=300)
    assert [part.level for part in found.drivers] == ["strong", *["similar"] * 5]
    assert not found.ranked


def test_without_the_bootstrap_nothing_is_ranked() -> None:
    found = drivers(*make(400, 4), draws=0)
    assert {(part.ci95, part.level) for part in found.drivers} == {(None, None)}
    assert (found.ranked, found.flags) == (False, frozenset())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda x, y: (x[:0], y[:0]), "no_data"),
        (lambda x, y: (np.full_like(x, np.nan), y), "no_data"),
        (lambda x, y: (x[:2], y[:2]), "n<3"),
        (lambda x, y: (np.where([1, 1, 0], x, 100 / 3), y), "zero_variance_predictor"),
        (lambda x, y: (x, np.full_like(y, 100 / 3)), "zero_variance_outcome"),
        (lambda x, y: (x[:, [0, 1, 0]], y), "singular"),
        (lambda x, y: (np.column_stack([x[:, :2], x[:, 0] - x[:, 1]]), y), "singular"),
        (lambda x, y: (x[:3], y[:3]), "singular"),
        (lambda x, y: (np.vstack([x, x]), np.append(0 * y, 0 * y + 1)), "no_association"),
    ],
)
def test_no_weights(change: Callable[[Floats, Floats], tuple[Floats, Floats]], reason: str) -> None:
    found = drivers(*change(*make(150, 3)))
    assert (found.drivers, found.r2, found.ranked, found.reason) == ((), None, False, reason)
    assert found.withheld == ("n<100" if found.n < 100 else None)
    assert priority_matrix(found, [], []) == ()


@pytest.mark.parametrize(
    ("n", "p", "noise", "withheld"),
    [
        (80, 8, 1.0, "n<100"),
        (110, 11, 1.0, None),
        (109, 11, 1.0, "n<10p"),
        (150, 3, 30.0, "r2<.10"),
    ],
)
def test_too_little_to_show(n: int, p: int, noise: float, withheld: str | None) -> None:
    found = drivers(*make(n, p, noise), draws=0)
    assert found.drivers
    assert (found.reason, found.withheld) == (None, withheld)


def test_predictors_that_can_hardly_be_told_apart() -> None:
    x, y = make(150, 3)
    rng = np.random.default_rng(0)
    x[:, 2] = x[:, 0] + 0.3 * rng.normal(size=150)
    found = drivers(x, y, draws=20)
    assert found.condition is not None
    assert found.condition > 30
    assert found.withheld == "condition>30"


def test_draws_that_fail_leave_no_interval() -> None:
    x, y = make(150, 3)
    x[:, 0] = 0
    x[0, 0] = 1  # constant in more than a third of the draws
    found = drivers(x, y, draws=100)
    assert found.flags == {"bootstrap_unstable"}
    assert found.drivers[0].ci95 is None
    assert not found.ranked


def test_methods_that_disagree_are_flagged() -> None:
    """A predictor that hides another's noise has more by one method than by the other."""
    found = [drivers(*suppressed(seed), draws=0) for seed in range(40)]
    assert any("lmg_disagrees" in one.flags for one in found)
    for one in found:
        assert one.rank_agreement is not None
        assert ("lmg_disagrees" in one.flags) == (one.rank_agreement < 0.8)


def suppressed(seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(120, 4)) @ rng.normal(size=(4, 4))
    return x, x @ rng.normal(size=4) + rng.normal(size=120)


def test_many_predictors_have_no_cross_check() -> None:
    found = drivers(*make(200, 13), draws=0)
    assert {part.lmg for part in found.drivers} == {None}
    assert found.rank_agreement is None
    assert found.drivers[0].raw > 0


def test_one_predictor_is_everything() -> None:
    found = drivers(*make(150, 1), draws=50)
    assert found.drivers[0].percent == pytest.approx(100)
    assert (found.ranked, found.rank_agreement) == (False, None)
