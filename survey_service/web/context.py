"""What every view needs of the application: the store, the day, and the wave of the address."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from flask import Flask, current_app

from survey_service.errors import Code, SurveyError
from survey_service.store import Store
from survey_service.wave import Wave

_KEY = "survey_service"


class _Surroundings(NamedTuple):
    store: Store
    clock: Callable[[], date]


def install(app: Flask, store: Store, clock: Callable[[], date]) -> None:
    """Give an application its store and its clock."""
    app.extensions[_KEY] = _Surroundings(store, clock)


def current_store() -> Store:
    """Return the store of the running application."""
    return _surroundings().store


def current_day() -> date:
    """Return today by the clock of the running application."""
    return _surroundings().clock()


def find_open_wave(wave_id: str, version: str | None = None) -> Wave:
    """Return a wave that takes answers today.

    Raises ``wave_unknown``, ``wave_draft``, ``wave_closed``, or ``version_unknown`` if the address
    names another version of its questionnaire.
    """
    wave = current_store().wave(wave_id)
    wave.require_accepting(current_day())
    if version not in {None, str(wave.questionnaire.version)}:
        raise SurveyError(Code.VERSION_UNKNOWN)
    return wave


def _surroundings() -> _Surroundings:
    found: _Surroundings = current_app.extensions[_KEY]
    return found
