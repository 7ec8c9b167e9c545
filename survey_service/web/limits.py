"""Slow down the guessing of codes without ever slowing down somebody who holds a right one.

Only failures are counted, for a wave as a whole and in memory. Never by address: a whole mine
comes in over one, and an address that is counted is an address that is kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from flask import Flask, current_app

from survey_service.errors import Code, Place, SurveyError
from survey_service.wave import Wave

MOST_AT_ONCE = 100
"""A shift that types its codes at the same minute makes this many slips and hardly more."""

REFILL_PER_S = 1.0
"""So many more in the long run. Guessing is hopeless by the length of a code alone (2 ** 75);
the limit keeps a guesser from trying, and from filling the server with pages of refusals."""

_KEY = "survey_service.limits"


class FailureLimit:
    """A token bucket for each wave; ``clock`` returns seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def admit(self, wave_id: str) -> bool:
        """Count one failure and return whether it was within the limit."""
        with self._lock:
            now = self._clock()
            left, since = self._buckets.get(wave_id, (float(MOST_AT_ONCE), now))
            left = min(MOST_AT_ONCE, left + (now - since) * REFILL_PER_S)
            is_admitted = left >= 1
            self._buckets[wave_id] = (left - is_admitted, now)
            return is_admitted


def install(app: Flask, clock: Callable[[], float]) -> None:
    """Give an application its limit."""
    app.extensions[_KEY] = FailureLimit(clock)


@contextmanager
def limit_failures(wave: Wave) -> Iterator[None]:
    """Let everything pass but a code that opens nothing; too many of these are ``failures_many``."""
    try:
        yield
    except SurveyError as error:
        limit: FailureLimit = current_app.extensions[_KEY]
        if error.code is Code.CODE_UNKNOWN and not limit.admit(wave.id):
            raise SurveyError(Code.FAILURES_MANY, Place(column="code")) from None
        raise
