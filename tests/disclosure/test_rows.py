"""Rows beside a release, attacked: every subset of the strata of many small organisations."""

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from survey_service.disclosure.clearance import PARTICIPATION
from survey_service.disclosure.rows import ROUNDED_TO, SMALLEST_BLOCK, RowPlan, plan_rows
from survey_service.disclosure.rules import RULES
from tests.disclosure.attackers.bruteforce import Group, find_all_that_follow
from tests.disclosure.attackers.reading import read_json
from tests.disclosure.organisations import Organisation, Parameters, evolve, make_organisation
from tests.disclosure.publishing import MEASURE, Published, publish
from tests.disclosure.test_attackers import is_unchanged

_MOST_STRATA = 12  # all 4,095 subsets are tried


def draw_organisation(seed: int) -> Organisation:
    """Draw a small organisation in which some units answer to the last person."""
    rng = np.random.default_rng([seed, 9])
    return make_organisation(
        Parameters(
            levels=int(rng.integers(3, 5)),
            units=int(rng.integers(3, 9)),
            roles=int(rng.integers(1, 4)),
            skew=rng.uniform(0.2, 1.2),
            empty=rng.uniform(0, 0.5),
            response=rng.uniform(0.15, 1.0),
            level=3.4,
            seed=seed,
        )
    )


SMALL = [
    org
    for org in map(draw_organisation, range(150))
    if 2 <= len(org.answers) <= _MOST_STRATA and sum(org.counts.values()) >= RULES.smallest_set
]


def plan_of(org: Organisation, published: Published, alike: Group = frozenset()) -> RowPlan | None:
    headcounts = {s.id: s.headcount for s in org.strata.strata}
    plan, measures, clearance = published.plan, published.measures, published.clearance
    return plan_rows(plan, measures, clearance, headcounts, alike.__eq__)


def tell_apart(published: Published) -> list[Group]:
    """Return the strata that all published sets hold or leave out together."""
    shown = sorted(frozenset().union(*published.clearance.shown.values()))
    atoms: dict[tuple[str, ...], set[str]] = {}
    for stratum in published.plan.whole.strata:
        around = tuple(n for n in shown if stratum in published.plan.sets[n].strata)
        atoms.setdefault(around, set()).add(stratum)
    return [frozenset(atom) for atom in atoms.values()]


def group_by_block(found: RowPlan) -> dict[str, Group]:
    blocks: dict[str, set[str]] = {}
    for stratum, block in found.blocks.items():
        blocks.setdefault(block, set()).add(stratum)
    return {block: frozenset(strata) for block, strata in blocks.items()}


def break_rows(published: Published, found: RowPlan, measure: str) -> set[Group]:
    """Return the groups of fewer than k people whose sum follows from release and rows together.

    Readers are taken to know for every row in which published sets it is, and every block.
    """
    answered = {s: n for s, n in published.measures[measure].answered.items() if n}
    return find_small(list_known(published, found, measure), answered)


def list_known(published: Published, found: RowPlan | None, measure: str = MEASURE) -> list[Group]:
    """Return the groups whose sums stand in the release or in the rows."""
    rows = []
    if found is not None:
        rows += [atom & found.blocks.keys() for atom in tell_apart(published)]
        rows += group_by_block(found).values()
    if measure == MEASURE:
        claims = read_json(published.text, MEASURE, published.labels)
        return [*rows, *(claim.group for claim in claims)]
    shown = published.clearance.shown[measure]
    return [*rows, *(published.plan.sets[name].strata for name in shown)]


def find_small(known: Iterable[Group], sizes: Mapping[str, int]) -> set[Group]:
    """Return the groups of fewer than k people whose sum follows from sums that are known."""
    return {
        group
        for group in find_all_that_follow([group & sizes.keys() for group in known], sizes)
        if 0 < sum(sizes[s] for s in group) < RULES.smallest_set
    }


@pytest.mark.parametrize("measure", [PARTICIPATION, MEASURE])
def test_release_and_rows_together_give_no_small_group_away(measure: str) -> None:
    exported = 0
    for org in SMALL:
        published = publish(org)
        found = plan_of(org, published)
        if found is not None:
            exported += 1
            assert not break_rows(published, found, measure)
    assert exported > len(SMALL) / 2


def test_rows_and_releases_of_two_waves_together_give_no_small_group_away() -> None:
    """People of labels that did not change are taken for the same people with the same answers."""
    attacked = 0
    for seed, org in enumerate(SMALL[:60]):
        first = publish(org)
        second = publish(evolve(org, seed), first.as_earlier)
        names = {s: s if is_unchanged(s, first, second) else f"before:{s}" for s in first.answered}
        sizes = {**{names[s]: n for s, n in first.answered.items()}, **second.answered}
        sizes = {s: n for s, n in sizes.items() if n}
        known = list_known(second, plan_of(org, second))
        known += [
            frozenset(names[s] for s in group) for group in list_known(first, plan_of(org, first))
        ]
        if len(sizes) <= _MOST_STRATA:
            attacked += 1
            assert not find_small(known, sizes)
    assert attacked >= 30


def test_strata_of_ten_and_nothing_more_are_broken() -> None:
    """The same attack finds small groups where rows are held back by their number alone."""
    broken = 0
    for org in SMALL:
        published = publish(org)
        counts = published.counts
        big = {s for s, n in counts.items() if n >= SMALLEST_BLOCK}
        naive = RowPlan(dict.fromkeys(big, "all"), {})
        broken += bool(big) and bool(break_rows(published, naive, MEASURE))
    assert broken >= len(SMALL) / 10


def test_who_can_be_told_apart_and_answered_alike_is_left_out() -> None:
    """Whether or not a figure of theirs is printed."""
    left_out = 0
    for org in SMALL[:40]:
        published = publish(org)
        before = plan_of(org, published)
        for atom in tell_apart(published):
            if before is not None and atom <= before.blocks.keys():
                found = plan_of(org, published, alike=atom)
                assert found is None or not atom & found.blocks.keys()
                left_out += found is not None
    assert left_out >= 10


def test_the_number_of_rows_never_says_that_everybody_answered() -> None:
    complete = 0
    for org in SMALL:
        found = plan_of(org, publish(org))
        invited = {s.id: s.headcount for s in org.strata.strata}
        for block, strata in group_by_block(found).items() if found else ():
            people, answered = (sum(of[s] for s in strata) for of in (invited, org.counts))
            complete += answered == people
            assert found is not None
            assert SMALLEST_BLOCK <= found.rows[block] <= answered
            assert found.rows[block] % ROUNDED_TO == 0
            is_whole = strata == frozenset(invited)
            assert is_whole or found.rows[block] <= 0.95 * people
    assert complete >= 5
