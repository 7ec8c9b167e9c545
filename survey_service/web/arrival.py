"""When a request came in, by a clock that never goes back."""

from collections.abc import Callable

from flask import Flask, current_app, g

_KEY = "survey_service.arrival"


def install(app: Flask, seconds: Callable[[], float]) -> None:
    """Remember of every request of an application when it came in; install it first."""
    app.extensions[_KEY] = seconds

    def arrive() -> None:
        g.arrived = seconds()

    app.before_request(arrive)


def seconds_since_arrival() -> float:
    """Return how long the present request has taken so far."""
    seconds: Callable[[], float] = current_app.extensions[_KEY]
    return seconds() - float(g.arrived)
