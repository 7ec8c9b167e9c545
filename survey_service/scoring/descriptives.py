"""Means with intervals and shares of answers, for many sets of people at once.

A set of people is a row of `members`, booleans of shape (s, n). Counts and sums over the sets are
matrix products, so a hundred sets cost little more than one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from survey_service.scoring.matrix import Booleans, Floats, Integers, Keying

NEAR_CENSUS: Final = 0.95  # from this part of the population on, sampling error hardly counts
_UPPER: Final = 0.975  # the quantile of a two-sided interval of 95 %
_ROUNDING: Final = 1e-12  # of a sum of squares: below it, what is left is rounding


@dataclass(frozen=True, eq=False)
class MeanIntervals:
    """Means of c columns over s sets of people; every array has the shape (s, c).

    NaN where the figure does not exist: everything at n = 0, all but the mean at n = 1.
    """

    n: npt.NDArray[np.int64]
    mean: Floats
    sd: Floats  #: with n - 1
    se: Floats  #: with the finite population correction
    low: Floats  #: lower end of the 95 % interval
    high: Floats
    zero_variance: Booleans  #: all values alike (n >= 2): the interval is [mean, mean]
    valid_exceeds_roster: Booleans  #: more people than the population: no correction
    near_census: Booleans  #: at least 95 % of the population answered


@dataclass(frozen=True, eq=False)
class Shares:
    """Percentages of answers on s sets of people, shape (s, c), NaN where nobody answered."""

    favourable: Floats
    neutral: Floats
    unfavourable: Floats


def mean_interval(
    scores: Floats, members: Booleans, populations: Floats | None = None
) -> MeanIntervals:
    """Describe the mean of every column over every set of people.

    Parameters
    ----------
    scores : float array, shape (n, c)
        NaN where missing; a missing value leaves the person out of that column alone.
    members : bool array, shape (s, n)
    populations : float array, shape (s,), optional
        Headcount behind each set, NaN where unknown: then there is no correction.

    Returns
    -------
    MeanIntervals

    Formula
    -------
    se = s / sqrt(n) sqrt(1 - n/N), interval = mean +- t(.975, n - 1) se.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 2. In R: ``survey::svymean(~y, svydesign(ids = ~1,
    fpc = ~N, data = x))`` with ``qt(.975, n - 1)``.

    Examples
    --------
    >>> everyone = np.ones((1, 4), bool)
    >>> sample = mean_interval(np.array([[50.0], [75], [75], [100]]), everyone, np.array([16.0]))
    >>> [round(float(x[0, 0]), 4) for x in (sample.mean, sample.se, sample.low, sample.high)]
    [75.0, 8.8388, 46.8709, 103.1291]
    """
    membership = members.astype(np.float64)
    present = ~np.isnan(scores)
    # Squares are summed about a whole number near the mean: small enough not to cancel, and scores
    # such as 56.25 stay exact.
    centre = np.rint(
        np.where(present, scores, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    )
    shifted = np.where(present, scores - centre, 0.0)
    n = membership @ present
    sums = membership @ shifted
    squares = membership @ shifted**2
    offset = np.divide(sums, n, out=np.full_like(sums, np.nan), where=n > 0)
    scatter = squares - sums * offset
    scatter = np.where(scatter <= _ROUNDING * squares, 0.0, scatter)
    return interval_from_scatter(n, centre + offset, scatter, members.sum(axis=1), populations)


def interval_from_scatter(
    n: Floats, mean: Floats, scatter: Floats, sizes: Integers, populations: Floats | None
) -> MeanIntervals:
    """Put the t interval with finite population correction around means already found.

    Parameters
    ----------
    n, mean, scatter : float array, shape (s, c)
        Values, their mean, and the sum of squared deviations from it; 0 says exactly constant.
    sizes : integer array, shape (s,)
        People in each set; more of them than the population turns the correction off.
    populations : float array, shape (s,), or None

    Returns
    -------
    MeanIntervals

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> found = interval_from_scatter(4 * one, 75 * one, 1250 * one, np.array([4]), None)
    >>> round(float(found.se[0, 0]), 4)  # In R: sd(c(50, 75, 75, 100)) / sqrt(4)
    10.2062
    """
    population = np.full((len(sizes), 1), np.nan) if populations is None else populations[:, None]
    exceeds = sizes[:, np.newaxis] > population
    corrected = np.broadcast_to((population > 0) & ~exceeds, n.shape)
    fraction = np.divide(n, population, out=np.zeros_like(n), where=corrected)
    several = n >= 2
    nothing = np.full_like(n, np.nan)
    sd = np.sqrt(np.divide(scatter, n - 1, out=nothing, where=several))
    se = sd * np.sqrt((1 - fraction) / np.maximum(n, 1))
    half = stdtrit(np.maximum(n - 1, 1), _UPPER) * se
    return MeanIntervals(
        n=n.astype(np.int64),
        mean=mean,
        sd=sd,
        se=se,
        low=mean - half,
        high=mean + half,
        zero_variance=several & (scatter == 0),
        valid_exceeds_roster=np.broadcast_to(exceeds, n.shape),
        near_census=fraction >= NEAR_CENSUS,
    )


def wilson_interval(
    hits: npt.ArrayLike, n: npt.ArrayLike, populations: npt.ArrayLike = np.nan
) -> tuple[Floats, Floats]:
    """Find the 95 % interval of a proportion, narrowed as the sample nears the population.

    Parameters
    ----------
    hits, n : array_like
        Answers of the kind, and all answers.
    populations : array_like, optional
        Headcount, NaN where unknown; smaller than `n` counts as unknown.

    Returns
    -------
    low, high : float array
        Proportions from 0 to 1 in the common shape; NaN at n = 0.

    Formula
    -------
    With n* = n (N - 1)/(N - n): centre (p + z^2/2n*)/(1 + z^2/n*), half-width
    z sqrt(p(1 - p)/n* + z^2/4n*^2)/(1 + z^2/n*). A census gives [p, p].

    References
    ----------
    Wilson (1927). In R, without a population: ``prop.test(hits, n, correct = FALSE)$conf.int``.

    Examples
    --------
    >>> [round(float(x), 6) for x in wilson_interval(163, 200, 6194)]
    [0.75648, 0.862022]
    >>> [round(float(x), 6) for x in wilson_interval(163, 200)]
    [0.755429, 0.862698]
    """
    hits, n, size = np.broadcast_arrays(*(np.asarray(x, float) for x in (hits, n, populations)))
    p = np.divide(hits, n, out=np.full(n.shape, np.nan), where=n > 0)
    # 1/n* is 0 at a census and 1/n without a population, where (N - n)/(N - 1) tends to 1.
    rest = np.divide(size - n, np.maximum(size - 1, 1), out=np.ones(n.shape), where=size >= n)
    inverse = rest / np.maximum(n, 1)
    z = float(ndtri(_UPPER))
    shrink = 1 + z**2 * inverse
    centre = (p + z**2 * inverse / 2) / shrink
    half = z * np.sqrt(p * (1 - p) * inverse + (z * inverse / 2) ** 2) / shrink
    # At p = 0 or 1 the end is p itself; rounding must not push it past.
    return np.minimum(np.maximum(centre - half, 0.0), p), np.maximum(
        np.minimum(centre + half, 1.0), p
    )


def item_shares(keyed: Floats, members: Booleans, keying: Keying) -> Shares:
    """Share out the answers to each item: favourable, neutral, unfavourable.

    Parameters
    ----------
    keyed : float array, shape (n, m)
        Keyed codes, NaN where missing.
    members : bool array, shape (s, n)
    keying : Keying
        Its cut-offs say which keyed codes are favourable and which unfavourable.

    Returns
    -------
    Shares
        Shape (s, m), percentages of those who answered the item.

    References
    ----------
    In R: ``100 * mean(k >= 4, na.rm = TRUE)`` and so on, by set.

    Examples
    --------
    >>> keying = Keying(("q1",), ("D",), np.array([0]), np.array([False]))
    >>> codes = np.array([[5.0], [4], [3], [1], [np.nan]])
    >>> shares = item_shares(codes, np.ones((1, 5), bool), keying)
    >>> float(shares.favourable[0, 0]), float(shares.neutral[0, 0])
    (50.0, 25.0)
    """
    membership = members.astype(np.float64)
    n = membership @ ~np.isnan(keyed)
    favourable = membership @ np.isin(keyed, keying.favourable)
    unfavourable = membership @ np.isin(keyed, keying.unfavourable)
    parts = (favourable, n - favourable - unfavourable, unfavourable)
    nothing = np.full_like(n, np.nan)
    return Shares(*(np.divide(100 * x, n, out=nothing.copy(), where=n > 0) for x in parts))


def dimension_shares(items: Shares, keying: Keying) -> Shares:
    """Average the shares of a dimension's items, each counting alike.

    Parameters
    ----------
    items : Shares
        Shape (s, m). An item that nobody of the set answered is left out of the average.
    keying : Keying

    Returns
    -------
    Shares
        Shape (s, d); the three still add up to 100.

    References
    ----------
    In R: ``mean(sapply(items, function(k) 100 * mean(k >= 4, na.rm = TRUE)))``.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, False]))
    >>> items = item_shares(np.array([[5.0, 2], [4, 4]]), np.ones((1, 2), bool), keying)
    >>> float(dimension_shares(items, keying).favourable[0, 0])
    75.0
    """
    known = ~np.isnan(items.favourable)
    counts = known @ keying.belongs
    nothing = np.full_like(counts, np.nan)

    def average(parts: Floats) -> Floats:
        sums = np.where(known, parts, 0.0) @ keying.belongs
        return np.divide(sums, counts, out=nothing.copy(), where=counts > 0)

    return Shares(average(items.favourable), average(items.neutral), average(items.unfavourable))
