"""Reliability from one common factor: omega total of a one-factor maximum likelihood solution.

The solution is found by Newton's method on the logarithms of the uniquenesses, with exact second
derivatives: a handful of steps where general minimisers take hundreds.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from survey_service.scoring.matrix import Floats
from survey_service.scoring.reliability import LEAST_SHOWN, ItemCovariance

LEAST_UNIQUENESS: Final = 0.005  #: an item that the factor explains entirely is held here
_SINGULAR: Final = 1e-8  # smallest eigenvalue of a correlation matrix that is still regular
_STEPS: Final = 200  # far more than ever needed
_CONVERGED: Final = 1e-9  # largest slope left
_GAP: Final = 1e-9  # least distance of eigenvalues to divide by


@dataclass(frozen=True, slots=True)
class Omega:
    """Omega total of one dimension; None where it cannot be said.

    `reason` is ``no_data``, ``k<3``, ``n<3``, ``zero_variance_item``, ``singular`` (an item follows
    from the others) or ``not_converged``. `flags` holds ``heywood`` where the factor explains an item
    entirely.
    """

    n: int  #: people who answered all items
    k: int
    omega: float | None
    spearman_brown: float | None  #: what is said of two items instead
    loadings: tuple[float, ...]  #: standardised, empty where there is no omega
    uniquenesses: tuple[float, ...]
    flags: frozenset[str]
    reason: str | None
    withheld: str | None  #: ``n<30``: too few to report, whatever the values


class Factor(NamedTuple):
    """One common factor of k standardised items, both of shape (k,)."""

    loadings: Floats  #: adding up to no less than 0
    uniquenesses: Floats  #: within .005 and 1


def one_factor_omega(covariance: ItemCovariance) -> Omega:
    """Estimate omega total of one dimension from a single common factor.

    Parameters
    ----------
    covariance : ItemCovariance
        Of keyed items.

    Returns
    -------
    Omega

    Formula
    -------
    With standardised loadings l_j and uniquenesses u_j: omega = (sum l_j s_j)^2 /
    [(sum l_j s_j)^2 + sum u_j s_j^2]. Two items: 2r/(1 + r) instead.

    References
    ----------
    McDonald (1999), ch. 6; Spearman (1910) and Brown (1910). In R: ``f <- factanal(covmat = R,
    factors = 1)``, then the formula; the same as ``lavaan`` with one factor.

    Examples
    --------
    >>> r = np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])
    >>> found = one_factor_omega(ItemCovariance(200, r))
    >>> [round(x, 4) for x in found.loadings], round(found.omega, 4)
    ([0.8, 0.7, 0.6], 0.7449)
    >>> one_factor_omega(ItemCovariance(200, r[:2, :2])).spearman_brown
    0.717948717948718
    """
    n, matrix = covariance.n, covariance.matrix
    k = len(matrix)
    reason = _why_undefined(covariance)
    factor = None
    if reason is None:
        deviations = np.sqrt(np.diag(matrix))
        correlations = matrix / np.outer(deviations, deviations)
        if np.linalg.eigvalsh(correlations)[0] <= _SINGULAR:
            reason = "singular"
        else:
            factor = fit_one_factor(correlations)
            reason = "not_converged" if factor is None else None
    omega = None
    if factor is not None:
        common = float(factor.loadings @ deviations) ** 2
        omega = common / (common + float(factor.uniquenesses @ deviations**2))
    heywood = factor is not None and bool(
        (factor.uniquenesses <= LEAST_UNIQUENESS * (1 + _SINGULAR)).any()
    )
    return Omega(
        n=n,
        k=k,
        omega=omega,
        spearman_brown=_spearman_brown(covariance),
        loadings=() if factor is None else tuple(factor.loadings.tolist()),
        uniquenesses=() if factor is None else tuple(factor.uniquenesses.tolist()),
        flags=frozenset({"heywood"} if heywood else ()),
        reason=reason,
        withheld=f"n<{LEAST_SHOWN}" if n < LEAST_SHOWN else None,
    )


def fit_one_factor(correlations: Floats) -> Factor | None:
    """Find the one-factor solution of greatest likelihood.

    Parameters
    ----------
    correlations : float array, shape (k, k)
        Regular, k >= 3.

    Returns
    -------
    Factor, or None
        None where no minimum was found.

    Formula
    -------
    Minimise sum_{m >= 2} (e_m - ln e_m - 1) over .005 <= u_j <= 1, e_m the falling eigenvalues of
    U^-1/2 R U^-1/2; then l = U^1/2 v_1 sqrt(e_1 - 1). Start: u_j = (1 - .5/k) / (R^-1)_jj.

    References
    ----------
    Joreskog (1967); Lawley & Maxwell (1971), ch. 4; the bounded steps are those of Bertsekas (1982).
    In R: ``factanal(covmat = R, factors = 1)``.

    Examples
    --------
    >>> fitted = fit_one_factor(np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]))
    >>> fitted.loadings.round(6).tolist(), fitted.uniquenesses.round(6).tolist()
    ([0.8, 0.7, 0.6], [0.36, 0.51, 0.64])
    """
    k = len(correlations)
    lowest = float(np.log(LEAST_UNIQUENESS))
    start = (1 - 0.5 / k) / np.diag(np.linalg.inv(correlations))
    logs = np.clip(np.log(start), lowest, 0.0)
    for _ in range(_STEPS):
        value, slopes, curvatures = _discrepancy(correlations, logs)
        free = ~(((logs <= lowest) & (slopes > 0)) | ((logs >= 0) & (slopes < 0)))
        if not (np.abs(slopes[free]) > _CONVERGED).any():
            return _factor(correlations, logs)
        direction = np.zeros(k)
        direction[free] = _step(slopes[free], curvatures[np.ix_(free, free)])
        for halving in range(30):
            trial = np.clip(logs + direction / 2**halving, lowest, 0.0)
            if _discrepancy(correlations, trial)[0] < value:
                logs = trial
                break
        else:  # no lower value within reach of the precision
            return _factor(correlations, logs) if (np.abs(slopes[free]) < 1e-6).all() else None
    return None


def _discrepancy(correlations: Floats, logs: Floats) -> tuple[float, Floats, Floats]:
    """Give the value to be minimised, its slopes and curvatures in the logarithms u."""
    scales = np.exp(-logs / 2)
    rising, vectors = np.linalg.eigh(correlations * np.outer(scales, scales))
    e, first = rising[:-1], rising[-1]
    value = float((e - np.log(e) - 1).sum())
    slopes = vectors[:, :-1] ** 2 @ (1 - e)
    # The slopes are the diagonal of a function of the scaled matrix, so the curvatures follow from
    # its divided differences between the eigenvalues (theorem of Daleckii and Krein).
    kernel = (rising[:, np.newaxis] + rising) / 2
    kernel[-1, :-1] *= (1 - e) / np.maximum(first - e, _GAP)
    kernel[:-1, -1] = kernel[-1, :-1]
    kernel[-1, -1] = 0
    pairs = vectors[:, np.newaxis] * vectors
    return value, slopes, ((pairs @ kernel) * pairs).sum(axis=2)


def _step(slopes: Floats, curvatures: Floats) -> Floats:
    """Solve for Newton's step, downhill even where the surface is not convex."""
    values, vectors = np.linalg.eigh(curvatures)
    values = np.maximum(np.abs(values), _GAP)
    return np.asarray(vectors @ (vectors.T @ -slopes / values))


def _factor(correlations: Floats, logs: Floats) -> Factor:
    scales = np.exp(logs / 2)
    rising, vectors = np.linalg.eigh(correlations / np.outer(scales, scales))
    loadings = scales * vectors[:, -1] * np.sqrt(max(rising[-1] - 1, 0.0))
    return Factor(loadings if loadings.sum() >= 0 else -loadings, scales**2)


def _why_undefined(covariance: ItemCovariance) -> str | None:
    n, k = covariance.n, len(covariance.matrix)
    if n == 0:
        return "no_data"
    if k < 3:
        return "k<3"
    if n < 3:
        return "n<3"
    return "zero_variance_item" if (np.diag(covariance.matrix) <= 0).any() else None


def _spearman_brown(covariance: ItemCovariance) -> float | None:
    if len(covariance.matrix) != 2 or covariance.n < 3:
        return None
    (first, both), (_, second) = covariance.matrix.tolist()
    r = both / np.sqrt(first * second) if min(first, second) > 0 else -1.0
    return float(2 * r / (1 + r)) if 1 + r > _SINGULAR else None
