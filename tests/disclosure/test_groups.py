"""Figures by role beside figures by unit: nobody is worked out."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.disclosure.groups import find_shown_measures

K = 5
STRATA = ("a1", "a2", "b1", "b2", "c1", "c2")
UNITS = {
    "all": frozenset(STRATA),
    "a": frozenset({"a1", "a2"}),
    "b": frozenset({"b1", "b2"}),
    "c": frozenset({"c1", "c2"}),
}
ROLES = {"leading": frozenset({"a1", "b1", "c1"}), "frontline": frozenset({"a2", "b2", "c2"})}


def is_shown(counts: dict[str, int]) -> bool:
    return bool(find_shown_measures(UNITS, ROLES, {"P1": counts}, K))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((5, 5, 5, 5, 5, 5), True),
        ((4, 9, 5, 5, 5, 5), False),
        ((0, 9, 5, 5, 5, 5), True),
        ((0, 0, 5, 5, 5, 5), True),
        ((1, 0, 0, 0, 0, 0), False),
        ((0, 0, 0, 0, 0, 0), True),
    ],
)
def test_a_handful_of_one_unit_and_role_hides_all_roles(
    counts: tuple[int, ...], shown: bool
) -> None:
    assert is_shown(dict(zip(STRATA, counts, strict=True))) is shown


def test_without_roles_there_is_nothing_to_show() -> None:
    assert find_shown_measures(UNITS, {}, {"P1": dict.fromkeys(STRATA, 9)}, K) == frozenset()


def test_measures_are_judged_one_by_one() -> None:
    counts = {"P1": dict.fromkeys(STRATA, 9), "P2": dict.fromkeys(STRATA, 9) | {"a1": 2}}
    assert find_shown_measures(UNITS, ROLES, counts, K) == {"P1"}


def test_strata_in_exactly_the_same_sets_count_together() -> None:
    units = {"all": frozenset(STRATA), "a": UNITS["a"]}
    counts = {"P1": dict.fromkeys(STRATA, 9) | {"b1": 3, "c1": 2}}
    assert find_shown_measures(units, ROLES, counts, K) == {"P1"}
    assert not find_shown_measures(units, ROLES, {"P1": counts["P1"] | {"c1": 1}}, K)


@given(st.lists(st.integers(0, 7), min_size=6, max_size=6))
def test_no_sum_or_difference_of_what_is_shown_isolates_a_few(sizes: list[int]) -> None:
    counts = dict(zip(STRATA, sizes, strict=True))
    if not is_shown(counts):
        return
    answered = [name for name in STRATA if counts[name]]
    known = np.array(
        [[name in members for name in answered] for members in (*UNITS.values(), *ROLES.values())],
        np.float64,
    )
    rank = np.linalg.matrix_rank(known) if answered else 0
    for size in range(1, len(answered)):
        for few in combinations(answered, size):
            if sum(counts[name] for name in few) < K:
                wanted = np.array([[name in few for name in answered]], np.float64)
                assert np.linalg.matrix_rank(np.vstack([known, wanted])) > rank
