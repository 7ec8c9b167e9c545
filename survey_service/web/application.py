"""Put the door together: blueprints, error handlers, headers, store and clock."""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask

from survey_service.exposure import UNEXPOSED, Exposure
from survey_service.hardening import forbid_core_dumps, refuse_debugging
from survey_service.storage import DEFAULT_URL, open_store
from survey_service.store import Store
from survey_service.web import (
    access,
    admission,
    arrival,
    context,
    delivery,
    envelope,
    evenness,
    headers,
    limits,
    metrics,
    problems,
)
from survey_service.web.admission import Admission
from survey_service.web.answering import answering
from survey_service.web.api import api
from survey_service.web.documentation import documentation
from survey_service.web.pages import pages
from survey_service.web.probes import probes
from survey_service.web.routes import WaveId

LARGEST_BODY = 64 * 1024
WORKING, WAITING = 32, 224


def create_app(
    store: Store,
    clock: Callable[[], date],
    seconds: Callable[[], float] = time.monotonic,
    working: int = WORKING,
    waiting: int = WAITING,
    exposure: Exposure = UNEXPOSED,
) -> Flask:
    """Return the application over ``store``; ``clock`` tells the day, ``seconds`` never go back.

    ``working`` requests are answered at once and ``waiting`` more may wait for their turn. What is
    installed first sees a request first and its reply last.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.url_map.converters["wave"] = WaveId
    app.url_map.merge_slashes = False
    for blueprint in (pages, answering, api, documentation, probes):
        app.register_blueprint(blueprint)
    arrival.install(app, seconds)
    access.install(app, exposure.access_log, _read_clock)
    metrics.install(app, seconds)
    evenness.install(app)
    envelope.install(app, exposure.host_names)
    admission.install(app, Admission(working, waiting))
    context.install(app, store, clock)
    limits.install(app, seconds)
    problems.install(app)
    delivery.install(app)
    headers.install(app, is_https=exposure.is_https)
    return app


def from_environment() -> Flask:
    """Return the application over the store that ``SURVEY_STORE`` names; what a server starts.

    Raises ``server_debug`` where a debugger is asked for.
    """
    refuse_debugging()
    forbid_core_dumps()
    store = open_store(os.environ.get("SURVEY_STORE", DEFAULT_URL))
    working = int(os.environ.get("SURVEY_WORKING", WORKING))
    waiting = int(os.environ.get("SURVEY_WAITING", WAITING))
    exposure = Exposure.read(os.environ)
    app = create_app(store, _read_calendar, working=working, waiting=waiting, exposure=exposure)
    headers.hide_server(app)
    return app


def _read_calendar() -> date:
    return date.today()  # noqa: DTZ011, TID251 - the outermost edge: here the clock comes in


def _read_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the same; only its hour is ever used
