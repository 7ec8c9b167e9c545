"""Roll-up: every shown set is a union of disjoint blocks of at least k."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.disclosure.plan import Plan, find_shown_cells, plan_release
from survey_service.questionnaire import ROLES
from survey_service.roster import Roster
from survey_service.strata import WHOLE, Strata, make_strata
from tests.factories import make_roster

K = 5


def plan_for(headcounts: dict[str, int], valid: dict[str, int]) -> tuple[Strata, Plan]:
    """Plan for units of front-line staff of which so many gave valid answers."""
    strata = make_strata(make_roster({u: {"frontline": n} for u, n in headcounts.items()}))
    counts = {s.id: sum(valid.get(u, 0) for u in s.units) for s in strata.strata}
    return strata, plan_release(strata, counts, K)


def test_units_with_enough_answers_are_shown_in_roster_order() -> None:
    _, plan = plan_for({"丙": 20, "甲": 20, "乙": 20}, {"丙": 9, "甲": 5, "乙": 20})
    assert plan.order == ("丙", "甲", "乙")
    assert set(plan.units) == {"丙", "甲", "乙"}


@pytest.mark.parametrize("answered", [0, 1, 4])
def test_a_small_unit_takes_its_smallest_sibling_with_it_however_few_answered(
    answered: int,
) -> None:
    _, plan = plan_for({"甲": 20, "乙": 20, "丙": 20}, {"甲": 9, "乙": 12, "丙": answered})
    assert set(plan.units) == {"乙", "*"}
    assert plan.units["*"].members == ("丙", "甲")
    assert plan.order == ("甲", "乙", "丙", "*")


def test_several_small_units_make_a_block_of_their_own() -> None:
    _, plan = plan_for(dict.fromkeys("甲乙丙", 20), {"甲": 3, "乙": 12, "丙": 4})
    assert set(plan.units) == {"乙", "*"}


def test_a_block_that_would_be_everybody_dissolves_into_the_whole() -> None:
    _, plan = plan_for({"甲": 20, "乙": 20}, {"甲": 30, "乙": 4})
    assert plan.units == {}
    assert plan.order == ("甲", "乙")


def test_what_lies_below_a_hidden_unit_is_hidden_too() -> None:
    _, plan = plan_for(
        {"东/一": 20, "东/二": 20, "西": 20, "南": 40},
        {"东/一": 6, "东/二": 6, "西": 2, "南": 40},
    )
    assert set(plan.units) == {"南", "*"}
    assert set(plan.units["*"].members) == {"东/一", "东/二", "西"}


def test_staff_of_a_unit_with_units_below_it_are_a_part_of_it() -> None:
    _, plan = plan_for({"矿": 20, "矿/一": 20, "厂": 20}, {"矿": 9, "矿/一": 9, "厂": 9})
    assert set(plan.units) == {"矿", "矿/-", "矿/一", "厂"}
    assert plan.units["矿"].strata == plan.units["矿/-"].strata | plan.units["矿/一"].strata


def test_a_unit_that_shares_a_stratum_with_another_branch_is_not_shown_as_a_whole() -> None:
    strata, plan = plan_for(
        {"东/一": 6, "西/二": 12, "西/三": 30}, {"东/一": 6, "西/二": 12, "西/三": 30}
    )
    assert [g.units for g in strata.groups] == [("东/一", "西/二"), ("西/三",)]
    assert "西" not in plan.units


def test_a_wave_without_roster_shows_the_whole_only() -> None:
    plan = plan_release(Strata((), (), {}), {WHOLE: 30}, K)
    assert plan.units == {}
    assert plan.whole.strata == {WHOLE}


paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join)
sizes = st.fixed_dictionaries({role: st.integers(0, 30) for role in ROLES})
rosters = (
    st.dictionaries(paths, sizes, min_size=1, max_size=12)
    .map(make_roster)
    .filter(lambda roster: roster.headcount >= 10)
)


@given(rosters, st.data())
def test_no_union_or_difference_of_shown_sets_holds_fewer_than_k(
    roster: Roster, data: st.DataObject
) -> None:
    strata = make_strata(roster)
    counts = {
        s.id: data.draw(st.integers(0, min(s.headcount, 12)), label=s.id) for s in strata.strata
    }
    plan = plan_release(strata, counts, K)

    def size(labels: frozenset[str]) -> int:
        return sum(counts[label] for label in labels)

    shown = [found.strata for found in plan.units.values()]
    if size(plan.whole.strata) >= K:
        shown.append(plan.whole.strata)
    assert all(size(labels) >= K for labels in shown)
    for one, other in combinations(shown, 2):
        assert one <= other or other <= one or not one & other
    for parent in shown:
        inside = [labels for labels in shown if labels < parent]
        outermost = [a for a in inside if not any(a < b for b in inside)]
        rest = parent.difference(*outermost)
        answered = size(frozenset(rest))
        assert not outermost or answered == 0 or answered >= K


@given(rosters, st.data())
def test_where_siblings_are_shown_none_of_them_is_missing(
    roster: Roster, data: st.DataObject
) -> None:
    """Nobody's answers are dropped: shown children and their block make up the parent."""
    strata = make_strata(roster)
    counts = {s.id: data.draw(st.integers(0, 12)) for s in strata.strata}
    plan = plan_release(strata, counts, K)
    for parent in (None, *plan.units):
        children = [found for found in plan.units.values() if found.parent == parent]
        if children:
            whole = plan.whole if parent is None else plan.units[parent]
            assert frozenset().union(*(child.strata for child in children)) == whole.strata


def test_a_measure_answered_by_few_is_hidden_with_the_smallest_sibling() -> None:
    _, plan = plan_for(dict.fromkeys("甲乙丙", 30), dict.fromkeys("甲乙丙", 20))
    counts = {WHOLE: 45, "甲": 4, "乙": 19, "丙": 20}
    assert find_shown_cells(plan, counts, frozenset(), K) == {WHOLE, "丙"}
    counts = {WHOLE: 27, "甲": 3, "乙": 4, "丙": 20}
    assert find_shown_cells(plan, counts, frozenset(), K) == {WHOLE, "丙"}


def test_answers_all_alike_are_hidden_and_cannot_be_had_by_subtraction() -> None:
    _, plan = plan_for(dict.fromkeys("甲乙丙", 30), dict.fromkeys("甲乙丙", 20))
    counts = {WHOLE: 60, "甲": 20, "乙": 19, "丙": 21}
    assert find_shown_cells(plan, counts, frozenset({"甲"}), K) == {WHOLE, "丙"}


def test_siblings_that_are_each_all_alike_are_not_had_together_by_subtraction() -> None:
    _, plan = plan_for(dict.fromkeys("甲乙丙丁", 30), dict.fromkeys("甲乙丙丁", 20))
    counts = {WHOLE: 80, "甲": 20, "乙": 20, "丙": 20, "丁": 21}
    assert find_shown_cells(plan, counts, frozenset({"甲", "乙"}), K) == {WHOLE, "丁"}


def test_merged_units_of_one_name_in_different_branches_are_told_apart() -> None:
    teams = {f"矿/{n}区/检修班": 5 for n in "一二三四"}
    strata, plan = plan_for(
        teams | {"矿/综采队": 60, "矿/掘进队": 30},
        {"矿/一区/检修班": 1, "矿/二区/检修班": 1, "矿/三区/检修班": 5, "矿/四区/检修班": 4}
        | {"矿/综采队": 60, "矿/掘进队": 25},
    )
    names = [group.id for group in strata.groups]
    assert len(set(names)) == len(names) == 4
    shown = plan.units["矿"].strata
    children = [found.strata for found in plan.units.values() if found.parent == "矿"]
    assert frozenset().union(*children) == shown


def test_a_measure_that_hardly_anybody_answered_is_hidden_everywhere() -> None:
    _, plan = plan_for(dict.fromkeys("甲乙", 30), dict.fromkeys("甲乙", 20))
    assert find_shown_cells(plan, {WHOLE: 4, "甲": 2, "乙": 2}, frozenset(), K) == frozenset()
