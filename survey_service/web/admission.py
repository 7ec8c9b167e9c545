"""How many are served at once, how many may wait, and who is asked to come again.

A server that lets everybody in answers nobody in time. So few requests work at once, a bounded
number waits for them for a bounded time (a disk may be slow), and all others are told so: phones
keep the answers and try again after a while that is not the same for all.
"""

import threading

from flask import Flask, g, request

from survey_service.errors import Code, SurveyError
from survey_service.web.paths import PROBES

PATIENCE_S = 2.0
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Admission:
    """Lets ``working`` in at once and ``waiting`` more wait for their turn, so many seconds."""

    def __init__(self, working: int, waiting: int, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._turns = threading.Semaphore(working)
        self._most = working + waiting
        self._inside = 0
        self._lock = threading.Lock()

    def enter(self, *, patiently: bool = False) -> None:
        """Wait for a turn; ``store_busy`` if too many wait or it takes long, unless ``patiently``."""
        with self._lock:
            if self._inside >= self._most and not patiently:
                raise SurveyError(Code.STORE_BUSY)
            self._inside += 1
        if not self._turns.acquire(timeout=None if patiently else self._patience_s):
            with self._lock:
                self._inside -= 1
            raise SurveyError(Code.STORE_BUSY)

    def leave(self) -> None:
        """Give the turn to the next."""
        self._turns.release()
        with self._lock:
            self._inside -= 1


def install(app: Flask, admission: Admission) -> None:
    """Have every request of an application pass through; the probes of the server need no turn.

    A filled-in form that comes without a script waits however long the line is: a refusal would
    take the page with the answers away. What a script sends stays on the phone until it is kept.
    """

    def enter() -> None:
        if request.path not in PROBES:
            request.get_data()  # whoever sends slowly holds a thread, but nobody's turn
            admission.enter(patiently=request.mimetype in _FORMS)
            g.is_inside = True

    def leave(_: BaseException | None) -> None:
        if g.pop("is_inside", False):
            admission.leave()

    app.before_request(enter)
    app.teardown_request(leave)
