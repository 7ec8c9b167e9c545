"""Post-stratification: each cell of the roster counts as much as it has people, not answers."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import stdtrit

from survey_service.scoring.descriptives import NEAR_CENSUS, UPPER, MeanIntervals
from survey_service.scoring.matrix import Booleans, Floats, Integers
from survey_service.scoring.moments import Moments

LEAST_SCORES: Final = 2  # of a cell: one score has no spread


@dataclass(frozen=True, eq=False)
class WeightedMeans:
    """Post-stratified means of c columns, each array of shape (c,); NaN where not weighted."""

    intervals: MeanIntervals  #: shape (1, c); `sd` is NaN, for cells differ
    df: Floats  #: degrees of freedom of the interval
    thin: Booleans  #: not weighted, because a cell has fewer than two scores


def join_partitions(one: Integers, other: Integers) -> npt.NDArray[np.intp]:
    """Return the finest division of which every part is a union of parts of two divisions.

    Parameters
    ----------
    one, other : int array, shape (g,)
        The part of each of g strata.

    Returns
    -------
    int array, shape (g,)
        From 0 in the order of first appearance.

    References
    ----------
    The join in the lattice of partitions: Stanley (2012), Enumerative Combinatorics 1, ch. 3.

    Examples
    --------
    >>> join_partitions(np.array([0, 0, 1, 2, 3]), np.array([0, 1, 1, 2, 2])).tolist()
    [0, 0, 0, 1, 1]
    """
    # a graph with a node for every part of both: a stratum links its two
    shift = int(one.max()) + 1
    size = shift + int(other.max()) + 1
    links = coo_array((np.ones(len(one)), (one, shift + other)), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    found = labels[one].tolist()
    order = {label: number for number, label in enumerate(dict.fromkeys(found))}
    return np.array([order[label] for label in found], np.intp)


def post_stratify(
    cells: Moments, people: npt.ArrayLike, populations: Floats, *, describes_staff: bool = True
) -> WeightedMeans:
    """Weight the means of cells by the roster.

    Parameters
    ----------
    cells : Moments
        Of H cells and c columns; composites as `ScoreTally.composites` gives them, for their
        means are sums of the cell's means.
    people : array_like, shape (H,)
        Answers of each cell; a cell with more of them than people gets no correction.
    populations : float array, shape (H,)
        People of each cell on the roster, above 0.
    describes_staff : bool, optional
        False where waves are compared: then the claim goes beyond the people of today, and there is
        no finite population correction.

    Returns
    -------
    WeightedMeans
        A column of which a cell holds fewer than two scores is not weighted.

    Formula
    -------
    mean = sum N_h/N mean_h; se^2 = sum (N_h/N)^2 (1 - n_h/N_h) s_h^2/n_h;
    interval = mean +- t(.975, n - H) se.

    References
    ----------
    Cochran (1977), ch. 5. In R: ``survey::svymean(~y, svydesign(ids = ~1, strata = ~cell, fpc =
    ~N, data = x))``, for the index ``survey::svycontrast`` of it.

    Examples
    --------
    >>> from survey_service.scoring.moments import group_moments
    >>> scores = np.array([[60.0], [80], [30], [50], [40]])
    >>> cells = group_moments(scores, np.array([0, 0, 1, 1, 1]), 2)
    >>> found = post_stratify(cells, [2, 3], np.array([10.0, 30]))
    >>> [round(float(x[0, 0]), 4) for x in (found.intervals.mean, found.intervals.se)]
    [47.5, 4.6771]
    """
    headcount = populations[:, np.newaxis]
    exceeds = np.asarray(people, np.float64)[:, np.newaxis] > headcount
    part = headcount / populations.sum()
    n = cells.n
    thin: Booleans = np.any(n < LEAST_SCORES, axis=0)
    fraction = np.where(exceeds | (not describes_staff), 0.0, n / headcount)
    variance = part**2 * (1 - fraction) * cells.variance / np.maximum(n, 1)
    total = n.sum(axis=0)
    mean = np.where(thin, np.nan, (part * cells.mean).sum(axis=0))
    se = np.where(thin, np.nan, np.sqrt(variance.sum(axis=0)))
    df = np.maximum(total - len(n), 1)
    half = stdtrit(df, UPPER) * se
    constant = ~thin & (np.where(n > 0, cells.scatter, 0.0).sum(axis=0) == 0)
    intervals = MeanIntervals(
        n=total[np.newaxis].astype(np.int64),
        mean=mean[np.newaxis],
        sd=np.full((1, len(thin)), np.nan),
        se=se[np.newaxis],
        low=(mean - half)[np.newaxis],
        high=(mean + half)[np.newaxis],
        zero_variance=constant[np.newaxis],
        valid_exceeds_roster=np.full((1, len(thin)), exceeds.any()),
        near_census=(~exceeds.any() & (total / populations.sum() >= NEAR_CENSUS))[np.newaxis],
    )
    return WeightedMeans(intervals, df, thin)


def kish_design_effect(weights: Floats, counts: npt.ArrayLike = 1) -> float:
    """Say how many times more answers the weights cost than equal ones would.

    Parameters
    ----------
    weights : float array
        Of people, or of cells.
    counts : array_like, optional
        People behind each weight.

    Returns
    -------
    float
        1 for equal weights; the effective number of answers is their number divided by it.

    Formula
    -------
    n sum w^2 / (sum w)^2.

    References
    ----------
    Kish (1965). In R: ``n * sum(w^2) / sum(w)^2``.

    Examples
    --------
    >>> round(kish_design_effect(np.array([1.0, 3.0]), [3, 1]), 4)
    1.3333
    """
    n = np.broadcast_to(np.asarray(counts, np.float64), weights.shape)
    return float(n.sum() * (n * weights**2).sum() / (n * weights).sum() ** 2)


def sum_by_cell(cells: Integers, values: npt.ArrayLike) -> Floats:
    """Add up one value of each stratum by its cell.

    Examples
    --------
    >>> sum_by_cell(np.array([0, 1, 0]), [10, 20, 30]).tolist()
    [40.0, 20.0]
    """
    return np.bincount(cells, weights=np.asarray(values, np.float64)).astype(np.float64)
