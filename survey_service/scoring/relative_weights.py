"""How much of what predictors explain together goes to each: relative weights, LMG, the bootstrap."""

from typing import Final

import numpy as np
from scipy.special import factorial

from survey_service.scoring.matrix import Floats

SINGULAR: Final = 1e-8  #: smallest eigenvalue of predictors that can still be told apart
MOST_SUBSETS: Final = 12  #: predictors beyond which all their subsets are too many
_NUMBERS: Final = 1 << 22  # drawn at a time


def relative_weights(among: Floats, with_outcome: Floats) -> Floats:
    """Share R squared out among correlated predictors by way of their nearest uncorrelated stand-ins.

    Parameters
    ----------
    among : float array, shape (..., p, p)
        Correlations of the predictors.
    with_outcome : float array, shape (..., p)
        Correlations of the predictors with the outcome.

    Returns
    -------
    float array, shape (..., p)
        Adding up to R squared; NaN where an eigenvalue of the predictors is not above 1e-8.

    Formula
    -------
    R_xx = V D^2 V', L = V D V', b = L^-1 r_xy, w_j = sum_k l_jk^2 b_k^2.

    References
    ----------
    Johnson (2000); the same as Genizi (1993). In R: ``relaimpo::calc.relimp(r, type = "genizi")``.

    Examples
    --------
    >>> among = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> relative_weights(among, np.array([0.6, 0.3])).round(4).tolist()
    [0.315, 0.045]
    """
    values, vectors = np.linalg.eigh(among)
    regular = values[..., :1] > SINGULAR
    roots = np.sqrt(np.where(regular, values, 1.0))
    stand_ins = (vectors * roots[..., np.newaxis, :]) @ vectors.swapaxes(-1, -2)
    turned = (with_outcome[..., np.newaxis, :] @ vectors)[..., 0, :] / roots
    slopes = (vectors @ turned[..., np.newaxis])[..., 0]
    weights = (stand_ins**2 @ slopes[..., np.newaxis] ** 2)[..., 0]
    return np.where(regular, weights, np.nan)


def lmg_weights(among: Floats, with_outcome: Floats) -> Floats:
    """Share R squared out by what each predictor adds, averaged over all orders of entering them.

    Parameters
    ----------
    among : float array, shape (p, p)
        Regular; p at most 12, for all 2^p subsets are solved at once.
    with_outcome : float array, shape (p,)

    Returns
    -------
    float array, shape (p,)
        Adding up to R squared.

    Formula
    -------
    w_j = sum over subsets S without j of |S|! (p - |S| - 1)!/p! (R^2 of S and j - R^2 of S).

    References
    ----------
    Lindeman, Merenda & Gold (1980); Groemping (2006). In R: ``relaimpo::calc.relimp(r, type =
    "lmg")``.

    Examples
    --------
    >>> among = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> lmg_weights(among, np.array([0.6, 0.3])).round(4).tolist()
    [0.315, 0.045]
    """
    p = len(among)
    subsets = np.arange(1 << p)
    chosen = (subsets[:, np.newaxis] >> np.arange(p)) & 1
    # Predictors outside a subset become uncorrelated with everything: they explain nothing.
    inside = chosen[:, :, np.newaxis] * chosen[:, np.newaxis]
    systems = np.where(inside, among, np.eye(p))
    sides = chosen * with_outcome
    explained = (np.linalg.solve(systems, sides[..., np.newaxis])[..., 0] * sides).sum(axis=1)
    sizes = chosen.sum(axis=1)
    weights = np.zeros(p)
    for j in range(p):
        without = subsets[chosen[:, j] == 0]
        orders = factorial(sizes[without]) * factorial(p - 1 - sizes[without]) / factorial(p)
        weights[j] = orders @ (explained[without | (1 << j)] - explained[without])
    return weights


def bootstrap_weights(rows: Floats, draws: int, seed: int) -> Floats:
    """Draw the people again and again, and see how the parts of R squared vary.

    Parameters
    ----------
    rows : float array, shape (n, p + 1)
        Predictors and, last, the outcome; standardised, nothing missing. The order of the rows is
        part of the seed.
    draws, seed : int

    Returns
    -------
    float array, shape (draws, p)
        Percent of R squared, summing to 100; NaN in draws where a variable is constant, the
        predictors cannot be told apart, or nothing is explained.

    References
    ----------
    Efron & Tibshirani (1993), ch. 13; Johnson (2004). In R: ``boot::boot(x, statistic, R = 2000)``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(400, 2))
    >>> rows = np.column_stack([x, x @ [2.0, 1.0] + rng.normal(size=400)])
    >>> found = bootstrap_weights(rows, draws=200, seed=1)
    >>> np.percentile(found[:, 0], [2.5, 97.5]).round(-1).tolist()
    [70.0, 80.0]
    """
    n, columns = rows.shape
    if draws == 0:
        return np.empty((0, columns - 1))
    first, second = np.triu_indices(columns)
    # One matrix product of counts and cross-products gives the correlations of many draws.
    features = np.hstack([rows, rows[:, first] * rows[:, second]])
    random = np.random.default_rng(seed)
    batch = max(1, min(_NUMBERS // n, draws))
    found = np.empty((draws, columns - 1))
    for start in range(0, draws, batch):
        size = min(batch, draws - start)
        drawn = random.integers(0, n, (size, n)) + np.arange(size)[:, np.newaxis] * n
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        sums = counts.astype(np.float64) @ features / n
        means = sums[:, :columns]
        covariances = np.empty((size, columns, columns))
        covariances[:, first, second] = covariances[:, second, first] = sums[:, columns:]
        covariances -= means[:, :, np.newaxis] * means[:, np.newaxis]
        found[start : start + size] = _percent_of(covariances)
    return found


def _percent_of(covariances: Floats) -> Floats:
    """Share out R squared for covariances of shape (b, p + 1, p + 1), the outcome last."""
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    varied = variances.min(axis=1) > SINGULAR
    scales = np.sqrt(np.maximum(variances, SINGULAR))
    correlations = covariances / (scales[:, :, np.newaxis] * scales[:, np.newaxis])
    correlations[~varied] = np.eye(covariances.shape[1])  # explains nothing
    weights = relative_weights(correlations[:, :-1, :-1], correlations[:, :-1, -1])
    explained = weights.sum(axis=1, keepdims=True)
    percent = np.full_like(weights, np.nan)
    np.divide(100 * weights, explained, out=percent, where=explained > SINGULAR)
    return percent
