"""The description of the API for programs, and as a page for people; both come from one source."""

import json
from functools import cache

from flask import Blueprint, request
from flask.wrappers import Response

from survey_service.i18n import LANGUAGES, choose_language
from survey_service.page.assets import hash_source
from survey_service.page.reference import STYLE, render_reference
from survey_service.web.delivery import Packed, deliver
from survey_service.web.openapi import describe_api

documentation = Blueprint("documentation", __name__, url_prefix="/api/v1")

_CACHING = "private, max-age=3600"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {hash_source(STYLE)}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


@documentation.get("/openapi.json")
def show_openapi() -> Response:
    """Give the description, OpenAPI 3.1."""
    return deliver(_pack_description(_choose()), "application/json", _CACHING)


@documentation.get("/docs")
def show_docs() -> Response:
    """Show the same as a page: no script, nothing from elsewhere."""
    response = deliver(_pack_page(_choose()), "text/html", _CACHING)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _choose() -> str:
    return choose_language(request.args.get("lang"))


@cache
def _pack_description(lang: str) -> Packed:
    return Packed(json.dumps(describe_api(lang), ensure_ascii=False, indent=1))


@cache
def _pack_page(lang: str) -> Packed:
    others = [other for other in LANGUAGES if other != lang]
    return Packed(render_reference(describe_api(lang), lang, others[0]))
