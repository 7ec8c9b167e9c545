"""Every score of every set of people: what disclosure control and the release work on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np

from survey_service.scoring.descriptives import (
    MeanIntervals,
    Shares,
    dimension_shares,
    item_shares,
    mean_interval,
)
from survey_service.scoring.index import block_coefficients, composite_interval, index_coefficients
from survey_service.scoring.matrix import (
    Booleans,
    Floats,
    Keying,
    ScoreMatrix,
    percent_of_maximum,
)

NO_DATA: Final = "no_data"  #: reason code: nobody of the set has this score
TOO_FEW: Final = "n<2"  #: reason code: one answer has no spread
FLAGS: Final = ("zero_variance", "valid_exceeds_roster", "near_census")


@dataclass(frozen=True, slots=True)
class Score:
    """One figure of one set of people, at full precision and not yet cleared for anybody's eyes.

    `flags` holds some of `FLAGS`, as `MeanIntervals` explains them. `reason` says why something is
    None: ``no_data`` (no mean) or ``n<2`` (no spread, no interval).
    """

    n: int  #: people with this score
    mean: float | None  #: 0-100, also of an item
    sd: float | None
    se: float | None
    ci95: tuple[float, float] | None
    favourable: float | None  #: percent; None for blocks and the index
    neutral: float | None
    unfavourable: float | None
    population: int | None  #: headcount of the set, None where unknown
    flags: frozenset[str]
    reason: str | None


@dataclass(frozen=True, slots=True)
class SetScores:
    """Every score of one set of people, keyed by the ids of the questionnaire."""

    n: int  #: people of the set, whether or not they have every score
    population: int | None
    index: Score | None  #: None where the questionnaire has no index
    blocks: Mapping[str, Score]
    dimensions: Mapping[str, Score]
    items: Mapping[str, Score]


def aggregate(
    matrix: ScoreMatrix,
    keying: Keying,
    sets: Mapping[str, Booleans],
    populations: Mapping[str, int | None],
) -> dict[str, SetScores]:
    """Score any sets of people on the index, blocks, dimensions and items.

    Parameters
    ----------
    matrix : ScoreMatrix
        n people.
    keying : Keying
        The one that made `matrix`.
    sets : mapping of bool array, shape (n,)
        Who belongs to each set; sets may overlap or be empty. People left out as careless belong
        to none. A mask of another length raises ``ValueError``.
    populations : mapping of int or None
        Headcount of every set; None where no roster says it.

    Returns
    -------
    dict of SetScores
        In the order of `sets`.

    References
    ----------
    The formulas stand with `mean_interval`, `item_shares`, `dimension_shares` and
    `composite_interval`.

    Examples
    --------
    >>> from survey_service.scoring.matrix import score_matrix
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> matrix = score_matrix(np.array([[4, 2], [5, 1], [2, 3]]), keying)
    >>> found = aggregate(matrix, keying, {"all": np.ones(3, bool)}, {"all": None})["all"]
    >>> score = found.dimensions["D"]
    >>> score.n, score.mean, round(score.sd, 4)  # In R: sd(c(75, 100, 37.5))
    (3, 70.83333333333333, 31.4576)
    >>> found.index is None
    True
    """
    people = len(matrix.codes)
    wrong = [name for name, mask in sets.items() if mask.shape != (people,)]
    if wrong:
        raise ValueError(f"sets that do not fit {people} people: {', '.join(wrong)}")
    members = np.array(list(sets.values()), np.bool_).reshape(len(sets), people)
    headcounts = [populations[name] for name in sets]
    sizes = np.array([np.nan if size is None else size for size in headcounts], np.float64)

    item_scores = percent_of_maximum(matrix.keyed, keying)
    items = mean_interval(item_scores, members, sizes)
    shares = item_shares(matrix.keyed, members, keying)
    dimensions = mean_interval(matrix.dimension_scores, members, sizes)
    composites = composite_interval(matrix.dimension_scores, members, _composites(keying), sizes)

    rows = zip(
        sets,
        members.sum(axis=1).tolist(),
        headcounts,
        _scores(composites, None, headcounts),
        _scores(dimensions, dimension_shares(shares, keying), headcounts),
        _scores(items, shares, headcounts),
        strict=True,
    )
    blocks = len(keying.blocks)
    return {
        name: SetScores(
            n=n,
            population=size,
            index=composed[blocks] if len(composed) > blocks else None,
            blocks=dict(zip(keying.blocks, composed, strict=False)),
            dimensions=dict(zip(keying.dimensions, by_dimension, strict=True)),
            items=dict(zip(keying.items, by_item, strict=True)),
        )
        for name, n, size, composed, by_dimension, by_item in rows
    }


def _composites(keying: Keying) -> Floats:
    """Stack the coefficients of the blocks and, where there is one, of the index below them."""
    index = index_coefficients(keying)
    blocks = block_coefficients(keying)
    return blocks if index is None else np.vstack([blocks, index])


def _scores(
    found: MeanIntervals, shares: Shares | None, headcounts: list[int | None]
) -> Iterator[list[Score]]:
    """Turn arrays of shape (s, c) into lists of c scores, one list for each set."""
    scored = ~np.isnan(found.mean)
    spread = scored & (found.n >= 2)
    nothing = np.full(found.n.shape, np.nan)
    parts = Shares(nothing, nothing, nothing) if shares is None else shares
    shared = scored & ~np.isnan(parts.favourable)
    reasons = np.full(found.n.shape, NO_DATA, object)
    reasons[scored] = TOO_FEW
    reasons[spread] = None
    columns = (
        found.n.tolist(),
        _where(scored, found.mean),
        _where(spread, found.sd),
        _where(spread, found.se),
        found.low.tolist(),
        found.high.tolist(),
        _where(shared, parts.favourable),
        _where(shared, parts.neutral),
        _where(shared, parts.unfavourable),
        np.stack([getattr(found, name) for name in FLAGS], axis=-1).tolist(),
        reasons.tolist(),
    )
    for headcount, *cells in zip(headcounts, *columns, strict=True):
        yield [
            Score(
                n=n,
                mean=mean,
                sd=sd,
                se=se,
                ci95=None if se is None else (low, high),
                favourable=favourable,
                neutral=neutral,
                unfavourable=unfavourable,
                population=headcount,
                flags=frozenset(compress(FLAGS, raised)),
                reason=reason,
            )
            for n, mean, sd, se, low, high, favourable, neutral, unfavourable, raised, reason in zip(
                *cells, strict=True
            )
        ]


def _where(known: Booleans, values: Floats) -> list[list[float | None]]:
    cells = values.astype(object)
    cells[~known] = None
    listed: list[list[float | None]] = cells.tolist()
    return listed
