"""Two waves are read side by side: what the one before shows counts as shown.

People of a stratum that did not change, neither on the roster nor in how many answered, are taken
for the same people with the same answers (the worst case): a stratum then is one unknown of both
systems. A stratum that changed is a new one, since nobody knows who of it answered in which wave; so
is one whose sum of scores moved by more than any four people can hold, for then what follows for
four of another stratum is wrong by more than there is to know.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from survey_service.disclosure.clearance import Clearance, Measure, list_figures
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.programs import HIGHEST
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.system import Figure, Row
from survey_service.strata import Strata


@dataclass(frozen=True)
class EarlierWave:
    """A wave that was published before: who its strata are, and what is shown of it."""

    id: str
    strata: Strata
    plan: Plan
    measures: Mapping[str, Measure]
    clearance: Clearance

    @property
    def mark(self) -> str:
        """Return what stands before the ids of strata and figures of this wave; no id holds a colon."""
        return f"{self.id}:"


def join_earlier(
    earlier: EarlierWave,
    strata: Strata,
    measures: Mapping[str, Measure],
) -> dict[str, Measure]:
    """Return the measures of a wave with what the earlier one shows of the same measures.

    Examples
    --------
    >>> from survey_service.strata import Group, Stratum
    >>> from survey_service.disclosure.plan import plan_release
    >>> people = Strata((Group(("甲",), None, {"frontline": 20}),),
    ...                 (Stratum("s001", ("甲",), ("frontline",), 20),), {})
    >>> plan = plan_release(people, {"s001": 9}, 5)
    >>> before = EarlierWave("w1", people, plan, {"D": Measure({"s001": 9})},
    ...                      Clearance({"D": frozenset({"all"})}))
    >>> (figure,) = join_earlier(before, people, {"D": Measure({"s001": 9})})["D"].beside
    >>> figure.id, sorted(figure.strata)
    ('w1:all', ['s001'])
    >>> (figure,) = join_earlier(before, people, {"D": Measure({"s001": 10})})["D"].beside
    >>> sorted(figure.strata)
    ['w1:s001']
    """
    joined = dict(measures)
    for name in measures.keys() & earlier.measures.keys():
        names = _translate(name, measures[name], earlier, strata)
        joined[name] = _join(name, measures[name], earlier, names)
    return joined


def list_changes(
    earlier: EarlierWave,
    strata: Strata,
    measures: Mapping[str, Measure],
    rows: Mapping[str, tuple[Row, Row]],
) -> dict[str, Row]:
    """Return the rows of weighted changes since an earlier wave.

    ``rows`` holds of every change those of its two weighted means: over the strata of this wave, and over
    those of the earlier one, which is subtracted. A stratum that did not change stands in both.
    """
    changes: dict[str, Row] = {}
    for name, (now, before) in rows.items():
        names = _translate(name, measures[name], earlier, strata)
        difference: Counter[str] = Counter(now)
        difference.subtract({names[s]: weight for s, weight in before.items()})
        changes[name] = {s: weight for s, weight in difference.items() if weight}
    return changes


def _translate(name: str, measure: Measure, earlier: EarlierWave, strata: Strata) -> dict[str, str]:
    """Return what the strata of an earlier wave are called: as now where they did not change."""
    people = {(s.units, s.roles, s.headcount): s.id for s in strata.strata}
    present = {s.id: people.get((s.units, s.roles, s.headcount)) for s in earlier.strata.strata}
    before = earlier.measures[name]

    def translate(stratum: str) -> str:
        same = present.get(stratum)
        if same is None or measure.answered.get(same) != before.answered.get(stratum):
            return f"{earlier.mark}{stratum}"
        if measure.totals is not None and before.totals is not None:
            moved = abs(measure.totals.get(same, 0.0) - before.totals.get(stratum, 0.0))
            if moved > HIGHEST * (RULES.smallest_set - 1):
                return f"{earlier.mark}{stratum}"
        return same

    return {stratum: translate(stratum) for stratum in before.answered}


def _join(name: str, measure: Measure, earlier: EarlierWave, names: Mapping[str, str]) -> Measure:
    before = earlier.measures[name]
    shown = list_figures(earlier.plan, before, earlier.clearance.shown[name])
    mark = earlier.mark
    gone = {stratum: new for stratum, new in names.items() if new.startswith(mark)}
    figures = tuple(
        Figure(
            f"{mark}{figure.id}",
            frozenset(map(names.__getitem__, figure.strata)),
            f"{mark}{figure.layer}",
        )
        for figure in shown
    )

    def list_rows() -> Iterator[Row]:
        if before.weighted is not None and name in earlier.clearance.weighted:
            yield {names[s]: weight for s, weight in before.weighted.items()}

    totals = measure.totals
    if totals is not None and before.totals is not None:
        totals = {**totals, **{new: before.totals.get(s, 0.0) for s, new in gone.items()}}
    return replace(
        measure,
        answered={**measure.answered, **{new: before.answered[s] for s, new in gone.items()}},
        totals=totals,
        beside=(*measure.beside, *figures),
        earlier=(*measure.earlier, *list_rows()),
        _counts={},
    )
