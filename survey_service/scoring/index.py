"""Blocks and the index: weighted sums of dimension means, with the interval of the sum."""

from typing import Final, Literal

import numpy as np

from survey_service.scoring.descriptives import MeanIntervals, interval_from_scatter
from survey_service.scoring.matrix import Booleans, Floats, Keying

Band = Literal["high", "middle", "low", "borderline"]

HIGH: Final = 75.0  # on average "mostly true" or above
LOW: Final = 50.0  # on average not even "partly true"
_ROUNDING: Final = 1e-18  # of a mean square: a spread below 1e-9 points is rounding


def block_coefficients(keying: Keying) -> Floats:
    """Give each dimension of a block the same part of it.

    Returns
    -------
    float array, shape (b, d)
        Rows in the order of `keying.blocks`, each summing to 1.

    References
    ----------
    Dawes (1979) and Wainer (1976) on equal weights.

    Examples
    --------
    >>> from survey_service.scoring.matrix import Block
    >>> keying = Keying(("q1", "q2"), ("O", "P"), np.arange(2), np.zeros(2, bool), blocks={
    ...     "outcome": Block(0.4, (0,)), "path": Block(0.6, (1,))})
    >>> block_coefficients(keying).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    coefficients = np.zeros((len(keying.blocks), len(keying.dimensions)))
    for row, block in zip(coefficients, keying.blocks.values(), strict=True):
        row[list(block.dimensions)] = 1 / len(block.dimensions)
    return coefficients


def index_coefficients(keying: Keying) -> Floats | None:
    """Find what each dimension mean contributes to the index.

    Returns
    -------
    float array, shape (d,), or None
        Summing to 1; None where the blocks carry no weights, that is, where there is no index.

    Examples
    --------
    >>> from survey_service.scoring.matrix import Block
    >>> keying = Keying(("q1", "q2", "q3"), ("O", "P1", "P2"), np.arange(3), np.zeros(3, bool),
    ...     blocks={"outcome": Block(0.4, (0,)), "path": Block(0.6, (1, 2))})
    >>> index_coefficients(keying).tolist()
    [0.4, 0.3, 0.3]
    """
    weights = [block.weight for block in keying.blocks.values() if block.weight is not None]
    return np.array(weights) @ block_coefficients(keying) if weights else None


def composite_interval(
    scores: Floats, members: Booleans, coefficients: Floats, populations: Floats | None = None
) -> MeanIntervals:
    """Compose dimension means into blocks and the index, for every set of people.

    The sum is taken of the means as they are printed, so a reader can add it up again; each mean
    may rest on other people, and the standard error allows for that by linearisation.

    Parameters
    ----------
    scores : float array, shape (n, d)
        0-100, NaN where missing.
    members : bool array, shape (s, n)
    coefficients : float array, shape (k, d)
        One row for each block or index; dimensions with 0 play no part in it.
    populations : float array, shape (s,), optional
        Headcount behind each set, NaN where unknown.

    Returns
    -------
    MeanIntervals
        Shape (s, k); n counts people with at least one of the dimensions. The mean is NaN, and
        with it the interval, where one of the dimensions has no score.

    Formula
    -------
    I = sum_d c_d mean_d; u_i = sum_d c_d 1[present] (y_id - mean_d) n / n_d;
    se = sqrt(sum u_i^2 / (n - 1) / n (1 - n/N)).

    References
    ----------
    Woodruff (1971), linearisation. On complete rows equal to R's ``survey::svycontrast(svymean(...),
    c)`` with ``fpc``.

    Examples
    --------
    >>> scores = np.array([[50.0, 25], [75, 50], [100, 90]])
    >>> found = composite_interval(scores, np.ones((1, 3), bool), np.array([[0.5, 0.5]]))
    >>> [round(float(x[0, 0]), 4) for x in (found.mean, found.se)]  # In R: sd(rowMeans(y)) / sqrt(3)
    [65.0, 16.6458]
    """
    membership = members.astype(np.float64)
    present = ~np.isnan(scores)
    values = np.where(present, scores, 0.0)
    counts = membership @ present
    means = np.divide(
        membership @ values, counts, out=np.full_like(counts, np.nan), where=counts > 0
    )
    n, mean, scatter = np.zeros((3, len(members), len(coefficients)))
    for k, weights in enumerate(coefficients):
        used = weights != 0
        n[:, k] = membership @ present[:, used].any(axis=1)
        mean[:, k] = means[:, used] @ weights[used]
        lift = weights[used] * n[:, [k]] / np.maximum(counts[:, used], 1)
        deviations = lift @ values[:, used].T - (lift * means[:, used]) @ present[:, used].T
        scatter[:, k] = np.einsum("sn,sn->s", deviations**2, membership)
    scatter = np.where(scatter <= _ROUNDING * n, 0.0, scatter)
    return interval_from_scatter(n, mean, scatter, members.sum(axis=1), populations)


def band(low: float, high: float) -> Band:
    """Name the band of a score, but only if its whole interval lies inside.

    The bands are anchored on the labels of the scale: from 75 on, people find the statements
    mostly true on average; below 50, not even partly true.

    Parameters
    ----------
    low, high : float
        Ends of the 95 % interval, not rounded.

    Examples
    --------
    >>> band(75.2, 78.0), band(58.6, 60.3), band(41.0, 49.9), band(48.0, 52.0)
    ('high', 'middle', 'low', 'borderline')
    """
    if low >= HIGH:
        return "high"
    if high < LOW:
        return "low"
    return "middle" if low >= LOW and high < HIGH else "borderline"
