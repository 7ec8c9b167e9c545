"""Do people of one unit see it alike, and do units differ? Agreement within, variance between."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from survey_service.scoring.matrix import Floats, Integers, Keying
from survey_service.scoring.moments import Moments, pool

Use = Literal["sort", "heat_map", "none"]
Level = Literal["alike", "mixed", "divided", "polarised"]

LEAST_UNITS: Final = 5  #: below so many units their variance says nothing
LEAST_PEOPLE: Final = 10  #: below so many people of a unit its agreement is not shown


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """How far people of one unit resemble each other on one dimension; None where undefined.

    `reason` is ``no_data``, ``groups<2``, ``n<2`` (nobody shares a unit) or ``zero_variance``. The
    flag ``negative_set_to_0`` says that units differ less than chance alone would have it: `icc1` is
    0 and `icc2` None.
    """

    groups: int  #: units with somebody
    n: int
    mean_size: float | None  #: n0, the size of units that matters for the variance
    between: float | None  #: mean square between units
    within: float | None
    icc1: float | None  #: part of the variance that lies between units
    icc2: float | None  #: reliability of the units' means
    use: Use | None  #: what the units' means may be used for
    flags: frozenset[str]
    reason: str | None
    withheld: str | None  #: ``groups<5``


@dataclass(frozen=True, slots=True)
class UnitAgreement:
    """How far one unit agrees on one dimension; None, with ``n<2``, where undefined."""

    n: int  #: people of the unit who answered all items of the dimension
    value: float | None  #: r*wg(j): 1 all alike, 0 as by chance, below 0 two camps
    level: Level | None
    reason: str | None
    withheld: str | None  #: ``n<10``


def intraclass_correlations(units: Moments) -> tuple[IntraclassCorrelation, ...]:
    """Part the variance of every column into between and within units.

    Parameters
    ----------
    units : Moments
        Shape (g, c), of person scores; units without anybody are passed over.

    Returns
    -------
    tuple of IntraclassCorrelation
        c of them.

    Formula
    -------
    ICC(1) = (MSB - MSW)/(MSB + (n0 - 1) MSW), ICC(2) = (MSB - MSW)/MSB, n0 = (N - sum n_g^2/N)/(G - 1).

    References
    ----------
    Bliese (2000); Shrout & Fleiss (1979). In R: ``anova(aov(y ~ factor(unit)))`` and the formula;
    ``multilevel::ICC2``. (``multilevel::ICC1`` takes the plain mean of sizes for n0.)

    Examples
    --------
    >>> units = Moments(np.full((5, 1), 4.0), np.arange(5.0)[:, None], np.full((5, 1), 6.0))
    >>> found = intraclass_correlations(units)[0]
    >>> found.between, found.within, round(found.icc1, 4), found.icc2, found.use
    (10.0, 2.0, 0.5, 0.8, 'sort')
    """
    whole = pool(units)
    columns = zip(
        units.n.T, units.scatter.sum(axis=0).tolist(), whole.scatter[0].tolist(), strict=True
    )
    return tuple(_part(sizes, within, total) for sizes, within, total in columns)


def unit_agreement(
    histograms: Floats | Integers, keying: Keying
) -> tuple[tuple[UnitAgreement, ...], ...]:
    """Measure agreement within every unit on every dimension, by its items' variances.

    Parameters
    ----------
    histograms : array, shape (g, m, a)
        How many people chose each code, of those who answered all items of the item's dimension, as
        `complete_histograms` counts them; raw or keyed is the same.
    keying : Keying
        d dimensions.

    Returns
    -------
    tuple of tuple of UnitAgreement
        g times d.

    Formula
    -------
    r*wg(j) = 1 - mean_j(s^2_gj) / ((a^2 - 1)/12): variances (n - 1) against that of answers at random.

    References
    ----------
    Lindell & Brandt (1999). In R: ``multilevel::rwg.j.lindell(x, unit, ranvar = 2)`` for five points.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, False]))
    >>> apart = np.array([[[2, 0, 0, 0, 2], [2, 0, 0, 0, 2]], [[0, 0, 1, 3, 0], [0, 0, 0, 4, 0]]])
    >>> [(round(unit.value, 4), unit.level) for unit, in unit_agreement(apart, keying)]
    [(-1.6667, 'polarised'), (0.9375, 'alike')]
    """
    points = histograms.shape[2]
    codes = np.arange(points)
    n = histograms.sum(axis=2, dtype=np.float64)
    sums, squares = histograms @ codes, histograms @ codes**2
    # Whole numbers up to here: answers all alike have exactly no variance.
    scatter = np.divide(n * squares - sums**2, n, out=np.zeros_like(n), where=n > 0)
    variances = np.divide(scatter, n - 1, out=np.zeros_like(n), where=n >= 2)
    average = keying.belongs / keying.belongs.sum(axis=0)
    values = 1 - variances @ average / ((points**2 - 1) / 12)
    rows = zip(np.rint(n @ average).astype(int).tolist(), values.tolist(), strict=True)
    return tuple(tuple(map(_agreement, *row)) for row in rows)


def _part(sizes: Floats, within: float, total: float) -> IntraclassCorrelation:
    """Part the sum of squares of one column."""
    groups, n = int((sizes > 0).sum()), int(sizes.sum())
    reason = _why_undefined(groups, n, total)
    mean_square_between = mean_square_within = mean_size = icc1 = icc2 = None
    negative = False
    if reason is None:
        mean_size = (n - float((sizes**2).sum()) / n) / (groups - 1)
        mean_square_between = (total - within) / (groups - 1)
        mean_square_within = within / (n - groups)
        surplus = mean_square_between - mean_square_within
        negative = surplus < 0
        icc1 = max(surplus, 0.0) / (mean_square_between + (mean_size - 1) * mean_square_within)
        icc2 = None if negative else surplus / mean_square_between
    return IntraclassCorrelation(
        groups=groups,
        n=n,
        mean_size=mean_size,
        between=mean_square_between,
        within=mean_square_within,
        icc1=icc1,
        icc2=icc2,
        use=None if reason is not None else _use(icc2),
        flags=frozenset({"negative_set_to_0"} if negative else ()),
        reason=reason,
        withheld=f"groups<{LEAST_UNITS}" if groups < LEAST_UNITS else None,
    )


def _why_undefined(groups: int, n: int, total: float) -> str | None:
    if n == 0:
        return "no_data"
    if groups < 2:
        return "groups<2"
    if n == groups:
        return "n<2"
    return "zero_variance" if total == 0 else None


def _use(icc2: float | None) -> Use:
    """Say what means of this reliability may be used for; None is less than no difference."""
    if icc2 is None or icc2 < 0.50:
        return "none"
    return "sort" if icc2 >= 0.70 else "heat_map"


def _agreement(n: int, value: float) -> UnitAgreement:
    return UnitAgreement(
        n=n,
        value=value if n >= 2 else None,
        level=_level(value) if n >= 2 else None,
        reason=None if n >= 2 else "n<2",
        withheld=f"n<{LEAST_PEOPLE}" if n < LEAST_PEOPLE else None,
    )


def _level(value: float) -> Level:
    """Class r*wg(j); these cuts are for this index, which does not grow with the items."""
    if value >= 0.50:
        return "alike"
    if value >= 0.30:
        return "mixed"
    return "divided" if value >= 0 else "polarised"
