"""Internal consistency of a dimension: alpha with its interval, and what each item adds to it."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from survey_service.scoring.matrix import BLANK, Booleans, Floats, Integers, Keying

Reading = Literal["good", "usable", "cautious", "poor"]

LEAST_SHOWN: Final = 30  #: below so many complete sheets nothing is reported
LEAST_SURE: Final = 50  #: below so many the report says that the sample is small
_NO_SIGN: Final = 1e-12  # an alpha nearer to 0 than this is 0
_CHUNK: Final = 1 << 15  # rows at a time: the items of a dimension stay in the cache
_ROUNDING: Final = 1e-12  # of the sum of item variances: a smaller total variance is none


@dataclass(frozen=True, eq=False)
class ItemCovariance:
    """How the k items of one dimension vary together, over the people who answered all of them."""

    n: int
    matrix: Floats  #: (k, k), with n - 1; zeros below two people


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well the items of a dimension measure one thing; None where it cannot be said.

    `reason` is ``no_data``, ``k<2``, ``n<3`` or ``zero_variance`` (of the total). `flags` holds
    some of ``check_keying`` (alpha is negative), ``zero_variance_item`` and ``small_sample``.
    """

    n: int  #: people who answered all items
    k: int
    alpha: float | None
    ci95: tuple[float, float] | None
    mean_inter_item_r: float | None  #: None with a constant item, too
    item_rest: tuple[float | None, ...]  #: None for a constant item
    alpha_if_deleted: tuple[float | None, ...]  #: None for two items
    reading: Reading | None
    flags: frozenset[str]
    reason: str | None
    withheld: str | None  #: ``n<30``: too few to report, whatever the values


def item_covariances(
    keyed: npt.NDArray[np.int8], keying: Keying, kept: Booleans | None = None
) -> tuple[ItemCovariance, ...]:
    """Let the items of each dimension vary together, over people who answered all of them.

    Parameters
    ----------
    keyed : int8 array, shape (n, m)
        Keyed codes, `BLANK` where missing.
    keying : Keying
        d dimensions.
    kept : bool array, shape (n,), optional
        Who counts; everybody by default.

    Returns
    -------
    tuple of ItemCovariance
        d of them.

    References
    ----------
    In R: ``cov(na.omit(x[items]))``.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, False]))
    >>> codes = np.array([[1, 2], [3, 2], [5, 5], [4, BLANK]], np.int8)
    >>> item_covariances(codes, keying)[0].matrix.tolist()
    [[4.0, 3.0], [3.0, 3.0]]
    """
    return tuple(_covariance(keyed, items, kept, keying) for items in keying.items_of)


def reliability(covariance: ItemCovariance) -> Reliability:
    """Judge the internal consistency of one dimension.

    Parameters
    ----------
    covariance : ItemCovariance
        Of keyed items: an item left unturned lowers alpha.

    Returns
    -------
    Reliability
        Item by item in the order of the matrix.

    Formula
    -------
    alpha = k/(k - 1) (1 - sum s_j^2 / s_T^2); item-rest r = corr(k_j, sum of the others).

    References
    ----------
    Cronbach (1951). In R: ``psych::alpha(na.omit(x))``, its ``total$raw_alpha``,
    ``item.stats$r.drop`` and ``alpha.drop$raw_alpha``.

    Examples
    --------
    >>> found = reliability(ItemCovariance(60, np.array([[2.0, 1, 1], [1, 2, 1], [1, 1, 2]])))
    >>> found.alpha, round(found.mean_inter_item_r, 4), found.reading
    (0.75, 0.5, 'usable')
    >>> [round(x, 4) for x in found.ci95 + found.item_rest[:1] + found.alpha_if_deleted[:1]]
    [0.6162, 0.8425, 0.5774, 0.6667]
    """
    n, matrix = covariance.n, covariance.matrix
    k = len(matrix)
    variances, columns, total = np.diag(matrix), matrix.sum(axis=0), float(matrix.sum())
    rests = total - 2 * columns + variances
    rests = np.where(rests <= _ROUNDING * variances.sum(), 0.0, rests)
    alpha = _alpha(total, float(variances.sum()), k) if n >= 3 else None
    item_rest: tuple[float | None, ...] = (None,) * k
    if_deleted: tuple[float | None, ...] = (None,) * k
    if alpha is not None:
        item_rest = tuple(map(_correlation, columns - variances, variances, rests))
        if_deleted = tuple(
            _alpha(rest, float(variances.sum() - own), k - 1)
            for rest, own in zip(rests.tolist(), variances, strict=True)
        )
    flags = {
        "check_keying": alpha is not None and alpha < -_NO_SIGN,
        "zero_variance_item": n >= 2 and bool((variances == 0).any()),
        "small_sample": LEAST_SHOWN <= n < LEAST_SURE,
    }
    return Reliability(
        n=n,
        k=k,
        alpha=alpha,
        ci95=None if alpha is None else feldt_interval(alpha, k, n),
        mean_inter_item_r=None if alpha is None else _mean_correlation(matrix),
        item_rest=item_rest,
        alpha_if_deleted=if_deleted,
        reading=None if alpha is None else read_alpha(alpha),
        flags=frozenset(name for name, raised in flags.items() if raised),
        reason=None if alpha is not None else _why_undefined(n, k),
        withheld=f"n<{LEAST_SHOWN}" if n < LEAST_SHOWN else None,
    )


def feldt_interval(alpha: float, k: int, n: int) -> tuple[float, float]:
    """Find the 95 % interval of alpha.

    Parameters
    ----------
    alpha : float
        Of k >= 2 items and n >= 2 people.
    k, n : int

    Returns
    -------
    low, high : float

    Formula
    -------
    1 - (1 - alpha) F, F the .975 and the .025 quantile with n - 1 and (n - 1)(k - 1) degrees.

    References
    ----------
    Feldt (1965); Feldt, Woodruff & Salih (1987). In R: ``1 - (1 - alpha) * qf(c(.975, .025), n - 1,
    (n - 1) * (k - 1))``.

    Examples
    --------
    >>> [round(x, 6) for x in feldt_interval(0.85, 7, 89)]
    [0.797065, 0.893167]
    """
    # The quantile of F by way of the beta distribution, exact for millions of people as well.
    share = betaincinv((n - 1) / 2, (n - 1) * (k - 1) / 2, np.array([0.975, 0.025]))
    low, high = (1 - (1 - alpha) * (k - 1) * share / (1 - share)).tolist()
    return low, high


def read_alpha(alpha: float) -> Reading:
    """Say what a reliability is good for; below .60 only the items speak for themselves.

    Parameters
    ----------
    alpha : float
        Not rounded.

    References
    ----------
    Nunnally & Bernstein (1994), ch. 7.

    Examples
    --------
    >>> read_alpha(0.80), read_alpha(0.799), read_alpha(0.65), read_alpha(-0.2)
    ('good', 'usable', 'cautious', 'poor')
    """
    if alpha >= 0.80:
        return "good"
    if alpha >= 0.70:
        return "usable"
    return "cautious" if alpha >= 0.60 else "poor"


def _covariance(
    keyed: npt.NDArray[np.int8], items: Integers, kept: Booleans | None, keying: Keying
) -> ItemCovariance:
    # Codes about a whole number add up exactly, so a constant item has exactly no variance.
    middle = (keying.lowest + keying.highest) // 2
    n, sums, products = 0, np.zeros(len(items)), np.zeros((len(items), len(items)))
    for start in range(0, len(keyed), _CHUNK):
        rows = slice(start, start + _CHUNK)
        columns = keyed[rows].T[items]
        complete = (columns != BLANK).all(axis=0)
        if kept is not None:
            complete &= kept[rows]
        values = columns[:, complete].astype(np.float64) - middle
        n += values.shape[1]
        sums += values.sum(axis=1)
        products += values @ values.T
    scatter = products - np.outer(sums, sums) / max(n, 1)
    return ItemCovariance(n, scatter / (n - 1) if n >= 2 else np.zeros_like(products))


def _alpha(total: float, items: float, k: int) -> float | None:
    """Give alpha of the variance of the total and the sum of the items' variances."""
    if k < 2 or total <= _ROUNDING * items:
        return None
    return k / (k - 1) * (1 - items / total)


def _why_undefined(n: int, k: int) -> str:
    if n == 0:
        return "no_data"
    if k < 2:
        return "k<2"
    return "n<3" if n < 3 else "zero_variance"


def _correlation(covariance: float, first: float, second: float) -> float | None:
    if min(first, second) <= 0:
        return None
    return float(np.clip(covariance / np.sqrt(first * second), -1, 1))


def _mean_correlation(matrix: Floats) -> float | None:
    k, deviations = len(matrix), np.sqrt(np.diag(matrix))
    if (deviations == 0).any():
        return None
    correlations = matrix / np.outer(deviations, deviations)
    return float((correlations.sum() - k) / (k * (k - 1)))
