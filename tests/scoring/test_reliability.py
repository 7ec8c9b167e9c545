from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.matrix import BLANK, Integers, Keying, ScoreMatrix, key_codes
from survey_service.scoring.reliability import (
    ItemCovariance,
    Reliability,
    feldt_interval,
    item_covariances,
    reliability,
)

MakeKeying = Callable[..., Keying]
Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]
Columns = Mapping[str, list[str]]
Codes = npt.NDArray[np.int8]

sheets = arrays(np.int8, (9, 4), elements=st.integers(1, 5))
FOUR = Keying(tuple("abcd"), ("D",), np.zeros(4, int), np.zeros(4, np.bool_))


def covary(items: Codes) -> ItemCovariance:
    """Take items of any one scale; only their number matters for the covariance."""
    k = items.shape[1]
    keying = Keying(tuple(map(str, range(k))), ("D",), np.zeros(k, int), np.zeros(k, np.bool_))
    return item_covariances(items, keying)[0]


def judge(items: object) -> Reliability:
    return reliability(covary(np.array(items, np.int8)))


def check(
    found: Reliability, items: tuple[str, ...], case: Mapping[str, Any], agree: Agree
) -> None:
    assert (found.n, found.k) == (case["n_complete"], case["k"])
    agree(found.alpha, case["alpha_raw"], 1e-10)
    agree(found.ci95, case["feldt_ci95"], 1e-9)
    agree(found.mean_inter_item_r, case["mean_inter_item_r"], 1e-9)
    agree(dict(zip(items, found.item_rest, strict=True)), case["item_rest_r"], 1e-9)
    agree(dict(zip(items, found.alpha_if_deleted, strict=True)), case["alpha_if_deleted"], 1e-9)
    assert found.reason is None


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
    scale = case["params"]
    reverse = np.isin(items, scale["reverse"])
    keyed = np.where(reverse, scale["min"] + scale["max"] - codes, codes)
    found = judge(np.where(codes == BLANK, BLANK, keyed))
    check(found, items, case["expected"], agree)
    assert (found.withheld, "small_sample" in found.flags) == {
        "attitude7": (None, True),
        "fmsb_quest": ("n<30", False),
    }.get(name, (None, False))


def test_the_mine(
    matrix: ScoreMatrix, flags: CarelessFlags, keying: Keying, oracle: Oracle, agree: Agree
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_reliability")
    found = item_covariances(matrix.keyed, keying, ~flags.excluded)
    for name, covariance in zip(keying.dimensions, found, strict=True):
        items = tuple(item for item in keying.items if item.startswith(name))
        check(reliability(covariance), items, case["expected"][name], agree)


def test_first_dimension_of_the_mine(
    matrix: ScoreMatrix, flags: CarelessFlags, keying: Keying
) -> None:
    # R 4.2.2, psych 2.2.9::alpha and alpha.ci on the complete rows
    found = reliability(item_covariances(matrix.keyed, keying, ~flags.excluded)[0])
    assert (found.n, found.reading, found.withheld) == (484, "usable", None)
    assert found.flags == set()
    assert found.alpha == pytest.approx(0.785056339977301, abs=1e-12)
    assert found.ci95 == pytest.approx((0.751994017795939, 0.814711022652821), abs=1e-10)
    assert found.item_rest[0] == pytest.approx(0.567779561089972, abs=1e-12)
    assert found.alpha_if_deleted[0] == pytest.approx(0.744318137061835, abs=1e-12)


def test_interval_from_a_summary(oracle: Oracle, agree: Agree) -> None:
    case = oracle("reliability", "feldt_statpsych")
    found = feldt_interval(*(case["params"][name] for name in ("alpha", "k", "n")))
    agree(found, case["notes"]["feldt_F"], 1e-9)
    agree(found, case["expected"]["ci95"], case["tolerance"]["abs"])


def test_interval_over_a_million_people() -> None:
    low, high = feldt_interval(0.8, 4, 1_000_000)
    # By the large-sample variance of ln(1 - alpha): 2k / ((k - 1) n).
    half = 1.959964 * np.sqrt(2 * 4 / (3 * 1e6))
    assert np.log([0.2 / (1 - low), 0.2 / (1 - high)]) == pytest.approx([-half, half], rel=1e-2)


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([[3, 3], [3, 3], [3, 3], [3, 3]], "zero_variance"),
        ([[1, 5], [2, 4], [3, 3], [5, 1]], "zero_variance"),
        ([[1], [2], [3]], "k<2"),
        ([[1, 2, 3], [4, 5, 5]], "n<3"),
        ([[1, 2], [BLANK, 5]], "n<3"),
        ([[BLANK, 2], [BLANK, 5]], "no_data"),
    ],
    ids=["all alike", "items cancel", "one item", "two people", "one complete", "nobody complete"],
)
def test_undefined(items: list[list[int]], reason: str) -> None:
    found = judge(items)
    assert (found.alpha, found.ci95, found.mean_inter_item_r, found.reading) == (None,) * 4
    assert set(found.item_rest) == set(found.alpha_if_deleted) == {None}
    assert (found.reason, found.withheld) == (reason, "n<30")
    assert "check_keying" not in found.flags


def test_a_constant_item_leaves_alpha_to_the_others() -> None:
    found = judge([[1, 2, 4], [2, 3, 4], [3, 4, 4], [4, 5, 4], [5, 5, 4]])
    assert found.alpha == pytest.approx(0.7317073170731707)
    assert found.item_rest[2] is None
    assert None not in found.item_rest[:2]
    assert found.mean_inter_item_r is None
    assert found.alpha_if_deleted[2] == pytest.approx(0.975609756097561)  # of the other two
    assert found.flags == {"zero_variance_item"}
    assert found.reason is None


def test_a_negative_alpha_is_kept_and_flagged() -> None:
    found = judge([[1, 5], [2, 4], [3, 3], [4, 2], [5, 2]])
    assert found.alpha is not None
    assert found.alpha < -10
    assert found.flags == {"check_keying"}
    assert found.reading == "poor"
    assert found.alpha_if_deleted == (None, None)


def test_an_alpha_just_below_nothing_is_flagged_too() -> None:
    found = reliability(ItemCovariance(60, np.array([[2.0, -0.01], [-0.01, 2.0]])))
    assert found.alpha == pytest.approx(-0.02 / 1.99)
    assert found.flags == {"check_keying"}


def test_items_that_are_one() -> None:
    found = judge([[1, 1, 1], [3, 3, 3], [5, 5, 5], [4, 4, 4]])
    assert found.alpha == pytest.approx(1.0)
    assert found.ci95 == pytest.approx((1.0, 1.0))
    assert found.item_rest == pytest.approx((1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("n", "withheld", "small"),
    [(29, "n<30", False), (30, None, True), (49, None, True), (50, None, False)],
)
def test_sizes(n: int, withheld: str | None, small: bool) -> None:
    found = reliability(ItemCovariance(n, np.array([[2.0, 1], [1, 2]])))
    assert found.alpha == pytest.approx(2 / 3)
    assert (found.withheld, "small_sample" in found.flags) == (withheld, small)


@given(items=sheets, shift=st.integers(0, 3))
def test_shift(items: Codes, shift: int) -> None:
    found, other = judge(items), judge(items + np.int8(shift))
    assert (other.n, other.reason, other.flags) == (found.n, found.reason, found.flags)
    assert other.alpha == pytest.approx(found.alpha)
    pairs = zip(found.item_rest, other.item_rest, strict=True)
    assert all(a == pytest.approx(b) for a, b in pairs)


@given(codes=arrays(np.int8, (9, 4), elements=st.sampled_from((1, 2, 3, 4, 5, 9, BLANK))))
def test_reversal(codes: Codes) -> None:
    """Turning an item round in both the answers and the key is nothing."""
    turned = codes.copy()
    answered = np.isin(codes[:, 1], range(1, 6))
    turned[answered, 1] = 6 - codes[answered, 1]
    key = Keying(FOUR.items, ("D",), FOUR.dimension_of, np.array([False, True, False, False]))
    one, other = (
        item_covariances(key_codes(sheet, keying), keying)[0]
        for sheet, keying in ((codes, FOUR), (turned, key))
    )
    assert one.n == other.n
    np.testing.assert_array_equal(one.matrix, other.matrix)


@given(items=sheets, order=st.permutations(range(9)), columns=st.permutations(range(4)))
def test_permutation(items: Codes, order: list[int], columns: list[int]) -> None:
    found, other = judge(items), judge(items[order][:, columns])
    assert other.reason == found.reason
    assert other.alpha == pytest.approx(found.alpha)
    pairs = zip(other.item_rest, [found.item_rest[c] for c in columns], strict=True)
    assert all(a == pytest.approx(b) for a, b in pairs)


@given(items=sheets)
def test_duplication(items: Codes) -> None:
    """Everybody twice leaves alpha where it is and narrows its interval."""
    found, twice = judge(items), judge(np.vstack([items, items]))
    assert twice.alpha == pytest.approx(found.alpha)
    if found.ci95 is not None and twice.ci95 is not None:
        widths = [high - low for low, high in (found.ci95, twice.ci95)]
        assert widths[1] <= widths[0]


def test_every_dimension_has_its_own_complete_people(make_keying: MakeKeying) -> None:
    keyed = np.array([[1, 2, BLANK, 1], [2, 2, 3, 4], [BLANK, 1, 5, 5], [4, 5, 1, 3]], np.int8)
    first, second = item_covariances(keyed, make_keying(2, 2))
    assert (first.n, second.n) == (3, 3)
    np.testing.assert_allclose(first.matrix, np.cov(keyed[[0, 1, 3], :2].T))
    np.testing.assert_allclose(second.matrix, np.cov(keyed[[1, 2, 3], 2:].T))
    kept = item_covariances(keyed, make_keying(2, 2), np.array([True, True, False, True]))
    assert [part.n for part in kept] == [3, 2]


def test_many_rows_are_taken_in_pieces(
    matrix: ScoreMatrix, keying: Keying, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = item_covariances(matrix.keyed, keying)
    monkeypatch.setattr("survey_service.scoring.reliability._CHUNK", 100)
    for part, expected in zip(item_covariances(matrix.keyed, keying), whole, strict=True):
        assert part.n == expected.n
        np.testing.assert_allclose(part.matrix, expected.matrix, rtol=1e-12)
