"""Differences, drivers, change and quality, as coarse as the people behind them."""

from types import SimpleNamespace
from typing import Any

import pytest

from survey_service.disclosure.findings import (
    UnitTrend,
    write_change,
    write_drivers,
    write_exclusion,
    write_gap,
    write_marks,
    write_reliability,
    write_resemblance,
)
from survey_service.disclosure.precision import HIDDEN, write_difference


def difference(n1: int = 200, n2: int = 300, **changes: Any) -> Any:
    plain = {
        "n1": n1,
        "n2": n2,
        "difference": -5.349,
        "ci95": (-12.01, 1.31),
        "direction": "none",
        "g": -0.2451,
        "q": 0.04449,
        "size": "small",
        "reason": None,
        "withheld": None,
    }
    return SimpleNamespace(**(plain | changes))


@pytest.mark.parametrize(
    ("n", "written"),
    [
        (4, HIDDEN),
        (5, {"difference": -5, "ci95": [-15, 5]}),
        (9, {"difference": -5, "ci95": [-15, 5]}),
        (10, {"difference": -5, "ci95": [-15, 5], "direction": "none"}),
        (19, {"difference": -5, "ci95": [-15, 5], "direction": "none"}),
        (20, {"difference": -5, "ci95": [-13, 2], "direction": "none"}),
        (49, {"difference": -5, "ci95": [-13, 2], "direction": "none"}),
        (50, {"difference": -5.3, "ci95": [-12.0, 1.3], "direction": "none"}),
    ],
)
def test_the_smaller_side_decides(n: int, written: dict[str, Any]) -> None:
    for one in (difference(n, 500), difference(500, n)):
        found = write_difference(one)
        assert found == written
        assert type(found.get("difference")) is type(written.get("difference"))


def test_what_cannot_be_said_has_its_reason() -> None:
    found = write_difference(difference(difference=None, ci95=None, reason="no_data"))
    assert found == {"difference": None, "reason": "no_data"}
    constant = write_difference(difference(ci95=None, reason="zero_variance", direction=None))
    assert constant == {"difference": -5.3, "ci95": None, "direction": None}


@pytest.mark.parametrize(("n", "has_size"), [(19, False), (20, True)])
def test_the_size_of_a_gap_needs_twenty_on_both_sides(n: int, has_size: bool) -> None:
    found = write_gap(difference(n))
    assert ("g" in found, "q" in found, "size" in found) == (has_size, has_size, has_size)
    if has_size:
        assert (found["g"], found["q"], found["size"]) == (-0.25, 0.044, "small")
    assert write_gap(difference(n, withheld="n<5")) == HIDDEN


@pytest.mark.parametrize(("q", "written"), [(0.00099, "<0.001"), (0.001, 0.001), (None, None)])
def test_a_tiny_q_is_never_nothing(q: float | None, written: float | str | None) -> None:
    assert write_gap(difference(q=q))["q"] == written


@pytest.mark.parametrize(
    ("n", "written"), [(9, {}), (10, {"mark": "down", "agreement": "divided"})]
)
def test_marks_and_agreement_begin_at_ten(n: int, written: dict[str, str]) -> None:
    agreement = SimpleNamespace(level="divided", withheld=None)
    assert write_marks(n, difference(direction="down"), agreement) == written


def test_no_mark_and_no_agreement_leave_nothing() -> None:
    assert write_marks(80, difference(), SimpleNamespace(level="alike", withheld="n<10")) == {}


def test_drivers_say_why_they_are_silent() -> None:
    quiet = SimpleNamespace(reason=None, withheld="n<100")
    assert write_drivers(quiet, {}, {}) == {"reason": "n<100"}
    driver = SimpleNamespace(percent=13.249, ci95=(10.35, 16.51), level="similar")
    point = SimpleNamespace(quadrant="improve", certain=False)
    found = SimpleNamespace(
        n=544, r2=0.7049, ranked=True, flags=frozenset(), reason=None, withheld=None
    )
    assert write_drivers(found, {"P1": driver, "P2": driver}, {"P1": point}) == {
        "n": 544,
        "r2": 0.7,
        "ranked": True,
        "disagrees": False,
        "dimensions": {
            "P1": {
                "percent": 13.2,
                "ci95": [10.4, 16.5],
                "level": "similar",
                "quadrant": "improve",
                "certain": False,
            },
            "P2": {"percent": 13.2, "ci95": [10.4, 16.5], "level": "similar"},
        },
    }


def test_reliability_and_resemblance_or_the_reason() -> None:
    good = SimpleNamespace(
        alpha=0.8151,
        ci95=(0.791, 0.838),
        reading="good",
        flags=frozenset(),
        reason=None,
        withheld=None,
    )
    few = SimpleNamespace(
        alpha=0.9, ci95=(0.8, 0.95), reading="good", flags=frozenset(), reason=None, withheld="n<30"
    )
    single = SimpleNamespace(
        alpha=None, ci95=None, reading=None, flags=frozenset(), reason="k<2", withheld=None
    )
    omega = SimpleNamespace(omega=0.8213)
    found = write_reliability(
        {"A": good, "B": few, "C": single}, {"A": omega, "B": omega, "C": omega}
    )
    assert found == {
        "A": {"alpha": 0.82, "ci95": [0.79, 0.84], "omega": 0.82, "reading": "good", "flags": []},
        "B": {"reason": "n<30"},
        "C": {"reason": "k<2"},
    }
    units = SimpleNamespace(icc1=0.061, icc2=0.839, use="sort", reason=None, withheld=None)
    one = SimpleNamespace(icc1=None, icc2=None, use=None, reason="groups<2", withheld="groups<5")
    assert write_resemblance({"A": units, "B": one}) == {
        "A": {"icc1": 0.06, "icc2": 0.84, "use": "sort"},
        "B": {"reason": "groups<2"},
    }


def test_scores_with_excluded_answers_only_where_enough_were_excluded() -> None:
    score = SimpleNamespace(
        n=300,
        mean=61.26,
        ci95=(60.0, 62.5),
        favourable=50.0,
        neutral=25.0,
        unfavourable=25.0,
        reason=None,
        population=None,
        flags=frozenset(),
    )
    found = write_exclusion({"A": score, "B": score}, {"A": 5, "B": 4})
    assert found["A"]["mean"] == 61.3
    assert found["B"] == HIDDEN


def test_a_change_of_units_is_no_finer_than_may_be() -> None:
    found = SimpleNamespace(
        reason=None,
        basis="plain",
        whole={"P1": difference(), "index": difference()},
        left_out={"P2": "other_questionnaire"},
        sets={name: {"P1": difference(), "index": difference()} for name in "abcdef"},
    )
    few = SimpleNamespace(**(vars(found) | {"sets": {"e": {"P1": difference(9, withheld="n<10")}}}))
    trends = {
        "a": UnitTrend(),
        "b": UnitTrend(reason="reorganised"),
        "c": UnitTrend(hidden=True),
        "d": UnitTrend(direction_only=True),
        "f": UnitTrend(hidden_dimensions=frozenset({"P1"})),
    }
    written = write_change({"id": "w0"}, found, UnitTrend(), trends)
    full = {"difference": -5.3, "ci95": [-12.0, 1.3], "direction": "none"}
    assert (written["index"], written["dimensions"]) == (full, {"P1": full})
    assert written["left_out"] == {"P2": "other_questionnaire"}
    assert written["units"] == {
        "a": {"index": full, "dimensions": {"P1": full}},
        "b": {"reason": "reorganised"},
        "c": HIDDEN,
        "d": {"index": {"direction": "none"}, "dimensions": {"P1": {"direction": "none"}}},
        "f": {"index": HIDDEN, "dimensions": {"P1": HIDDEN}},
    }
    small = write_change({"id": "w0"}, few, UnitTrend(), {"e": UnitTrend()})
    assert small["units"]["e"] == {"index": None, "dimensions": {"P1": {"reason": "n<10"}}}


def test_waves_that_cannot_be_compared_name_the_reason() -> None:
    found = SimpleNamespace(reason="reorganised", basis=None, whole={}, left_out={}, sets={})
    assert write_change({"id": "w0"}, found, UnitTrend(), {"a": UnitTrend()}) == {
        "previous": {"id": "w0"},
        "reason": "reorganised",
    }
