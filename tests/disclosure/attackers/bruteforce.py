"""Every subset, exactly: rational arithmetic on a handful of unknowns."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from math import lcm

import numpy as np

Group = frozenset[str]


def find_all_that_follow(groups: Iterable[Group], unknowns: Collection[str]) -> set[Group]:
    """Return every set of unknowns whose sum follows from the sums over the groups.

    A set follows if and only if it is orthogonal to every vector that all groups make 0.
    """
    rows = [dict.fromkeys(group, Fraction(1)) for group in groups]
    return find_all_that_follow_rows(rows, unknowns)


def find_all_that_follow_rows(
    rows: Iterable[Mapping[str, Fraction]], unknowns: Collection[str]
) -> set[Group]:
    """Return the same for sums with weights."""
    names = sorted(unknowns)
    matrix = [[row.get(name, Fraction(0)) for name in names] for row in rows]
    null = null_space(matrix, len(names))
    whole = [[int(v * lcm(*(w.denominator for w in vector))) for v in vector] for vector in null]
    subsets = np.arange(1, 2 ** len(names))[:, None] >> np.arange(len(names)) & 1
    left = subsets @ np.array(whole, np.int64).reshape(len(null), len(names)).T
    return {
        frozenset(name for name, chosen in zip(names, subset, strict=True) if chosen)
        for subset in subsets[~left.any(axis=1)]
    }


def null_space(matrix: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """Return a basis of all z with A z = 0, by elimination."""
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    for column in range(width):
        top = len(pivots)
        found = next((n for n in range(top, len(rows)) if rows[n][column]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        rows[top] = [value / rows[top][column] for value in rows[top]]
        for n, row in enumerate(rows):
            if n != top and row[column]:
                share = row[column]
                rows[n] = [a - share * b for a, b in zip(row, rows[top], strict=True)]
        pivots.append(column)
    basis = []
    for free in (column for column in range(width) if column not in pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for n, pivot in enumerate(pivots):
            vector[pivot] = -rows[n][free]
        basis.append(vector)
    return basis
