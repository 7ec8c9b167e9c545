"""Compare a wave with the one before it: which questions and which units are still the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_service.disclosure.findings import UnitTrend
from survey_service.disclosure.plan import PublishedSet
from survey_service.disclosure.release import show_dimensions
from survey_service.disclosure.rules import RULES
from survey_service.questionnaire import Item, Questionnaire
from survey_service.scoring.trend import REORGANISED, Change, compare_waves
from survey_service.service.scoring import Aggregate, name_uniform
from survey_service.wave import Wave


@dataclass(frozen=True)
class Comparison:
    """The wave before, what changed since, and what may be said of each unit's change."""

    previous: Mapping[str, Any]
    change: Change
    trends: Mapping[str, UnitTrend]


def compare_with(wave: Wave, found: Aggregate, previous: Wave, before: Aggregate) -> Comparison:
    """Compare a scored wave with a scored one before it."""
    trends = _find_trends(found, before)
    shown = tuple(name for name, trend in trends.items() if not (trend.hidden or trend.reason))
    alike = find_alike(wave.questionnaire, previous.questionnaire)
    return Comparison(
        previous={
            "id": previous.id,
            "title": previous.title,
            "closed_on": str(previous.closed_on),
        },
        change=compare_waves(found.analysis, before.analysis, alike, shown),
        trends=trends,
    )


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


def _find_trends(found: Aggregate, before: Aggregate) -> dict[str, UnitTrend]:
    """Say for every unit that is shown now whether it was shown before, and is still the same."""
    visible = [_show(aggregate) for aggregate in (found, before)]
    return {
        name: _judge(name, published, found, before, visible)
        for name, published in found.plan.units.items()
    }


def _judge(
    name: str,
    published: PublishedSet,
    found: Aggregate,
    before: Aggregate,
    visible: list[dict[str, frozenset[str]]],
) -> UnitTrend:
    past = before.plan.units.get(name)
    if past is None and name in before.plan.order:
        return UnitTrend(hidden=True)
    if past is None or set(past.members) != set(published.members):
        return UnitTrend(reason=REORGANISED)
    people = [aggregate.analysis.sets[name].population or 0 for aggregate in (found, before)]
    hidden = frozenset(
        dimension for shown in visible for dimension, names in shown.items() if name not in names
    )
    moved = abs(people[0] - people[1])
    return UnitTrend(hidden_dimensions=hidden, direction_only=0 < moved < RULES.smallest_set)


def _show(aggregate: Aggregate) -> dict[str, frozenset[str]]:
    analysis = aggregate.analysis
    return show_dimensions(name_uniform(analysis), aggregate.plan, analysis.sets)
