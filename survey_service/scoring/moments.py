"""Counts, means and scatters by group: all that comparisons and intraclass correlations need.

A group is a label, not a mask: `groups` gives each of n people an integer from 0, or -1 for
nobody's. One pass over a column serves all groups at once.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from survey_service.scoring.matrix import Floats, Integers

_ROUNDING: Final = 1e-12  # of a sum of squares: below it, what is left is rounding


@dataclass(frozen=True, eq=False)
class Moments:
    """What c columns hold in g groups of people; every array has the shape (g, c)."""

    n: Floats  #: values
    mean: Floats  #: NaN where there is none
    scatter: Floats  #: sum of squared deviations from the mean; exactly 0 where all are alike

    @property
    def variance(self) -> Floats:
        """Variances with n - 1, NaN below two values."""
        nothing = np.full(self.scatter.shape, np.nan)
        several = self.n >= 2
        return np.asarray(np.divide(self.scatter, self.n - 1, out=nothing, where=several))


def group_moments(scores: Floats, groups: Integers, count: int) -> Moments:
    """Count, average and spread every column in every group.

    Parameters
    ----------
    scores : float array, shape (n, c)
        NaN where missing; a missing value leaves the person out of that column alone.
    groups : integer array, shape (n,)
        0 to `count` - 1, or -1 for people who belong to no group.
    count : int
        Groups, those without people included.

    Returns
    -------
    Moments
        Shape (count, c).

    Formula
    -------
    scatter = sum (y - z)^2 - (sum (y - z))^2 / n, about a whole number z near the mean of all.

    References
    ----------
    Chan, Golub & LeVeque (1983) on shifted sums. In R: ``aggregate(y ~ group, data = x, FUN =
    function(v) c(length(v), mean(v), (length(v) - 1) * var(v)))``.

    Examples
    --------
    >>> found = group_moments(np.array([[50.0], [75], [25], [np.nan]]), np.array([0, 0, 1, 1]), 2)
    >>> found.n.tolist(), found.mean.tolist(), found.scatter.tolist()
    ([[2.0], [1.0]], [[62.5], [25.0]], [[312.5], [0.0]])
    """
    n, sums, squares = np.zeros((3, count, scores.shape[1]))
    present = ~np.isnan(scores)
    # Scores such as 56.25 stay exact about a whole number, and squares small about one nearby.
    totals = np.where(present, scores, 0.0).sum(axis=0)
    centre = np.rint(totals / np.maximum(present.sum(axis=0), 1))
    for column in range(scores.shape[1]):
        known = present[:, column]
        deviations = np.where(known, scores[:, column] - centre[column], 0.0)
        n[:, column] = _sum_by_group(known, groups, count)
        sums[:, column] = _sum_by_group(deviations, groups, count)
        squares[:, column] = _sum_by_group(deviations**2, groups, count)
    offset = np.divide(sums, n, out=np.full_like(sums, np.nan), where=n > 0)
    scatter = squares - sums * np.where(n > 0, offset, 0.0)
    return Moments(n, centre + offset, np.where(scatter <= _ROUNDING * squares, 0.0, scatter))


def pool(moments: Moments) -> Moments:
    """Unite groups that share nobody.

    Parameters
    ----------
    moments : Moments
        Shape (g, c).

    Returns
    -------
    Moments
        Shape (1, c).

    Formula
    -------
    scatter = sum of the scatters + sum n_g (mean_g - mean)^2.

    References
    ----------
    Chan, Golub & LeVeque (1983). In R: the moments of ``c(first, second)``.

    Examples
    --------
    >>> parts = group_moments(np.array([[50.0], [75], [25]]), np.array([0, 0, 1]), 2)
    >>> pool(parts).mean.tolist(), pool(parts).scatter.tolist()
    ([[50.0]], [[1250.0]])
    """
    n = moments.n.sum(axis=0, keepdims=True)
    means = np.where(moments.n > 0, moments.mean, 0.0)
    mean = np.divide(
        (moments.n * means).sum(axis=0, keepdims=True), n, out=np.full_like(n, np.nan), where=n > 0
    )
    between = moments.n * (means - np.where(n > 0, mean, 0.0)) ** 2
    between[between <= _ROUNDING * moments.n * means**2] = 0.0
    return Moments(n, mean, (moments.scatter + between).sum(axis=0, keepdims=True))


def rest_of(part: Moments, whole: Moments) -> Moments:
    """Take each group out of the whole: everybody else.

    Parameters
    ----------
    part : Moments
        Shape (g, c).
    whole : Moments
        Shape (1, c); it holds the people of every group.

    Returns
    -------
    Moments
        Shape (g, c).

    References
    ----------
    `pool` the other way round. In R: the moments of ``y[unit != "a"]``.

    Examples
    --------
    >>> parts = group_moments(np.array([[50.0], [75], [25]]), np.array([0, 0, 1]), 2)
    >>> rest_of(parts, pool(parts)).mean.tolist()
    [[25.0], [62.5]]
    """
    n = whole.n - part.n
    some = n > 0
    shift = np.where(part.n > 0, part.mean - whole.mean, 0.0)
    offset = np.divide(-part.n * shift, n, out=np.zeros_like(n), where=some)
    scatter = whole.scatter - part.scatter - part.n * shift**2 - n * offset**2
    scatter = np.where(some & (scatter > _ROUNDING * whole.scatter), scatter, 0.0)
    return Moments(n, np.where(some, whole.mean + offset, np.nan), scatter)


def _sum_by_group(values: npt.ArrayLike, groups: Integers, count: int) -> Floats:
    """Add up values by label; those of label -1 fall into a bin that is thrown away."""
    sums = np.bincount(groups + 1, weights=values, minlength=count + 1)
    return np.asarray(sums[1:], np.float64)
