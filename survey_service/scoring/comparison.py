"""Two groups side by side: Welch's test of the difference, and what many tests together allow."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from survey_service.scoring.matrix import Floats
from survey_service.scoring.moments import Moments

Direction = Literal["up", "down", "none"]
Size = Literal["very_small", "small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One mean less another, as one of a family of comparisons; None where it cannot be said.

    `reason` says why there is no test or no q: ``no_data``, ``n<2``, ``zero_variance`` (neither side
    varies), ``n<10`` (too few to test) or ``not_shown`` (not one of the family's published cells).
    `withheld` says that nothing of it is to be printed: ``n<5`` or ``n<10``.
    """

    n1: int
    n2: int
    mean1: float | None
    mean2: float | None
    difference: float | None  #: the first less the second
    se: float | None
    t: float | None
    df: float | None
    ci95: tuple[float, float] | None
    p: float | None
    q: float | None  #: p after Benjamini and Hochberg, over the family
    g: float | None  #: Hedges g, where the family asks for it
    g_ci95: tuple[float, float] | None
    size: Size | None  #: the word for g
    direction: Direction | None  #: "none" unless q < .05 and the difference is large enough
    reason: str | None
    withheld: str | None


class Estimates(NamedTuple):
    """Means known with some error, arrays of one shape; NaN where there is none."""

    n: Floats
    mean: Floats
    variance: Floats  #: squared standard error
    df: Floats


class Welch(NamedTuple):
    """Welch's test, arrays of one shape; all but `difference` NaN where nothing varies or n < 2."""

    difference: Floats
    se: Floats
    t: Floats
    df: Floats
    p: Floats
    low: Floats
    high: Floats


def estimates(moments: Moments) -> Estimates:
    """Estimate means from simple random samples, without finite population correction.

    References
    ----------
    In R: ``var(y) / length(y)``, with ``length(y) - 1`` degrees of freedom.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> [float(x[0, 0]) for x in estimates(Moments(4 * one, 75 * one, 1200 * one))]
    [4.0, 75.0, 100.0, 3.0]
    """
    variance = np.divide(
        moments.variance, moments.n, out=np.full(moments.n.shape, np.nan), where=moments.n >= 2
    )
    return Estimates(moments.n, moments.mean, variance, moments.n - 1)


def welch_test(first: Estimates, second: Estimates) -> Welch:
    """Compare means of independent samples, variances free to differ.

    Parameters
    ----------
    first, second : Estimates
        Of shapes that fit each other.

    Returns
    -------
    Welch

    Formula
    -------
    t = (m_1 - m_2)/sqrt(v_1 + v_2), df = (v_1 + v_2)^2/(v_1^2/f_1 + v_2^2/f_2), v the squared
    standard errors with f degrees of freedom.

    References
    ----------
    Welch (1947); Satterthwaite (1946). In R: ``t.test(x, y)``.

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = welch_test(Estimates(4, 50 * one, 0 * one, 3), Estimates(4, one * 62.5, one * 260, 3))
    >>> [round(float(x[0]), 4) for x in (found.t, found.df, found.p)]
    [-0.7752, 3.0, 0.4947]
    """
    difference = first.mean - second.mean
    variance = first.variance + second.variance
    defined = (variance > 0) & ~np.isnan(difference)
    nothing = np.full_like(variance, np.nan)
    parts = sum(
        np.divide(side.variance**2, side.df, out=nothing.copy(), where=defined)
        for side in (first, second)
    )
    df = np.divide(variance**2, parts, out=nothing.copy(), where=defined)
    se = np.sqrt(np.where(defined, variance, np.nan))
    t = difference / se
    half = stdtrit(df, 0.975) * se
    p = 2 * stdtr(df, -np.abs(t))
    return Welch(difference, se, t, df, p, difference - half, difference + half)


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """Correct p-values for being many, so that of all found few are false.

    Parameters
    ----------
    p : array_like, shape (m,)
        NaN where there was no test: it takes no part and stays NaN.

    Returns
    -------
    float array, shape (m,)
        q: found at the level .05 are those below it.

    Formula
    -------
    q_(i) = min over j >= i of p_(j) m / j, at most 1.

    References
    ----------
    Benjamini & Hochberg (1995). In R: ``p.adjust(p, "BH")``.

    Examples
    --------
    >>> benjamini_hochberg([0.01, np.nan, 0.04, 0.03]).round(6).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    p = np.asarray(p, np.float64)
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    falling = tested[np.argsort(-p[tested], kind="stable")]
    ranks = np.arange(len(falling), 0, -1)
    q[falling] = np.minimum(np.minimum.accumulate(p[falling] * len(falling) / ranks), 1.0)
    return q
