"""A whole wave scored: one object at full precision that holds everything a report may need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np

from survey_service.scoring.aggregate import SetScores, aggregate
from survey_service.scoring.agreement import (
    IntraclassCorrelation,
    UnitAgreement,
    intraclass_correlations,
    unit_agreement,
)
from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.comparison import Difference
from survey_service.scoring.division import Division, stack
from survey_service.scoring.drivers import DRAWS, Drivers, drivers
from survey_service.scoring.families import manager_staff_gap, unit_marks
from survey_service.scoring.headline import Headline, weigh_headline
from survey_service.scoring.index import alternative_coefficients, composite_coefficients
from survey_service.scoring.matrix import Booleans, Floats, Integers, Keying, ScoreMatrix
from survey_service.scoring.moments import Moments
from survey_service.scoring.omega import Omega, one_factor_omega
from survey_service.scoring.priorities import PriorityPoint, priority_matrix
from survey_service.scoring.quality import (
    Quality,
    count_excluded,
    find_moved,
    measure_spread,
    rate_not_applicable,
)
from survey_service.scoring.reliability import Reliability, item_covariances, reliability
from survey_service.scoring.tallies import Tally, tally_people

LEADING: Final = "leading"  #: managers and key staff
FRONT_LINE: Final = "frontline"
_LEAST_SHOWN: Final = 5
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Analysis:
    """Every statistic of a wave; nothing is rounded and nothing hidden.

    What cannot be said carries its reason, what should not be printed its code `withheld`. `tally`
    holds the strata of `division`, and behind them all people who were left out.
    """

    keying: Keying
    division: Division
    tally: Tally
    sets: Mapping[str, SetScores]  #: the cuts among them
    headline: Headline
    alternatives: Mapping[str, Mapping[str, float | None]]  #: other weights of the index, by set
    reliability: Mapping[str, Reliability]
    omega: Mapping[str, Omega]
    icc: Mapping[str, IntraclassCorrelation]
    agreement: Mapping[str, Mapping[str, UnitAgreement]]  #: set -> dimension
    marks: Mapping[str, Mapping[str, Difference]]  #: set -> dimension, against everybody else
    groups: Mapping[str, SetScores]
    gap: Mapping[str, Difference]  #: dimensions: leading minus front line
    outcomes: tuple[str, ...]  #: dimensions that the others are related to
    drivers: Drivers | None  #: None where there is no outcome
    priorities: Mapping[str, PriorityPoint]  #: empty where nothing may be put in order
    quality: Quality

    @property
    def whole(self) -> SetScores:
        """Return the plain scores of everybody."""
        return self.sets[self.division.whole]


def analyse(
    matrix: ScoreMatrix,
    flags: CarelessFlags,
    labels: Integers,
    division: Division,
    keying: Keying,
    outcomes: tuple[str, ...] = (),
    draws: int = DRAWS,
) -> Analysis:
    """Compute every statistic of a wave.

    Parameters
    ----------
    matrix : ScoreMatrix
        n people, careless ones among them.
    flags : CarelessFlags
        Who is left out.
    labels : integer array, shape (n,)
        The stratum of each person, 0 to g - 1.
    division : Division
    keying : Keying
        The one that made `matrix`.
    outcomes : tuple of str, optional
        Dimensions that the others are related to; none where the questionnaire has no outcome.
    draws : int, optional
        Of the bootstrap; 0 leaves the intervals of drivers out.

    Returns
    -------
    Analysis
    """
    outcome = np.isin(keying.dimensions, outcomes)
    others = alternative_coefficients(keying, outcome)
    kept = ~flags.excluded
    strata = len(division.strata)
    tally = tally_people(
        matrix,
        np.where(kept, labels, strata),
        strata + 1,
        keying,
        np.vstack([composite_coefficients(keying), *others.values()]),
    )
    sets, groups = pad(division.sets), pad(division.groups)
    described = {**division.sets, **division.cuts}
    scores = aggregate(tally, keying, pad(described), division.populations(described))
    whole = scores[division.whole]
    headline = weigh_headline(tally, keying, whole, *pad_cells(division))
    united, by_group = (tally.union(stack(some, strata + 1)) for some in (sets, groups))
    dimensions = keying.dimensions
    covariances = item_covariances(matrix.keyed, keying, kept)
    related = _relate(matrix, kept, outcome, draws)
    return Analysis(
        keying=keying,
        division=division,
        tally=tally,
        sets=scores,
        headline=headline,
        alternatives=_weigh_otherwise(united, tuple(sets), tuple(others)),
        reliability=dict(zip(dimensions, map(reliability, covariances), strict=True)),
        omega=dict(zip(dimensions, map(one_factor_omega, covariances), strict=True)),
        icc=_correlate(tally, division, keying),
        agreement=_name(sets, keying, unit_agreement(united.complete, keying)),
        marks=_name(sets, keying, _mark(united)),
        groups=aggregate(tally, keying, groups, division.populations(division.groups)),
        gap=_compare(by_group, groups, keying),
        outcomes=tuple(np.array(dimensions)[outcome].tolist()),
        drivers=related,
        priorities=_prioritise(related, headline.scores or whole, outcome),
        quality=_judge(matrix, flags, labels, division, tally, keying),
    )


def weigh(analysis: Analysis, cells: Integers | None) -> Analysis:
    """Return an analysis whose headline is weighted by other cells, shape (g,)."""
    division = replace(analysis.division, cells=cells)
    headline = weigh_headline(analysis.tally, analysis.keying, analysis.whole, *pad_cells(division))
    outcome = np.isin(analysis.keying.dimensions, analysis.outcomes)
    scores = headline.scores or analysis.whole
    return replace(
        analysis,
        division=division,
        headline=headline,
        priorities=_prioritise(analysis.drivers, scores, outcome),
    )


def pad(sets: Mapping[str, Booleans]) -> dict[str, Booleans]:
    """Add to sets of strata the place behind them, of people who were left out of every set."""
    return {name: np.append(chosen, False) for name, chosen in sets.items()}


def pad_cells(division: Division) -> tuple[Integers | None, Floats | None]:
    """Add to cells and headcounts the place of people who were left out."""
    if division.cells is None or division.headcounts is None:
        return None, None
    return np.append(division.cells, -1), np.append(division.headcounts, 0.0)


def _name(
    sets: Mapping[str, Booleans], keying: Keying, rows: Sequence[Sequence[T]]
) -> dict[str, dict[str, T]]:
    return {
        name: dict(zip(keying.dimensions, row, strict=True))
        for name, row in zip(sets, rows, strict=True)
    }


def _weigh_otherwise(
    united: Tally, sets: tuple[str, ...], others: tuple[str, ...]
) -> dict[str, dict[str, float | None]]:
    """Read the index with other weights off the last composites."""
    means = united.scores.composites().mean[:, united.scores.coefficients.shape[0] - len(others) :]
    return {
        name: {
            one: None if np.isnan(mean) else mean for one, mean in zip(sets, column, strict=True)
        }
        for name, column in zip(others, means.T.tolist(), strict=True)
    }


def _correlate(
    tally: Tally, division: Division, keying: Keying
) -> dict[str, IntraclassCorrelation]:
    blocks = pad({name: division.sets[name] for name in division.blocks})
    moments = tally.union(stack(blocks, len(tally.people))).scores.moments()
    return dict(zip(keying.dimensions, intraclass_correlations(moments), strict=True))


def _mark(united: Tally) -> Sequence[Sequence[Difference]]:
    """Set every set against everybody else; the whole, the first of them, has nobody else."""
    moments = united.scores.moments()
    whole = Moments(moments.n[:1], moments.mean[:1], moments.scatter[:1])
    return unit_marks(moments, whole, moments.n >= _LEAST_SHOWN)


def _compare(
    by_group: Tally, groups: Mapping[str, Booleans], keying: Keying
) -> dict[str, Difference]:
    if not {LEADING, FRONT_LINE} <= groups.keys():
        return {}
    moments = by_group.scores.moments()
    rows = [list(groups).index(name) for name in (LEADING, FRONT_LINE)]
    first, second = (
        Moments(moments.n[[row]], moments.mean[[row]], moments.scatter[[row]]) for row in rows
    )
    return dict(zip(keying.dimensions, manager_staff_gap(first, second), strict=True))


def _relate(matrix: ScoreMatrix, kept: Booleans, outcome: Booleans, draws: int) -> Drivers | None:
    """Relate the other dimensions to the mean of the outcomes; None where there are none."""
    if not outcome.any() or outcome.all():
        return None
    scores = matrix.dimension_scores
    rows = kept & ~np.isnan(scores).any(axis=1)
    return drivers(scores[rows][:, ~outcome], scores[rows][:, outcome].mean(axis=1), draws=draws)


def _prioritise(
    related: Drivers | None, scores: SetScores, outcome: Booleans
) -> dict[str, PriorityPoint]:
    """Place the predictors in the priority matrix, where they may be put in order at all."""
    known = {
        name: (score.mean, score.ci95)
        for (name, score), is_outcome in zip(scores.dimensions.items(), outcome, strict=True)
        if not is_outcome and score.mean is not None and score.ci95 is not None
    }
    if related is None or not known or len(known) != len(related.drivers):
        return {}
    means, intervals = zip(*known.values(), strict=True)
    return dict(zip(known, priority_matrix(related, means, intervals), strict=False))


def _judge(
    matrix: ScoreMatrix,
    flags: CarelessFlags,
    labels: Integers,
    division: Division,
    tally: Tally,
    keying: Keying,
) -> Quality:
    strata = len(division.strata)
    everybody = {"all": np.ones(strata + 1, np.bool_)}
    left_out = {"left out": np.arange(strata + 1) == strata}
    scored = aggregate(
        tally,
        keying,
        pad({"kept": np.ones(strata, np.bool_)}) | everybody | left_out,
        {"kept": None, "all": None, "left out": None},
    )
    returned, same = (
        np.bincount(labels[chosen], minlength=strata)
        for chosen in (np.ones(len(labels), np.bool_), flags.all_same)
    )
    groups = pad({division.whole: np.ones(strata, np.bool_), **division.groups})
    united = tally.union(stack(groups, strata + 1))
    return Quality(
        returned=len(labels),
        valid=scored["kept"].n,
        signs=flags.counts(),
        excluded_by=count_excluded(flags),
        outlier_reason=flags.outlier_reason,
        spread=measure_spread(matrix, keying),
        with_excluded=scored["all"],
        excluded_scores={name: one.n for name, one in scored["left out"].dimensions.items()},
        moved=find_moved(scored["kept"], scored["all"]),
        all_same={
            name: (int(same[chosen].sum()), int(returned[chosen].sum()))
            for name, chosen in division.sets.items()
        },
        not_applicable=rate_not_applicable(united, tuple(groups), keying),
    )
