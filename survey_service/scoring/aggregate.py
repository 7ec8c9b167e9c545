"""Every score of every set of people: what disclosure control and the release work on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np

from survey_service.scoring.descriptives import (
    MeanIntervals,
    Shares,
    dimension_shares,
    item_moments,
    item_shares,
    mean_interval,
)
from survey_service.scoring.index import index_coefficients
from survey_service.scoring.matrix import Booleans, Floats, Keying
from survey_service.scoring.moments import Moments
from survey_service.scoring.tallies import Tally

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
    favourable_ci95: tuple[float, float] | None  #: of an item that is not weighted
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
    tally: Tally,
    keying: Keying,
    sets: Mapping[str, Booleans],
    populations: Mapping[str, int | None],
) -> dict[str, SetScores]:
    """Score any unions of strata on the index, blocks, dimensions and items.

    Parameters
    ----------
    tally : Tally
        Of g strata, with `composite_coefficients` of the keying first among its composites.
    keying : Keying
        The one that made `tally`.
    sets : mapping of bool array, shape (g,)
        Which strata belong to each set; sets may overlap or be empty. An array of another length
        raises ``ValueError``.
    populations : mapping of int or None
        Headcount of every set; None where no roster says it.

    Returns
    -------
    dict of SetScores
        In the order of `sets`.

    References
    ----------
    The formulas stand with `mean_interval`, `item_shares`, `dimension_shares` and
    `ScoreTally.composites`.

    Examples
    --------
    >>> from survey_service.scoring.index import composite_coefficients
    >>> from survey_service.scoring.matrix import score_matrix
    >>> from survey_service.scoring.tallies import tally_people
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> matrix = score_matrix(np.array([[4, 2], [5, 1], [2, 3]]), keying)
    >>> tally = tally_people(matrix, np.zeros(3, int), 1, keying, composite_coefficients(keying))
    >>> found = aggregate(tally, keying, {"all": np.ones(1, bool)}, {"all": None})["all"]
    >>> score = found.dimensions["D"]
    >>> score.n, score.mean, round(score.sd, 4)  # In R: sd(c(75, 100, 37.5))
    (3, 70.83333333333333, 31.4576)
    >>> found.index is None
    True
    """
    strata = len(tally.people)
    wrong = [name for name, chosen in sets.items() if chosen.shape != (strata,)]
    if wrong:
        raise ValueError(f"sets that do not fit {strata} strata: {', '.join(wrong)}")
    members = np.array(list(sets.values()), np.bool_).reshape(len(sets), strata)
    headcounts = [populations[name] for name in sets]
    sizes = np.array([np.nan if size is None else size for size in headcounts], np.float64)
    united = tally.union(members)
    shares = item_shares(united.answers, keying, sizes)

    def describe(moments: Moments) -> MeanIntervals:
        return mean_interval(moments, united.people, sizes)

    composites = describe(united.scores.composites())
    dimensions = describe(united.scores.moments())
    items = describe(item_moments(united.answers, keying))
    rows = zip(
        sets,
        united.people.astype(np.int64).tolist(),
        headcounts,
        list_scores(composites, None, headcounts),
        list_scores(dimensions, dimension_shares(shares, keying), headcounts),
        list_scores(items, shares, headcounts),
        strict=True,
    )
    return {name: gather_scores(keying, *row) for name, *row in rows}


def gather_scores(
    keying: Keying,
    n: int,
    population: int | None,
    composites: Sequence[Score],
    dimensions: Sequence[Score],
    items: Sequence[Score],
) -> SetScores:
    """Name the scores of one set: the index is the composite behind the blocks, if there is one."""
    blocks = len(keying.blocks)
    return SetScores(
        n=n,
        population=population,
        index=composites[blocks] if index_coefficients(keying) is not None else None,
        blocks=dict(zip(keying.blocks, composites, strict=False)),
        dimensions=dict(zip(keying.dimensions, dimensions, strict=True)),
        items=dict(zip(keying.items, items, strict=True)),
    )


def list_scores(
    found: MeanIntervals, shares: Shares | None, headcounts: Sequence[int | None]
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
        _where(spread & ~np.isnan(found.sd), found.sd),
        _where(spread, found.se),
        found.low.tolist(),
        found.high.tolist(),
        _where(shared, parts.favourable),
        _where(shared, parts.neutral),
        _where(shared, parts.unfavourable),
        nothing.tolist() if parts.low is None else parts.low.tolist(),
        nothing.tolist() if parts.high is None else parts.high.tolist(),
        np.stack([getattr(found, name) for name in FLAGS], axis=-1).tolist(),
        reasons.tolist(),
    )
    has_interval = parts.low is not None
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
                favourable_ci95=(least, most) if has_interval and mean is not None else None,
                population=headcount,
                flags=frozenset(compress(FLAGS, raised)),
                reason=reason,
            )
            for (
                n,
                mean,
                sd,
                se,
                low,
                high,
                favourable,
                neutral,
                unfavourable,
                least,
                most,
                raised,
                reason,
            ) in zip(*cells, strict=True)
        ]


def _where(known: Booleans, values: Floats) -> list[list[float | None]]:
    cells = values.astype(object)
    cells[~known] = None
    listed: list[list[float | None]] = cells.tolist()
    return listed
