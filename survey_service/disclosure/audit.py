"""Whether what is shown gives a small group away: every finding, and the figures that give it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from survey_service.disclosure.intervals import find_pinned
from survey_service.disclosure.nullvector import (
    PRIME,
    explain,
    find_determined,
    list_candidates,
    solve,
)
from survey_service.disclosure.system import Component, Equation, Figure, System


@dataclass(frozen=True)
class View:
    """What is to be protected in one measure.

    ``sizes`` holds the answers of the strata that count. No union of up to four strata with fewer than
    ``least`` answers in all, and none of the ``named`` groups, may follow from what is shown. With
    ``totals`` (sums of scores) no such union may be known to less than ``width`` points of 100 either.
    """

    sizes: Mapping[str, int]
    least: int = 0
    named: tuple[frozenset[str], ...] = ()
    totals: Mapping[str, float] | None = None
    width: float = 0.0


@dataclass(frozen=True)
class Finding:
    """A group that what is shown gives away, and the figures it takes.

    ``interval`` is what is known of its mean; None where its sum follows exactly.
    """

    strata: frozenset[str]
    figures: tuple[Figure, ...]
    interval: tuple[float, float] | None = None

    @property
    def is_new(self) -> bool:
        """Return whether it takes figures of this release, and not of earlier ones alone."""
        return any(figure.cost is not None for figure in self.figures)


@dataclass(frozen=True)
class Memory:
    """What was worked out of parts, for whoever meets the same part again.

    Most parts are the same in every measure, and all are when a release is checked after it was made.
    ``vectors`` holds what ``solve`` returned, by the key of the part, ``wide`` the parts, with what is in
    them, of which no small group is known closely.
    """

    vectors: dict[object, Mapping[str, int]] = field(default_factory=dict)
    wide: set[tuple[object, ...]] = field(default_factory=set)

    def solve(self, part: Component) -> Mapping[str, int]:
        """Return the vector of a part."""
        if part.key not in self.vectors:
            self.vectors[part.key] = solve([part])
        return self.vectors[part.key]


class Auditor:
    """Looks for findings in a family of figures, again and again while figures are taken away.

    Taking away never lets anything new follow. So what was clean stays clean, and only parts in
    which something was found are looked at again.

    Parameters
    ----------
    view : View
        What is to be protected.
    figures : collection of Figure
        What is shown.
    memory : Memory, optional
        What auditors of other measures solved: most of their parts are the same.
    """

    def __init__(
        self,
        view: View,
        figures: Collection[Figure],
        memory: Memory | None = None,
    ) -> None:
        self._memory = memory or Memory()
        self._system = System(figures, view.sizes)
        self._look(view)

    def turn(self, view: View) -> None:
        """Protect something else from the figures that are left."""
        self._system.recount(view.sizes)
        self._look(view)

    def _look(self, view: View) -> None:
        self._view = view
        self._waiting = self._system.components
        self._clean: set[str] = set()
        self._wide: set[tuple[str, ...]] = set()
        # a view of keys would be walked through for every group
        counted = view.sizes.__contains__
        groups = (frozenset(filter(counted, named)) for named in view.named)
        self._named = [group for group in groups if group]

    def hide(self, ids: Collection[str]) -> None:
        """Take figures away."""
        self._waiting += self._system.hide(ids)

    def find(self) -> list[Finding]:
        """Return what the figures give away; intervals only of parts where nothing follows exactly."""
        home = self._system.home
        waiting = [p for p in self._waiting if home(p.first) is p and not p.strata <= self._clean]
        waiting.sort(key=lambda part: part.first)
        found = list(self._find_named())
        self._waiting = []
        for part in waiting:
            here = list(self._find_unions(part)) or list(self._find_pinned(part))
            if here:
                self._waiting.append(part)
            else:
                self._clean |= part.strata
            found += here
        return found

    def _find_named(self) -> Iterator[Finding]:
        """Find the named groups that follow; the others never will, and are forgotten."""
        given: dict[tuple[Component, ...], list[frozenset[str]]] = {}
        solve = cache(self._memory.solve)  # many groups share a part
        for group in self._named:
            around = dict.fromkeys(map(self._system.home, sorted(group)))
            homes = tuple(part for part in around if part is not None)
            if len(homes) == len(around) and _follows(group, homes, solve):
                given.setdefault(homes, []).append(group)
        self._named = [group for groups in given.values() for group in groups]
        for parts, groups in given.items():
            yield from _explain(groups, parts)

    def _find_unions(self, part: Component) -> Iterator[Finding]:
        view = self._view
        candidates = list_candidates(part, view.sizes, view.least)
        if not candidates:
            return
        vector = self._memory.solve(part)
        groups = find_determined({s: vector[s] for s in candidates}, view.sizes, view.least)
        if groups:
            yield from _explain(list(map(frozenset, groups)), [part])

    def _find_pinned(self, part: Component) -> Iterator[Finding]:
        view = self._view
        if view.totals is None:
            return
        held = tuple((view.sizes[s], view.totals[s]) for s in sorted(part.strata))
        key = (part.key, held, view.least, view.width)
        if key in self._memory.wide:
            return
        pinned = find_pinned(part, view.sizes, view.totals, view.least, view.width, wide=self._wide)
        if not pinned:
            self._memory.wide.add(key)
        for each in pinned:
            equations = [part.equations[n] for n in each.equations]
            figures = {f.id: f for e in equations for f in (e.total, *e.parts)}
            yield Finding(frozenset(each.strata), tuple(figures.values()), (each.low, each.high))


def _follows(
    group: frozenset[str],
    parts: Sequence[Component],
    solve: Callable[[Component], Mapping[str, int]],
) -> bool:
    # what follows holds all of a part that has a single sum, or nothing of it
    if any(len(part.equations) == 1 and not part.strata <= group for part in parts):
        return False
    if len(parts) == 1:
        return not sum(map(solve(parts[0]).__getitem__, group)) % PRIME
    vectors = map(solve, parts)
    shares = (sum(map(vector.__getitem__, group & vector.keys())) for vector in vectors)
    return not sum(shares) % PRIME


def _explain(groups: Sequence[frozenset[str]], parts: Sequence[Component]) -> Iterator[Finding]:
    """Name the figures from which groups follow: where there are several ways, the dearest.

    For where the dearest alone are enough, hiding a cheap one would not help.
    """
    equations = sorted((e for part in parts for e in part.equations), key=_rank, reverse=True)
    rows = [dict.fromkeys(e.strata, 1) for e in equations]
    for group, ways in zip(groups, explain(rows, groups), strict=True):
        shares: Counter[str] = Counter()
        figures: dict[str, Figure] = {}
        for number, share in ways.items():
            equation = equations[number]
            figures |= {figure.id: figure for figure in (equation.total, *equation.parts)}
            shares[equation.total.id] += share
            shares.subtract({figure.id: share for figure in equation.parts})
        yield Finding(group, tuple(figures[f] for f, share in shares.items() if share % PRIME))


def _rank(equation: Equation) -> tuple[bool, tuple[int, int], str, str]:
    """Return how dear the cheapest figure of an equation is; one that must stay is the dearest."""
    costs = [f.cost for f in (equation.total, *equation.parts) if f.cost is not None]
    return (not costs, min(costs, default=(0, 0)), equation.total.layer, equation.total.id)
