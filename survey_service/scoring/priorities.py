"""Where to begin: each dimension by its association with the outcome and by its score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from survey_service.scoring.drivers import Drivers

Quadrant = Literal["improve", "keep", "watch", "maintain"]


@dataclass(frozen=True, slots=True)
class PriorityPoint:
    """One dimension in the priority matrix."""

    percent: float  #: of the association
    score: float
    quadrant: Quadrant
    certain: bool  #: neither interval reaches across its line


def priority_matrix(
    found: Drivers, scores: Sequence[float], intervals: Sequence[tuple[float, float]]
) -> tuple[PriorityPoint, ...]:
    """Place the dimensions among four quadrants: the lines are an even share and the mean score.

    Parameters
    ----------
    found : Drivers
        p dimensions.
    scores : sequence of float
        Their means, as displayed.
    intervals : sequence of (low, high)
        Of the means.

    Returns
    -------
    tuple of PriorityPoint
        p of them: ``improve`` (strong association, low score), ``keep`` (strong, high), ``watch``
        (weak, low), ``maintain`` (weak, high). None at all where data do not support an order.

    References
    ----------
    Martilla & James (1977), importance and performance.

    Examples
    --------
    >>> from survey_service.scoring.drivers import Driver
    >>> parts = (Driver(0.3, 60.0, (52.0, 70.0), 0.3, "strong"), Driver(0.2, 40.0, (30.0, 48.0), 0.2, "weak"))
    >>> found = Drivers(500, 0.5, 2.0, parts, 50.0, True, 1.0, frozenset(), None, None)
    >>> [(x.quadrant, x.certain) for x in priority_matrix(found, (55.0, 75.0), ((53, 57), (60, 90)))]
    [('improve', True), ('maintain', False)]
    """
    if not found.ranked:
        return ()
    middle = sum(scores) / len(scores)
    points = zip(found.drivers, scores, intervals, strict=True)
    return tuple(
        PriorityPoint(
            percent=driver.percent,
            score=score,
            quadrant=_quadrant(driver.percent > found.even_share, score < middle),
            certain=driver.level != "similar" and not interval[0] <= middle <= interval[1],
        )
        for driver, score, interval in points
    )


def _quadrant(strong: bool, low: bool) -> Quadrant:  # noqa: FBT001 - the two axes of the matrix
    if strong:
        return "improve" if low else "keep"
    return "watch" if low else "maintain"
