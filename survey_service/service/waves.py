"""The life of a wave: create, open, close, and the one that is meant when none is named."""

from datetime import date

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.roster import Roster
from survey_service.store import Store
from survey_service.strata import NO_STRATA, make_strata
from survey_service.wave import NO_NOTICE, Notice, Wave, make_unit_keys


def create_wave(
    store: Store,
    wave_id: str,
    questionnaire: Questionnaire,
    roster: Roster | None = None,
    *,
    title: str = "",
    opens: date | None = None,
    closes: date | None = None,
    notice: Notice = NO_NOTICE,
    rehearsal: bool = False,
) -> Wave:
    """Keep a new wave as a draft, its strata merged so that none is small."""
    wave = Wave(
        id=wave_id,
        questionnaire=questionnaire,
        title=title,
        roster=roster,
        strata=NO_STRATA if roster is None else make_strata(roster),
        unit_keys=None if roster is None else make_unit_keys(roster),
        opens=opens,
        closes=closes,
        notice=notice,
        rehearsal=rehearsal,
    )
    store.create_wave(wave)
    return wave


def open_wave(store: Store, wave_id: str, today: date) -> Wave:
    """Open a wave for answers; one-way."""
    return store.change_wave(wave_id, lambda wave: wave.open(today))


def close_wave(store: Store, wave_id: str, today: date, *, now: bool = False) -> Wave:
    """Close a wave for good; ``now`` closes before answers on their way have had their 72 hours."""
    return store.close_wave(wave_id, today, now=now)


def single_wave(store: Store, wave_id: str | None) -> Wave:
    """Return the named wave, or the only one there is.

    Raises ``wave_none`` or ``wave_several`` (which lists them) where none was named and it is not
    clear which is meant.
    """
    if wave_id is not None:
        return store.wave(wave_id)
    waves = store.waves()
    if not waves:
        raise SurveyError(Code.WAVE_NONE)
    if len(waves) > 1:
        raise SurveyError(Code.WAVE_SEVERAL, waves="、".join(wave.id for wave in waves))
    return waves[0]
