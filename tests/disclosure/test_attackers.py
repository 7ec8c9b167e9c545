"""An attacker who reads only what is published learns nothing of fewer than five people."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings

from survey_service.disclosure.rules import RULES
from tests.disclosure.attackers.reading import Claim, count_people, read_json
from tests.disclosure.attackers.solving import Space, bound_mean
from tests.disclosure.organisations import Parameters, make_organisation, parameters
from tests.disclosure.publishing import (
    MEASURE,
    Published,
    publish,
    publish_by_remainder,
    publish_by_threshold,
)

K = RULES.smallest_set
HARD = [
    Parameters(levels, units, roles, 0.7, 0.3, 0.4, 3.4, seed)
    for seed, (levels, units, roles) in enumerate(
        [(3, 40, 3), (3, 60, 3), (4, 40, 3), (4, 80, 4), (5, 60, 3)]
        + [(3, 30, 4), (4, 60, 4), (5, 60, 4), (5, 100, 3), (3, 120, 3)]
    )
]
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
