"""Sums over the people of each stratum: whatever is said of any union of strata follows from them.

People are passed over once. A set of people is then a sum over its strata, however many people
there are.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from scipy.sparse import csr_array

from survey_service.scoring.histograms import answer_histograms, complete_histograms
from survey_service.scoring.matrix import Booleans, Floats, Integers, Keying, ScoreMatrix
from survey_service.scoring.moments import Moments

Sets: TypeAlias = Booleans | csr_array
"""Which groups are in which set, shape (s, g)."""

_ROUNDING: Final = 1e-12  # of a sum of squares: below it, what is left is rounding
_CHUNK: Final = 512  # rows at a time: a product so small is not handed to several threads


@dataclass(frozen=True, eq=False)
class ScoreTally:
    """Sums of d dimension scores, taken two at a time, in g groups of people who share nobody.

    Scores are counted from `centre`: a whole number near the mean of all, so that scores such as
    56.25 stay exact and squares small.
    """

    centre: Floats  #: (d,)
    coefficients: Floats  #: (k, d) of the composites
    both: Floats  #: (g, d, d) people who have both scores
    sums: Floats  #: (g, d, d) of the first score over people who have both
    products: Floats  #: (g, d, d)
    holders: Floats  #: (g, k) people with at least one score of the composite

    def union(self, sets: Sets) -> "ScoreTally":
        """Unite groups: row by row of `sets`, shape (s, g), those that are true."""
        sets = pick(sets)
        return ScoreTally(
            self.centre,
            self.coefficients,
            *(unite(sets, sums) for sums in (self.both, self.sums, self.products, self.holders)),
        )

    def moments(self) -> Moments:
        """Return count, mean and scatter of every dimension, shape (g, d).

        Formula
        -------
        scatter = sum (y - z)^2 - (sum (y - z))^2 / n about the centre z; 0 where all are alike.

        References
        ----------
        Chan, Golub & LeVeque (1983) on shifted sums.
        """
        n, sums, squares = (
            np.diagonal(x, axis1=1, axis2=2) for x in (self.both, self.sums, self.products)
        )
        offset = np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0)
        scatter = squares - sums * np.where(n > 0, offset, 0.0)
        scatter = np.where(scatter <= _ROUNDING * squares, 0.0, scatter)
        return Moments(n, self.centre + offset, scatter)

    def composites(self) -> Moments:
        """Compose the means into blocks and the index, shape (g, k), with a scatter to match.

        The sum is taken of the group's means as they are printed, so a reader can add it up again;
        each mean may rest on other people, and the scatter allows for that by linearisation. n counts
        people with at least one of the dimensions; the mean is NaN where one of them has no score.

        Formula
        -------
        I = sum_d c_d mean_d; u_i = sum_d c_d 1[present] (y_id - mean_d) n / n_d; scatter = sum u_i^2.

        References
        ----------
        Woodruff (1971), linearisation. On complete rows equal to R's ``survey::svycontrast(
        svymean(...), c)``.
        """
        single = self.moments()
        offset = np.where(single.n > 0, single.mean - self.centre, 0.0)
        # the two mixed products differ, but every pair of dimensions is added up both ways round
        deviations = self.products - 2 * offset[:, np.newaxis] * self.sums
        deviations += offset[:, :, np.newaxis] * offset[:, np.newaxis] * self.both
        mean, scatter = np.empty((2, *self.holders.shape))
        for k, weights in enumerate(self.coefficients):
            used = np.flatnonzero(weights)
            mean[:, k] = single.mean[:, used] @ weights[used]
            lift = weights[used] * self.holders[:, [k]] / np.maximum(single.n[:, used], 1)
            square = lift[:, :, np.newaxis] * lift[:, np.newaxis]
            among = np.ix_(np.arange(len(square)), used, used)
            scatter[:, k] = (square * deviations[among]).sum(axis=(1, 2))
            scale = (square * np.abs(self.products[among])).sum(axis=(1, 2))
            scatter[scatter[:, k] <= _ROUNDING * scale, k] = 0.0
        return Moments(self.holders, mean, np.where(np.isnan(mean), np.nan, scatter))


@dataclass(frozen=True, eq=False)
class Tally:
    """Everything counted of g groups of people who share nobody."""

    people: Floats  #: (g,)
    scores: ScoreTally
    answers: Floats  #: (g, m, a) keyed codes of the scale, from the lowest
    complete: Floats  #: the same, of people who answered every item of the item's dimension
    not_applicable: Floats  #: (g, m)

    def union(self, sets: Sets) -> "Tally":
        """Unite groups: row by row of `sets`, shape (s, g), those that are true."""
        sets = pick(sets)
        return Tally(
            people=unite(sets, self.people),
            scores=self.scores.union(sets),
            answers=unite(sets, self.answers),
            complete=unite(sets, self.complete),
            not_applicable=unite(sets, self.not_applicable),
        )


def tally_people(
    matrix: ScoreMatrix, labels: Integers, count: int, keying: Keying, coefficients: Floats
) -> Tally:
    """Count all that is counted, group by group.

    Parameters
    ----------
    matrix : ScoreMatrix
        n people.
    labels : integer array, shape (n,)
        0 to `count` - 1, or -1 for people who belong to no group.
    count : int
        Groups, those without people included.
    keying : Keying
        The one that made `matrix`.
    coefficients : float array, shape (k, d)
        Of the composites: see `tally_scores`.

    Returns
    -------
    Tally

    Examples
    --------
    >>> from survey_service.scoring.matrix import score_matrix
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> matrix = score_matrix(np.array([[4, 2], [5, 1], [2, 9]]), keying)
    >>> found = tally_people(matrix, np.array([0, 0, 1]), 2, keying, np.ones((1, 1)))
    >>> found.people.tolist(), found.answers[:, 1].tolist(), found.not_applicable.tolist()
    ([2.0, 1.0], [[0.0, 0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]])
    """
    answers = answer_histograms(matrix.codes, labels, count, keying)
    complete = complete_histograms(matrix.codes, labels, count, keying)
    apart = [_count(labels[column == keying.not_applicable], count) for column in matrix.codes.T]
    return Tally(
        people=_count(labels, count),
        scores=tally_scores(matrix.dimension_scores, labels, count, coefficients),
        answers=_turn(answers, keying),
        complete=_turn(complete, keying),
        not_applicable=np.stack(apart, axis=1),
    )


def tally_scores(scores: Floats, labels: Integers, count: int, coefficients: Floats) -> ScoreTally:
    """Sum scores and their products, group by group.

    Parameters
    ----------
    scores : float array, shape (n, d)
        0-100, NaN where missing.
    labels : integer array, shape (n,)
        0 to `count` - 1, or -1 for people who belong to no group.
    count : int
    coefficients : float array, shape (k, d)
        One row for each block or index; dimensions with 0 play no part in it.

    Returns
    -------
    ScoreTally

    Examples
    --------
    >>> scores = np.array([[50.0, 25], [75, 50], [100, 90], [np.nan, 10]])
    >>> tally = tally_scores(scores, np.array([0, 1, 1, -1]), 2, np.array([[0.5, 0.5]]))
    >>> found = tally.union(np.ones((1, 2), bool)).composites()
    >>> found.mean.tolist(), round(float(found.variance[0, 0]), 4)  # In R: var(rowMeans(y))
    ([[65.0]], 831.25)
    """
    present = ~np.isnan(scores)
    totals = np.where(present, scores, 0.0).sum(axis=0)
    centre = np.rint(totals / np.maximum(present.sum(axis=0), 1))
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(count + 1))
    d = scores.shape[1]
    sums = np.zeros((count, 2 * d, 2 * d))
    for group, (first, last) in enumerate(pairwise(ends)):
        for start in range(first, last, _CHUNK):
            part = scores[order[start : min(start + _CHUNK, last)]]
            known = ~np.isnan(part)
            rows = np.hstack([known, np.where(known, part - centre, 0.0)])
            sums[group] += rows.T @ rows
    holders = [
        _count(labels[present[:, weights != 0].any(axis=1)], count) for weights in coefficients
    ]
    return ScoreTally(
        centre=centre,
        coefficients=coefficients,
        both=sums[:, :d, :d],
        sums=sums[:, d:, :d],
        products=sums[:, d:, d:],
        holders=np.array(holders).reshape(len(coefficients), count).T,
    )


def pick(sets: Sets) -> csr_array:
    """Return sets, shape (s, g), by the groups that each holds: most hold few."""
    return csr_array(sets, dtype=np.float64)


def pick_cells(cells: Integers, count: int) -> csr_array:
    """Return cells as sets, shape (count, g), of groups with the number of their cell, or -1 for none.

    Examples
    --------
    >>> pick_cells(np.array([1, -1, 0, 1]), 2).toarray().tolist()
    [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]]
    """
    counted = np.flatnonzero(cells >= 0)
    places = cells[counted], counted
    return csr_array((np.ones(len(counted)), places), shape=(count, len(cells)))


def unite(sets: Sets, sums: Floats) -> Floats:
    """Add up sums, shape (g, ...), over the groups of each set, shape (s, g).

    Examples
    --------
    >>> unite(np.array([[True, True, False]]), np.array([[1.0, 5], [2, 6], [4, 7]])).tolist()
    [[3.0, 11.0]]
    """
    picked, shape = pick(sets), sums.shape[1:]
    united: Floats = picked @ sums.reshape(len(sums), math.prod(shape))
    return united.reshape(picked.shape[0], *shape)


def _count(labels: Integers, count: int) -> Floats:
    return np.bincount(labels + 1, minlength=count + 1)[1:].astype(np.float64)


def _turn(histograms: Integers, keying: Keying) -> Floats:
    """Count by keyed code instead of raw code."""
    turned = histograms.astype(np.float64)
    turned[:, keying.reverse] = turned[:, keying.reverse, ::-1]
    return turned
