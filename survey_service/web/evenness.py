"""Replies of one size: who sees only how much travels learns nothing about what was answered.

A reply to a submission, kept or refused for its code, is filled up with spaces to one size on the
wire, headers included; JSON may end in spaces. Only a list of faulty fields can be longer.
"""

from flask import Flask, request
from flask.wrappers import Response

SIZE = 2304
"""Longer than any of these replies; a test holds them to it."""

EVEN = frozenset({"api.submit_response"})
"""Endpoints whose replies have one size; they are not compressed."""


def install(app: Flask) -> None:
    """Fill up the replies of an application; install it first, for then it comes last."""
    app.after_request(_fill_up)


def _fill_up(response: Response) -> Response:
    if request.endpoint in EVEN:
        body = response.get_data()
        response.headers["Content-Length"] = "0000"
        head = len(response.status) + sum(len(k) + len(v) + 4 for k, v in response.headers)
        response.set_data(body.rstrip(b"\n") + b" " * max(0, SIZE - head - len(body)) + b"\n")
    return response
