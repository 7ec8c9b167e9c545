"""The scores of the whole organisation, weighted to its roster where the roster allows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from survey_service.scoring.aggregate import Score, SetScores, gather_scores, list_scores
from survey_service.scoring.descriptives import Shares, dimension_shares, item_moments, item_shares
from survey_service.scoring.index import composite_coefficients
from survey_service.scoring.matrix import Booleans, Floats, Integers, Keying
from survey_service.scoring.tallies import Tally, pick_cells
from survey_service.scoring.weighting import (
    WeightedMeans,
    kish_design_effect,
    post_stratify,
    sum_by_cell,
)

NO_ROSTER: Final = "no_roster"  #: reason code: nobody knows how many people there are
ONE_CELL: Final = "one_cell"  #: reason code: nothing to weigh against one another
EMPTY_CATEGORY: Final = "empty_category"  #: reason code: a cell without people or without answers
UNWEIGHTED: Final = "unweighted"  #: flag of a score that could not be weighted beside others


@dataclass(frozen=True, slots=True)
class Headline:
    """The weighted scores of the whole, or the reason why there are none.

    A score of which some cell holds fewer than two values is the plain one, with the flag
    ``unweighted``.
    """

    scores: SetScores | None
    cells: int = 0
    design_effect: float | None = None  #: Kish's
    reason: str | None = None


def weigh_headline(
    tally: Tally,
    keying: Keying,
    plain: SetScores,
    cells: Integers | None,
    headcounts: Floats | None,
) -> Headline:
    """Weight every score of the whole to the roster.

    Parameters
    ----------
    tally : Tally
        Of g strata.
    keying : Keying
    plain : SetScores
        Of the whole, not weighted.
    cells : integer array, shape (g,), or None
        The weighting cell of each stratum, from 0; -1 for people who do not count.
    headcounts : float array, shape (g,), or None
        People of each stratum on the roster.

    Returns
    -------
    Headline

    References
    ----------
    `post_stratify`. Shares of an item are weighted like its mean: sum N_h/N p_h.
    """
    if cells is None or headcounts is None:
        return Headline(None, reason=NO_ROSTER)
    populations = sum_by_cell(cells[cells >= 0], headcounts[cells >= 0])
    count = len(populations)
    if count < 2:
        return Headline(None, cells=count, reason=ONE_CELL)
    united = tally.union(pick_cells(cells, count))
    if not (populations > 0).all() or not (united.people > 0).all():
        return Headline(None, cells=count, reason=EMPTY_CATEGORY)
    dimensions = post_stratify(united.scores.moments(), united.people, populations)
    composites = post_stratify(united.scores.composites(), united.people, populations)
    items = post_stratify(item_moments(united.answers, keying), united.people, populations)
    shares = _weigh_shares(item_shares(united.answers, keying), populations, items.thin)
    whole = item_shares(united.answers.sum(axis=0, keepdims=True), keying)
    shares = _fill(shares, whole, items.thin)
    used = composite_coefficients(keying)
    scores = gather_scores(
        keying,
        plain.n,
        plain.population,
        _choose(
            composites,
            ((used != 0) & dimensions.thin).any(axis=1),
            None,
            [*plain.blocks.values(), *([] if plain.index is None else [plain.index])],
        ),
        _choose(
            dimensions,
            dimensions.thin,
            dimension_shares(shares, keying),
            list(plain.dimensions.values()),
        ),
        _choose(items, items.thin, shares, list(plain.items.values())),
    )
    weights = populations / united.people
    return Headline(scores, count, kish_design_effect(weights, united.people))


def _choose(
    found: WeightedMeans, thin: Booleans, shares: Shares | None, plain: Sequence[Score]
) -> list[Score]:
    """Take weighted scores, and the plain one where a column could not be weighted."""
    population = plain[0].population if plain else None
    (weighted,) = list_scores(found.intervals, shares, [population])

    def choose() -> Iterator[Score]:
        for one, other, is_thin in zip(weighted, plain, thin, strict=False):
            yield replace(other, flags=other.flags | {UNWEIGHTED}) if is_thin else one

    return list(choose())


def _weigh_shares(cells: Shares, populations: Floats, thin: Booleans) -> Shares:
    part = populations / populations.sum()

    def weigh(shares: Floats) -> Floats:
        return np.asarray(part @ np.where(thin, 0.0, shares))[np.newaxis]

    return Shares(weigh(cells.favourable), weigh(cells.neutral), weigh(cells.unfavourable))


def _fill(shares: Shares, plain: Shares, thin: Booleans) -> Shares:
    """Put the plain shares where an item could not be weighted."""
    return Shares(
        np.where(thin, plain.favourable, shares.favourable),
        np.where(thin, plain.neutral, shares.neutral),
        np.where(thin, plain.unfavourable, shares.unfavourable),
    )
