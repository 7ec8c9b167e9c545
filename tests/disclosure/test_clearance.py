"""Named cases: what is hidden, and that a cut brought back is found."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from survey_service.disclosure.clearance import (
    PARTICIPATION,
    Clearance,
    Measure,
    clear_counts,
    clear_measure,
    clear_release,
    clear_shares,
)
from survey_service.disclosure.cuts import list_cuts
from survey_service.disclosure.plan import Plan, plan_release
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.waves import EarlierWave, join_earlier
from survey_service.strata import Strata, make_strata
from tests.disclosure.attackers.bruteforce import find_all_that_follow
from tests.disclosure.attackers.reading import read_json
from tests.disclosure.attackers.solving import Space
from tests.disclosure.organisations import Parameters, make_organisation
from tests.disclosure.publishing import MEASURE, Published, publish, write
from tests.factories import make_roster

K = RULES.smallest_set
Counts = dict[str, int]


def plan_for(
    roster: dict[str, dict[str, int]], answered: dict[tuple[str, str], int]
) -> tuple[Strata, Plan, Counts]:
    """Plan for a roster of which so many answered, by unit and first role of the stratum."""
    strata = make_strata(make_roster(roster))
    counts = {
        s.id: sum(answered.get((u, r), 0) for u in s.units for r in s.roles) for s in strata.strata
    }
    return strata, plan_release(strata, counts, K), counts


def staff(frontline: int = 40, manager: int = 12) -> dict[str, int]:
    return {"manager": manager, "frontline": frontline}


def answers(**units: tuple[int, int]) -> dict[tuple[str, str], int]:
    """Answers of managers and of front-line staff by unit."""
    return {
        (unit, role): n
        for unit, pair in units.items()
        for role, n in zip(("manager", "frontline"), pair, strict=True)
    }


def shown(plan: Plan, counts: Counts, **changes: object) -> set[str]:
    return set(clear_measure(plan, replace(Measure(counts), **changes)))  # type: ignore[arg-type]


def test_roles_of_units_and_of_the_whole_are_shown() -> None:
    _, plan, counts = plan_for({"甲": staff(), "乙": staff()}, answers(甲=(8, 30), 乙=(7, 20)))
    assert shown(plan, counts) == {
        "all", "甲", "乙",
        *(f"{u}//{r}" for u in ("all", "甲", "乙") for r in ("manager", "frontline")),
    }  # fmt: skip


def test_a_role_with_too_few_takes_the_other_role_of_its_unit_and_one_of_a_sibling() -> None:
    _, plan, counts = plan_for(
        {u: staff() for u in "甲乙丙"}, answers(甲=(3, 30), 乙=(7, 20), 丙=(9, 25))
    )
    seen = shown(plan, counts)
    assert {"all", "甲", "乙", "丙", "all//frontline", "all//manager"} <= seen
    assert {"甲//manager", "甲//frontline", "乙//manager", "乙//frontline"}.isdisjoint(seen)
    assert {"丙//manager", "丙//frontline"} <= seen


def test_a_role_in_one_unit_only_is_not_had_from_the_whole() -> None:
    roster = {"甲": staff(), "乙": {"frontline": 40}}
    _, plan, counts = plan_for(roster, answers(甲=(4, 30), 乙=(0, 20)))
    seen = shown(plan, counts)
    assert {"all", "甲", "乙"} <= seen
    assert not {"all//manager", "all//frontline", "甲//frontline"} & seen


def test_that_nobody_of_a_role_answered_is_not_told_either() -> None:
    _, plan, counts = plan_for({"甲": staff(), "乙": staff()}, answers(甲=(0, 30), 乙=(8, 20)))
    assert "甲//frontline" not in shown(plan, counts)


@pytest.mark.parametrize("few", range(5))
def test_how_few_answered_changes_nothing_in_what_is_shown(few: int) -> None:
    _, plan, counts = plan_for({u: staff() for u in "甲乙"}, answers(甲=(few, 30), 乙=(8, 20)))
    assert shown(plan, counts) == {"all", "all//manager", "all//frontline", "甲", "乙"}


def test_a_unit_of_exactly_k_is_shown() -> None:
    _, plan, counts = plan_for(
        {"甲": {"frontline": 12}, "乙": {"frontline": 30}}, answers(甲=(0, 5), 乙=(0, 9))
    )
    assert {"甲", "乙"} <= shown(plan, counts)


def test_three_and_twenty_become_one() -> None:
    _, plan, counts = plan_for(
        {"矿/甲": {"frontline": 12}, "矿/乙": {"frontline": 30}, "厂": {"frontline": 30}},
        answers(**{"矿/甲": (0, 3), "矿/乙": (0, 20), "厂": (0, 9)}),
    )
    assert shown(plan, counts) == {
        "all",
        "矿",
        "厂",
        *(plan.unit_of_twin),
    }


def test_a_chain_of_single_children_is_one_set_with_several_names() -> None:
    _, plan, counts = plan_for(
        {"一/二/三": staff(), "厂": staff()}, answers(**{"一/二/三": (8, 30), "厂": (8, 20)})
    )
    assert {"一", "一/二", "一/二/三", "一/二/三//manager"} <= shown(plan, counts)


def test_an_all_but_uniform_unit_is_hidden_where_three_of_it_would_be_known() -> None:
    _, plan, counts = plan_for(
        {u: staff() for u in "甲乙丙"}, answers(甲=(3, 20), 乙=(8, 20), 丙=(9, 30))
    )
    totals = {s: 60.0 * n for s, n in counts.items()}
    first, second = sorted(plan.units["甲"].strata)
    assert "甲" in shown(plan, counts, totals=totals)
    totals |= {first: 3 * 98.0, second: 20 * 98.0}
    seen = shown(plan, counts, totals=totals)
    assert "甲" not in seen
    assert "all" in seen


def test_a_share_that_would_tell_what_four_of_a_unit_think_is_not_printed() -> None:
    """23 of 24 agree, so at least three of the four managers do, whatever their mean."""
    _, plan, counts = plan_for(
        {u: staff() for u in "甲乙丙"}, answers(甲=(4, 20), 乙=(8, 20), 丙=(9, 30))
    )
    totals = {s: 70.0 * n for s, n in counts.items()}
    first, second = sorted(plan.units["甲"].strata)
    favoured = {s: 60.0 * n for s, n in counts.items()} | {first: 400.0, second: 1900.0}
    measure = Measure(counts, totals, favoured=favoured)
    seen = clear_measure(plan, measure)
    assert "甲" in seen
    shares = clear_shares(plan, measure, seen)
    assert {"all", "丙"} <= shares
    assert not {"甲", "乙"} & shares  # nor that of the smallest sibling, from which it follows
    mild = replace(measure, favoured=favoured | {first: 200.0, second: 1200.0})
    assert "甲" in clear_shares(plan, mild, seen)


def test_what_everybody_answered_alike_is_hidden_even_of_the_whole() -> None:
    _, plan, counts = plan_for({u: staff() for u in "甲乙"}, answers(甲=(9, 20), 乙=(8, 20)))
    assert shown(plan, counts, closed=frozenset({"all", "甲", "乙"})) == set()


def test_a_number_that_may_not_be_exact_does_not_follow_from_exact_ones() -> None:
    """Nearly all of 乙 answered, which is not said; so its sibling's number is a band."""
    _, plan, counts = plan_for(
        {"甲": {"frontline": 60}, "乙": {"frontline": 40}}, answers(甲=(0, 45), 乙=(0, 40))
    )
    headcounts = {"s001": 60, "s002": 40}
    seen = frozenset(clear_measure(plan, Measure(counts)))
    exact = clear_counts(plan, Measure(counts), seen, headcounts)
    assert not {"甲", "乙"} & exact
    assert "all" in exact


def test_what_is_hidden_in_participation_is_hidden_everywhere() -> None:
    _, plan, counts = plan_for(
        {u: staff() for u in "甲乙丙"}, answers(甲=(3, 30), 乙=(7, 20), 丙=(9, 25))
    )
    fuller = {s: max(n, 5) for s, n in counts.items()}
    clearance = clear_release(plan, {PARTICIPATION: Measure(counts), "D": Measure(fuller)}, {})
    assert clearance.shown["D"] <= clearance.shown[PARTICIPATION]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.builds(
        Parameters, st.just(3), st.integers(3, 6), st.integers(2, 4), st.just(0.5), st.just(0.2),
        st.floats(0.15, 0.6), st.just(3.4), st.integers(0, 10**6),
    )
)  # fmt: skip
def test_a_hidden_role_brought_back_is_found_wherever_brute_force_finds_it(
    given: Parameters,
) -> None:
    org = make_organisation(given)
    assume(3 <= len(org.strata.strata) <= 14 and sum(org.counts.values()) >= K)
    safe = publish(org)
    assert follow(safe) == set()
    for cut in safe.plan.cells:
        if (
            not cut.role
            or cut.id in safe.clearance.shown[MEASURE]
            or cut.parent not in safe.plan.sets
        ):
            continue
        plan = replace(safe.plan, cuts={**safe.plan.cuts, cut.id: cut})
        seen = {name: names | {cut.id} for name, names in safe.clearance.shown.items()}
        leaky = write(org, plan, safe.measures, Clearance(seen, safe.clearance.counted))
        expected = follow(leaky)
        found = Space(_groups(leaky), _answering(leaky)).find_unions(leaky.answered, K)
        assert bool(found) == bool(expected), cut.id
        assert set(found) <= expected


def follow(published: Published) -> set[frozenset[str]]:
    """Return by brute force every group of fewer than k that follows from the file."""
    following = find_all_that_follow(_groups(published), _answering(published))
    return {g for g in following if sum(published.answered[s] for s in g) < K}


def _groups(published: Published) -> list[frozenset[str]]:
    answering = _answering(published)
    claims = read_json(published.text, MEASURE, published.labels)
    return [group for claim in claims if (group := claim.group & answering)]


def _answering(published: Published) -> frozenset[str]:
    return frozenset(s for s, n in published.answered.items() if n)


def test_every_cut_of_the_plan_is_one_of_its_cells() -> None:
    strata, plan, _ = plan_for({u: staff() for u in "甲乙"}, answers(甲=(8, 30), 乙=(7, 20)))
    cells = {cell.id for cell in plan.cells}
    assert set(plan.cuts) <= cells
    assert {cut.id for cut in list_cuts(strata, [plan.whole])} <= cells


def test_an_earlier_wave_that_hid_otherwise_makes_this_one_hide_more() -> None:
    """Then 乙 stood apart and 甲 (3) was in a block with 丙; now 乙 would be blocked with 甲."""
    roster = {u: {"frontline": 40} for u in "甲乙丙丁"}
    strata, before, counts = plan_for(roster, answers(甲=(0, 3), 乙=(0, 20), 丙=(0, 9), 丁=(0, 30)))
    assert set(before.units) == {"乙", "丁", "*"}
    _, after, now = plan_for(roster, answers(甲=(0, 3), 乙=(0, 20), 丙=(0, 25), 丁=(0, 30)))
    assert set(after.units) == {"丙", "丁", "*"}
    measures = {PARTICIPATION: Measure(counts)}
    earlier = EarlierWave("w0", strata, before, measures, clear_release(before, measures, {}))
    joined = join_earlier(earlier, strata, {PARTICIPATION: Measure(now)})
    alone = clear_release(after, {PARTICIPATION: Measure(now)}, {}).shown[PARTICIPATION]
    together = clear_release(after, joined, {}).shown[PARTICIPATION]
    assert "*" in alone  # 甲 and 乙; less 乙 of the wave before, 甲 is left
    assert "*" not in together


def test_a_wave_with_one_joiner_is_still_shown() -> None:
    roster = {u: {"frontline": 40} for u in "甲乙丙"}
    strata, plan, counts = plan_for(roster, answers(甲=(0, 20), 乙=(0, 20), 丙=(0, 9)))
    measures = {PARTICIPATION: Measure(counts)}
    earlier = EarlierWave("w0", strata, plan, measures, clear_release(plan, measures, {}))
    grown, later, now = plan_for(
        {**roster, "甲": {"frontline": 41}}, answers(甲=(0, 21), 乙=(0, 20), 丙=(0, 9))
    )
    joined = join_earlier(earlier, grown, {PARTICIPATION: Measure(now)})
    seen = clear_release(later, joined, {}).shown[PARTICIPATION]
    assert {"all", "甲", "乙", "丙"} <= seen
