"""Linear programs over all answers that agree with what is shown of one component.

What is known exactly is *peeled off* first: an equation with a single unknown tells it, and is gone from
the others, which may then have a single unknown left. In a large organisation that leaves a quarter.
Multipliers are carried back to the equations that were peeled off, so that whoever is known
closely is known by naming every equation it takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.system import Component, Row

HIGHEST = 100.0
TOLERANCE = 1e-6
LARGEST_DENSE = 120
_NEAR_END = 0.45

Group = tuple[str, ...]
Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Matrix = Any
"""An array of scipy or numpy; scipy has no types."""


@dataclass
class Reach:
    """Means that every group can have for certain, whatever is shown: a low and a high one."""

    lows: Floats
    highs: Floats

    @property
    def widths(self) -> Floats:
        """Return how far they are apart; below 0 where none is known yet."""
        return self.highs - self.lows

    def enter(self, means: Floats) -> None:
        """Add means that the groups have in some answers that agree with what is shown."""
        self.lows = np.minimum(self.lows, means)
        self.highs = np.maximum(self.highs, means)


class Program:
    """The answers that agree with all shown sums of one component.

    Parameters
    ----------
    sizes, totals : mapping
        Answers of every stratum of the component, and the sum of their scores.
    weighted : sequence of Row
        Further rows known exactly; they are counted after the equations.
    """

    def __init__(
        self,
        part: Component,
        sizes: Mapping[str, int],
        totals: Mapping[str, float],
        weighted: Sequence[Row] = (),
    ) -> None:
        strata = sorted(part.strata)
        self._place = {s: n for n, s in enumerate(strata)}
        self._sums = np.array([totals[s] for s in strata], np.float64)
        self._most = HIGHEST * np.array([sizes[s] for s in strata], np.float64)
        self._peeled = _peel(part)
        told = {stratum for stratum, _ in self._peeled}
        self._free = np.array([n for n, s in enumerate(strata) if s not in told], np.intp)
        self._is_dense = len(self._free) <= LARGEST_DENSE
        equations: list[Row] = [dict.fromkeys(e.strata, 1) for e in part.equations]
        self._rows = [*equations, *weighted]
        gone = {number for _, number in self._peeled}
        self._kept = [n for n in range(len(self._rows)) if n not in gone]
        self._matrix = self._write([self._rows[n] for n in self._kept])[:, self._free]
        self._known = self._matrix @ self._sums[self._free]

    def indicate(self, groups: Sequence[Group]) -> Matrix:
        """Return what makes means of sums, of shape (groups, strata)."""
        size = {s: self._most[n] / HIGHEST for s, n in self._place.items()}
        people = [sum(size[s] for s in group) for group in groups]
        return self._write(
            [dict.fromkeys(group, 1 / n) for group, n in zip(groups, people, strict=True)]
        )

    def explore(self, members: Matrix) -> Reach:
        """Return means that every group can have for certain; unknown yet where there is much to see.

        From answers that keep away from 0 and 100 as far as possible, go straight in the direction
        that moves the group most and leaves all shown sums, until a stratum reaches an end.
        """
        means = members @ self._sums
        if not self._is_dense or not len(self._free):
            return Reach(means, means.copy())
        most = self._most[self._free]
        scaled = self._matrix * most
        left, strengths, directions = np.linalg.svd(scaled, full_matrices=False)
        rank = int((strengths > TOLERANCE * strengths[0]).sum())
        bound = directions[:rank]
        # of all that agree with the sums, the answers nearest to the middle of the scale
        missing = left[:, :rank].T @ (self._known - scaled.sum(axis=1) / 2) / strengths[:rank]
        nearest: Floats = 0.5 + missing @ bound
        is_inside = np.abs(nearest - 0.5).max() <= _NEAR_END
        center = nearest if is_inside else self._find_center()
        if center is None:
            return Reach(means, means.copy())
        goals = members[:, self._free] * most
        steps = goals - goals @ bound.T @ bound  # what leaves all shown sums
        with np.errstate(divide="ignore", invalid="ignore"):
            up = np.where(
                steps > 0, (1 - center) / steps, np.where(steps < 0, -center / steps, np.inf)
            )
            down = np.where(
                steps > 0, center / steps, np.where(steps < 0, (center - 1) / steps, np.inf)
            )
        gain = (goals * steps).sum(axis=1)
        means = members @ self._fill(center * most)
        moves = gain > TOLERANCE
        return Reach(
            np.where(moves, means - gain * down.min(axis=1), means),
            np.where(moves, means + gain * up.min(axis=1), means),
        )

    def spread(self, members: Matrix, numbers: Integers, reach: Reach) -> None:
        """Push the means of some groups together as low, then as high as they go; see where all are."""
        goal = members[numbers].sum(axis=0)[self._free]
        for sign in (1.0, -1.0):
            found = self._minimise(sign * goal)
            if found is not None:
                reach.enter(members @ self._fill(found.x))

    def bound(self, members: Matrix, number: int, reach: Reach, least: float) -> Floats | None:
        """Find how low and how high the mean of one group goes; return by how much every row holds it.

        None as soon as it is known to have ``least`` points of room. Where the solver gives up, the group
        is taken as known.
        """
        goal = members[[number]].sum(axis=0)
        force = np.zeros(len(self._rows))
        for sign in (1.0, -1.0):
            found = self._minimise(sign * goal[self._free])
            if found is None:
                reach.lows[number] = reach.highs[number] = 0.0
                return np.ones(len(self._rows))
            reach.enter(members @ self._fill(found.x))
            if reach.widths[number] >= least:
                return None
            force += np.abs(self._carry_back(sign * goal, found.eqlin.marginals))
        return force

    def _minimise(self, goal: Floats) -> Any:  # noqa: ANN401 - scipy has no types
        return _minimise(goal, self._matrix, self._known, self._most[self._free])

    def _carry_back(self, goal: Floats, multipliers: Floats) -> Floats:
        """Return the multipliers of all rows from those of the kept ones.

        No end of the scale holds what is known exactly. So the multipliers of all rows that it stands in
        make up what it adds to the goal; of these rows the one that told it is the last.
        """
        carried = np.zeros(len(self._rows))
        carried[self._kept] = multipliers
        for stratum, number in reversed(self._peeled):
            others = sum(float(self._rows[n][stratum]) * carried[n] for n in self._around[stratum])
            carried[number] = goal[self._place[stratum]] - others
        return carried

    @cached_property
    def _around(self) -> dict[str, list[int]]:
        """Return the numbers of the rows that hold a stratum."""
        around: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows):
            for stratum in row:
                around.setdefault(stratum, []).append(number)
        return around

    def _fill(self, free: Floats) -> Floats:
        """Return the sums of all strata, of those that are not known exactly."""
        sums = self._sums.copy()
        sums[self._free] = free
        return sums

    def _find_center(self) -> Floats | None:
        """Return answers, as shares of the most there can be, as far from both ends as possible."""
        # variables: how far every stratum is above the distance, and the distance itself
        most = self._most[self._free]
        matrix = np.column_stack([self._matrix, self._matrix @ most])
        below = np.column_stack([np.diag(1 / most), np.full(len(most), 2.0)])
        goal = np.concatenate([np.zeros(len(most)), [-1.0]])
        found = _minimise(
            goal, matrix, self._known, np.concatenate([most, [0.5]]), (below, np.ones(len(most)))
        )
        if found is None:
            return None
        center: Floats = found.x[:-1] / most + found.x[-1]
        return center

    def _write(self, rows: Sequence[Row | Mapping[str, float]]) -> Matrix:
        if self._is_dense:
            matrix = np.zeros((len(rows), len(self._place)))
            for line, row in zip(matrix, rows, strict=True):
                for stratum, weight in row.items():
                    line[self._place[stratum]] = float(weight)
            return matrix
        from scipy.sparse import csr_array  # noqa: PLC0415 - slow to load

        columns = [self._place[s] for row in rows for s in row]
        weights = [float(weight) for row in rows for weight in row.values()]
        ends = np.cumsum([0, *map(len, rows)])
        return csr_array((weights, columns, ends), shape=(len(rows), len(self._place)))


def _peel(part: Component) -> list[tuple[str, int]]:
    """Return strata that are known exactly, each with the number of the equation that tells it.

    In an order in which every equation holds, but for its stratum, only strata before it.
    """
    around: dict[str, list[int]] = {}
    for number, equation in enumerate(part.equations):
        for stratum in equation.strata:
            around.setdefault(stratum, []).append(number)
    unknown = [set(equation.strata) for equation in part.equations]
    waiting = [number for number, strata in enumerate(unknown) if len(strata) == 1]
    peeled = []
    for number in waiting:  # grows on the way
        if unknown[number]:
            (stratum,) = unknown[number]
            peeled.append((stratum, number))
            for other in around[stratum]:
                unknown[other].discard(stratum)
                if len(unknown[other]) == 1:
                    waiting.append(other)
    return peeled


def _minimise(
    goal: Floats,
    equal: Matrix,
    known: Floats,
    most: Floats,
    below: tuple[Floats, Floats] | tuple[None, None] = (None, None),
) -> Any:  # noqa: ANN401 - scipy has no types
    """Solve a linear program with variables from 0 to ``most``; None if the solver finds nothing."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to load

    bounds = np.stack([np.zeros_like(most), most], axis=1)
    found = linprog(goal, *below, equal, known, bounds, method="highs")
    return found if found.success else None
