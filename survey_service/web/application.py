"""Put the door together: blueprints, error handlers, headers, store and clock."""

import os
import time
from collections.abc import Callable
from datetime import date

from flask import Flask

from survey_service.storage import DEFAULT_URL, open_store
from survey_service.store import Store
from survey_service.web import admission, context, delivery, headers, limits, problems
from survey_service.web.admission import Admission
from survey_service.web.answering import answering
from survey_service.web.api import api, probes
from survey_service.web.pages import pages
from survey_service.web.routes import WaveId

LARGEST_BODY = 64 * 1024
WORKING, WAITING = 32, 224


def create_app(
    store: Store,
    clock: Callable[[], date],
    seconds: Callable[[], float] = time.monotonic,
    working: int = WORKING,
    waiting: int = WAITING,
) -> Flask:
    """Return the application over ``store``; ``clock`` tells the day, ``seconds`` never go back.

    ``working`` requests are answered at once and ``waiting`` more may wait for their turn.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.url_map.converters["wave"] = WaveId
    app.url_map.merge_slashes = False
    for blueprint in (pages, answering, api, probes):
        app.register_blueprint(blueprint)
    admission.install(app, Admission(working, waiting))
    context.install(app, store, clock)
    limits.install(app, seconds)
    problems.install(app)
    delivery.install(app)
    headers.install(app)
    return app


def from_environment() -> Flask:
    """Return the application over the store that ``SURVEY_STORE`` names; what a server starts."""
    store = open_store(os.environ.get("SURVEY_STORE", DEFAULT_URL))
    working = int(os.environ.get("SURVEY_WORKING", WORKING))
    waiting = int(os.environ.get("SURVEY_WAITING", WAITING))
    return create_app(store, _read_calendar, working=working, waiting=waiting)


def _read_calendar() -> date:
    return date.today()  # noqa: DTZ011, TID251 - the outermost edge: here the clock comes in
