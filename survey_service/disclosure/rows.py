"""Which answers may be handed out as rows, and under which label, beside what the release shows.

A row is all answers of one person, so more is asked than of a mean. Readers hold the release too: a
mean of eight managers, printed for eleven dimensions, is met by few choices of eight rows among fifty,
so whoever tries them all may learn which rows are the managers'. We take it that this always
succeeds: readers know of every row in which published sets it is. People whom the same published
sets hold are then alike to them; where these are fewer than ten, or answered an item alike, their
rows are held back. Nor do rows count people: as many rows as people were invited would say that
everybody answered.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_service.disclosure.audit import Auditor, Memory
from survey_service.disclosure.clearance import (
    PARTICIPATION,
    Clearance,
    Measure,
    list_figures,
    list_views,
)
from survey_service.disclosure.coupling import gives_away
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.system import Figure

SMALLEST_BLOCK = 10
ROUNDED_TO = 5
"""The rows of a block are a multiple of this, so that they do not count who answered."""

_LAYER = "rows"

IsAlike = Callable[[frozenset[str]], bool]


@dataclass(frozen=True)
class RowPlan:
    """The block of every stratum whose rows may be handed out, and of how many rows in each block.

    A block is the smallest published unit, or with the id of a unit that has blocks inside it whoever is
    left of that unit.
    """

    blocks: Mapping[str, str]
    rows: Mapping[str, int]


def plan_rows(
    plan: Plan,
    measures: Mapping[str, Measure],
    clearance: Clearance,
    headcounts: Mapping[str, int],
    is_alike: IsAlike,
) -> RowPlan | None:
    """Decide which rows may stand beside a release; None if none may.

    ``headcounts`` holds the people of every stratum; empty where no roster says it. ``is_alike`` says
    whether the people of some strata answered some item so nearly the same that their rows would
    tell everybody's answer.

    Examples
    --------
    Front-line staff of 甲 may be had as rows; of its managers a mean was published, but they are few.

    >>> from survey_service.disclosure.clearance import clear_release
    >>> from survey_service.disclosure.plan import plan_release
    >>> from survey_service.strata import Group, Strata, Stratum
    >>> groups = tuple(Group((u,), None, {"manager": 12, "frontline": 40}) for u in "甲乙")
    >>> labels = tuple(
    ...     Stratum(f"{u}{role[0]}", (u,), (role,), 30) for u in "甲乙" for role in ("manager", "frontline")
    ... )
    >>> counts = {"甲m": 7, "甲f": 30, "乙m": 12, "乙f": 28}
    >>> plan = plan_release(Strata(groups, labels, {}), counts, k=5)
    >>> measures = {"": Measure(counts), "A1": Measure(counts)}
    >>> clearance = clear_release(plan, measures, {})
    >>> found = plan_rows(plan, measures, clearance, {}, lambda strata: False)
    >>> sorted(found.blocks.items()), found.rows
    ([('乙f', '乙'), ('乙m', '乙'), ('甲f', '甲')], {'乙': 40, '甲': 30})

    Had only forty people of 乙 been invited, forty rows would say that everybody answered.

    >>> invited = {"甲m": 12, "甲f": 40, "乙m": 12, "乙f": 28}
    >>> plan_rows(plan, measures, clearance, invited, lambda strata: False).rows
    {'乙': 35, '甲': 30}
    """
    counts = measures[PARTICIPATION].answered
    held: set[str] = set()
    memory = Memory()
    atoms = [atom for atom in _list_atoms(plan, clearance) if _count(atom, counts)]
    for atom in atoms:
        if _count(atom, counts) < SMALLEST_BLOCK or is_alike(atom):
            held |= atom
    while True:
        kept = [atom for atom in atoms if not atom & held]
        if not kept:
            return None
        sizes = [_count(atom, counts) for atom in kept]
        doomed = _choose(_audit(plan, measures, clearance, kept, memory), sizes)
        if not doomed:
            break
        held |= frozenset().union(*(kept[n] for n in doomed))

    def count_rows(strata: Collection[str]) -> int:
        is_part = plan.whole.strata != strata
        return _count_rows(_count(strata, counts), _count(strata, headcounts) if is_part else 0)

    return _label(plan, measures, clearance, frozenset().union(*kept), count_rows, is_alike)


def _count_rows(answered: int, invited: int) -> int:
    """Return how many rows of a block may be handed out: no count, and never nearly all invited.

    >>> _count_rows(43, 60), _count_rows(40, 40), _count_rows(43, 0)
    (40, 35, 40)
    """
    most = invited * (100 - RULES.end_share) // 100
    return (min(answered, most) if invited else answered) // ROUNDED_TO * ROUNDED_TO


def _list_atoms(plan: Plan, clearance: Clearance) -> list[frozenset[str]]:
    """Return the strata that no published set tells apart, whatever measure it was shown for."""
    shown = sorted(frozenset().union(*clearance.shown.values()) & plan.sets.keys())
    atoms: dict[tuple[str, ...], set[str]] = {}
    for stratum in sorted(plan.whole.strata):
        around = tuple(name for name in shown if stratum in plan.sets[name].strata)
        atoms.setdefault(around, set()).add(stratum)
    return [frozenset(atom) for atom in atoms.values()]


def _audit(
    plan: Plan,
    measures: Mapping[str, Measure],
    clearance: Clearance,
    kept: Collection[frozenset[str]],
    memory: Memory,
) -> Iterator[frozenset[int]]:
    """Yield for every small group that follows beside the release the numbers of the atoms it takes."""
    rows = [
        Figure(f"{_LAYER}/{n}", atom, _LAYER, cost=(n, len(atom))) for n, atom in enumerate(kept)
    ]
    names = {figure.id: n for n, figure in enumerate(rows)}
    for name, measure in measures.items():
        figures = [*list_figures(plan, measure, clearance.shown[name]), *rows]
        views = list_views(plan, measure)
        for view in views:
            for finding in Auditor(view, figures, memory).find():
                yield frozenset(names[f.id] for f in finding.figures if f.id in names)
        weighted = measure.weighted if name in clearance.weighted else None
        change = measure.change if name in clearance.changed else None
        printed = [row for row in (weighted, change, *measure.repeated) if row is not None]
        if printed and gives_away(views[-1], figures, (*measure.earlier, *printed)):
            yield frozenset(names.values())


def _choose(found: Iterable[frozenset[int]], sizes: Sequence[int]) -> set[int]:
    """Return which atoms to hold back next: of those behind every group the smallest.

    A group that takes an atom already chosen waits: it may be gone in the next round.
    """
    chosen: set[int] = set()
    for atoms in found:
        if atoms and chosen.isdisjoint(atoms):
            chosen.add(min(atoms, key=lambda n: (sizes[n], n)))
    return chosen


def _label(
    plan: Plan,
    measures: Mapping[str, Measure],
    clearance: Clearance,
    kept: frozenset[str],
    count_rows: Callable[[Collection[str]], int],
    is_alike: IsAlike,
) -> RowPlan | None:
    """Return the finest blocks of at least ten rows that are not all alike."""
    counts = measures[PARTICIPATION].answered
    shown = [clearance.shown[name] for name, measure in measures.items() if not measure.is_item]
    units = set(frozenset(plan.units).intersection(*shown))
    while True:
        blocks = dict(_find_smallest(plan, units, kept))
        members: dict[str, set[str]] = {}
        for stratum, block in blocks.items():
            members.setdefault(block, set()).add(stratum)
        rows = {block: count_rows(strata) for block, strata in sorted(members.items())}
        doomed = sorted(
            (_count(strata, counts), block)
            for block, strata in members.items()
            if rows[block] < SMALLEST_BLOCK or is_alike(frozenset(strata))
        )
        if not doomed:
            return RowPlan(blocks, rows)
        block = doomed[0][1]
        inside = [u for u in units if plan.sets[u].strata < plan.sets[block].strata]
        if not inside and block == plan.whole.id:
            return None
        # whoever is left of a unit is too few alone: the smallest unit inside joins them
        units.discard(min(inside or [block], key=lambda u: (_count(members.get(u, ()), counts), u)))


def _find_smallest(
    plan: Plan, units: Collection[str], kept: frozenset[str]
) -> Iterator[tuple[str, str]]:
    ordered = sorted(units, key=lambda unit: (len(plan.sets[unit].strata), unit))
    for stratum in sorted(kept):
        holding = (unit for unit in ordered if stratum in plan.sets[unit].strata)
        yield stratum, next(holding, plan.whole.id)


def _count(strata: Collection[str], counts: Mapping[str, int]) -> int:
    return sum(counts.get(stratum, 0) for stratum in strata)
