"""Which small sets follow exactly from what is shown: one random vector tests all of them.

Let A hold one row for every shown sum and one column for every stratum. The sum over a set T of
strata follows from the shown ones if and only if the indicator of T lies in the row space of A,
that is, if it is orthogonal to every z with A z = 0. For one z drawn at random from that space, over
the integers modulo the prime p = 2^61 - 1, the sum of z over T is 0 always if T follows, and with
chance 1/p otherwise. So nothing that follows is ever missed.

References
----------
Schwartz 1980 and Zippel 1979 for the chance; Hundepool et al. 2012, ch. 4, for the problem. The
"random" numbers are hashes of the strata: the same release always gives the same audit.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.system import Component, Row, group_atoms

PRIME = 2**61 - 1
LARGEST_UNION = 4
_FEW = 8
"""Of so many strata, or fewer, all unions are tried."""

_Residues = dict[str, int]
Integers = NDArray[np.integer]


def solve(components: Sequence[Component], weighted: Sequence[Row] = ()) -> dict[str, int]:
    """Return a vector modulo ``PRIME`` that every equation makes 0, otherwise at random.

    ``weighted`` are further equations over any strata, such as a weighted mean of the whole.

    Examples
    --------
    Two columns of a table are shown, and one row; the other row follows, no single cell does.

    >>> from survey_service.disclosure.system import Figure, System
    >>> shown = [Figure("x", frozenset("ac")), Figure("y", frozenset("bd")),
    ...          Figure("1", frozenset("ab"), "row")]
    >>> z = solve(System(shown, "abcd").components)
    >>> (z["c"] + z["d"]) % PRIME, z["a"] == 0
    (0, False)
    """
    draws = [
        dict(chain.from_iterable(_solve_component(part, n).items() for part in components))
        for n in range(len(weighted) + 1)
    ]
    rows = [{s: to_residue(w) for s, w in row.items()} for row in weighted]
    while rows:
        # take from every vector so much of the last one that the row makes it 0
        row, (*draws, last) = rows.pop(), draws
        share = multiply(row, last)
        if share == 0:
            draws = draws or [last]
            continue
        inverse = pow(share, -1, PRIME)
        draws = [_add(draw, last, -multiply(row, draw) * inverse % PRIME) for draw in draws]
    return draws[0]


def find_determined(
    values: Mapping[str, int], sizes: Mapping[str, int], least: int
) -> list[tuple[str, ...]]:
    """Return the smallest unions of up to four strata with fewer than ``least`` answers that follow.

    ``values`` is what ``solve`` returned, restricted to strata that share equations. Unions that
    hold a smaller one are left out.

    >>> find_determined({"a": 5, "b": PRIME - 5, "c": 0, "d": 7}, {"a": 2, "b": 2, "c": 1, "d": 1}, 5)
    [('c',), ('a', 'b')]
    """
    small = sorted(s for s in values if sizes[s] < least)
    singles = [(s,) for s in small if values[s] == 0]
    rest = [s for s in small if values[s]]
    search = _try_unions if len(rest) <= _FEW else _find_unions
    found = search(rest, values, sizes, least) if len(rest) > 1 else set()
    smallest = (u for u in found if not any(set(v) < set(u) for v in found))
    return [*singles, *sorted(smallest, key=lambda union: (len(union), union))]


def list_candidates(
    part: Component, sizes: Mapping[str, int], least: int, rows: Sequence[Row] = ()
) -> list[str]:
    """Return the strata that may belong to a union of fewer than ``least`` answers that follows.

    They stand in atoms that have no more: what follows holds all of an atom or nothing of it.
    """
    return [
        stratum
        for atom in group_atoms(part, rows)
        if sum(sizes[s] for s in atom) < least
        for stratum in atom
    ]


def explain(rows: Sequence[Row], targets: Iterable[Collection[str]]) -> Iterator[dict[int, int]]:
    """Yield how each of some sets follows from rows: number of the row -> coefficient modulo ``PRIME``.

    Empty if it does not follow. Earlier rows are preferred where there are several ways.

    >>> list(explain([{"a": 1, "b": 1}, {"c": 1}, {"b": 1}], ["a", "ac", "d"]))
    [{0: 1, 2: 2305843009213693950}, {0: 1, 1: 1, 2: 2305843009213693950}, {}]
    """
    echelon = _Echelon()
    for number, row in enumerate(rows):
        echelon.enter({s: to_residue(weight) for s, weight in row.items()}, number)
    for target in targets:
        rest, used = echelon.reduce(dict.fromkeys(target, 1), {})
        yield {} if rest else used


def to_residue(weight: int | Fraction) -> int:
    """Return a number modulo ``PRIME``.

    >>> to_residue(Fraction(1, 2)) * 2 % PRIME
    1
    """
    if isinstance(weight, int):
        return weight % PRIME
    return weight.numerator * pow(weight.denominator, -1, PRIME) % PRIME


def multiply(row: Mapping[str, int], values: Mapping[str, int]) -> int:
    """Return the product of a row and a vector modulo ``PRIME``; what the vector lacks is 0.

    >>> multiply({"a": 2, "b": 3}, {"a": 10})
    20
    """
    return sum(weight * values.get(stratum, 0) for stratum, weight in row.items()) % PRIME


class _Echelon:
    """Rows in echelon form with a record of how each was made from those entered."""

    def __init__(self, frequency: Mapping[str, int] | None = None) -> None:
        self.rows: list[tuple[str, _Residues]] = []
        self._origins: list[dict[int, int]] = []
        self._position: dict[str, int] = {}
        self._frequency = frequency or {}

    def enter(self, row: _Residues, origin: int | None = None) -> None:
        """Add a row unless it follows from those before."""
        made = {} if origin is None else {origin: PRIME - 1}
        rest, made = self.reduce(row, made)
        if not rest:
            return
        pivot = min(rest, key=lambda s: (self._frequency.get(s, 0), s))
        inverse = pow(rest[pivot], -1, PRIME)
        self._position[pivot] = len(self.rows)
        self.rows.append((pivot, {s: w * inverse % PRIME for s, w in rest.items()}))
        self._origins.append({key: -w * inverse % PRIME for key, w in made.items()})

    def reduce(self, row: _Residues, made: dict[int, int]) -> tuple[_Residues, dict[int, int]]:
        """Subtract the rows before; return what is left, and what was subtracted, of what entered.

        A row never holds the pivot of one before it, so that one pass in their order is enough.
        """
        position = self._position
        waiting = [position[s] for s in row if s in position]
        heapify(waiting)
        while waiting:
            number = heappop(waiting)
            pivot, other = self.rows[number]
            share = row.get(pivot)
            if not share:
                continue
            for stratum, weight in other.items():
                left = (row.get(stratum, 0) - share * weight) % PRIME
                if not left:
                    row.pop(stratum, None)
                    continue
                if stratum not in row and stratum in position:
                    heappush(waiting, position[stratum])
                row[stratum] = left
            for key, weight in self._origins[number].items():
                made[key] = (made.get(key, 0) + share * weight) % PRIME
        return row, {key: weight for key, weight in made.items() if weight}


def _solve_component(part: Component, draw: int) -> _Residues:
    values = {stratum: 0 for stratum, _ in part.told}
    unknown = [[s for s in equation.strata if s not in values] for equation in part.equations]
    echelon = _Echelon(Counter(chain.from_iterable(unknown)))
    for row in sorted(filter(None, unknown), key=lambda row: (len(row), min(row))):
        echelon.enter(dict.fromkeys(row, 1))
    bound = {pivot for pivot, _ in echelon.rows}
    values |= {s: _draw(s, draw) for s in part.strata if s not in bound and s not in values}
    for pivot, weights in reversed(echelon.rows):
        values[pivot] = -sum(w * values[s] for s, w in weights.items() if s != pivot) % PRIME
    return values


def _try_unions(
    strata: Sequence[str], values: Mapping[str, int], sizes: Mapping[str, int], least: int
) -> set[tuple[str, ...]]:
    """Find unions whose values cancel by trying all."""
    unions = chain.from_iterable(combinations(strata, n) for n in range(2, LARGEST_UNION + 1))
    return {
        union
        for union in unions
        if not sum(values[s] for s in union) % PRIME and sum(sizes[s] for s in union) < least
    }


def _find_unions(
    strata: Sequence[str], values: Mapping[str, int], sizes: Mapping[str, int], least: int
) -> set[tuple[str, ...]]:
    """Find pairs, triples (single and pair) and quadruples (pair and pair) whose values cancel.

    The two smallest of three or four strata hold at most two thirds of their people. So one pair of
    a triple or quadruple is such a *light* one, and the other leaves room for two more strata.
    """
    value = np.array([values[s] for s in strata], np.uint64)
    size = np.array([sizes[s] for s in strata], np.int64)
    most = least - 1
    singles = np.arange(len(strata))[:, None]
    light = _list_pairs(size, 2 * most // 3)
    beside = _list_pairs(size, most - 2 * int(size.min()))
    found: set[tuple[str, ...]] = set()
    for left, right in ((singles, singles), (singles, light), (beside, light)):
        for one, other in _match(value[left].sum(axis=1), value[right].sum(axis=1)):
            union = {*left[one].tolist(), *right[other].tolist()}
            if len(union) == left.shape[1] + right.shape[1] and size[list(union)].sum() <= most:
                found.add(tuple(strata[place] for place in sorted(union)))
    return found


def _list_pairs(size: NDArray[np.int64], most: int) -> Integers:
    """Return the pairs of strata that hold no more than ``most`` people, shape (pairs, 2)."""
    among = np.flatnonzero(size <= most - size.min())
    one, other = np.triu_indices(len(among), 1)
    fits = size[among[one]] + size[among[other]] <= most
    return np.stack([among[one[fits]], among[other[fits]]], axis=1)


def _match(lefts: NDArray[np.uint64], rights: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    """Yield (left, right) of which the sums make 0 modulo the prime together."""
    prime = np.uint64(PRIME)
    wanted = (prime - lefts % prime) % prime
    rights = rights % prime
    order = np.argsort(rights, kind="stable")
    ranked = rights[order]
    first, last = (np.searchsorted(ranked, wanted, side) for side in ("left", "right"))
    for left in np.flatnonzero(first < last).tolist():
        for right in order[first[left] : last[left]].tolist():
            yield left, right


@lru_cache(maxsize=2**17)
def _draw(stratum: str, number: int) -> int:
    digest = hashlib.blake2b(f"{number}\t{stratum}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % PRIME


def _add(values: _Residues, other: _Residues, share: int) -> _Residues:
    return {s: (value + share * other[s]) % PRIME for s, value in values.items()}
