"""An attacker who reads only what is published learns nothing of fewer than five people."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_service.disclosure.clearance import PARTICIPATION, Measure, clear_release
from survey_service.disclosure.plan import plan_release
from survey_service.disclosure.rules import RULES
from tests.disclosure.attackers.reading import Claim, count_people, read_json
from tests.disclosure.attackers.solving import Space, bound_mean
from tests.disclosure.organisations import (
    Parameters,
    evolve,
    make_organisation,
    parameters,
    small_parameters,
)
from tests.disclosure.publishing import (
    MEASURE,
    Published,
    measure_people,
    publish,
    publish_by_remainder,
    publish_by_threshold,
    write,
)

K = RULES.smallest_set
SHAPES = [
    *((3, 40, 3), (3, 60, 3), (4, 40, 3), (4, 80, 4), (5, 60, 3)),
    *((3, 30, 4), (4, 60, 4), (5, 60, 4), (5, 100, 3), (3, 120, 3)),
]
HARD = [Parameters(*shape, 0.7, 0.3, 0.4, 3.4, seed) for seed, shape in enumerate(SHAPES)]
"""Organisations with many small roles, where weak rules fail."""


def attack(published: Published) -> list[frozenset[str]]:
    """Return the groups of fewer than k whose answers, or number of answers, follow exactly."""
    claims = read_json(published.text, MEASURE, published.labels)
    return [
        *break_answers(claims, published.answered),
        *break_counts(published),
    ]


def break_answers(claims: list[Claim], answered: Mapping[str, int]) -> list[frozenset[str]]:
    space = Space([claim.group for claim in claims], [s for s, n in answered.items() if n])
    return space.find_unions(answered, K)


def break_counts(published: Published) -> list[frozenset[str]]:
    """Find teams, roles and labels of which it follows exactly how few answered, nobody included."""
    counts = published.counts
    known = [group for group, _ in count_people(published.text, published.labels)]
    known += [
        c.group for c in read_json(published.text, MEASURE, published.labels) if c.n is not None
    ]
    space = Space(known, counts)
    cells = [frozenset({name}) for name in counts] + [cell.strata for cell in published.plan.cells]
    return [c for c in cells if sum(counts[s] for s in c) < K and space.follows(c)]


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(parameters)
def test_nothing_of_fewer_than_k_people_follows_from_a_release(given: Parameters) -> None:
    assert attack(publish(make_organisation(given))) == []


@pytest.mark.parametrize("given", HARD, ids=lambda given: str(given.seed))
def test_a_threshold_alone_is_broken(given: Parameters) -> None:
    assert attack(publish_by_threshold(make_organisation(given)))


@pytest.mark.parametrize("given", HARD, ids=lambda given: str(given.seed))
def test_a_threshold_and_one_pass_over_remainders_is_broken(given: Parameters) -> None:
    assert attack(publish_by_remainder(make_organisation(given)))


@pytest.mark.parametrize("given", HARD, ids=lambda given: str(given.seed))
def test_no_small_group_is_known_to_half_of_the_scale(given: Parameters) -> None:
    published = publish(make_organisation(given))
    claims = read_json(published.text, MEASURE, published.labels)
    sizes = published.answered
    smallest: dict[str, int] = {}  # of a hidden label, the people of the smallest group around it
    for claim in claims:
        for name in claim.group:
            n = sum(sizes[s] for s in claim.group)
            smallest[name] = min(smallest.get(name, n), n)
    hidden = sorted((s for s in smallest if 0 < sizes[s] < K), key=lambda s: (smallest[s], s))
    for name in hidden[:6]:
        low, high = bound_mean({name}, claims, sizes)
        assert high - low >= RULES.least_width - 1e-6


def test_without_intervals_a_small_group_would_be_known_closely() -> None:
    """The attack of the test before succeeds where the audit leaves intervals out."""
    org = make_organisation(replace(HARD[3], level=4.8))
    plan = plan_release(org.strata, org.counts, K)
    measures = measure_people(org, plan)
    blind = {name: replace(measure, totals=None) for name, measure in measures.items()}
    published = write(org, plan, measures, clear_release(plan, blind, {}))
    claims = read_json(published.text, MEASURE, published.labels)
    sizes = published.answered
    widths = [
        high - low
        for name in sorted(s for s, n in sizes.items() if 0 < n < K)
        for low, high in [bound_mean({name}, claims, sizes)]
    ]
    assert min(widths) < RULES.least_width / 2


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(small_parameters, st.integers(0, 10**6))
def test_nothing_of_fewer_than_k_people_follows_from_two_waves(
    given: Parameters, seed: int
) -> None:
    """People of labels that did not change are the same people with the same answers."""
    before = make_organisation(given)
    first = publish(before)
    second = publish(evolve(before, seed), first.as_earlier)
    assert _attack_both(first, second) == []


def test_two_waves_hidden_each_for_itself_are_broken_together() -> None:
    broken = 0
    for seed, shape in enumerate(HARD):
        before = make_organisation(shape)
        after = evolve(before, seed)
        broken += bool(_attack_both(publish(before), publish(after)))
    assert broken >= 5


def _attack_both(first: Published, second: Published) -> list[frozenset[str]]:
    same = {s: s for s in second.answered if is_unchanged(s, first, second)}
    renamed = {s: same.get(s, f"before:{s}") for s in first.answered}
    sizes = {**{renamed[s]: n for s, n in first.answered.items()}, **second.answered}
    groups = [c.group for c in read_json(second.text, MEASURE, second.labels)]
    groups += [
        frozenset(renamed[s] for s in c.group) for c in read_json(first.text, MEASURE, first.labels)
    ]
    return Space(groups, [s for s, n in sizes.items() if n]).find_unions(sizes, K)


def is_unchanged(stratum: str, first: Published, second: Published) -> bool:
    people = [
        {s.id: (s.units, s.roles, s.headcount) for s in published.strata.strata}
        for published in (first, second)
    ]
    answered = first.answered.get(stratum), second.answered.get(stratum)
    totals = [published.measures[MEASURE].totals or {} for published in (first, second)]
    return (
        people[0].get(stratum) == people[1].get(stratum)
        and answered[0] == answered[1]
        and totals[0].get(stratum) == totals[1].get(stratum)
    )


def test_most_cells_with_enough_answers_stay_visible_and_everybody_counts() -> None:
    """Of all units and roles with at least k answers: at least six in ten."""
    shown = cells = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        levels, units, roles = (int(rng.integers(*ends)) for ends in ((3, 6), (20, 200), (1, 5)))
        skew, empty, response = rng.uniform((0.2, 0.0, 0.15), (1.2, 0.5, 0.95)).tolist()
        given = Parameters(levels, units, roles, skew, empty, response, 3.4, seed)
        org = make_organisation(given)
        plan = plan_release(org.strata, org.counts, K)
        seen = clear_release(plan, {PARTICIPATION: Measure(org.counts)}, {}).shown[PARTICIPATION]
        groups = {plan.sets[name].strata for name in seen}
        enough = [c for c in plan.cells if sum(org.counts[s] for s in c.strata) >= K]
        cells += len(enough)
        shown += sum(cell.strata in groups for cell in enough)
        assert frozenset().union(*groups) == plan.whole.strata
    assert shown / cells >= 0.6
