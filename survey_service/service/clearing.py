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
_COMPARED = "/compared/"
"""Stand among the measures in the record of a wave, the last before the id of the wave that it was
compared with; no id holds a stroke.
"""


@dataclass(frozen=True)
class Cleared:
    """A scored wave, and what of it may be shown; changes since the wave ``previous``."""

    wave: Wave
    found: Aggregate
    measures: Mapping[str, Measure]
    clearance: Clearance
    previous: str | None = None

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


def clear_wave(
    wave: Wave, found: Aggregate, earlier: Sequence[Cleared] = (), previous: str | None = None
) -> Cleared:
    """Decide what of a wave is shown, with what the ``earlier`` ones show in mind.

    Among these is ``previous``, the wave since which changes are to be told, and every one that an earlier
    release of this wave was compared with (``list_compared``).

    Raises ``release_unsafe`` if what is shown gave a small group away. If not even the whole may be
    shown: ``release_uniform``, since everybody answered the same, or ``release_overlap``, since hardly
    anybody else answered than in an earlier wave.
    """
    with _uncollected(), Crew(found.plan) as crew:
        return _clear_wave(wave, found, earlier, previous, crew)


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


def _clear_wave(
    wave: Wave, found: Aggregate, earlier: Sequence[Cleared], previous: str | None, crew: Crew
) -> Cleared:
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
    repeated: dict[str, list[Row]] = {}
    compared = list_compared(wave)
    for before, past in zip(earlier, pasts, strict=True):
        if past.id not in {previous, *compared}:
            continue
        since = list_changes(past, wave.strata, measures, list_change_rows(found, before.found))
        if past.id == previous:
            changes = since
            continue
        for name in compared[past.id] & since.keys():
            repeated.setdefault(name, []).append(since[name])
    measures = {
        name: replace(
            measure,
            weighted=weighted.get(name),
            change=changes.get(name),
            repeated=tuple(repeated.get(name, ())),
        )
        for name, measure in measures.items()
    }
    clearance = crew.clear_weighted(measures, clearance)
    audit_release(wave.id, clearance, crew)
    if not any(clearance.shown[name] for name in dimensions):
        is_uniform = all(found.plan.whole.id in measures[name].closed for name in dimensions)
        raise SurveyError(
            Code.RELEASE_UNIFORM if is_uniform else Code.RELEASE_OVERLAP, wave=wave.id
        )
    return Cleared(wave, found, measures, clearance, previous)


def audit_release(wave_id: str, clearance: Clearance, crew: Crew) -> None:
    """Raise ``release_unsafe`` if what is shown gives a small group away; nothing is written then."""
    found = sum(1 for _ in crew.find_leaks(clearance))
    if found:
        raise SurveyError(Code.RELEASE_UNSAFE, wave=wave_id, found=found)


def recall_release(wave: Wave, clearance: Clearance) -> Clearance:
    """Return what was published of a wave, if that is remembered, else what is cleared now."""
    if wave.released is None:
        return clearance
    remembered = {
        name: frozenset(names)
        for name, names in wave.released.items()
        if not name.startswith(_COMPARED)
    }
    weighted = remembered.pop(_WEIGHTED, frozenset())
    return replace(clearance, shown={**clearance.shown, **remembered}, weighted=weighted)


def list_compared(wave: Wave) -> dict[str, frozenset[str]]:
    """Return the measures whose weighted changes were told, by the wave since which they were."""
    return {
        name.removeprefix(_COMPARED): frozenset(names)
        for name, names in (wave.released or {}).items()
        if name.startswith(_COMPARED)
    }


def remember_release(store: Store, cleared: Cleared) -> None:
    """Keep which sets were published of a wave: a later release may add to it only if that is safe.

    Two releases of one wave that hide differently can be unsafe together. Raises ``release_changed``
    then, and nothing is written.
    """
    wave, plan, clearance = cleared.wave, cleared.found.plan, cleared.clearance
    before = recall_release(wave, clearance)
    shown = {name: clearance.shown[name] | before.shown[name] for name in cleared.measures}
    compared = list_compared(wave)
    if cleared.previous is not None:
        told = compared.get(cleared.previous, frozenset())
        compared[cleared.previous] = told | clearance.changed
    both = replace(
        clearance,
        shown=shown,
        weighted=clearance.weighted | before.weighted,
        changed=clearance.changed | compared.get(cleared.previous or "", frozenset()),
    )
    if wave.released is not None:
        known = all(names <= plan.sets.keys() for names in shown.values())
        with Crew(plan) as crew:
            crew.take(cleared.measures)
            if not known or any(crew.find_leaks(both)):
                raise SurveyError(Code.RELEASE_CHANGED, wave=wave.id)
    released = {name: sorted(names) for name, names in shown.items()}
    released[_WEIGHTED] = sorted(both.weighted)
    released |= {f"{_COMPARED}{name}": sorted(told) for name, told in compared.items()}
    if released != wave.released:
        store.change_wave(wave.id, lambda present: replace(present, released=released))
