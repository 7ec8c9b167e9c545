"""How closely the shown sums pin down a small hidden group, even where nothing follows exactly.

With x_a the sum of scores of stratum a (n_a answers, 0 to 100 each), readers know A x = b and
0 <= x_a <= 100 n_a. The mean of a group T then lies in [min, max] of the sum of x over T, divided by
its number of answers: two linear programs. The sums are taken as exact, as if nothing had been
rounded and every number of answers were known; what readers really have is wider.

References
----------
Fischetti & Salazar 2001 and Hundepool et al. 2012, ch. 4 (feasibility intervals); Huangfu & Hall
2018 for the solver.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.system import Component, Row, group_atoms

HIGHEST = 100.0
MOST_GROUPS = 500
MOST_FINDINGS = 8
LARGEST_PROGRAM = 120
_NEAR = 40
_BATCHES = 8
_TOLERANCE = 1e-6
_NEAR_END = 0.45

Group = tuple[str, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pinned:
    """A small group whose mean is known to lie in a narrow interval, and the equations that do it.

    ``equations`` are places in the component; a weighted row is counted after them.
    """

    strata: Group
    low: float
    high: float
    equations: tuple[int, ...]


def list_tight(
    part: Component,
    sizes: Mapping[str, int],
    totals: Mapping[str, float],
    least: int,
    width: float,
    rows: Sequence[Row] = (),
) -> list[str]:
    """Return the strata of which a small group may be known to less than ``width`` points.

    People of an atom may exchange what they hold, whatever the sums. Where that alone leaves every
    small group of it wide enough, such people only make a group wider that they are part of; so only
    groups of the other strata need be looked at.

    >>> from survey_service.disclosure.system import Equation, Figure
    >>> abc = frozenset("abc")
    >>> part = Component(abc, (Equation(abc, Figure("abc", abc)),))
    >>> list_tight(part, {"a": 3, "b": 1, "c": 2}, {"a": 280, "b": 90, "c": 190}, 5, 50)
    ['a', 'b', 'c']
    >>> list_tight(part, {"a": 3, "b": 1, "c": 2}, {"a": 180, "b": 60, "c": 120}, 5, 50)
    []
    """
    tight = []
    for atom in group_atoms(part, rows):
        people, held = sum(sizes[s] for s in atom), sum(totals[s] for s in atom)
        if any(
            min(HIGHEST * n, held) - max(0.0, held - HIGHEST * (people - n)) < width * n
            for n in range(1, min(least - 1, people) + 1)
        ):
            tight += atom
    return tight


def list_small_groups(
    part: Component, strata: Collection[str], sizes: Mapping[str, int], least: int
) -> list[Group]:
    """Return the unions of strata with 1 to ``least`` - 1 answers that have fewer than that together.

    If these are more than ``MOST_GROUPS``, only those whose strata stand in one equation; if these are,
    only pairs of them, or single strata: the more unknowns hold a group, the wider it is.

    >>> from survey_service.disclosure.system import Equation, Figure
    >>> abc = frozenset("abc")
    >>> part = Component(abc, (Equation(abc, Figure("abc", abc)),))
    >>> list_small_groups(part, abc, {"a": 3, "b": 1, "c": 9}, 5)
    [('a',), ('b',), ('a', 'b')]
    """
    among = frozenset(strata)
    near = [inside for e in part.equations if (inside := e.strata & among)]
    for families, most in (([among], least - 1), (near, least - 1), (near, 2)):
        listed = (g for family in families for g in _unite(family, sizes, least, most))
        groups = set(islice(listed, MOST_GROUPS + 1))
        if len(groups) <= MOST_GROUPS:
            break
    else:
        groups = set(_unite(among, sizes, least, 1))
    return sorted(groups, key=lambda group: (len(group), group))


def _unite(
    strata: Collection[str], sizes: Mapping[str, int], least: int, most: int
) -> Iterator[Group]:
    """Yield every union of up to ``most`` strata with fewer than ``least`` answers."""
    small = sorted(s for s in strata if 0 < sizes[s] < least)
    open_unions: list[tuple[Group, int, int]] = [((), 0, 0)]
    while open_unions:
        union, start, people = open_unions.pop()
        for place in range(start, len(small)):
            held = people + sizes[small[place]]
            if held < least:
                larger = (*union, small[place])
                yield larger
                if len(larger) < most and held < least - 1:
                    open_unions.append((larger, place + 1, held))


def find_pinned(
    part: Component,
    sizes: Mapping[str, int],
    totals: Mapping[str, float],
    least: int,
    width: float,
    weighted: Sequence[Row] = (),
    wide: set[Group] | None = None,
) -> list[Pinned]:
    """Return small groups of a component whose mean is known to less than ``width`` points.

    Not more than ``MOST_FINDINGS``; none only if there is none.

    Parameters
    ----------
    sizes, totals : mapping
        Answers of every stratum of the component, and the sum of their scores.
    least : int
        Groups of fewer answers are small.
    weighted : sequence of Row
        Further rows known exactly; a component of its own must then hold all their strata.
    wide : set of groups
        Groups known to be wide, which are skipped; those found to be are added. When less is shown
        they only get wider.

    Examples
    --------
    Three of a unit of 23 with a mean of 99: nobody is shown alone, yet the three are known.

    >>> from survey_service.disclosure.system import Component, Equation, Figure
    >>> unit = frozenset("ab")
    >>> part = Component(unit, (Equation(unit, Figure("unit", unit)),))
    >>> find_pinned(part, {"a": 3, "b": 20}, {"a": 300, "b": 1977}, 5, 50)
    [Pinned(strata=('a',), low=92.33333333333333, high=100.0, equations=(0,))]
    >>> find_pinned(part, {"a": 3, "b": 20}, {"a": 180, "b": 1200}, 5, 50)
    []
    """
    wide = set() if wide is None else wide
    tight = list_tight(part, sizes, totals, least, width, weighted)
    groups = [g for g in list_small_groups(part, tight, sizes, least) if g not in wide]
    if not groups:
        return []
    if len(part.equations) == 1 and not weighted:
        return list(_bound_by_one(part, groups, sizes, totals, width))
    if len(part.strata) > LARGEST_PROGRAM and not weighted:
        found = _bound_nearby(part, groups, sizes, totals, width, wide)
    else:
        program = _SmallProgram(part, sizes, totals, weighted)
        found = _bound_by_programs(program, groups, width, wide)
    return list(islice(found, MOST_FINDINGS))


def _bound_nearby(
    part: Component,
    groups: Sequence[Group],
    sizes: Mapping[str, int],
    totals: Mapping[str, float],
    width: float,
    wide: set[Group],
) -> Iterator[Pinned]:
    """Bound groups of a large component, at first with everything held fast that is far from them.

    What moves when little may move is less than what could; so no narrow group is missed. Only what
    is narrow then is bounded with everything free.
    """
    touching: dict[str, list[int]] = {}
    for number, equation in enumerate(part.equations):
        for stratum in equation.strata:
            touching.setdefault(stratum, []).append(number)
    narrow = []
    for group in groups:
        near = _list_near(part, group, touching)
        numbers = sorted({number for stratum in near for number in touching[stratum]})
        equations = (part.equations[number] for number in numbers)
        inside = tuple(replace(each, strata=each.strata & near) for each in equations)
        program = _SmallProgram(Component(near, inside), sizes, totals)
        (low,), (high,) = program.explore(program.indicate([group]))
        if high - low < width - _TOLERANCE:
            narrow.append(group)
        else:
            wide.add(group)
    if narrow:
        yield from _bound_by_programs(_Program(part, sizes, totals), narrow, width, wide)


def _list_near(part: Component, group: Group, touching: Mapping[str, list[int]]) -> frozenset[str]:
    """Return the strata around a group, equation by equation outward, until they are enough."""
    near, ring = set(group), set(group)
    while ring and len(near) < _NEAR:
        around = sorted(
            {number for stratum in ring for number in touching[stratum]},
            key=lambda number: (len(part.equations[number].strata), number),
        )
        ring = set()
        for number in around:
            ring |= set(sorted(part.equations[number].strata - near)[: max(0, _NEAR - len(near))])
            near |= ring
    return frozenset(near)


def _bound_by_one(
    part: Component,
    groups: Sequence[Group],
    sizes: Mapping[str, int],
    totals: Mapping[str, float],
    width: float,
) -> Iterator[Pinned]:
    """Bound groups by a single sum: what the others cannot hold, and what there is."""
    known = sum(totals[s] for s in part.strata)
    people = sum(sizes[s] for s in part.strata)
    for group in groups:
        n = sum(sizes[s] for s in group)
        low = max(0.0, known - HIGHEST * (people - n)) / n
        high = min(HIGHEST * n, known) / n
        if high - low < width - _TOLERANCE:
            yield Pinned(group, low, high, (0,))


def _bound_by_programs(
    program: "_Program", groups: Sequence[Group], width: float, wide: set[Group]
) -> Iterator[Pinned]:
    """Bound groups one by one; answers found for some often show that others are wide as well."""
    member = program.indicate(groups)
    people = member @ program.sizes
    lows, highs = program.explore(member)
    for number in range(_BATCHES):
        # neighbours hinder each other: every batch takes groups from all over
        batch = np.flatnonzero(highs - lows < width - _TOLERANCE)[number::_BATCHES]
        goal = sum(program.aim(member, place) / people[place] for place in batch)
        for sign in (1.0, -1.0) if len(batch) > 1 else ():
            found = program.minimise(sign * goal)
            if found is not None:
                means = member @ found.x / people
                lows, highs = np.minimum(lows, means), np.maximum(highs, means)
    for number, group in enumerate(groups):
        if highs[number] - lows[number] < width - _TOLERANCE:
            force = np.zeros(program.matrix.shape[0])
            for sign in (1.0, -1.0):
                found = program.minimise(sign * program.aim(member, number))
                if found is None:  # the solver gave up: take the group as known
                    yield Pinned(group, 0.0, 0.0, tuple(range(len(force))))
                    break
                means = member @ found.x / people
                lows, highs = np.minimum(lows, means), np.maximum(highs, means)
                force += np.abs(found.eqlin.marginals)
                if highs[number] - lows[number] >= width - _TOLERANCE:
                    wide.add(group)
                    break
            else:
                ends = float(lows[number]), float(highs[number])
                yield Pinned(group, *ends, tuple(np.flatnonzero(force > _TOLERANCE).tolist()))
        else:
            wide.add(group)


class _Program:
    """The answers that agree with all shown sums of one component, of which each holds few strata."""

    def __init__(
        self,
        part: Component,
        sizes: Mapping[str, int],
        totals: Mapping[str, float],
        weighted: Sequence[Row] = (),
    ) -> None:
        strata = sorted(part.strata)
        self._place = {s: n for n, s in enumerate(strata)}
        rows: list[Row] = [dict.fromkeys(sorted(e.strata), 1) for e in part.equations]
        self.matrix = self._write([*rows, *weighted])
        self.sizes = np.array([sizes[s] for s in strata], np.float64)
        self._known = self.matrix @ np.array([totals[s] for s in strata])
        self._most = HIGHEST * self.sizes

    def indicate(self, groups: Sequence[Group]) -> Any:  # noqa: ANN401 - scipy has no types
        """Return which strata belong to which group, of shape (groups, strata)."""
        return self._write([dict.fromkeys(group, 1) for group in groups])

    def explore(self, member: Any) -> tuple[Floats, Floats]:  # noqa: ANN401 - scipy has no types
        """Return means that every group can have for certain, a low and a high one: unknown yet."""
        groups = member.shape[0]
        return np.full(groups, HIGHEST), np.zeros(groups)

    def aim(self, member: Any, number: int) -> Any:  # noqa: ANN401 - scipy has no types
        """Return the coefficients of the sum over one group."""
        return member[[number]].toarray()[0]

    def minimise(self, goal: Floats) -> Any:  # noqa: ANN401 - scipy has no types
        """Return the answers with the lowest ``goal``; None if the solver finds none."""
        return _minimise(goal, self.matrix, self._known, self._most)

    def _write(self, rows: Sequence[Row]) -> Any:  # noqa: ANN401 - scipy has no types
        from scipy.sparse import csr_array  # noqa: PLC0415 - slow to load

        columns = [self._place[s] for row in rows for s in row]
        weights = [float(weight) for row in rows for weight in row.values()]
        ends = np.cumsum([0, *map(len, rows)])
        return csr_array((weights, columns, ends), shape=(len(rows), len(self._place)))


class _SmallProgram(_Program):
    """The same for a component that is small enough to look at the space of all such answers."""

    def explore(self, member: Floats) -> tuple[Floats, Floats]:
        """Return means that every group can have for certain: a low and a high one.

        From answers that keep away from 0 and 100 as far as possible, go straight in the direction
        that moves the group most and leaves all shown sums, until a stratum reaches an end.
        """
        people = member @ self.sizes
        scaled = self.matrix * self._most
        left, strengths, directions = np.linalg.svd(scaled, full_matrices=False)
        rank = int((strengths > _TOLERANCE * strengths[0]).sum())
        bound = directions[:rank]
        # of all that agree with the sums, the answers nearest to the middle of the scale
        missing = left[:, :rank].T @ (self._known - scaled.sum(axis=1) / 2) / strengths[:rank]
        nearest: Floats = 0.5 + missing @ bound
        is_inside = np.abs(nearest - 0.5).max() <= _NEAR_END
        center = nearest if is_inside else self._find_center()
        if center is None:
            return super().explore(member)
        goals = member * self._most
        steps = goals - goals @ bound.T @ bound  # what leaves all shown sums
        with np.errstate(divide="ignore", invalid="ignore"):
            up = np.where(
                steps > 0, (1 - center) / steps, np.where(steps < 0, -center / steps, np.inf)
            )
            down = np.where(
                steps > 0, center / steps, np.where(steps < 0, (center - 1) / steps, np.inf)
            )
        reach = (goals * steps).sum(axis=1) / people
        means = member @ (center * self._most) / people
        moves = reach > _TOLERANCE
        lows = np.where(moves, means - reach * down.min(axis=1), means)
        return lows, np.where(moves, means + reach * up.min(axis=1), means)

    def aim(self, member: Floats, number: int) -> Any:  # noqa: ANN401
        """Return the coefficients of the sum over one group."""
        return member[number]

    def _find_center(self) -> Floats | None:
        """Return answers, as shares of the most there can be, as far from both ends as possible."""
        # variables: how far every stratum is above the distance, and the distance itself
        strata = len(self.sizes)
        matrix = np.column_stack([self.matrix, self.matrix @ self._most])
        below = np.column_stack([np.diag(1 / self._most), np.full(strata, 2.0)])
        goal = np.concatenate([np.zeros(strata), [-1.0]])
        most = np.concatenate([self._most, [0.5]])
        found = _minimise(goal, matrix, self._known, most, (below, np.ones(strata)))
        if found is None:
            return None
        center: Floats = found.x[:-1] / self._most + found.x[-1]
        return center

    def _write(self, rows: Sequence[Row]) -> Floats:
        matrix = np.zeros((len(rows), len(self._place)))
        for line, row in zip(matrix, rows, strict=True):
            for stratum, weight in row.items():
                line[self._place[stratum]] = float(weight)
        return matrix


def _minimise(
    goal: Floats,
    equal: Any,  # noqa: ANN401 - scipy has no types
    known: Floats,
    most: Floats,
    below: tuple[Floats, Floats] | tuple[None, None] = (None, None),
) -> Any:  # noqa: ANN401 - scipy has no types
    """Solve a linear program with variables from 0 to ``most``; None if the solver finds nothing."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to load

    bounds = np.stack([np.zeros_like(most), most], axis=1)
    found = linprog(goal, *below, equal, known, bounds, method="highs")
    return found if found.success else None
