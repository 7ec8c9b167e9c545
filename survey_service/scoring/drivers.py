"""What goes with the outcome: association shared out among dimensions, ranked only if data allow it.

Everything here comes from the same people at the same time. It is association, never effect.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from survey_service.scoring.matrix import Floats
from survey_service.scoring.relative_weights import (
    MOST_SUBSETS,
    SINGULAR,
    bootstrap_weights,
    lmg_weights,
    relative_weights,
)

Level = Literal["strong", "weak", "similar"]

DRAWS: Final = 2000
SEED: Final = 20_000  #: fixed, so the same answers give the same report
LEAST_PEOPLE: Final = 100
LEAST_PER_PREDICTOR: Final = 10
LEAST_R2: Final = 0.10
MOST_CONDITION: Final = 30.0
LEAST_USABLE: Final = 0.95  #: part of the draws that must give weights, else there is no interval
LEAST_RANK_AGREEMENT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Driver:
    """One dimension's part in what all of them explain of the outcome."""

    raw: float  #: of R squared
    percent: float  #: of all parts
    ci95: tuple[float, float] | None  #: of `percent`, by the bootstrap; None without it
    lmg: float | None  #: the part by the other method; None beyond 12 predictors
    level: Level | None  #: against an even share, by the whole interval; None without one


@dataclass(frozen=True, slots=True)
class Drivers:
    """The parts of p dimensions; none, with a reason, where they do not exist.

    `reason` is ``no_data``, ``n<3``, ``zero_variance_predictor``, ``zero_variance_outcome``,
    ``singular`` (dimensions that determine one another) or ``no_association``. `withheld` says why
    parts that exist are not to be printed: ``n<100``, ``n<10p``, ``r2<.10``, ``condition>30``.
    """

    n: int  #: people with all dimensions and the outcome
    r2: float | None
    condition: float | None  #: root of the largest over the smallest eigenvalue
    drivers: tuple[Driver, ...]
    even_share: float  #: percent, if all were alike
    ranked: bool  #: at least two differ from an even share: else no order may be shown
    rank_agreement: float | None  #: Spearman's rho of the orders by both methods
    flags: frozenset[str]  #: ``lmg_disagrees``, ``bootstrap_unstable`` (too few draws gave weights)
    reason: str | None
    withheld: str | None


def drivers(predictors: Floats, outcome: Floats, draws: int = DRAWS, seed: int = SEED) -> Drivers:
    """Share out what dimensions explain of an outcome, and say whether they may be ranked.

    Parameters
    ----------
    predictors : float array, shape (n, p)
        Person scores, NaN where missing; incomplete people are left out.
    outcome : float array, shape (n,)
        NaN where missing.
    draws : int
        Of the bootstrap; 0 leaves it out, and with it intervals, levels and ranking.
    seed : int
        The order of people makes no difference.

    Returns
    -------
    Drivers

    References
    ----------
    `relative_weights`, `lmg_weights`, `bootstrap_weights`; Tonidandel & LeBreton (2011) on their use.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(500, 3))
    >>> found = drivers(x, x @ [3.0, 1.0, 0.5] + rng.normal(size=500), draws=200)
    >>> [driver.level for driver in found.drivers], found.ranked, round(found.r2, 2)
    (['strong', 'weak', 'weak'], True, 0.91)
    """
    rows = np.column_stack([predictors, outcome])
    rows = rows[~np.isnan(rows).any(axis=1)]
    if draws > 0:  # one order, whatever order they came in
        rows = rows[np.lexsort(rows.T)]
    n, p = len(rows), predictors.shape[1]
    reason = _why_undefined(rows)
    if reason is not None:
        return _nothing(n, p, reason)
    standardised = (rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1)
    correlations = standardised.T @ standardised / (n - 1)
    among, with_outcome = correlations[:-1, :-1], correlations[:-1, -1]
    eigenvalues = np.linalg.eigvalsh(among)
    if eigenvalues[0] <= SINGULAR:
        return _nothing(n, p, "singular")
    weights = relative_weights(among, with_outcome)
    r2 = float(weights.sum())
    if r2 <= SINGULAR:
        return _nothing(n, p, "no_association")
    condition = float(np.sqrt(eigenvalues[-1] / eigenvalues[0]))
    lmg = lmg_weights(among, with_outcome) if p <= MOST_SUBSETS else None
    rho = None if lmg is None else _rank_correlation(weights, lmg)
    found = bootstrap_weights(standardised, draws, seed)
    parts = _parts(weights, lmg, found)
    flags = {
        "lmg_disagrees": rho is not None and rho < LEAST_RANK_AGREEMENT,
        "bootstrap_unstable": draws > 0 and parts[0].ci95 is None,
    }
    return Drivers(
        n=n,
        r2=r2,
        condition=condition,
        drivers=parts,
        even_share=100 / p,
        ranked=sum(part.level in {"strong", "weak"} for part in parts) >= 2,
        rank_agreement=rho,
        flags=frozenset(name for name, raised in flags.items() if raised),
        reason=None,
        withheld=_why_withheld(n, p, r2, condition),
    )


def _parts(weights: Floats, lmg: Floats | None, found: Floats) -> tuple[Driver, ...]:
    p = len(weights)
    usable = ~np.isnan(found).any(axis=1)
    intervals: list[tuple[float, float] | None] = [None] * p
    if len(found) > 0 and usable.mean() >= LEAST_USABLE:
        low, high = np.percentile(found[usable], [2.5, 97.5], axis=0).tolist()
        intervals = list(zip(low, high, strict=True))
    others = [None] * p if lmg is None else lmg.tolist()
    r2 = float(weights.sum())
    return tuple(
        Driver(raw, 100 * raw / r2, interval, other, _level(interval, 100 / p))
        for raw, interval, other in zip(weights.tolist(), intervals, others, strict=True)
    )


def _level(interval: tuple[float, float] | None, even_share: float) -> Level | None:
    if interval is None:
        return None
    if interval[0] > even_share:
        return "strong"
    return "weak" if interval[1] < even_share else "similar"


def _why_undefined(rows: Floats) -> str | None:
    if len(rows) == 0:
        return "no_data"
    if len(rows) < 3:
        return "n<3"
    constant = (rows == rows[0]).all(axis=0)
    if constant[:-1].any():
        return "zero_variance_predictor"
    return "zero_variance_outcome" if constant[-1] else None


def _why_withheld(n: int, p: int, r2: float, condition: float) -> str | None:
    demands = {
        f"n<{LEAST_PEOPLE}": n >= LEAST_PEOPLE,
        f"n<{LEAST_PER_PREDICTOR}p": n >= LEAST_PER_PREDICTOR * p,
        "r2<.10": r2 >= LEAST_R2,
        "condition>30": condition <= MOST_CONDITION,
    }
    return next((name for name, met in demands.items() if not met), None)


def _nothing(n: int, p: int, reason: str) -> Drivers:
    return Drivers(
        n=n,
        r2=None,
        condition=None,
        drivers=(),
        even_share=100 / p,
        ranked=False,
        rank_agreement=None,
        flags=frozenset(),
        reason=reason,
        withheld=f"n<{LEAST_PEOPLE}" if n < LEAST_PEOPLE else None,
    )


def _rank_correlation(first: Floats, second: Floats) -> float | None:
    """Correlate the orders of two sets of numbers (Spearman); ties share their ranks."""
    orders = [
        (x[:, np.newaxis] > x).sum(axis=1) + (x[:, np.newaxis] == x).sum(axis=1) / 2
        for x in (first, second)
    ]
    one, other = (order - order.mean() for order in orders)
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 0 else None
