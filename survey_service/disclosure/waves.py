"""Two waves are read side by side: what the one before shows counts as shown.

People of a stratum that did not change, neither on the roster nor in how many answered, are taken
for the same people with the same answers (the worst case): a stratum then is one unknown of both
systems. A stratum that changed is a new one, since nobody knows who of it answered in which wave.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_service.disclosure.clearance import Clearance, Measure, list_figures
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.rules import RULES, Rules
from survey_service.disclosure.system import Figure
from survey_service.strata import Strata

_EARLIER = "earlier:"  # no stratum's id holds a colon


@dataclass(frozen=True)
class EarlierWave:
    """A wave that was published before: who its strata are, and what is shown of it."""

    strata: Strata
    plan: Plan
    measures: Mapping[str, Measure]
    clearance: Clearance


def join_earlier(
    earlier: EarlierWave, strata: Strata, measures: Mapping[str, Measure]
) -> dict[str, Measure]:
    """Return the measures of a wave with what the earlier one shows of the same measures.

    Examples
    --------
    >>> from survey_service.strata import Group, Stratum
    >>> from survey_service.disclosure.plan import plan_release
    >>> people = Strata((Group(("甲",), None, {"frontline": 20}),),
    ...                 (Stratum("s001", ("甲",), ("frontline",), 20),), {})
    >>> before = EarlierWave(people, plan_release(people, {"s001": 9}, 5), {"D": Measure({"s001": 9})},
    ...                      Clearance({"D": frozenset({"all"})}))
    >>> (figure,) = join_earlier(before, people, {"D": Measure({"s001": 9})})["D"].earlier
    >>> figure.id, sorted(figure.strata)
    ('earlier:all', ['s001'])
    >>> (figure,) = join_earlier(before, people, {"D": Measure({"s001": 10})})["D"].earlier
    >>> sorted(figure.strata)
    ['earlier:s001']
    """
    people = {(s.units, s.roles, s.headcount): s.id for s in strata.strata}
    present = {s.id: people.get((s.units, s.roles, s.headcount)) for s in earlier.strata.strata}
    joined = dict(measures)
    for name in measures.keys() & earlier.measures.keys():
        before = earlier.measures[name]
        joined[name] = _join(measures[name], before, present, _list_shown(earlier, name))
    return joined


def judge_trend(
    headcounts: tuple[int, int], answered: tuple[int, int], rules: Rules = RULES
) -> str:
    """Return how far a change of one set between two waves may be told.

    ``full``; ``direction`` where the headcount changed by one to k - 1 people, whose answers a
    difference might tell; ``none`` where fewer than ten answered in either wave (ruling 15).

    >>> judge_trend((60, 60), (40, 38)), judge_trend((60, 61), (40, 38)), judge_trend((60, 60), (9, 38))
    ('full', 'direction', 'none')
    """
    if min(answered) < rules.trend_from:
        return "none"
    moved = abs(headcounts[1] - headcounts[0])
    return "direction" if 0 < moved < rules.smallest_set else "full"


def _list_shown(earlier: EarlierWave, measure: str) -> list[Figure]:
    shown = earlier.clearance.shown[measure]
    return list_figures(earlier.plan, earlier.measures[measure], shown)


def _join(
    measure: Measure, before: Measure, present: Mapping[str, str | None], shown: list[Figure]
) -> Measure:
    def translate(stratum: str) -> str:
        same = present.get(stratum)
        if same is not None and measure.answered.get(same) == before.answered.get(stratum):
            return same
        return f"{_EARLIER}{stratum}"

    names = {stratum: translate(stratum) for figure in shown for stratum in figure.strata}
    gone = {stratum: name for stratum, name in names.items() if name.startswith(_EARLIER)}
    figures = tuple(
        Figure(
            f"{_EARLIER}{figure.id}",
            frozenset(map(names.__getitem__, figure.strata)),
            f"{_EARLIER}{figure.layer}",
        )
        for figure in shown
    )
    answered = {name: before.answered.get(stratum, 0) for stratum, name in gone.items()}
    totals = None
    if measure.totals is not None and before.totals is not None:
        old = {name: before.totals.get(stratum, 0.0) for stratum, name in gone.items()}
        totals = {**measure.totals, **old}
    return replace(
        measure,
        answered={**measure.answered, **answered},
        totals=totals,
        earlier=figures,
        _counts={},
    )
