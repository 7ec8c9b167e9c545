"""How large a difference is, in standard deviations: Hedges g with the interval of noncentral t."""

from typing import Final, NamedTuple

import numpy as np
from scipy.special import gammaln, ndtr, ndtri

from survey_service.scoring.matrix import Floats
from survey_service.scoring.moments import Moments

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(128)
_SHARP: Final = 5.0  # the steepest integrand that so many nodes still resolve
_PANELS: Final = 16  # times as many nodes for a steeper one
_REACH: Final = 10.0  # standard deviations of a chi variable beyond which nothing is left
_STEPS: Final = 60
_TINY: Final = 1e-12
_CONVERGED: Final = 1e-10
_Z: Final = float(ndtri(0.975))


class EffectSizes(NamedTuple):
    """Hedges g of many differences with 95 % intervals, arrays of one shape, NaN where undefined."""

    g: Floats
    low: Floats
    high: Floats


def hedges_g(first: Moments, second: Moments) -> EffectSizes:
    """Express differences of means in pooled standard deviations, without the bias of small samples.

    Parameters
    ----------
    first, second : Moments
        Of shapes that fit each other; g is positive where the first mean is the higher one.

    Returns
    -------
    EffectSizes
        NaN where a side has fewer than two values or neither side varies; the limits also where
        `noncentrality_limits` gives up.

    Formula
    -------
    g = J d, d = (mean_1 - mean_2)/s_pooled, J = Gamma(m/2)/(sqrt(m/2) Gamma((m - 1)/2)), m = n_1 +
    n_2 - 2; the limits are J times those of d, by the noncentrality of t = d sqrt(n_1 n_2/(n_1 + n_2)).

    References
    ----------
    Hedges (1981); Steiger & Fouladi (1997). In R: ``effectsize::hedges_g(x, y)``.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> groups = (Moments(50 * one, m * one, 49 * s**2 * one) for m, s in ((103, 5.5), (100, 4.5)))
    >>> [round(float(x[0, 0]), 4) for x in hedges_g(*groups)]
    [0.5924, 0.1933, 0.9887]
    """
    m = first.n + second.n - 2
    scatter = first.scatter + second.scatter
    defined = (first.n >= 2) & (second.n >= 2) & (scatter > 0)
    m, scatter = np.where(defined, m, 2.0), np.where(defined, scatter, 1.0)
    means = np.where(defined, first.mean - second.mean, np.nan)
    d = means / np.sqrt(scatter / m)
    root = np.sqrt(first.n * second.n / np.where(defined, first.n + second.n, 1.0))
    bias = np.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / np.sqrt(m / 2)
    low, high = (
        np.divide(limit, root, out=np.full_like(d, np.nan), where=defined)
        for limit in noncentrality_limits(d * root, m)
    )
    return EffectSizes(bias * d, bias * low, bias * high)


def noncentrality_limits(t: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Find the noncentralities under which t is the .975 and the .025 quantile.

    Parameters
    ----------
    t, df : float array of one shape
        t may be NaN; df at least 2.

    Returns
    -------
    low, high : float array
        The 95 % interval of the noncentrality; NaN beyond |t| = 80 sqrt(2 df), where means lie more
        than a hundred standard deviations apart, and where the method does not converge.

    Formula
    -------
    P(T <= t) = E Phi(t S - nc), S = chi_df / sqrt(df): integrated over S by Gauss and Legendre, and
    solved for nc by Newton's method on its probit, which is nearly a straight line.

    References
    ----------
    Johnson, Kotz & Balakrishnan (1995), ch. 31. In R: ``uniroot(function(nc) pt(t, df, nc) - .975,
    ...)``. Library routines of this distribution fail at isolated points; the integral does not.

    Examples
    --------
    >>> low, high = noncentrality_limits(np.array([2.0]), np.array([18.0]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (-0.0894, 4.0396)
    """
    sharpness = np.abs(t) / np.sqrt(2 * df)  # of the step in the integrand: about d / 3
    low, high = np.full((2, *t.shape), np.nan)
    for panels, chosen in (
        (1, sharpness <= _SHARP),
        (_PANELS, (sharpness > _SHARP) & (sharpness <= _SHARP * _PANELS)),
    ):
        nodes, weights = _chi_nodes(df[chosen], panels)
        for limit, z in ((low, _Z), (high, -_Z)):
            limit[chosen] = _solve(t[chosen], df[chosen], z, nodes, weights)
    return low, high


def _solve(t: Floats, df: Floats, z: float, nodes: Floats, weights: Floats) -> Floats:
    """Find the noncentrality under which the probit of P(T <= t) is z; all arrays of one axis."""
    spread = np.sqrt(1 + t**2 / (2 * df))
    limit = t - z * spread
    scaled = t[:, np.newaxis] * nodes
    step = np.full_like(limit, np.inf)
    for _ in range(_STEPS):
        apart = scaled - limit[:, np.newaxis]
        below = (weights * ndtr(apart)).sum(axis=1)
        probit = ndtri(np.clip(below, _TINY, 1 - _TINY))
        slope = (weights * np.exp((probit[:, np.newaxis] ** 2 - apart**2) / 2)).sum(axis=1)
        step = np.clip((probit - z) / np.maximum(slope, _TINY), -spread, spread)
        limit = limit + step
        if not (np.abs(step) > _CONVERGED * spread).any():
            break
    return np.where(np.abs(step) > _CONVERGED * spread, np.nan, limit)


def _chi_nodes(df: Floats, panels: int) -> tuple[Floats, Floats]:
    """Give nodes of chi_df / sqrt(df) with weights that sum to 1, along a new last axis."""
    df = df[:, np.newaxis]
    mode = np.sqrt((df - 1) / df)
    reach = _REACH / np.sqrt(2 * df)
    low, high = np.maximum(mode - reach, 0.0), mode + reach
    within = (np.arange(panels)[:, np.newaxis] + (_NODES + 1) / 2).ravel() / panels
    nodes = low + (high - low) * within
    logs = (df - 1) * np.log(nodes) - df * nodes**2 / 2
    weights = np.tile(_WEIGHTS, panels) * np.exp(logs - logs.max(axis=1, keepdims=True))
    return nodes, weights / weights.sum(axis=1, keepdims=True)
