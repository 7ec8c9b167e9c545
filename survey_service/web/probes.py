"""What machines ask that watch the server: whether it lives, can keep answers, and how it fares."""

from flask import Blueprint, jsonify, make_response
from flask.wrappers import Response

from survey_service.web.context import current_store
from survey_service.web.metrics import current_metrics

probes = Blueprint("probes", __name__)

_FRESH = "private, no-cache"


@probes.get("/livez")
def live() -> Response:
    """Say that the process answers; nothing is read or written."""
    return _keep_fresh(jsonify(status="alive"))


@probes.get("/readyz")
def ready() -> Response:
    """Say that the store can be written, by writing; 503 otherwise."""
    current_store().check_writable()
    return _keep_fresh(jsonify(status="ready"))


@probes.get("/metrics")
def show_metrics() -> Response:
    """Give the counts of this process in the text format of Prometheus."""
    response = make_response(current_metrics())
    response.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8"
    return _keep_fresh(response)


def _keep_fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = _FRESH
    return response
