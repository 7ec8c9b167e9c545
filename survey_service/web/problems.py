"""Say what went wrong: a problem document to programs, a plain page to people. Nothing is echoed."""

import logging
import secrets
import traceback
from http import HTTPStatus

from flask import Flask, jsonify, make_response, request
from flask.wrappers import Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from survey_service.errors import Code, Fault, SurveyError
from survey_service.i18n import LANGUAGES, words
from survey_service.page.rendering import render
from survey_service.page.sheet import title_of
from survey_service.wave import Wave
from survey_service.web.context import current_store
from survey_service.web.paths import PROGRAMS
from survey_service.web.reading import Reading
from survey_service.web.rendering import show

_RETRY_S = {Code.FAILURES_MANY: (60, 60), Code.STORE_BUSY: (5, 30)}
_RETRY_UNAVAILABLE_S = (15, 45)
"""When to try again, from and to: all that were refused at once must not come back at once."""

_CODES = {
    400: Code.BODY_MALFORMED,
    404: Code.PAGE_UNKNOWN,
    405: Code.METHOD_UNKNOWN,
    413: Code.BODY_LARGE,
    415: Code.BODY_TYPE,
}
_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every error of an application, the unforeseen included.

    The words are loaded now: an error must find them even when no file can be opened.
    """
    for lang in LANGUAGES:
        words(lang)
    app.register_error_handler(SurveyError, _answer_known)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unforeseen)


def _answer_known(error: SurveyError) -> Response:
    return _answer(error)


def _answer_http(error: HTTPException) -> Response:
    code = _CODES.get(error.code or 500, Code.SERVICE_FAULT)
    response = _answer(SurveyError(code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _answer_unforeseen(error: Exception) -> Response:
    """Log where it happened and nothing that somebody sent: no message, no address, no trace."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("%s in %s, line %s", type(error).__name__, last.name, last.lineno)
    return _answer(SurveyError(Code.SERVICE_FAULT))


def _answer(error: SurveyError) -> Response:
    is_program = request.path.startswith(PROGRAMS)
    response = _write_problem(error) if is_program else _show_problem(error.code)
    advise_retry(response, error.code)
    return response


def advise_retry(response: Response, code: Code) -> None:
    """Say when to try again, where that may help."""
    if response.status_code in {429, 503}:
        earliest, latest = _RETRY_S.get(code, _RETRY_UNAVAILABLE_S)
        wait = earliest + secrets.randbelow(latest - earliest + 1)
        response.headers["Retry-After"] = str(wait)


def _write_problem(error: SurveyError) -> Response:
    """Return an RFC 9457 document; for 422 it names every faulty field."""
    code, first = error.code, error.faults[0]
    body = {
        "type": f"urn:survey-service:problem:{code}",
        "title": HTTPStatus(code.status).phrase,
        "status": code.status,
        "code": str(code),
        **{
            lang: f"{first.sentence(lang)}{_gap(lang)}{first.remedy(lang)}" for lang in ("zh", "en")
        },
    }
    if code.status == 422:
        body["faults"] = [_describe(fault) for fault in error.faults]
    response = make_response(jsonify(body), code.status)
    response.mimetype = "application/problem+json"
    return response


def _describe(fault: Fault) -> dict[str, str]:
    sentences = {lang: fault.sentence(lang) for lang in ("zh", "en")}
    return {"field": fault.place.column, "code": str(fault.code), **sentences}


def _gap(lang: str) -> str:
    return " " if lang == "en" else ""


def _show_problem(code: Code) -> Response:
    reading = Reading.of_request()
    wave = _find_wave(code)
    key = f"web.problem.{code}"
    page = render(
        "problem.html",
        reading,
        wave=wave,
        title="" if wave is None else title_of(wave, reading.lang),
        key=key if key in words(reading.lang) else "web.problem.service_fault",
        code=str(code),
    )
    return show(page, status=code.status)


def _find_wave(code: Code) -> Wave | None:
    """Return the wave of the address where the page has something to say about it."""
    wave_id = (request.view_args or {}).get("wave_id")
    if wave_id is None or code.status >= 500 or code is Code.WAVE_UNKNOWN:
        return None
    try:
        return current_store().wave(wave_id)
    except SurveyError:
        return None
