"""Counts for whoever watches the server; nobody can read from them who answers, or that one does.

Whoever watched an exact count could see one colleague's submission arrive. So pages, submissions
and refusals are counted together by class of status, probes not at all; counts are renewed once a
minute only, and rounded down to twenties. Only faults of the server itself are exact. There is no
figure of a wave, a unit, or of participation.
"""

import os
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from flask import Flask, current_app, request
from flask.wrappers import Response

from survey_service.web.arrival import seconds_since_arrival
from survey_service.web.paths import PROBES

STEP = 20
RENEWED_S = 60.0
_LIMITS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_REFUSED, _FAILED = "429", "5xx"
_CLASSES = ("2xx", "3xx", "4xx", _REFUSED, _FAILED)
_EXACT = frozenset({_REFUSED, _FAILED})
_KEY = "survey_service.metrics"


class Meter:
    """Counts of one process; ``clock`` returns seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._statuses: Counter[str] = Counter()
        self._durations = [0] * (len(_LIMITS) + 1)
        self._renewed = clock()
        self._published = self._write()

    def count(self, status: int, took_s: float) -> None:
        """Count one reply."""
        name = _REFUSED if status == 429 else f"{status // 100}xx"
        with self._lock:
            self._statuses[name] += 1
            self._durations[bisect_left(_LIMITS, took_s)] += 1

    def publish(self) -> str:
        """Return the counts in the text format of Prometheus, as they were when last renewed."""
        with self._lock:
            now = self._clock()
            if now - self._renewed >= RENEWED_S:
                self._renewed = now
                self._published = self._write()
            return self._published

    def _write(self) -> str:
        return "\n".join((*self._write_statuses(), *self._write_durations(), ""))

    def _write_statuses(self) -> Iterator[str]:
        yield "# HELP survey_requests_total Replies by class; 2xx, 3xx, 4xx rounded down to twenties."
        yield "# TYPE survey_requests_total counter"
        for name in _CLASSES:
            count = self._statuses[name]
            shown = count if name in _EXACT else count // STEP * STEP
            yield f'survey_requests_total{{process="{os.getpid()}",status="{name}"}} {shown}'

    def _write_durations(self) -> Iterator[str]:
        yield "# HELP survey_request_seconds Seconds until a reply; rounded down to twenties."
        yield "# TYPE survey_request_seconds histogram"
        total = 0
        for limit, count in zip((*_LIMITS, "+Inf"), self._durations, strict=True):
            total += count
            shown = total // STEP * STEP
            labels = f'process="{os.getpid()}",le="{limit}"'
            yield f"survey_request_seconds_bucket{{{labels}}} {shown}"
        yield f'survey_request_seconds_count{{process="{os.getpid()}"}} {total // STEP * STEP}'


def install(app: Flask, seconds: Callable[[], float]) -> None:
    """Count the replies of an application."""
    meter = app.extensions[_KEY] = Meter(seconds)

    def count(response: Response) -> Response:
        if request.path not in PROBES:
            meter.count(response.status_code, seconds_since_arrival())
        return response

    app.after_request(count)


def current_metrics() -> str:
    """Return the counts of the running application."""
    meter: Meter = current_app.extensions[_KEY]
    return meter.publish()
