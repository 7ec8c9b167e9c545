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
from dataclasses import dataclass
from itertools import islice

import numpy as np

from survey_service.disclosure.programs import HIGHEST, TOLERANCE, Group, Program
from survey_service.disclosure.system import Component, Row, group_atoms

MOST_GROUPS = 500
MOST_FINDINGS = 8
_FEW = 2
"""So many groups, or fewer, are not worth bounding together."""


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
    program = Program(part, groups, sizes, totals, weighted)
    return list(islice(_bound_by_programs(program, groups, width, wide), MOST_FINDINGS))


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
        if high - low < width - TOLERANCE:
            yield Pinned(group, low, high, (0,))


def _bound_by_programs(
    program: Program, groups: Sequence[Group], width: float, wide: set[Group]
) -> Iterator[Pinned]:
    """Bound groups by linear programs; answers found for some often show that others are wide as well."""
    least, reach = width - TOLERANCE, program.reach
    narrow = list(range(len(groups)))
    while len(narrow) > _FEW:
        # half of them together, since neighbours hinder each other; as long as that pays
        for half in (narrow[::2], narrow[1::2]):
            program.spread(half)
        before, narrow = len(narrow), np.flatnonzero(reach.widths < least).tolist()
        if len(narrow) > before - _FEW:
            break
    wide.update(groups[number] for number in np.flatnonzero(reach.widths >= least).tolist())
    for number in narrow:
        force = program.bound(number, least) if reach.widths[number] < least else None
        if force is None:
            wide.add(groups[number])
        else:
            ends = float(reach.lows[number]), float(reach.highs[number])
            yield Pinned(groups[number], *ends, tuple(np.flatnonzero(force > TOLERANCE).tolist()))
