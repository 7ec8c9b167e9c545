"""Compare a wave with the one before it: which questions and which units are still the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_service.disclosure.findings import UnitTrend
from survey_service.disclosure.release import write_items
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.sets import PublishedSet
from survey_service.questionnaire import Item, Questionnaire
from survey_service.scoring.trend import REORGANISED, WEIGHTED, Change, compare_waves
from survey_service.service.clearing import Cleared, recall_release


@dataclass(frozen=True)
class Comparison:
    """The wave before, what changed since, and what may be said of the whole and each unit's change."""

    previous: Mapping[str, Any]
    change: Change
    whole: UnitTrend
    trends: Mapping[str, UnitTrend]


def compare_with(now: Cleared, before: Cleared) -> Comparison:
    """Compare a wave with one before it."""
    trends = {
        name: _judge(name, published, now, before)
        for name, published in now.found.plan.units.items()
    }
    shown = tuple(name for name, trend in trends.items() if not (trend.hidden or trend.reason))
    previous = before.wave
    alike = find_alike(now.wave.questionnaire, previous.questionnaire)
    change = compare_waves(now.found.analysis, before.found.analysis, alike, shown)
    hidden = _list_hidden(now.found.plan.whole.id, now, before)
    if change.basis == WEIGHTED:
        hidden |= frozenset(now.found.analysis.keying.dimensions) - now.clearance.changed
    return Comparison(
        previous={
            "id": previous.id,
            "title": previous.title,
            "closed_on": str(previous.closed_on),
            "favourable": _list_shares(before, alike),
        },
        change=change,
        whole=UnitTrend(hidden_dimensions=hidden & change.whole.keys()),
        trends=trends,
    )


def _list_shares(before: Cleared, alike: frozenset[str]) -> dict[str, Any]:
    """Return how many agreed with each item that is still the same, as it was published then."""
    plan, analysis = before.found.plan, before.found.analysis
    items = write_items(
        plan,
        analysis.sets[plan.whole.id],
        analysis.headline.scores,
        recall_release(before.wave, before.clearance),
    )
    home = {item.id: item.dimension for item in before.wave.questionnaire.scored}
    return {
        name: score["favourable"]
        for name, score in items.items()
        if "favourable" in score and home[name] in alike
    }


def find_alike(one: Questionnaire, other: Questionnaire) -> frozenset[str]:
    """Name the dimensions that two questionnaires ask with the same items on the same scale.

    A changed word makes another item: nothing is guessed about what it does to the answers.
    """
    return frozenset(
        dimension.id
        for dimension in one.dimensions
        if _describe(one, dimension.id) == _describe(other, dimension.id)
    )


def _describe(questionnaire: Questionnaire, dimension: str) -> dict[str, Any]:
    def describe(item: Item) -> tuple[Any, ...]:
        return item.text, item.variants, item.reverse, questionnaire.scale_of(item)

    return {item.id: describe(item) for item in questionnaire.scored if item.dimension == dimension}


def _judge(name: str, published: PublishedSet, now: Cleared, before: Cleared) -> UnitTrend:
    """Say whether a unit that is shown now was shown before, and is still the same."""
    plan = before.found.plan
    past = plan.units.get(name)
    if past is None and name in plan.order:
        return UnitTrend(hidden=True)
    if past is None or set(past.members) != set(published.members):
        return UnitTrend(reason=REORGANISED)
    people = [wave.found.analysis.sets[name].population or 0 for wave in (now, before)]
    moved = abs(people[0] - people[1])
    return UnitTrend(
        hidden_dimensions=_list_hidden(name, now, before),
        direction_only=0 < moved < RULES.smallest_set,
    )


def _list_hidden(name: str, now: Cleared, before: Cleared) -> frozenset[str]:
    """Name the dimensions of a set that one of two waves does not show."""
    return frozenset(
        dimension
        for wave in (now, before)
        for dimension in wave.found.analysis.keying.dimensions
        if name not in wave.clearance.shown[dimension]
    )
