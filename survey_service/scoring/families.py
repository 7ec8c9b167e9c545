"""The families of comparisons a report makes, each corrected for the number of its tests.

Managers against staff, every unit against the rest, this wave against the last. Groups are samples
of a process here, so there is no finite population correction.
"""

from math import isnan
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from survey_service.scoring.comparison import (
    Difference,
    Direction,
    Estimates,
    Size,
    benjamini_hochberg,
    estimates,
    welch_test,
)
from survey_service.scoring.effect_size import EffectSizes, hedges_g
from survey_service.scoring.matrix import Booleans, Floats, Integers
from survey_service.scoring.moments import Moments, rest_of

LEVEL: Final = 0.05  #: a difference is found if its q lies below
LEAST_GAP: Final = 5.0  #: points between groups of one wave that are worth a word
LEAST_CHANGE: Final = 3.0  #: points between waves
LEAST_SHOWN: Final = 5  #: people on each side of a difference
LEAST_TESTED: Final = 10  #: people on each side of a gap or a change


class _Rule(NamedTuple):
    """Where a demand is met, and the reason code where it is not."""

    met: Booleans
    otherwise: str


def manager_staff_gap(managers: Moments, staff: Moments) -> tuple[Difference, ...]:
    """Compare managers with staff on every dimension.

    Parameters
    ----------
    managers, staff : Moments
        Shape (1, c), of person scores.

    Returns
    -------
    tuple of Difference
        c of them, one family: withheld below 5 people on a side, not tested below 10. The direction
        asks for 5 points.

    References
    ----------
    `welch_test`, `hedges_g`, `benjamini_hochberg`. In R: ``t.test(x, y)``,
    ``effectsize::hedges_g(x, y)``, ``p.adjust(p, "BH")``.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> gap, = manager_staff_gap(
    ...     Moments(20 * one, 70 * one, 1900 * one), Moments(60 * one, 60 * one, 5900 * one))
    >>> gap.difference, round(gap.q, 4), round(gap.g, 2), gap.size, gap.direction
    (10.0, 0.0005, 0.99, 'large', 'up')
    """
    return _family(
        estimates(managers),
        estimates(staff),
        effects=hedges_g(managers, staff),
        points=LEAST_GAP,
        tested=_at_least(LEAST_TESTED, managers, staff),
        shown=_at_least(LEAST_SHOWN, managers, staff),
    )[0]


def unit_marks(
    units: Moments, whole: Moments, shown: Booleans | None = None
) -> tuple[tuple[Difference, ...], ...]:
    """Compare every unit with everybody else, on every dimension: the marks of the heat map.

    Parameters
    ----------
    units : Moments
        Shape (g, c), of person scores.
    whole : Moments
        Shape (1, c); it holds the people of every unit.
    shown : bool array, shape (g, c), optional
        Cells that will be published; the others are no part of the family. All by default.

    Returns
    -------
    tuple of tuple of Difference
        g times c, one family without Hedges g. The direction asks for 5 points.

    References
    ----------
    In R: ``t.test(y[unit == u], y[unit != u])`` and ``p.adjust(p, "BH")`` over all cells.

    Examples
    --------
    >>> units = Moments(np.full((2, 1), 30.0), np.array([[50.0], [70.0]]), np.full((2, 1), 9e3))
    >>> whole = Moments(np.full((1, 1), 60.0), np.array([[60.0]]), np.full((1, 1), 24e3))
    >>> [unit.direction for unit, in unit_marks(units, whole)]
    ['down', 'up']
    """
    rest = rest_of(units, whole)
    return _family(
        estimates(units),
        estimates(rest),
        effects=None,
        points=LEAST_GAP,
        tested=_Rule(np.ones(units.n.shape, np.bool_) if shown is None else shown, "not_shown"),
        shown=_at_least(LEAST_SHOWN, units, rest),
    )


def wave_change(now: Moments, before: Moments) -> tuple[Difference, ...]:
    """Compare a wave with the one before: other answers, nobody known to be the same.

    Parameters
    ----------
    now, before : Moments
        Shape (1, c): person scores of the dimensions, and composites with linearised scatter.

    Returns
    -------
    tuple of Difference
        c of them, one family: withheld below 10 people on a side. The direction asks for 3 points.

    References
    ----------
    In R: ``t.test(now, before)`` and ``p.adjust(p, "BH")``; of the index on its pseudo-values.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> change, = wave_change(
    ...     Moments(400 * one, 62 * one, 16e4 * one), Moments(400 * one, 58 * one, 16e4 * one))
    >>> change.difference, round(change.q, 4), change.direction
    (4.0, 0.0048, 'up')
    """
    return _change(estimates(now), estimates(before), hedges_g(now, before))


def weighted_change(now: Estimates, before: Estimates) -> tuple[Difference, ...]:
    """Compare waves whose means are weighted to the same roster.

    Parameters
    ----------
    now, before : Estimates
        Shape (1, c): weighted means, their variances without finite population correction, and the
        degrees of freedom n - cells.

    Returns
    -------
    tuple of Difference
        As `wave_change` gives them, without Hedges g.

    References
    ----------
    Satterthwaite (1946). In R: ``svyby`` estimates and ``pt`` of their difference over its error.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> change, = weighted_change(
    ...     Estimates(400 * one, 62 * one, one, 390 * one), Estimates(400 * one, 58 * one, one, 390 * one))
    >>> change.difference, round(change.q, 4), change.direction
    (4.0, 0.0048, 'up')
    """
    return _change(now, before, None)


def composition_shift(now: npt.ArrayLike, before: npt.ArrayLike) -> float:
    """Find the largest change of a category's part, in percentage points.

    Parameters
    ----------
    now, before : array_like, shape (k,)
        People who answered in each category, in the same order; neither sums to 0.

    Examples
    --------
    >>> composition_shift([25, 75], [50, 50])  # In R: 100 * max(abs(prop.table(a) - prop.table(b)))
    25.0
    """
    first, second = (np.asarray(x, np.float64) for x in (now, before))
    return float(100 * np.abs(first / first.sum() - second / second.sum()).max())


def _change(
    now: Estimates, before: Estimates, effects: EffectSizes | None
) -> tuple[Difference, ...]:
    enough = _at_least(LEAST_TESTED, now, before)
    return _family(now, before, effects=effects, points=LEAST_CHANGE, tested=enough, shown=enough)[
        0
    ]


def _at_least(least: int, *sides: Moments | Estimates) -> _Rule:
    return _Rule(np.logical_and.reduce([side.n >= least for side in sides]), f"n<{least}")


def _family(
    first: Estimates,
    second: Estimates,
    *,
    effects: EffectSizes | None,
    points: float,
    tested: _Rule,
    shown: _Rule,
) -> tuple[tuple[Difference, ...], ...]:
    """Test all cells of shape (g, c) and correct them together."""
    welch = welch_test(first, second)
    fewest = np.minimum(first.n, second.n)
    demands = (
        _Rule((fewest >= 1) & ~np.isnan(welch.difference), "no_data"),
        _Rule(fewest >= 2, "n<2"),
        _Rule(~np.isnan(welch.p), "zero_variance"),
        shown,
        tested,
    )
    testable = np.logical_and.reduce([demand.met for demand in demands])
    t, df, p = (np.where(testable, x, np.nan) for x in (welch.t, welch.df, welch.p))
    q = benjamini_hochberg(p.ravel()).reshape(p.shape)
    nothing = np.full_like(p, np.nan)
    g, *limits = effects or EffectSizes(nothing, nothing, nothing)
    columns: dict[str, list[Any]] = {
        "n1": _listed(first.n.astype(int), p),
        "n2": _listed(second.n.astype(int), p),
        "mean1": _listed(first.mean, p),
        "mean2": _listed(second.mean, p),
        "difference": _listed(welch.difference, p),
        "se": _listed(welch.se, p),
        "t": _listed(t, p),
        "df": _listed(df, p),
        "ci95": _pairs(welch.low, welch.high),
        "p": _listed(p, p),
        "q": _listed(q, p),
        "g": _listed(g, p),
        "g_ci95": _pairs(*limits),
        "size": list(map(_size, g.ravel().tolist())),
        "direction": [
            _direction(*cell, points=points)
            for cell in zip(q.ravel().tolist(), welch.difference.ravel().tolist(), strict=True)
        ],
        "reason": _first_unmet(demands),
        "withheld": _first_unmet((shown,)),
    }
    flat = [
        Difference(**dict(zip(columns, cell, strict=True)))
        for cell in zip(*columns.values(), strict=True)
    ]
    width = p.shape[1]
    return tuple(tuple(flat[i : i + width]) for i in range(0, len(flat), width))


def _first_unmet(demands: tuple[_Rule, ...]) -> list[str | None]:
    unmet = np.stack([~demand.met.ravel() for demand in demands])
    names = np.array([*(demand.otherwise for demand in demands), None], object)
    first: list[str | None] = names[np.where(unmet.any(axis=0), unmet.argmax(axis=0), -1)].tolist()
    return first


def _listed(values: Floats | Integers, like: Floats) -> list[float | None]:
    flat = np.broadcast_to(values, like.shape).ravel().tolist()
    return [None if isnan(x) else x for x in flat]


def _pairs(low: Floats, high: Floats) -> list[tuple[float, float] | None]:
    ends = zip(low.ravel().tolist(), high.ravel().tolist(), strict=True)
    return [None if isnan(first) else (first, second) for first, second in ends]


def _size(g: float) -> Size | None:
    """Put g into a word."""
    if isnan(g):
        return None
    if abs(g) < 0.2:
        return "very_small"
    if abs(g) < 0.5:
        return "small"
    return "medium" if abs(g) < 0.8 else "large"


def _direction(q: float, difference: float, *, points: float) -> Direction | None:
    if isnan(q):
        return None
    if q >= LEVEL or abs(difference) < points:
        return "none"
    return "up" if difference > 0 else "down"
