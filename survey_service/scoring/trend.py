"""What changed from one wave to the next: anonymous answers are independent samples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from survey_service.scoring.analysis import Analysis, pad
from survey_service.scoring.comparison import Difference, Estimates
from survey_service.scoring.division import stack
from survey_service.scoring.families import composition_shift, wave_change, weighted_change
from survey_service.scoring.index import composite_coefficients, index_coefficients
from survey_service.scoring.matrix import Floats, Integers
from survey_service.scoring.moments import Moments
from survey_service.scoring.tallies import Tally, pick_cells
from survey_service.scoring.weighting import join_partitions, post_stratify, sum_by_cell

INDEX: Final = "index"
PLAIN: Final = "plain"
WEIGHTED: Final = "weighted"
NO_PREVIOUS: Final = "no_previous_wave"  #: reason code
OTHER_QUESTIONNAIRE: Final = "other_questionnaire"  #: reason code: nothing asked alike
REORGANISED: Final = "reorganised"  #: reason code: units and roles are not those of before
LARGEST_SHIFT: Final = 5.0  # percentage points by which who answered may differ


@dataclass(frozen=True)
class Change:
    """Differences of this wave minus the one before, by dimension id and ``index``.

    `reason` says why nothing is compared; `left_out` why a dimension is not. `sets` holds the
    differences of units by name.
    """

    reason: str | None
    basis: str | None = None  #: ``plain``, or ``weighted``: both waves to the present roster
    shift: float | None = None  #: percentage points by which unit or role moved among the answers
    whole: Mapping[str, Difference] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, Difference]] = field(default_factory=dict)


def compare_waves(
    now: Analysis, before: Analysis, alike: frozenset[str], sets: tuple[str, ...] = ()
) -> Change:
    """Compare two waves.

    Parameters
    ----------
    now, before : Analysis
    alike : frozenset of str
        Dimensions that both waves asked with the same items on the same scale.
    sets : tuple of str, optional
        Units that both waves have, with the same people behind the name.

    Returns
    -------
    Change
        The index is compared where every dimension is alike. Where unit or role moved by more than
        5 percentage points among the answers, both waves are weighted to the present roster; if
        their strata differ then, nothing is compared, for it would be a change of who answered.

    References
    ----------
    Welch (1947) and Benjamini & Hochberg (1995) over dimensions and index; no finite population
    correction, for the claim goes beyond the people of today. In R: ``t.test(now, before)``.
    """
    names = [name for name in now.keying.dimensions if name in alike]
    if not names:
        return Change(OTHER_QUESTIONNAIRE)
    left_out = {name: OTHER_QUESTIONNAIRE for name in now.keying.dimensions if name not in alike}
    if not left_out and _has_same_index(now, before):
        names.append(INDEX)
    shift = _measure_shift(now, before)
    by_set = _compare_sets(now, before, names, sets)
    if shift <= LARGEST_SHIFT:
        everybody = (now.division.whole,), (before.division.whole,)
        whole = wave_change(*map(_select_sets, (now, before), everybody, (names, names)))
        return Change(None, PLAIN, shift, _name(names, whole), left_out, by_set)
    cells = pool_cells(now, before)
    if cells is None:
        return Change(REORGANISED, shift=shift, left_out=left_out)
    whole = _compare_weighted(now, before, names, cells)
    return Change(None, WEIGHTED, shift, _name(names, whole), left_out, by_set)


def _has_same_index(now: Analysis, before: Analysis) -> bool:
    first, second = index_coefficients(now.keying), index_coefficients(before.keying)
    return first is not None and second is not None and np.array_equal(first, second)


def _name(names: list[str], found: tuple[Difference, ...]) -> dict[str, Difference]:
    return dict(zip(names, found, strict=True))


def _select_sets(analysis: Analysis, sets: tuple[str, ...], names: list[str]) -> Moments:
    """Return the moments of some sets, one row each."""
    chosen = pad({name: analysis.division.sets[name] for name in sets})
    return _select(analysis.tally.union(stack(chosen, len(analysis.tally.people))), analysis, names)


def _select(united: Tally, analysis: Analysis, names: list[str]) -> Moments:
    """Put the moments of dimensions and, behind them, of the index side by side."""
    found, composed = united.scores.moments(), united.scores.composites()
    columns = [analysis.keying.dimensions.index(name) for name in names if name != INDEX]
    parts = [Moments(found.n[:, columns], found.mean[:, columns], found.scatter[:, columns])]
    if INDEX in names:
        last = [len(composite_coefficients(analysis.keying)) - 1]
        parts.append(
            Moments(composed.n[:, last], composed.mean[:, last], composed.scatter[:, last])
        )
    return Moments(
        np.hstack([part.n for part in parts]),
        np.hstack([part.mean for part in parts]),
        np.hstack([part.scatter for part in parts]),
    )


def _measure_shift(now: Analysis, before: Analysis) -> float:
    """Find the largest shift of a unit or a role among the answers, in percentage points."""
    shifts = []
    for part in range(2):
        counted = [_count_by(analysis, part) for analysis in (now, before)]
        labels = list(dict.fromkeys([*counted[0], *counted[1]]))
        counts = [np.array([one.get(label, 0.0) for label in labels]) for one in counted]
        shifts.append(composition_shift(*counts))
    return max(shifts)


def _count_by(analysis: Analysis, part: int) -> dict[object, float]:
    """Count answers by unit (part 0) or role (part 1) of the strata."""
    found: dict[object, float] = {}
    people = analysis.tally.people.tolist()
    for stratum, count in zip(analysis.division.strata, people, strict=False):
        found[stratum[part]] = found.get(stratum[part], 0.0) + count
    return found


@dataclass(frozen=True, eq=False)
class PooledCells:
    """Weighting cells with enough answers in both waves: of each stratum now and before."""

    now: Integers
    before: Integers
    populations: Floats  #: (cells,) people on the present roster


def pool_cells(now: Analysis, before: Analysis) -> PooledCells | None:
    """Return the cells by which two waves are weighted to the present roster: unions of those of both.

    None where they are not: their people shifted by no more than ``LARGEST_SHIFT``, a wave is not
    weighted, or the strata differ.
    """
    cells = now.division.cells, before.division.cells
    if cells[0] is None or cells[1] is None or now.division.headcounts is None:
        return None
    if {*now.division.strata} != {*before.division.strata}:
        return None
    if _measure_shift(now, before) <= LARGEST_SHIFT:
        return None
    order = {stratum: place for place, stratum in enumerate(before.division.strata)}
    same = np.array([order[stratum] for stratum in now.division.strata])
    pooled = join_partitions(cells[0], cells[1][same])
    populations = sum_by_cell(pooled, now.division.headcounts)
    return PooledCells(pooled, pooled[np.argsort(same)], populations)


def _compare_weighted(
    now: Analysis, before: Analysis, names: list[str], cells: PooledCells
) -> tuple[Difference, ...]:
    """Weight both waves to the present roster, with cells that have enough answers in both."""
    populations = cells.populations
    estimates = []
    for analysis, labels in ((now, cells.now), (before, cells.before)):
        united = analysis.tally.union(pick_cells(np.append(labels, -1), len(populations)))
        moments = _select(united, analysis, names)
        found = post_stratify(moments, united.people, populations, describes_staff=False)
        means = found.intervals
        estimates.append(
            Estimates(means.n.astype(np.float64), means.mean, means.se**2, found.df[np.newaxis])
        )
    return weighted_change(*estimates)


def _compare_sets(
    now: Analysis, before: Analysis, names: list[str], sets: tuple[str, ...]
) -> dict[str, dict[str, Difference]]:
    """Compare units, all their differences one family."""
    if not sets:
        return {}
    rows = [
        Moments(*(part.reshape(1, -1) for part in (found.n, found.mean, found.scatter)))
        for found in (_select_sets(analysis, sets, names) for analysis in (now, before))
    ]
    flat = iter(wave_change(*rows))
    return {unit: {name: next(flat) for name in names} for unit in sets}
