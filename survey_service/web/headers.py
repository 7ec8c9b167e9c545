"""Headers on every reply: what a page may load, and that nothing of it leaks."""

from functools import cache

from flask import Flask, request
from flask.wrappers import Response

from survey_service.page.assets import SHEET, SITE, hash_source, script_for, style_for

_YEAR_S = 365 * 24 * 3600


def install(app: Flask, *, is_https: bool = False) -> None:
    """Set the headers on every reply of an application; ``is_https`` keeps browsers to HTTPS."""

    def set_headers(response: Response) -> Response:
        if is_https:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
        return _set_headers(response)

    app.after_request(set_headers)


@cache
def content_policy() -> str:
    """Return the content security policy: our own style and script by hash, nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src " + " ".join(hash_source(style_for(part)) for part in (SHEET, SITE)),
            "script-src " + " ".join(hash_source(script_for(part)) for part in (SHEET, SITE)),
            "connect-src 'self'",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", content_policy())
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.method == "POST" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def hide_server(app: Flask) -> None:
    """Let the production server, which puts its name where there is none, say nothing about itself."""

    def hide(response: Response) -> Response:
        response.headers["Server"] = ""
        return response

    app.after_request(hide)
