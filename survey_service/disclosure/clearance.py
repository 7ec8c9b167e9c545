"""Hide as little as it takes until nothing that is shown gives a small group away.

Hiding can only take knowledge away: a part of a safe family is safe. So the search starts from
everything that has enough answers and, while something is found, hides the cheapest figure among
those from which it follows: roles before units, few people before many, the whole last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from survey_service.disclosure.audit import Auditor, Finding, Memory, View
from survey_service.disclosure.coupling import MOST_STRATA, gives_away
from survey_service.disclosure.plan import Plan, find_shown_cells
from survey_service.disclosure.precision import is_counted
from survey_service.disclosure.programs import HIGHEST
from survey_service.disclosure.rules import RULES, Rules
from survey_service.disclosure.sets import PublishedSet
from survey_service.disclosure.system import Equation, Figure, Row, System

_CUT, _UNIT, _WHOLE = range(3)
_NEAR = 2


@dataclass(frozen=True)
class Measure:
    """What disclosure control needs to know of one measure, such as a dimension.

    ``answered`` and ``totals`` hold, for every stratum, how many have a score and the sum of the
    scores (0-100), ``favoured`` the sum of their favourable answers (percent); ``alike`` the strata,
    ``closed`` the sets whose answers are (nearly) all the same, so that the mean would be
    everybody's answer; ``weighted`` the row of its weighted mean. ``beside`` are
    figures that stand whatever is hidden: with those counted in who were left out, and of earlier
    releases, whose weighted means are ``earlier``; ``change`` is the row of a change between weighted
    means of both, ``repeated`` those that earlier releases of the same wave told. Of an item only the
    whole is shown.
    """

    answered: Mapping[str, int]
    totals: Mapping[str, float] | None = None
    alike: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    favoured: Mapping[str, float] | None = None
    weighted: Row | None = None
    beside: tuple[Figure, ...] = ()
    earlier: tuple[Row, ...] = ()
    change: Row | None = None
    repeated: tuple[Row, ...] = ()
    is_item: bool = False

    _counts: dict[frozenset[str], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def fixed(self) -> tuple[Row, ...]:
        """Return the rows that were told before and cannot be taken back."""
        return (*self.earlier, *self.repeated)

    def count(self, strata: frozenset[str]) -> int:
        """Return how many in these strata have a score."""
        if strata not in self._counts:
            self._counts[strata] = sum(self.answered.get(stratum, 0) for stratum in strata)
        return self._counts[strata]


@dataclass(frozen=True)
class Clearance:
    """What may be shown.

    ``shown`` names of every measure the sets, ``shared`` those of them whose shares of favourable
    answers may stand beside the mean; ``counted`` the sets with exact numbers of people,
    ``weighted`` the measures of which the whole may be weighted, ``changed`` those of which the change
    of the weighted whole may be told.
    """

    shown: Mapping[str, frozenset[str]]
    counted: frozenset[str] = frozenset()
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weighted: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Showing:
    """What may be shown of one measure: its sets, and those of them with shares.

    ``counted`` names the sets whose exact number of people may be printed as far as this measure goes.
    """

    shown: frozenset[str]
    counted: frozenset[str]
    shared: frozenset[str] | None = None


PARTICIPATION = ""
"""The measure that everybody counted has: whether somebody answered at all."""


def clear_release(
    plan: Plan,
    measures: Mapping[str, Measure],
    headcounts: Mapping[str, int],
    rules: Rules = RULES,
    memory: Memory | None = None,
) -> Clearance:
    """Decide for every measure which sets of the plan may be shown, and which numbers of people.

    Weighted means come later (``clear_rows``): what they are weighted by depends on what is shown.

    ``measures`` includes ``PARTICIPATION``: what is not shown there is not shown at all. ``headcounts``
    holds the people of every stratum; empty where no roster says it.
    """
    memory = memory or Memory()
    first = clear_showing(plan, measures[PARTICIPATION], headcounts, None, rules, memory)
    others = {
        name: clear_showing(plan, measure, headcounts, first, rules, memory)
        for name, measure in measures.items()
        if name != PARTICIPATION
    }
    return join_showings({PARTICIPATION: first, **others})


def clear_showing(
    plan: Plan,
    measure: Measure,
    headcounts: Mapping[str, int],
    first: Showing | None,
    rules: Rules = RULES,
    memory: Memory | None = None,
) -> Showing:
    """Decide what may be shown of one measure, where participation, cleared ``first``, shows so much."""
    everything = frozenset(plan.sets)
    if measure.is_item:
        whole = frozenset((plan.whole.id,))
        return Showing(clear_measure(plan, measure, rules, whole, memory), everything)
    within = None if first is None else first.shown
    shown = clear_measure(plan, measure, rules, within, memory)
    asked = shown if first is None else shown & first.counted
    exact = clear_counts(plan, measure, asked, headcounts, rules, memory)
    # what does not show this measure says nothing about its numbers
    counted = exact | (everything - shown)
    shared = None if measure.favoured is None else clear_shares(plan, measure, shown, rules)
    return Showing(shown, counted, shared)


def join_showings(showings: Mapping[str, Showing]) -> Clearance:
    """Put together what may be shown of all measures: a number stands where none of them objects."""
    counted = [each.counted for each in showings.values()]
    return Clearance(
        shown={name: each.shown for name, each in showings.items()},
        counted=counted[0].intersection(*counted),
        shared={name: each.shared for name, each in showings.items() if each.shared is not None},
    )


def clear_shares(
    plan: Plan, measure: Measure, shown: frozenset[str], rules: Rules = RULES
) -> frozenset[str]:
    """Return of the shown sets those whose shares of favourable answers may be printed.

    They are sums of other numbers over the same sets: nothing follows from them that does not from
    the means, but a share near 0 or 100 % may pin down a small group where a mean does not. So every
    sum that holds one, also one that is had by subtraction, must leave it half of the scale.
    """
    sizes = {s: n for s, n in measure.answered.items() if n}
    shared = frozenset(
        name for name in shown if measure.count(plan.sets[name].strata) >= rules.share_from
    )
    system = System(list_figures(plan, replace(measure, beside=()), shared), sizes)
    waiting = system.components
    while waiting:
        doomed = {
            min((each.total, *each.parts), key=lambda f: (f.cost or (0, 0), f.id)).id
            for part in waiting
            for each in part.equations
            if _is_extreme(each, sizes, measure.favoured or {}, rules)
        }
        shared -= {name for each in doomed for name in (each, *plan.twins(each))}
        waiting = system.hide(doomed)
    return shared


def _is_extreme(
    equation: Equation, sizes: Mapping[str, int], favoured: Mapping[str, float], rules: Rules
) -> bool:
    """Return whether a sum of shares leaves a small group in it less than ``least_width`` points."""
    if all(sizes[s] >= rules.smallest_set for s in equation.strata):
        return False
    held = sum(favoured[s] for s in equation.strata)
    room = HIGHEST * sum(sizes[s] for s in equation.strata) - held
    return min(held, room) < rules.least_width * (rules.smallest_set - 1)


def clear_rows(
    plan: Plan,
    measure: Measure,
    shown: frozenset[str],
    rules: Rules = RULES,
    memory: Memory | None = None,
) -> tuple[bool, bool]:
    """Return whether the weighted mean of the whole, and its change, may stand beside what is shown.

    Of an item in a very large organisation never: beside a single sum only linear programs could tell.
    """
    if measure.is_item and len(plan.whole.strata) > MOST_STRATA:
        return False, False
    rows = measure.fixed
    cleared = []
    for row in (measure.weighted, measure.change):
        is_safe = row is not None and not is_tied(plan, measure, shown, (*rows, row), rules, memory)
        if row is not None and is_safe:
            rows = (*rows, row)
        cleared.append(is_safe)
    return cleared[0], cleared[1]


def clear_measure(
    plan: Plan,
    measure: Measure,
    rules: Rules = RULES,
    within: frozenset[str] | None = None,
    memory: Memory | None = None,
) -> frozenset[str]:
    """Return the ids of the sets (``within`` some of them) for which one measure may be shown."""
    k, plan = rules.smallest_set, narrow(plan, measure)
    counts = {name: measure.count(found.strata) for name, found in plan.sets.items()}
    if measure.closed >= {plan.whole.id}:
        return frozenset()
    units = find_shown_cells(plan, counts, measure.closed, k)
    shown = units | {
        name
        for name, cut in plan.cuts.items()
        if cut.parent in units and counts[name] >= k and name not in measure.closed
    }
    shown &= shown if within is None else within
    answers, numbers = list_views(plan, measure, rules)
    auditor = Auditor(answers, list_figures(plan, measure, shown), memory)
    shown = _settle(plan, auditor, shown)
    auditor.turn(numbers)
    shown = _settle(plan, auditor, shown)
    for doomed_tier in (plan.cuts.keys(), plan.units.keys(), {plan.whole.id}):
        # weighted means that were printed before cannot be taken back
        if not measure.fixed or not is_tied(plan, measure, shown, measure.fixed, rules, memory):
            break
        shown -= doomed_tier
    return shown


def _settle(plan: Plan, auditor: Auditor, shown: frozenset[str]) -> frozenset[str]:
    """Hide until nothing is found; return what is left of the shown sets."""
    while doomed := choose(plan, auditor.find()):
        hidden = {name for each in doomed for name in (each, *plan.inside(each))} & shown
        shown -= hidden
        auditor.hide(hidden)
    return shown


def narrow(plan: Plan, measure: Measure) -> Plan:
    """Return what of a plan the audit of a measure looks at.

    Nothing but the whole follows from the one sum of an item, unless figures stand beside it.
    """
    return Plan(plan.whole) if measure.is_item and not measure.beside else plan


def is_tied(
    plan: Plan,
    measure: Measure,
    shown: frozenset[str],
    rows: Sequence[Row],
    rules: Rules = RULES,
    memory: Memory | None = None,
) -> bool:
    """Return whether weighted means beside what is shown give a small group away."""
    answers, _ = list_views(plan, measure, rules)
    # whether it is shown must not tell that nobody of a stratum answered
    everybody = replace(answers, sizes=_count_all(plan, measure))
    return gives_away(everybody, list_figures(plan, measure, shown), rows, memory)


def clear_counts(
    plan: Plan,
    measure: Measure,
    shown: frozenset[str],
    headcounts: Mapping[str, int],
    rules: Rules = RULES,
    memory: Memory | None = None,
) -> frozenset[str]:
    """Return of the shown sets those whose exact number of answers may be printed.

    A number that is only printed as a band, because there are few people or nearly all answered,
    must not follow from exact ones by subtraction; the smallest of these then becomes a band too.
    """
    sizes = _count_all(plan, measure)

    def is_exact(strata: frozenset[str]) -> bool:
        people = sum(headcounts[s] for s in strata) if headcounts else None
        return is_counted(
            measure.count(strata), people, whole=strata == plan.whole.strata, rules=rules
        )

    hidden = tuple(cell.strata for cell in plan.cells if not is_exact(cell.strata))
    exact = frozenset(n for n in shown if is_exact(plan.sets[n].strata))
    figures = [replace(f, cost=_as_count(f)) for f in list_figures(plan, measure, exact)]
    auditor = Auditor(View(sizes, named=hidden), figures, memory)
    while doomed := choose(plan, auditor.find()):
        exact -= {name for each in doomed for name in (each, *plan.twins(each))}
        auditor.hide(doomed)
    return exact


def list_views(plan: Plan, measure: Measure, rules: Rules = RULES) -> list[View]:
    """Return what is to be protected in one measure: answers, and how many of a small group answered.

    In the answers, strata where nobody answered do not exist: readers may know them. In the
    numbers they do: that nobody answered must not follow either.
    """
    k = rules.smallest_set
    sizes = _count_all(plan, measure)
    answered = {stratum: n for stratum, n in sizes.items() if n}
    alike = [frozenset((stratum,)) for stratum in sorted(measure.alike)]
    closed = [plan.sets[name].strata for name in sorted(measure.closed) if name in plan.sets]
    small = tuple(cell.strata for cell in plan.cells if measure.count(cell.strata) < k)
    return [
        View(answered, k, (*alike, *closed), measure.totals, rules.least_width),
        View(sizes, k, small),
    ]


def list_figures(plan: Plan, measure: Measure, shown: Collection[str]) -> list[Figure]:
    """Return the figures of one measure, those that stand whatever is hidden included.

    A role that everybody of a unit has is the unit once more, and goes with it.
    """
    figures = list(measure.beside)
    for found in (plan.sets[name] for name in plan.sets if name in shown):
        unit = plan.unit_of_twin.get(found.id, found)
        if unit.id in shown:
            tier = _CUT if unit.role else _WHOLE if unit is plan.whole else _UNIT
            cost = (tier, measure.count(unit.strata))
            figures.append(Figure(unit.id, unit.strata, found.role, cost))
    return figures


def choose(plan: Plan, findings: Iterable[Finding]) -> set[str]:
    """Return what to hide next: of the figures behind every finding the nearest, then the cheapest.

    A figure is near if the second unit above the group holds it. Hiding something far away, such as the
    same role at the other end of the company, helps only once all of it is gone: roles before units
    wherever they are would leave 2,126 of 3,754 sets of a company with 700 teams, this leaves 3,346.
    A finding that needs a figure already chosen waits: it may be gone in the next round.
    """
    chosen: set[str] = set()
    for finding in findings:
        figures = [figure for figure in finding.figures if figure.cost is not None]
        if figures and chosen.isdisjoint(figure.id for figure in figures):
            around = plan.around(finding.strata) if finding.strata <= plan.whole.strata else []
            chosen.add(min(figures, key=lambda figure: _rate(figure, around)).id)
    return chosen


def _rate(figure: Figure, around: Sequence[PublishedSet]) -> tuple[int, tuple[int, int], str]:
    """Return how far a figure is from the group inside some units, what it costs, and its id."""
    steps = (n for n, unit in enumerate(around) if figure.strata <= unit.strata)
    return max(next(steps, 0), _NEAR), figure.cost or (0, 0), figure.id


def _as_count(figure: Figure) -> tuple[int, int] | None:
    """Return what it costs to print a number as a band: the number of the whole always stands."""
    if figure.cost is None or figure.cost[0] == _WHOLE:
        return None
    return (0, figure.cost[1])


def _count_all(plan: Plan, measure: Measure) -> dict[str, int]:
    """Return the answers of every stratum, those of figures beside included."""
    strata = plan.whole.strata.union(*(figure.strata for figure in measure.beside))
    return {stratum: measure.answered.get(stratum, 0) for stratum in sorted(strata)}
