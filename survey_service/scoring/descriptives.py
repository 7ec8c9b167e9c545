"""Means with intervals and shares of answers, for many sets of people at once.

Everything is worked out from counts, means and scatters of the sets, never from people one by one,
so a hundred sets cost little more than one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from survey_service.scoring.matrix import Booleans, Floats, Keying
from survey_service.scoring.moments import Moments

NEAR_CENSUS: Final = 0.95  # from this part of the population on, sampling error hardly counts
UPPER: Final = 0.975  # the quantile of a two-sided interval of 95 %


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
    low: Floats | None = None  #: 95 % interval of the favourable share, where it is a proportion
    high: Floats | None = None


def mean_interval(
    moments: Moments, sizes: npt.ArrayLike, populations: Floats | None = None
) -> MeanIntervals:
    """Put the t interval with finite population correction around every mean.

    Parameters
    ----------
    moments : Moments
        Shape (s, c).
    sizes : array_like, shape (s,)
        People in each set; more of them than the population turns the correction off.
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
    >>> from survey_service.scoring.moments import group_moments
    >>> moments = group_moments(np.array([[50.0], [75], [75], [100]]), np.zeros(4, int), 1)
    >>> sample = mean_interval(moments, [4], np.array([16.0]))
    >>> [round(float(x[0, 0]), 4) for x in (sample.mean, sample.se, sample.low, sample.high)]
    [75.0, 8.8388, 46.8709, 103.1291]
    """
    n, people = moments.n, np.asarray(sizes, np.float64)[:, np.newaxis]
    population = np.full(people.shape, np.nan) if populations is None else populations[:, None]
    exceeds = people > population
    corrected = np.broadcast_to((population > 0) & ~exceeds, n.shape)
    fraction = np.divide(n, population, out=np.zeros(n.shape), where=corrected)
    sd = np.sqrt(moments.variance)
    se = sd * np.sqrt((1 - fraction) / np.maximum(n, 1))
    half = stdtrit(np.maximum(n - 1, 1), UPPER) * se
    return MeanIntervals(
        n=n.astype(np.int64),
        mean=moments.mean,
        sd=sd,
        se=se,
        low=moments.mean - half,
        high=moments.mean + half,
        zero_variance=(n >= 2) & (moments.scatter == 0),
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
    z = float(ndtri(UPPER))
    shrink = 1 + z**2 * inverse
    centre = (p + z**2 * inverse / 2) / shrink
    half = z * np.sqrt(p * (1 - p) * inverse + (z * inverse / 2) ** 2) / shrink
    # At p = 0 or 1 the end is p itself; rounding must not push it past.
    return np.minimum(np.maximum(centre - half, 0.0), p), np.maximum(
        np.minimum(centre + half, 1.0), p
    )


def item_moments(answers: Floats, keying: Keying) -> Moments:
    """Find count, mean and scatter of every item on 0-100 from how often each code was chosen.

    Parameters
    ----------
    answers : float array, shape (s, m, a)
        Keyed codes, from the lowest.
    keying : Keying

    Returns
    -------
    Moments
        Shape (s, m). All sums are of whole numbers, so a scatter of 0 is exact.

    References
    ----------
    In R: ``100 * (mean(k, na.rm = TRUE) - 1) / 4`` and ``var`` of the same.

    Examples
    --------
    >>> keying = Keying(("q1",), ("D",), np.array([0]), np.array([False]))
    >>> found = item_moments(np.array([[[0.0, 0, 1, 0, 2]]]), keying)
    >>> found.n.tolist(), found.mean.round(4).tolist(), found.scatter.round(4).tolist()
    ([[3.0]], [[83.3333]], [[1666.6667]])
    """
    steps = np.arange(keying.points)
    step = 100 / (keying.points - 1)
    n, sums, squares = answers.sum(axis=-1), answers @ steps, answers @ steps**2
    mean = np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0)
    scatter = (n * squares - sums**2) / np.maximum(n, 1)
    return Moments(n, mean * step, scatter * step**2)


def item_shares(answers: Floats, keying: Keying, populations: Floats | None = None) -> Shares:
    """Share out the answers to each item: favourable, neutral, unfavourable.

    Parameters
    ----------
    answers : float array, shape (s, m, a)
        How often each keyed code was chosen, from the lowest.
    keying : Keying
        Its cut-offs say which keyed codes are favourable and which unfavourable.
    populations : float array, shape (s,), optional
        Headcount behind each set, NaN where unknown.

    Returns
    -------
    Shares
        Shape (s, m), percentages of those who answered the item, with Wilson's interval.

    References
    ----------
    In R: ``100 * mean(k >= 4, na.rm = TRUE)`` and so on, by set.

    Examples
    --------
    >>> keying = Keying(("q1",), ("D",), np.array([0]), np.array([False]))
    >>> shares = item_shares(np.array([[[1.0, 0, 1, 1, 1]]]), keying)
    >>> float(shares.favourable[0, 0]), float(shares.neutral[0, 0])
    (50.0, 25.0)
    """
    n = answers.sum(axis=-1)
    favourable = answers[..., np.array(keying.favourable, np.intp) - keying.lowest].sum(axis=-1)
    unfavourable = answers[..., np.array(keying.unfavourable, np.intp) - keying.lowest].sum(axis=-1)
    parts = (favourable, n - favourable - unfavourable, unfavourable)
    nothing = np.full(n.shape, np.nan)
    sizes = np.nan if populations is None else populations[:, np.newaxis]
    low, high = wilson_interval(favourable, n, sizes)
    shares = [np.divide(100 * x, n, out=nothing.copy(), where=n > 0) for x in parts]
    return Shares(shares[0], shares[1], shares[2], 100 * low, 100 * high)


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
    >>> items = item_shares(np.array([[[0.0, 0, 0, 1, 1], [0, 1, 0, 1, 0]]]), keying)
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
