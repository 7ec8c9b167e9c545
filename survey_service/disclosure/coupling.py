"""Weighted means of the whole tie together what nothing else does: whether that gives anything away.

A weighted mean is one equation over all strata, w x = v. With it a set T follows only if for some
number c, T minus c w follows part by part. So in every part that T does not touch, w itself must
follow; a part in which it does not is *open*. T has at most four strata and touches no more parts. So
where more are open nothing new follows, and otherwise only the open ones need be looked at. Two rows,
of two waves, are looked at in every mixture that leaves few parts open.

Nor does it pin anything down where the other parts leave the weighted sum enough room; where that
cannot be seen at a glance, linear programs over everything say it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.audit import Memory, View
from survey_service.disclosure.intervals import find_pinned, list_tight
from survey_service.disclosure.nullvector import (
    LARGEST_UNION,
    PRIME,
    find_determined,
    list_candidates,
    multiply,
    solve,
    to_residue,
)
from survey_service.disclosure.programs import HIGHEST
from survey_service.disclosure.system import Component, Figure, Row, System

MOST_STRATA = 1500
_MOST_ROWS = 2
_HALF_STEP = 0.05
_CORNERS = 4

Floats = NDArray[np.float64]


def gives_away(
    view: View,
    figures: Collection[Figure],
    rows: Sequence[Row],
    memory: Memory | None = None,
) -> bool:
    """Return whether weighted sums beside figures give away what the figures alone do not.

    Parameters
    ----------
    view : View
        What is to be protected.
    figures : collection of Figure
    rows : sequence of Row
        Coefficients of weighted sums. More than two over very many strata are looked at two by two.
    memory : Memory, optional
        What auditors worked out of the same parts.

    Examples
    --------
    Everybody of 甲 weighs 1 and everybody of 乙 weighs 2, so both units follow from the two means of
    the whole; three units do not.

    >>> whole = [Figure("whole", frozenset("ab"))]
    >>> gives_away(View({"a": 3, "b": 9}, 5), whole, [{"a": 1, "b": 2}])
    True
    >>> whole = [Figure("whole", frozenset("abc"))]
    >>> gives_away(View({"a": 3, "b": 9, "c": 9}, 5), whole, [{"a": 1, "b": 2, "c": 3}])
    False
    """
    if len(rows) > _MOST_ROWS and len(view.sizes) > MOST_STRATA:
        pairs = combinations(rows, _MOST_ROWS)
        return any(gives_away(view, figures, pair, memory) for pair in pairs)
    memory = memory or Memory()
    rows = [{s: weight for s, weight in row.items() if s in view.sizes} for row in rows]
    parts = _list_parts(view, figures)
    residues = {part: _measure(memory.solve(part), part, rows) for part in parts}
    if not any(map(any, residues.values())):
        return False  # the rows follow from the figures
    if len(view.sizes) > MOST_STRATA:  # to pin down is then the quicker question
        return _pins_down(view, parts, rows) or _determines(view, residues, rows)
    return _determines(view, residues, rows) or _pins_down(view, parts, rows)


def _determines(
    view: View, residues: Mapping[Component, tuple[int, ...]], rows: Sequence[Row]
) -> bool:
    """Return whether a group follows exactly only with the rows."""
    named = _list_named(view)
    values = solve(list(residues), rows) if named else {}
    if any(not sum(values[s] for s in group) % PRIME for group in named):
        return True
    for part, mixture in _list_open(residues, rows):
        candidates = list_candidates(part, view.sizes, view.least, mixture)
        if candidates:
            around = solve([part], mixture)
            here = {s: around[s] for s in candidates}
            if find_determined(here, view.sizes, view.least):
                return True
    return False


def _list_parts(view: View, figures: Collection[Figure]) -> list[Component]:
    """Return the parts of the figures; a stratum of which nothing is shown is one of its own."""
    parts = System(figures, view.sizes).components
    shown = frozenset[str]().union(*(part.strata for part in parts))
    alone = (Component(frozenset((s,)), ()) for s in sorted(view.sizes.keys() - shown))
    return [*parts, *alone]


def _list_named(view: View) -> list[frozenset[str]]:
    return [inside for group in view.named if (inside := group & view.sizes.keys())]


def _list_open(
    residues: Mapping[Component, tuple[int, ...]], rows: Sequence[Row]
) -> Iterator[tuple[Component, list[Row]]]:
    """Yield every union of few parts outside of which a mixture of the rows follows."""
    touched = {part: shares for part, shares in residues.items() if any(shares)}
    if len(touched) <= LARGEST_UNION or len(rows) > _MOST_ROWS:
        if touched:
            yield _unite(touched), list(rows)
        return
    if len(rows) == 1:
        return
    mixtures = Counter(_cancel(shares) for shares in touched.values())
    for mixture, closed in mixtures.items():
        if len(touched) - closed <= LARGEST_UNION:
            rest = [part for part, shares in touched.items() if _cancel(shares) != mixture]
            if rest:
                yield _unite(rest), [_mix(rows, mixture)]


def _measure(around: Mapping[str, int], part: Component, rows: Sequence[Row]) -> tuple[int, ...]:
    """Return for every row what is left of it in a part, of a vector there: 0 where it follows."""
    return tuple(
        multiply({s: to_residue(row[s]) for s in part.strata if s in row}, around) for row in rows
    )


def _cancel(shares: tuple[int, ...]) -> tuple[int, ...]:
    """Return the mixture of two rows that leaves nothing of them where these shares are left."""
    one, other = shares
    if not other:
        return (0, 1)
    return (1, -one * pow(other, -1, PRIME) % PRIME)


def _mix(rows: Sequence[Row], mixture: tuple[int, ...]) -> Row:
    mixed: Counter[str] = Counter()
    for row, share in zip(rows, mixture, strict=True):
        mixed.update({s: to_residue(weight) * share for s, weight in row.items()})
    return {s: weight % PRIME for s, weight in mixed.items()}


def _unite(parts: Collection[Component]) -> Component:
    strata = frozenset[str]().union(*(part.strata for part in parts))
    return Component(strata, tuple(equation for part in parts for equation in part.equations))


def _without_empty(part: Component, view: View) -> Component:
    """Leave out the strata of which nobody answered: there is nothing to bound."""
    kept = frozenset(s for s in part.strata if view.sizes[s])
    equations = (replace(each, strata=each.strata & kept) for each in part.equations)
    return Component(kept, tuple(each for each in equations if each.strata))


def _pins_down(view: View, parts: Sequence[Component], rows: Sequence[Row]) -> bool:
    """Return whether a small group is known closely only with the rows."""
    if view.totals is None:
        return False
    united = _unite([_without_empty(part, view) for part in parts])
    rows = [{s: weight for s, weight in row.items() if view.sizes[s]} for row in rows]
    has_room = all(_leaves_room(view, parts, row) for row in rows)
    is_large = len(view.sizes) > MOST_STRATA
    if has_room and (len(rows) == 1 or is_large):
        return False
    if not list_tight(united, view.sizes, view.totals, view.least, view.width, rows):
        return False
    if is_large:
        return True
    pinned = find_pinned(united, view.sizes, view.totals, view.least, view.width, rows)
    return bool(pinned)


def _leaves_room(view: View, parts: Sequence[Component], row: Row) -> bool:
    """Return whether the other parts, and rounding, can take up whatever a small group may hold.

    A part with a single sum has exactly the room between its lowest and its highest weighted sum;
    of others none is counted on. What a small group needs is that of its part, or that of the
    rectangle of four cells in which people of a table of units by roles are moved.
    """
    assert view.totals is not None  # noqa: S101
    weights = {s: float(weight) for s, weight in row.items()}
    heaviest = max(map(abs, weights.values()), default=0.0)
    most = _CORNERS * heaviest * HIGHEST * max(view.least - 1, 0)
    people = sum(weight * view.sizes[s] for s, weight in weights.items() if weight > 0)
    rooms, needs = [], []
    for part in parts:
        strata = sorted(part.strata)
        weight = np.array([weights.get(s, 0.0) for s in strata])
        held = np.array([view.totals[s] for s in strata])
        limit = HIGHEST * np.array([view.sizes[s] for s in strata], np.float64)
        down, up = _measure_room(weight, held, limit, is_free=not part.equations)
        rooms.append((down, up) if len(part.equations) <= 1 else (0.0, 0.0))
        needs.append((min(down, most), min(up, most)))
    room = np.array(rooms)
    spare = room.sum(axis=0) - room + _HALF_STEP * people
    # where a group takes more, the others must take less
    return bool((spare[:, ::-1] >= np.array(needs)).all())


def _measure_room(
    weight: Floats, held: Floats, limit: Floats, *, is_free: bool
) -> tuple[float, float]:
    """Return how far a weighted sum can go down and up while the plain sum stays."""
    if is_free:
        up, down = np.maximum(weight, 0), np.maximum(-weight, 0)
        rest = limit - held
        return float(up @ held + down @ rest), float(up @ rest + down @ held)
    ends = []
    for order in (np.argsort(weight, kind="stable"), np.argsort(-weight, kind="stable")):
        filled = np.clip(held.sum() - (np.cumsum(limit[order]) - limit[order]), 0.0, limit[order])
        ends.append(float(weight[order] @ filled))
    here = float(weight @ held)
    return here - ends[0], ends[1] - here
