"""Between scoring and the release: decide what is shown, and prove that it gives nothing away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.audit import Auditor, Finding, Memory
from survey_service.disclosure.clearance import (
    PARTICIPATION,
    Clearance,
    Measure,
    clear_release,
    list_figures,
    list_views,
)
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.waves import EarlierWave, join_earlier
from survey_service.errors import Code, SurveyError
from survey_service.scoring.aggregate import SetScores
from survey_service.scoring.dominance import dominant_share
from survey_service.scoring.matrix import Keying, ScoreMatrix
from survey_service.scoring.stratum_sums import sum_strata
from survey_service.store import Store
from survey_service.wave import Wave


@dataclass(frozen=True)
class Scored:
    """What was scored of a wave: the people, whose answers count, and the scores of every set."""

    matrix: ScoreMatrix
    keying: Keying
    labels: NDArray[np.str_]
    valid: NDArray[np.bool_]
    plan: Plan
    scores: Mapping[str, SetScores]


def clear_wave(
    wave: Wave, scored: Scored, earlier: EarlierWave | None = None
) -> tuple[dict[str, Measure], Clearance]:
    """Decide what of a wave is shown; return that and the measures it was decided on.

    Raises ``release_unsafe`` if what is shown gave a small group away, ``release_uniform`` if not even
    the whole may be shown, since everybody answered the same.
    """
    measures = make_measures(scored)
    if earlier is not None:
        measures = join_earlier(earlier, wave.strata, measures)
    headcounts = {s.id: s.headcount for s in wave.strata.strata}
    clearance = clear_release(scored.plan, measures, headcounts)
    audit_release(wave.id, scored.plan, measures, clearance)
    shown = dict(clearance.shown)
    if not any(names for name, names in shown.items() if name != PARTICIPATION):
        raise SurveyError(Code.RELEASE_UNIFORM, wave=wave.id)
    shown |= {item: frozenset[str]() for item in _list_uniform_items(scored)}
    return measures, Clearance(shown, clearance.counted)


def audit_release(
    wave_id: str, plan: Plan, measures: Mapping[str, Measure], clearance: Clearance
) -> None:
    """Raise ``release_unsafe`` if what is shown gives a small group away; nothing is written then."""
    found = sum(1 for _ in find_leaks(plan, measures, clearance))
    if found:
        raise SurveyError(Code.RELEASE_UNSAFE, wave=wave_id, found=found)


def find_leaks(
    plan: Plan, measures: Mapping[str, Measure], clearance: Clearance
) -> Iterator[tuple[str, Finding]]:
    """Yield every finding with its measure, from all that is shown and printed."""
    memory: Memory = {}
    for name, measure in measures.items():
        figures = list_figures(plan, measure, clearance.shown[name])
        for view in list_views(plan, measure):
            for finding in Auditor(view, figures, measure.weighted, memory).find():
                yield name, finding


def recall_release(wave: Wave, clearance: Clearance) -> Clearance:
    """Return what was published of a wave, if that is remembered, else what is cleared now."""
    if wave.released is None:
        return clearance
    remembered = {name: frozenset(names) for name, names in wave.released.items()}
    return Clearance({**clearance.shown, **remembered}, clearance.counted)


def remember_release(
    store: Store, wave: Wave, plan: Plan, measures: Mapping[str, Measure], clearance: Clearance
) -> None:
    """Keep which sets were published of a wave: a later release may add to it only if that is safe.

    Two releases of one wave that hide differently can be unsafe together. Raises ``release_changed``
    then, and nothing is written.
    """
    before = recall_release(wave, clearance).shown
    both = {name: clearance.shown[name] | before[name] for name in measures}
    if wave.released is not None:
        known = all(names <= plan.sets.keys() for names in both.values())
        if not known or any(find_leaks(plan, measures, Clearance(both))):
            raise SurveyError(Code.RELEASE_CHANGED, wave=wave.id)
    released = {name: sorted(names) for name, names in both.items()}
    if released != wave.released:
        store.change_wave(wave.id, lambda present: replace(present, released=released))


def make_measures(scored: Scored) -> dict[str, Measure]:
    """Return what disclosure control needs to know: participation, and every dimension."""
    strata = sorted(scored.plan.whole.strata)
    place = {stratum: n for n, stratum in enumerate(strata)}
    labels = np.array([place[label] for label in scored.labels[scored.valid]], np.intp)
    people = np.bincount(labels, minlength=len(strata)).tolist()
    sums = sum_strata(scored.matrix.dimension_scores[scored.valid], labels, len(strata))
    closed = _list_closed(scored)
    measures = {PARTICIPATION: Measure(dict(zip(strata, people, strict=True)))}
    for column, dimension in enumerate(scored.keying.dimensions):
        measures[dimension] = Measure(
            dict(zip(strata, sums.n[:, column].tolist(), strict=True)),
            dict(zip(strata, sums.total[:, column].tolist(), strict=True)),
            frozenset(s for s, alike in zip(strata, sums.alike[:, column], strict=True) if alike),
            closed[dimension],
        )
    return measures


def _list_closed(scored: Scored) -> dict[str, frozenset[str]]:
    """Return for every dimension the sets whose answers are all, or in a small set nearly all, alike."""
    small = {
        name: scored.valid & np.isin(scored.labels, sorted(found.strata))
        for name, found in scored.plan.sets.items()
        if scored.scores[name].n < RULES.alike_below
    }
    shares = dominant_share(scored.matrix, scored.keying, small.values())
    return {
        dimension: frozenset(
            name
            for name, scores in scored.scores.items()
            if "zero_variance" in scores.dimensions[dimension].flags
        )
        | frozenset(
            name
            for name, share in zip(small, shares[:, column], strict=True)
            if share >= RULES.alike_share
        )
        for column, dimension in enumerate(scored.keying.dimensions)
    }


def _list_uniform_items(scored: Scored) -> list[str]:
    """Return the items to which everybody gave the same answer: shown, they would be everybody's."""
    whole = scored.scores[scored.plan.whole.id]
    return [item for item, score in whole.items.items() if "zero_variance" in score.flags]
