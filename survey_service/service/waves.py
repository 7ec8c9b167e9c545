"""The life of a wave: create, open, extend, close, delete, and which one is meant when none is named."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire, add_background
from survey_service.roster import Roster
from survey_service.sealing import make_key
from survey_service.store import Store
from survey_service.strata import NO_STRATA, make_single_stratum, make_strata
from survey_service.wave import NO_NOTICE, Notice, Wave, make_unit_keys


def create_wave(
    store: Store,
    wave_id: str,
    questionnaire: Questionnaire,
    roster: Roster | None = None,
    *,
    title: str = "",
    access: str = "open",
    opens: date | None = None,
    closes: date | None = None,
    notice: Notice = NO_NOTICE,
    rehearsal: bool = False,
    background: bool = False,
) -> Wave:
    """Keep a new wave as a draft, its strata merged so that none is small.

    With ``background`` it asks for party and tenure instead of the unit, and everybody has the
    same label.
    """
    strata = NO_STRATA if roster is None else make_strata(roster)
    keys = None if roster is None else make_unit_keys(roster)
    if background:
        questionnaire = add_background(questionnaire)
        strata = NO_STRATA if roster is None else make_single_stratum(roster)
        keys = None
    wave = Wave(
        id=wave_id,
        questionnaire=questionnaire,
        title=title,
        access=access,
        roster=roster,
        strata=strata,
        unit_keys=keys,
        opens=opens,
        closes=closes,
        notice=notice,
        rehearsal=rehearsal,
        salt=secrets.token_hex(32),
        sealing_key=make_key(),
    )
    store.create_wave(wave)
    return wave


def open_wave(
    store: Store, wave_id: str, today: date, notice: Mapping[str, Any] = MappingProxyType({})
) -> Wave:
    """Open a wave for answers; one-way. ``notice`` fills what the notice to employees still lacks.

    Raises ``notice_missing`` unless the notice is complete or the wave is a rehearsal, and
    ``codes_needed`` where people come in with cards and none are valid.
    """
    issued = store.count_codes(wave_id)

    def change(wave: Wave) -> Wave:
        opened = replace(wave.open(today), notice=replace(wave.notice, **notice))
        missing = opened.notice.missing
        if missing and not wave.rehearsal:
            raise SurveyError(
                Code.NOTICE_MISSING, options=" ".join(f"--{name}" for name in missing)
            )
        if wave.access == "codes" and not issued:
            raise SurveyError(Code.CODES_NEEDED, wave=wave.id)
        return opened

    return store.change_wave(wave_id, change)


def extend_wave(store: Store, wave_id: str, closes: date, today: date) -> Wave:
    """Move the closing date of an open wave forward."""
    return store.change_wave(wave_id, lambda wave: wave.extend(closes, today))


def close_wave(store: Store, wave_id: str, today: date, *, now: bool = False) -> Wave:
    """Close a wave for good; ``now`` closes before answers on their way have had their 72 hours."""
    return store.close_wave(wave_id, today, now=now)


def delete_wave(store: Store, wave_id: str, *, confirmed: bool) -> None:
    """Remove every trace of a draft, a rehearsal, or, when ``confirmed``, a closed wave.

    Raises ``wave_open`` while a real wave takes answers, ``delete_unconfirmed`` for a closed one.
    """

    def check(wave: Wave) -> None:
        if wave.opened_on is None or wave.rehearsal:
            return
        if wave.closed_on is None:
            raise SurveyError(Code.WAVE_OPEN, wave=wave.id)
        if not confirmed:
            raise SurveyError(Code.DELETE_UNCONFIRMED, wave=wave.id)

    store.delete_wave(wave_id, check)


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
