"""Linear programs over all answers that agree with what is shown of one component.

What is told exactly (``Component.told``) is peeled off first; in a large organisation two thirds of the
strata are left, in half of the equations. Multipliers are carried back to the equations that were
peeled off, so that all are named that it takes to know a group closely.

The same answers are asked for many goals, each from where the last one ended: that is why HiGHS is
spoken to directly.

Formula
-------
With x the sums of scores, A x = b the rows, 0 <= x <= 100 n and c the goal: for a stratum s that no end
of the scale holds, the multipliers y of the rows meet sum_r A_rs y_r = c_s. So the multiplier of the
row that told s follows from those of the other rows that hold s.

References
----------
Huangfu & Hall 2018 for the solver; Bertsimas & Tsitsiklis 1997, ch. 4, for the multipliers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.system import Component, Row

HIGHEST = 100.0
TOLERANCE = 1e-6

Group = tuple[str, ...]
Floats = NDArray[np.float64]


@dataclass
class Reach:
    """Means that every group can have for certain, whatever is shown: a low and a high one.

    Points of 0 to 100, shape (groups,).
    """

    lows: Floats
    highs: Floats

    @property
    def widths(self) -> Floats:
        """Return how far they are apart."""
        return self.highs - self.lows

    def enter(self, means: Floats) -> None:
        """Add means that the groups have in some answers that agree with what is shown."""
        self.lows = np.minimum(self.lows, means)
        self.highs = np.maximum(self.highs, means)


class Program:
    """The answers that agree with all shown sums of one component, and how far groups can move in them.

    Parameters
    ----------
    groups : sequence of Group
        Whose means are looked at; ``reach`` says where they are known to come.
    sizes, totals : mapping
        Answers of every stratum of the component, and the sum of their scores.
    weighted : sequence of Row
        Further rows known exactly; they are counted after the equations.

    Examples
    --------
    Three people of a unit of 23 with a mean of 99 gave at least 92.3 on average.

    >>> from survey_service.disclosure.system import Component, Equation, Figure
    >>> unit = frozenset("ab")
    >>> part = Component(unit, (Equation(unit, Figure("unit", unit)),))
    >>> program = Program(part, [("a",)], {"a": 3, "b": 20}, {"a": 300.0, "b": 1977.0})
    >>> program.bound(0, least=50.0).tolist()
    [0.3333333333333333]
    >>> program.reach.lows.round(1).tolist(), program.reach.highs.round(1).tolist()
    ([92.3], [100.0])
    """

    def __init__(
        self,
        part: Component,
        groups: Sequence[Group],
        sizes: Mapping[str, int],
        totals: Mapping[str, float],
        weighted: Sequence[Row] = (),
    ) -> None:
        strata = sorted(part.strata)
        self._place = {s: n for n, s in enumerate(strata)}
        self._sums = np.array([totals[s] for s in strata], np.float64)
        self._most = HIGHEST * np.array([sizes[s] for s in strata], np.float64)
        # sorted, for the solver goes another way where it is told the same in another order
        equations: list[Row] = [dict.fromkeys(sorted(e.strata), 1) for e in part.equations]
        self._rows = [*equations, *weighted]
        self._peeled = part.told
        told = {stratum for stratum, _ in self._peeled}
        self._free = np.array([n for n, s in enumerate(strata) if s not in told], np.intp)
        self._members = [np.array([self._place[s] for s in group]) for group in groups]
        self._people = np.array([self._most[one].sum() / HIGHEST for one in self._members])
        means = self._find_means(self._sums)
        self.reach = Reach(means, means)

    def spread(self, numbers: Sequence[int]) -> None:
        """Push the means of some groups together as low, then as high as they go; see where all are."""
        goal = self._aim(numbers)
        for sign in (1.0, -1.0):
            found = self._minimise(sign * goal)
            if found is not None:
                self.reach.enter(self._find_means(found[0]))

    def bound(self, number: int, least: float) -> Floats | None:
        """Find how low and how high the mean of one group goes; return by how much every row holds it.

        Points of the mean for a point of the row's sum, low and high end together, shape (rows,). None as soon as it is known to have ``least`` points of room. Where the solver gives up, the group
        is taken as known.
        """
        goal = self._aim([number])
        force = np.zeros(len(self._rows))
        for sign in (1.0, -1.0):
            found = self._minimise(sign * goal)
            if found is None:
                self.reach.lows[number] = self.reach.highs[number] = 0.0
                return np.ones(len(self._rows))
            sums, multipliers = found
            self.reach.enter(self._find_means(sums))
            if self.reach.widths[number] >= least:
                return None
            force += np.abs(self._carry_back(sign * goal, multipliers))
        return force

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

    def _aim(self, numbers: Sequence[int]) -> Floats:
        """Return what every stratum adds to the sum of the means of some groups."""
        goal = np.zeros(len(self._sums))
        for number in numbers:
            goal[self._members[number]] += 1 / self._people[number]
        return goal

    def _find_means(self, sums: Floats) -> Floats:
        held: Floats = np.array([sums[one].sum() for one in self._members])
        means: Floats = held / self._people
        return means

    def _minimise(self, goal: Floats) -> tuple[Floats, Floats] | None:
        """Return sums of all strata with the lowest goal, and multipliers of the rows not peeled off.

        None if the solver finds nothing.
        """
        free, solver = self._free, self._solver
        if not len(free):
            return self._sums, np.zeros(len(self._kept))
        solver.changeColsCost(len(free), np.arange(len(free), dtype=np.int32), goal[free])
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            solver.clearSolver()  # once more, from the beginning
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
        found = solver.getSolution()
        sums = self._sums.copy()
        sums[free] = found.col_value
        return sums, np.array(found.row_dual)

    @cached_property
    def _kept(self) -> list[int]:
        """Return the numbers of the rows that were not peeled off."""
        gone = {number for _, number in self._peeled}
        return [number for number in range(len(self._rows)) if number not in gone]

    @cached_property
    def _solver(self) -> highspy.Highs:
        column = np.full(len(self._sums), -1)
        column[self._free] = np.arange(len(self._free))
        terms = [
            [(column[self._place[s]], float(w)) for s, w in self._rows[number].items()]
            for number in self._kept
        ]
        terms = [[(place, weight) for place, weight in row if place >= 0] for row in terms]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._free), len(terms)
        model.col_cost_ = model.col_lower_ = np.zeros(len(self._free))
        model.col_upper_ = self._most[self._free]
        known = [
            sum(weight * self._sums[self._free[place]] for place, weight in row) for row in terms
        ]
        model.row_lower_ = model.row_upper_ = np.array(known)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *map(len, terms)], dtype=np.int32)
        matrix.index_ = np.array([place for row in terms for place, _ in row], np.int32)
        matrix.value_ = np.array([weight for row in terms for _, weight in row])
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("parallel", "off"), ("threads", 1)):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        return solver
