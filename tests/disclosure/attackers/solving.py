"""The attacks: row space by projection, unions by random weights, intervals by linear programs.

An implementation of its own, on floating-point projections and its own programs, so that a fault of
the audit does not repeat itself here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from tests.disclosure.attackers.reading import Claim

EPSILON = 1e-7
Group = frozenset[str]
Floats = NDArray[np.float64]


class Space:
    """All that follows from sums over some groups, and weighted sums: the projection away from them."""

    def __init__(
        self,
        groups: Iterable[Group],
        unknowns: Collection[str],
        weighted: Sequence[Mapping[str, float]] = (),
    ) -> None:
        self.unknowns = sorted(unknowns)
        self.place = {name: n for n, name in enumerate(self.unknowns)}
        distinct = {group & frozenset(self.place) for group in groups} - {frozenset()}
        sums = [dict.fromkeys(group, 1.0) for group in sorted(distinct, key=sorted)]
        matrix = np.zeros((len(sums) + len(weighted), len(self.unknowns)))
        for row, weights in zip(matrix, (*sums, *weighted), strict=True):
            for name in weights.keys() & self.place.keys():
                row[self.place[name]] = weights[name]
        self.left = np.eye(len(self.unknowns))
        if len(matrix):
            _, strengths, rows = np.linalg.svd(matrix, full_matrices=False)
            rows = rows[strengths > 1e-9 * strengths[0]]
            self.left -= rows.T @ rows

    def follows(self, group: Collection[str]) -> bool:
        """Say whether the sum over a group follows: nothing of it is left after projection."""
        if not group or not set(group) <= self.place.keys():
            return False
        members = [self.place[name] for name in group]
        return float(np.abs(self.left[:, members].sum(axis=1)).max()) < EPSILON

    def find_unions(self, sizes: Mapping[str, int], fewer_than: int) -> list[Group]:
        """Return the unions of up to four small unknowns, smallest first, whose sums follow."""
        small = [name for name in self.unknowns if 0 < sizes[name] < fewer_than]
        weights = np.random.default_rng(20261122).normal(size=len(self.unknowns))
        trace = weights @ self.left
        value = {name: float(trace[self.place[name]]) for name in small}
        found = [frozenset({name}) for name in small if self.follows({name})]
        open_ones = [name for name in small if frozenset({name}) not in found]
        pairs = [
            (one, other)
            for one, other in combinations(open_ones, 2)
            if sizes[one] + sizes[other] < fewer_than
        ]
        sums = np.array([value[one] + value[other] for one, other in pairs])
        candidates = {frozenset(pairs[n]) for n in np.flatnonzero(np.abs(sums) < EPSILON)}
        order = np.argsort(sums)
        ranked = sums[order]
        halves: list[tuple[tuple[str, ...], float]] = [((name,), value[name]) for name in open_ones]
        halves += [(pair, float(total)) for pair, total in zip(pairs, sums, strict=True)]
        for names, total in halves:
            start, end = np.searchsorted(ranked, (-total - EPSILON, -total + EPSILON))
            candidates |= {frozenset((*names, *pairs[n])) for n in order[start:end]}
        fitting = [c for c in candidates if sum(sizes[name] for name in c) < fewer_than]
        found += [c for c in sorted(fitting, key=lambda c: (len(c), sorted(c))) if self.follows(c)]
        return found


def bound_mean(
    target: Collection[str], claims: Sequence[Claim], sizes: Mapping[str, int]
) -> tuple[float, float]:
    """Return between what values the mean of a group lies, given the figures as they are printed."""
    names = sorted(name for name, n in sizes.items() if n)
    place = {name: n for n, name in enumerate(names)}
    rows, limits = [], []
    for claim in claims:
        row = np.zeros(len(names))
        row[[place[name] for name in claim.group if name in place]] = 1.0
        people = sum(sizes[name] for name in claim.group)
        rows += [row, -row]
        limits += [people * (claim.mean + claim.half), -people * (claim.mean - claim.half)]
    goal = np.zeros(len(names))
    goal[[place[name] for name in target]] = 1.0
    bounds = [(0.0, 100.0 * sizes[name]) for name in names]
    ends = [
        linprog(sign * goal, np.array(rows), np.array(limits), bounds=bounds, method="highs")
        for sign in (1, -1)
    ]
    assert all(end.success for end in ends), [end.message for end in ends]
    people = sum(sizes[name] for name in target)
    return ends[0].fun / people, -ends[1].fun / people
