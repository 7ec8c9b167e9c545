"""What disclosure control needs to know of a scored wave: counts and sums by stratum, and weights."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from survey_service.disclosure.clearance import PARTICIPATION, Measure
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.system import Figure, Row
from survey_service.scoring.analysis import Analysis, pad
from survey_service.scoring.descriptives import dimension_shares, item_moments, item_shares
from survey_service.scoring.division import stack
from survey_service.scoring.dominance import dominant_share
from survey_service.scoring.headline import UNWEIGHTED
from survey_service.scoring.matrix import Floats, Integers
from survey_service.scoring.moments import Moments
from survey_service.scoring.tallies import unite
from survey_service.scoring.trend import pool_cells
from survey_service.scoring.weighting import sum_by_cell
from survey_service.service.scoring import Aggregate

_LEFT_OUT = "left out"


def make_measures(found: Aggregate) -> dict[str, Measure]:
    """Return participation, every dimension and every item of a wave, without their weighted means."""
    analysis = found.analysis
    people = analysis.tally.people[:-1].astype(int).tolist()
    closed = _list_closed(found.plan, analysis)
    keying, tally = analysis.keying, analysis.tally
    dimensions = _list_measures(found, tally.scores.moments())
    items = _list_measures(found, item_moments(tally.answers, keying), is_item=True)
    favoured = dimension_shares(item_shares(tally.answers[:-1], keying), keying).favourable
    made = dict(zip((*keying.dimensions, *keying.items), (*dimensions, *items), strict=True))
    return {PARTICIPATION: Measure(dict(zip(found.strata, people, strict=True)))} | {
        name: replace(
            measure,
            favoured=None
            if measure.is_item
            else _sum_shares(found.strata, measure, favoured[:, number]),
            closed=closed[name],
        )
        for number, (name, measure) in enumerate(made.items())
    }


def list_weighted(found: Aggregate) -> dict[str, Row]:
    """Return the rows of the weighted means of a wave: of every dimension and item that is weighted."""
    analysis = found.analysis
    division, scores = analysis.division, analysis.headline.scores
    if division.cells is None or division.headcounts is None or scores is None:
        return {}
    populations = sum_by_cell(division.cells, division.headcounts)
    keying = analysis.keying
    columns = {
        **dict(zip(keying.dimensions, _count_dimensions(analysis).T, strict=True)),
        **dict(zip(keying.items, _count_items(analysis).T, strict=True)),
    }
    flagged = {**scores.dimensions, **scores.items}
    rows = {
        name: _make_row(found.strata, columns[name], division.cells, populations)
        for name, score in flagged.items()
        if UNWEIGHTED not in score.flags
    }
    return {name: row for name, row in rows.items() if row is not None}


def _sum_shares(strata: tuple[str, ...], measure: Measure, shares: Floats) -> dict[str, float]:
    """Return of every stratum its share of favourable answers times its people."""
    return {
        s: n * float(share) if (n := measure.answered[s]) else 0.0
        for s, share in zip(strata, shares, strict=True)
    }


def list_change_rows(found: Aggregate, before: Aggregate) -> dict[str, tuple[Row, Row]]:
    """Return the rows of the changes of two waves that are weighted to the present roster.

    Empty where they are not weighted.
    """
    cells = pool_cells(found.analysis, before.analysis)
    if cells is None:
        return {}
    rows = [
        {
            name: _make_row(one.strata, column, labels, cells.populations)
            for name, column in zip(
                one.analysis.keying.dimensions, _count_dimensions(one.analysis).T, strict=True
            )
        }
        for one, labels in ((found, cells.now), (before, cells.before))
    ]
    return {
        name: (row, past)
        for name, row in rows[0].items()
        if row is not None and (past := rows[1].get(name)) is not None
    }


def _list_measures(
    found: Aggregate, moments: Moments, *, is_item: bool = False
) -> Iterator[Measure]:
    """Yield of every column the counts, sums and uniform strata."""
    n = moments.n.astype(int)
    totals = np.where(moments.n > 0, moments.n * moments.mean, 0.0)
    alike = (moments.n[:-1] >= 2) & (moments.scatter[:-1] == 0)
    for column in range(n.shape[1]):
        answered = dict(zip(found.strata, n[:-1, column].tolist(), strict=True))
        sums = dict(zip(found.strata, totals[:-1, column].tolist(), strict=True))
        beside: tuple[Figure, ...] = ()
        left_out = int(n[-1, column])
        if left_out >= RULES.smallest_set and not is_item:
            answered[_LEFT_OUT], sums[_LEFT_OUT] = left_out, float(totals[-1, column])
            everybody = found.plan.whole.strata | {_LEFT_OUT}
            beside = (Figure(_LEFT_OUT, everybody),)  # the whole lies inside it
        yield Measure(
            answered,
            sums,
            alike=frozenset(np.array(found.strata)[alike[:, column]].tolist()),
            beside=beside,
            is_item=is_item,
        )


def _make_row(
    strata: tuple[str, ...], answered: Integers, cells: Integers, populations: Floats
) -> Row | None:
    """Return the weights of the strata: headcount of the cell by its answers.

    None where a cell has no answers.
    """
    counts = sum_by_cell(cells, answered).astype(int)
    if not counts.all():
        return None
    weights = [
        Fraction(int(people), int(answers))
        for people, answers in zip(populations, counts, strict=True)
    ]
    return dict(zip(strata, map(weights.__getitem__, cells.tolist()), strict=True))


def _count_dimensions(analysis: Analysis) -> Integers:
    """Return how many of every stratum have a score, shape (strata, dimensions)."""
    return analysis.tally.scores.moments().n[:-1].astype(int)


def _count_items(analysis: Analysis) -> Integers:
    """Return how many of every stratum answered, shape (strata, items)."""
    return item_moments(analysis.tally.answers, analysis.keying).n[:-1].astype(int)


def _list_closed(plan: Plan, analysis: Analysis) -> dict[str, frozenset[str]]:
    """Return for every measure the sets whose answers are all, or in a small set nearly all, alike."""
    described = {**analysis.division.sets, **analysis.division.cuts}
    small = {
        name: chosen
        for name, chosen in described.items()
        if analysis.sets[name].n < RULES.alike_below
    }
    answers = unite(stack(pad(small), len(analysis.tally.people)), analysis.tally.answers)
    shares = dominant_share(answers, analysis.keying)
    whole = analysis.whole
    items = {
        name: frozenset((plan.whole.id,))
        for name, score in whole.items.items()
        if "zero_variance" in score.flags
    }
    return (
        dict.fromkeys(analysis.keying.items, frozenset[str]())
        | items
        | {
            dimension: frozenset(
                name
                for name, scores in analysis.sets.items()
                if "zero_variance" in scores.dimensions[dimension].flags
            )
            | frozenset(
                name
                for name, share in zip(small, shares[:, column], strict=True)
                if share >= RULES.alike_share
            )
            for column, dimension in enumerate(analysis.keying.dimensions)
        }
    )
