"""Between scoring and the release: decide what is shown, and prove that it gives nothing away."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from survey_service.disclosure.clearance import Clearance, Measure
from survey_service.disclosure.system import Row
from survey_service.disclosure.waves import EarlierWave, join_earlier, list_changes
from survey_service.errors import Code, SurveyError
from survey_service.service.crew import Crew
from survey_service.service.measures import list_change_rows, list_weighted, make_measures
from survey_service.service.scoring import Aggregate, weigh_wave
from survey_service.store import Store
from survey_service.wave import Wave

_WEIGHTED = "/weighted"
"""Stands among the measures in the record of a wave; no id holds a stroke."""


@dataclass(frozen=True)
class Cleared:
    """A scored wave, and what of it may be shown."""

    wave: Wave
    found: Aggregate
    measures: Mapping[str, Measure]
    clearance: Clearance

    @property
    def as_earlier(self) -> EarlierWave:
        """Return what readers of a later wave know: what was published of this one, or would be."""
        return EarlierWave(
            self.wave.id,
            self.wave.strata,
            self.found.plan,
            self.measures,
            recall_release(self.wave, self.clearance),
        )


def clear_wave(wave: Wave, found: Aggregate, earlier: Sequence[Cleared] = ()) -> Cleared:
    """Decide what of a wave is shown, with what the ``earlier`` ones show in mind.

    Raises ``release_unsafe`` if what is shown gave a small group away. If not even the whole may be
    shown: ``release_uniform``, since everybody answered the same, or ``release_overlap``, since hardly
    anybody else answered than in an earlier wave.
    """
    with _uncollected(), Crew(found.plan) as crew:
        return _clear_wave(wave, found, earlier, crew)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Do not look for cycles of objects: there are none, and many that live long; a third faster."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _clear_wave(wave: Wave, found: Aggregate, earlier: Sequence[Cleared], crew: Crew) -> Cleared:
    pasts = [before.as_earlier for before in earlier]
    headcounts = {s.id: s.headcount for s in wave.strata.strata}
    measures = make_measures(found)
    for past in pasts:
        measures = join_earlier(past, wave.strata, measures)
    clearance = crew.clear_release(measures, headcounts)
    dimensions = found.analysis.keying.dimensions
    visible = frozenset(found.plan.sets).intersection(*(clearance.shown[d] for d in dimensions))
    found = weigh_wave(found, visible)
    weighted = list_weighted(found)
    changes: dict[str, Row] = {}
    for before, past in zip(earlier, pasts, strict=True):
        rows = list_change_rows(found, before.found)
        changes |= list_changes(past, wave.strata, measures, rows)
    measures = {
        name: replace(measure, weighted=weighted.get(name), change=changes.get(name))
        for name, measure in measures.items()
    }
    clearance = crew.clear_weighted(measures, clearance)
    audit_release(wave.id, clearance, crew)
    if not any(clearance.shown[name] for name in dimensions):
        is_uniform = all(found.plan.whole.id in measures[name].closed for name in dimensions)
        raise SurveyError(
            Code.RELEASE_UNIFORM if is_uniform else Code.RELEASE_OVERLAP, wave=wave.id
        )
    return Cleared(wave, found, measures, clearance)


def audit_release(wave_id: str, clearance: Clearance, crew: Crew) -> None:
    """Raise ``release_unsafe`` if what is shown gives a small group away; nothing is written then."""
    found = sum(1 for _ in crew.find_leaks(clearance))
    if found:
        raise SurveyError(Code.RELEASE_UNSAFE, wave=wave_id, found=found)


def recall_release(wave: Wave, clearance: Clearance) -> Clearance:
    """Return what was published of a wave, if that is remembered, else what is cleared now."""
    if wave.released is None:
        return clearance
    remembered = {name: frozenset(names) for name, names in wave.released.items()}
    weighted = remembered.pop(_WEIGHTED, frozenset())
    return replace(clearance, shown={**clearance.shown, **remembered}, weighted=weighted)


def remember_release(store: Store, cleared: Cleared) -> None:
    """Keep which sets were published of a wave: a later release may add to it only if that is safe.

    Two releases of one wave that hide differently can be unsafe together. Raises ``release_changed``
    then, and nothing is written.
    """
    wave, plan, clearance = cleared.wave, cleared.found.plan, cleared.clearance
    before = recall_release(wave, clearance)
    shown = {name: clearance.shown[name] | before.shown[name] for name in cleared.measures}
    both = replace(clearance, shown=shown, weighted=clearance.weighted | before.weighted)
    if wave.released is not None:
        known = all(names <= plan.sets.keys() for names in shown.values())
        with Crew(plan) as crew:
            crew.take(cleared.measures)
            if not known or any(crew.find_leaks(both)):
                raise SurveyError(Code.RELEASE_CHANGED, wave=wave.id)
    released = {name: sorted(names) for name, names in shown.items()}
    released[_WEIGHTED] = sorted(both.weighted)
    if released != wave.released:
        store.change_wave(wave.id, lambda present: replace(present, released=released))
