"""The net promoter score of employees (eNPS). Only for questionnaires that ask for it; ours do not."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from survey_service.scoring.descriptives import UPPER
from survey_service.scoring.matrix import Floats

NO_DATA: Final = "no_data"
TOO_FEW: Final = "n<30"
LEAST_SHOWN: Final = 30
_DETRACTORS: Final = 7  # codes 0-6
_PROMOTERS: Final = 9  # codes 9 and 10


@dataclass(frozen=True, slots=True)
class NetPromoterScore:
    """Shares in percent and their difference; `withheld` says why it is not for print."""

    n: int
    promoters: float | None
    passives: float | None
    detractors: float | None
    score: float | None  #: -100 to 100
    se: float | None
    ci95: tuple[float, float] | None
    reason: str | None = None
    withheld: str | None = None


def net_promoter_score(counts: Floats, population: int | None = None) -> NetPromoterScore:
    """Subtract those who would not recommend from those who would.

    Parameters
    ----------
    counts : float array, shape (11,)
        How often each of the codes 0-10 was chosen.
    population : int, optional
        Headcount; smaller than the number of answers counts as unknown.

    Returns
    -------
    NetPromoterScore

    Formula
    -------
    100 (p+ - p-), p+ the share of 9 and 10, p- that of 0 to 6;
    se = 100 sqrt((p+ + p- - (p+ - p-)^2) / n (1 - n/N)).

    References
    ----------
    Rocks (2016), interval estimation for the net promoter score. In R: ``x <- (y >= 9) - (y <= 6);
    100 * mean(x)``.

    Examples
    --------
    >>> found = net_promoter_score(np.array([0, 0, 0, 0, 0, 5, 10, 10, 10, 10, 15.0]), 120)
    >>> round(found.score, 4), round(found.se, 4), found.withheld
    (16.6667, 7.2966, None)
    """
    n = int(counts.sum())
    if n == 0:
        return NetPromoterScore(0, None, None, None, None, None, None, NO_DATA, TOO_FEW)
    against, for_it = counts[:_DETRACTORS].sum() / n, counts[_PROMOTERS:].sum() / n
    score = for_it - against
    sampled = n / population if population and n <= population else 0.0
    se = 100 * np.sqrt((for_it + against - score**2) / n * (1 - sampled))
    half = float(ndtri(UPPER) * se)
    return NetPromoterScore(
        n=n,
        promoters=100 * float(for_it),
        passives=100 * float(1 - for_it - against),
        detractors=100 * float(against),
        score=100 * float(score),
        se=float(se),
        ci95=(100 * float(score) - half, 100 * float(score) + half),
        withheld=None if n >= LEAST_SHOWN else TOO_FEW,
    )
