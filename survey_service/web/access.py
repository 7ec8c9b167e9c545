"""The access log: what was asked how often, so that a fault can be found, and nothing of who asked.

A line is the hour, the method, the pattern of the address, the status and a class of duration::

    2026-11-22T21Z POST /api/v1/waves/<wave>/responses 201 <0.1s

No address, device, referrer, query, wave or code can stand in it, for nothing that was sent does.
"""

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flask import Flask, request
from flask.wrappers import Response

from survey_service.journal import append_line
from survey_service.web.arrival import seconds_since_arrival
from survey_service.web.paths import PROBES

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_CLASSES = (0.1, 1.0, 10.0)
_CONVERTER = re.compile(r"<[^:>]*(?:\([^)]*\))?:")


def install(app: Flask, log: Path | None, now: Callable[[], datetime]) -> None:
    """Let an application write a line for every request but those of probes."""
    if log is None:
        return
    lock = threading.Lock()

    def write(response: Response) -> Response:
        if request.path not in PROBES:
            said = _describe(response.status_code, seconds_since_arrival())
            line = f"{now():%Y-%m-%dT%HZ} {said}\n"
            with (
                lock,
                suppress(OSError),
            ):  # a log that cannot be written keeps nobody from answering
                append_line(log, line)
        return response

    app.after_request(write)


def _describe(status: int, took_s: float) -> str:
    method = request.method if request.method in _METHODS else "-"
    rule = "-" if request.url_rule is None else _CONVERTER.sub("<", request.url_rule.rule)
    within = next((f"<{limit:g}s" for limit in _CLASSES if took_s < limit), ">10s")
    return f"{method} {rule} {status} {within}"
