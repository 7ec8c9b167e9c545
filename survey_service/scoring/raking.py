"""Raking: weights that meet the roster's margins where the crossed counts are unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from survey_service.scoring.matrix import Floats, Integers
from survey_service.scoring.weighting import kish_design_effect

EMPTY_CATEGORY: Final = "empty_category"  #: reason code: people on the roster, nobody answered
NOT_CONVERGED: Final = "not_converged"  #: reason code: the margins contradict one another
LEAST_PART, MOST_PART = 1 / 3, 3.0  # of the mean weight: what trimming leaves
_TOLERANCE: Final = 1e-10
_MOST_ROUNDS: Final = 1000


class Margin(NamedTuple):
    """One way to divide everybody: the category of each of n people, and what the roster has."""

    categories: Integers  #: (n,) from 0
    totals: Floats  #: people of each category


@dataclass(frozen=True, eq=False)
class Raking:
    """Weights of n people, or the reason why there are none."""

    weights: Floats | None
    design_effect: float | None  #: Kish's
    reason: str | None = None

    @property
    def effective(self) -> float | None:
        """How many answers with equal weights would tell as much."""
        if self.weights is None or self.design_effect is None:
            return None
        return len(self.weights) / self.design_effect


def rake(base: Floats, margins: Sequence[Margin], *, trim: bool = True) -> Raking:
    """Find weights near those given that meet every margin.

    Parameters
    ----------
    base : float array, shape (n,)
        Weights to begin with, above 0.
    margins : sequence of Margin
        Each with the same sum.
    trim : bool, optional
        Whether to bring weights into 1/3 to 3 times their mean, and rake again.

    Returns
    -------
    Raking
        Without weights for ``empty_category`` or ``not_converged``: then collapse categories, else
        leave the scores unweighted.

    Formula
    -------
    Margin by margin, w <- w T_c / sum of w in c, until all sums meet their totals to 1e-10.

    References
    ----------
    Deming & Stephan (1940). In R: ``survey::rake(design, list(~a, ~b), list(A, B))`` and
    ``survey::trimWeights``.

    Examples
    --------
    >>> unit = Margin(np.array([0, 0, 1, 1]), np.array([30.0, 10.0]))
    >>> role = Margin(np.array([0, 1, 0, 1]), np.array([20.0, 20.0]))
    >>> found = rake(np.ones(4), [unit, role])
    >>> found.weights.round(6).tolist(), round(found.effective, 4)
    ([15.0, 15.0, 5.0, 5.0], 3.2)
    """
    for categories, totals in margins:
        counts = np.bincount(categories, minlength=len(totals))
        if len(counts) > len(totals) or ((counts == 0) & (totals > 0)).any():
            return Raking(None, None, EMPTY_CATEGORY)
    weights = _fit(base, margins)
    if weights is not None and trim:
        mean = weights.mean()
        held = np.clip(weights, LEAST_PART * mean, MOST_PART * mean)
        weights = _fit(held, margins)
    if weights is None:
        return Raking(None, None, NOT_CONVERGED)
    return Raking(weights, kish_design_effect(weights))


def _fit(base: Floats, margins: Sequence[Margin]) -> Floats | None:
    weights = base.astype(np.float64)
    for _ in range(_MOST_ROUNDS):
        for categories, totals in margins:
            weights = weights * (totals / _sum(categories, weights, totals))[categories]
        gaps = [np.abs(_sum(c, weights, t) - t).max() / t.sum() for c, t in margins]
        if max(gaps, default=0.0) <= _TOLERANCE:
            return weights
    return None


def _sum(categories: Integers, weights: Floats, totals: Floats) -> Floats:
    """Add up weights by category; 1 for a category that nobody is in and nobody should be."""
    sums = np.bincount(categories, weights=weights, minlength=len(totals))
    return np.where(sums > 0, sums, 1.0)
