"""How far the answers can be relied on: who was left out, and what that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from survey_service.scoring.aggregate import SetScores
from survey_service.scoring.careless import CarelessFlags, intra_individual_sd
from survey_service.scoring.matrix import Keying, ScoreMatrix
from survey_service.scoring.tallies import Tally

LARGEST_MOVE: Final = 1.0  # points by which leaving people out may move a dimension unremarked
MOST_EXCLUDED: Final = 0.1  # of the answers; beyond it a report warns
MOST_UNFAMILIAR: Final = 30.0  # percent "not applicable" of a group: it knows little of the item
_QUANTILES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Quality:
    """Signs of careless answering and what the excluded answers would have done to the scores."""

    returned: int
    valid: int
    signs: Mapping[str, int]  #: people under each rule of `CarelessFlags`
    excluded_by: Mapping[str, int]  #: people under each rule that excludes; they may overlap
    outlier_reason: str | None  #: why distances were not used
    spread: tuple[float, ...]  #: 5, 50 and 95 % points of intra-individual spread; empty: no data
    with_excluded: SetScores  #: the whole, those left out counted in
    excluded_scores: Mapping[str, int]  #: dimension scores among those left out
    moved: frozenset[str]  #: dimensions that leaving them out moved by a point or more
    all_same: Mapping[str, tuple[int, int]]  #: set -> people with one code throughout, returned
    not_applicable: Mapping[str, Mapping[str, float]]  #: group -> item -> percent of not blank

    @property
    def unfamiliar(self) -> dict[str, tuple[str, ...]]:
        """Name, by group, the items of which more than 30 % said not applicable."""
        return {
            group: tuple(item for item, rate in rates.items() if rate > MOST_UNFAMILIAR)
            for group, rates in self.not_applicable.items()
        }

    @property
    def warns(self) -> bool:
        """Say whether more than a tenth of the answers were left out."""
        return self.valid < (1 - MOST_EXCLUDED) * self.returned


def count_excluded(flags: CarelessFlags) -> dict[str, int]:
    """Count the people under each rule that leaves them out.

    Examples
    --------
    >>> yes, no = np.array([True, False]), np.array([False, False])
    >>> count_excluded(CarelessFlags(yes, no, no, no, no, no, yes, yes))
    {'incomplete': 1, 'under_1s': 0, 'all_same': 0, 'attention': 0}
    """
    doubted = flags.under_2s | flags.long_run | flags.outlier
    return {
        "incomplete": int(flags.incomplete.sum()),
        "under_1s": int(flags.under_1s.sum()),
        "all_same": int(flags.all_same.sum()),
        "attention": int((flags.attention_failed & doubted).sum()),
    }


def measure_spread(matrix: ScoreMatrix, keying: Keying) -> tuple[float, ...]:
    """Find the 5, 50 and 95 % points of intra-individual spread, none where nobody has one.

    References
    ----------
    In R: ``quantile(careless::irv(x), c(.05, .5, .95))``.
    """
    spread = intra_individual_sd(matrix.codes, keying.not_applicable)
    known = spread[~np.isnan(spread)]
    return tuple(np.quantile(known, _QUANTILES).tolist()) if len(known) else ()


def find_moved(plain: SetScores, with_excluded: SetScores) -> frozenset[str]:
    """Name the dimensions that leaving people out moved by a point or more."""
    return frozenset(
        name
        for name, score in plain.dimensions.items()
        for other in (with_excluded.dimensions[name].mean,)
        if score.mean is not None and other is not None
        if abs(score.mean - other) >= LARGEST_MOVE
    )


def rate_not_applicable(
    united: Tally, names: tuple[str, ...], keying: Keying
) -> dict[str, dict[str, float]]:
    """Share out, by set and item, how many of those who answered said not applicable.

    Parameters
    ----------
    united : Tally
        One row for each of `names`.
    names : tuple of str
    keying : Keying

    Returns
    -------
    dict
        Set -> item -> percent of the answers that are not blank; an item without any is left out.

    References
    ----------
    In R: ``100 * mean(x == 9, na.rm = TRUE)``, blank as ``NA``.
    """
    given = united.answers.sum(axis=-1) + united.not_applicable
    rates = 100 * united.not_applicable / np.maximum(given, 1)
    return {
        name: {item: rate for item, rate, n in zip(keying.items, row, counts, strict=True) if n > 0}
        for name, row, counts in zip(names, rates.tolist(), given.tolist(), strict=True)
    }
