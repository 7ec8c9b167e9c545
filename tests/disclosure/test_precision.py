"""The fewer people, the coarser."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.disclosure.precision import HIDDEN, write_rate, write_score


def score(n: int, **changes: Any) -> Any:
    plain = {
        "n": n,
        "mean": 61.449,
        "ci95": (58.31, 64.49),
        "favourable": 49.4,
        "neutral": 27.3,
        "unfavourable": 23.3,
        "reason": None,
        "population": None,
    }
    return SimpleNamespace(**(plain | changes))


@pytest.mark.parametrize("n", range(5))
def test_fewer_than_five_leave_no_trace(n: int) -> None:
    assert write_score(score(n), whole=False) == HIDDEN
    assert write_score(score(n), whole=True) == HIDDEN


@pytest.mark.parametrize(
    ("n", "written"),
    [
        (5, {"n": "5-9", "mean": 61, "ci95": [55, 65]}),
        (9, {"n": "5-9", "mean": 61, "ci95": [55, 65]}),
        (10, {"n": "10-19", "mean": 61, "ci95": [55, 65]}),
        (19, {"n": "10-19", "mean": 61, "ci95": [55, 65]}),
        (20, {"n": 20, "mean": 61, "ci95": [58, 65]}),
        (49, {"n": 49, "mean": 61, "ci95": [58, 65]}),
        (50, {"n": 50, "mean": 61.4, "ci95": [58.3, 64.5]}),
        (565, {"n": 565, "mean": 61.4, "ci95": [58.3, 64.5]}),
    ],
)
def test_precision_goes_by_size(n: int, written: dict[str, Any]) -> None:
    found = write_score(score(n), whole=False)
    shares = {key: found.pop(key, None) for key in ("favourable", "neutral", "unfavourable")}
    assert found == written
    assert all(type(found[key]) is type(written[key]) for key in written)
    assert (shares["favourable"] is None) == (n < 20)


@pytest.mark.parametrize(
    ("shares", "written"),
    [
        ((49.4, 27.3, 23.3), {"favourable": 50, "neutral": 27, "unfavourable": 23}),
        ((4.0, 40.0, 56.0), {"favourable": "<=5"}),
        ((96.0, 2.0, 2.0), {"favourable": ">=95"}),
        ((60.0, 37.0, 3.0), {"favourable": 60}),
        ((100.0, 0.0, 0.0), {"favourable": ">=95"}),
    ],
)
def test_ends_are_coded_below_the_whole(
    shares: tuple[float, float, float], written: dict[str, Any]
) -> None:
    favourable, neutral, unfavourable = shares
    one = score(80, favourable=favourable, neutral=neutral, unfavourable=unfavourable)
    parts = ("favourable", "neutral", "unfavourable")
    found = write_score(one, whole=False)
    assert {key: found[key] for key in parts if key in found} == written
    whole = write_score(one, whole=True)
    assert sum(whole[key] for key in parts) == 100


def test_no_mean_is_said_with_its_reason() -> None:
    found = write_score(score(30, mean=None, reason="no_data"), whole=True)
    assert found == {"mean": None, "reason": "no_data"}


@given(st.integers(10, 5000), st.data())
def test_a_part_is_never_shown_as_nobody_or_everybody(invited: int, data: st.DataObject) -> None:
    valid = data.draw(st.sampled_from([invited, *range(5, invited + 1)]))
    found = write_rate(valid, invited, whole=False)
    assert found["valid_rate"] not in {0, 100, "0", "100"}
    if valid == invited:
        assert found["valid_rate"] in {">95", ">80"}
        assert isinstance(found["valid"], str)
        # somebody who did not answer would print alike
        assert write_rate(invited - 1, invited, whole=False)["valid_rate"] == found["valid_rate"]


@given(st.integers(5, 19), st.floats(0, 100), st.floats(0, 40))
def test_the_interval_of_few_is_only_ever_widened(n: int, mean: float, half: float) -> None:
    low, high = max(mean - half, 0), min(mean + half, 100)
    found = write_score(score(n, mean=mean, ci95=(low, high)), whole=False)
    assert found["ci95"][0] <= low + 1e-6
    assert found["ci95"][1] >= high - 1e-6
    assert all(end % 5 == 0 for end in found["ci95"])


@pytest.mark.parametrize("n", [60, 59, 58])
def test_a_part_that_answered_almost_whole_hides_whether_all_did(n: int) -> None:
    ends = (61.449, 61.449) if n == 60 else (61.3, 61.6)
    found = write_score(score(n, population=60, ci95=ends), whole=False)
    assert found["n"] == ">=58"
    assert found["ci95"] == [60.9, 61.9]


def test_the_whole_says_how_many_it_is() -> None:
    found = write_score(score(60, population=60, ci95=(61.449, 61.449)), whole=True)
    assert (found["n"], found["ci95"]) == (60, [61.4, 61.4])
