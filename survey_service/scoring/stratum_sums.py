"""What each stratum adds to a mean: how many have a score, and the sum of their scores."""

from typing import NamedTuple

import numpy as np

from survey_service.scoring.matrix import Booleans, Floats, Integers


class StratumSums(NamedTuple):
    """One row for each stratum, one column for each score."""

    n: Integers  #: people with the score
    total: Floats  #: sum of their scores
    alike: Booleans  #: whether at least two have it and all the same


def sum_strata(scores: Floats, strata: Integers, count: int) -> StratumSums:
    """Add up scores by stratum.

    Parameters
    ----------
    scores : float array, shape (n, d)
        NaN where somebody has no score.
    strata : integer array, shape (n,)
        Number of everybody's stratum, from 0 to `count` - 1.
    count : int
        How many strata there are; those without people have n 0.

    Examples
    --------
    >>> sums = sum_strata(np.array([[50.0], [75.0], [np.nan], [75.0]]), np.array([0, 1, 0, 1]), 3)
    >>> sums.n.ravel(), sums.total.ravel(), sums.alike.ravel()
    (array([1, 2, 0]), array([ 50., 150.,   0.]), array([False,  True, False]))
    """
    shape = (count, scores.shape[1])
    n, total = np.zeros(shape, np.intp), np.zeros(shape)
    lowest, highest = np.full(shape, np.inf), np.full(shape, -np.inf)
    for column, values in enumerate(scores.T):
        known = ~np.isnan(values)
        at, value = strata[known], values[known]
        n[:, column] = np.bincount(at, minlength=count)
        total[:, column] = np.bincount(at, value, minlength=count)
        np.minimum.at(lowest[:, column], at, value)
        np.maximum.at(highest[:, column], at, value)
    return StratumSums(n, total, (n >= 2) & (lowest == highest))
