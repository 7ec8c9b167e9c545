"""Answering without a script: the form is checked, looked over, and handed in."""

from dataclasses import dataclass

from flask import Blueprint, make_response, request
from flask.wrappers import Response

from survey_service.errors import Code, Fault, Place, SurveyError
from survey_service.page.rendering import render
from survey_service.page.sheet import Part, Question, make_sheet
from survey_service.service.collection import accept, judge
from survey_service.wave import Wave
from survey_service.web.context import current_day, current_store, find_open_wave
from survey_service.web.form import SKIP, SUBMISSION, Filled, read_form
from survey_service.web.limits import limit_failures
from survey_service.web.problems import advise_retry
from survey_service.web.reading import Reading
from survey_service.web.rendering import render_form, show

answering = Blueprint("answering", __name__)

_CORRECTABLE = frozenset({403, 422, 429})
_VERSION = "/q/<wave:wave_id>/v<string(maxlength=6):version>"


@answering.post(f"{_VERSION}/review")
def review(wave_id: str, version: str) -> Response:
    """Show what was filled in before it is handed in; with ``?edit`` the form again."""
    wave, reading = find_open_wave(wave_id, version), Reading.of_request()
    filled = read_form().numbered()
    if "edit" in request.args:
        return show(render_form(wave, reading, filled))
    try:
        with limit_failures(wave):
            judge(current_store(), wave, filled.data(wave))
            _require_all(wave, filled)
    except SurveyError as error:
        return _answer_fault(wave, reading, filled, error)
    return show(_render_review(wave, reading, filled))


@answering.post(f"{_VERSION}/submit")
def submit(wave_id: str, version: str) -> Response:
    """Hand in: once kept, lead to the receipt; the same submission again gives the same receipt."""
    wave, reading = find_open_wave(wave_id, version), Reading.of_request()
    filled = read_form()
    try:
        with limit_failures(wave):
            receipt = accept(current_store(), wave, filled.data(wave), current_day())
    except SurveyError as error:
        return _answer_fault(wave, reading, filled.numbered(), error)
    return _lead_to(reading.link("pages.done", wave_id=wave.id, r=receipt.number))


@answering.get(f"{_VERSION}/<any(review,submit):_step>")
def start_again(wave_id: str, version: str, _step: str) -> Response:
    """Lead somebody who opens a shared or restored address of the form to the beginning."""
    wave = find_open_wave(wave_id, version)
    return _lead_to(Reading.of_request().link("pages.landing", wave_id=wave.id))


def _require_all(wave: Wave, filled: Filled) -> None:
    """Ask once for every closed question left out; who says so may leave them out."""
    if filled.value(SKIP):
        return
    blank = [item.id for item in wave.questionnaire.closed if not filled.value(item.id).strip()]
    if blank:
        raise SurveyError.of(Fault(Code.ANSWER_MISSING, place=Place(column=each)) for each in blank)


def _answer_fault(wave: Wave, reading: Reading, filled: Filled, error: SurveyError) -> Response:
    """Give back everything that was filled in: to be put right, or to be handed in once more."""
    status = error.code.status
    if status in _CORRECTABLE or error.code is Code.CODE_USED:
        page = render_form(wave, reading, filled, error.faults)
    elif status == 503 or error.code is Code.STORE_BUSY:
        page = _render_review(wave, reading, filled, is_kept=False)
    else:
        raise error
    response = show(page, status=status)
    advise_retry(response, error.code)
    return response


@dataclass(frozen=True)
class _Progress:
    """A section with the number of its answered questions and the questions left out."""

    part: Part
    answered: int
    missing: tuple[Question, ...]


def _render_review(wave: Wave, reading: Reading, filled: Filled, *, is_kept: bool = True) -> str:
    sheet = make_sheet(wave, reading.lang)
    rows = [_look_over(part, filled) for part in sheet.parts]
    missing = [question for row in rows for question in row.missing]
    written = [q for q in sheet.questions if not q.choices and filled.value(q.id).strip()]
    return render(
        "review.html",
        reading,
        wave=wave,
        title=sheet.title,
        rows=rows,
        missing=missing,
        written=written,
        filled=filled,
        is_kept=is_kept,
        submission=filled.value(SUBMISSION),
    )


def _look_over(part: Part, filled: Filled) -> _Progress:
    blank = [q for q in part.questions if not filled.value(q.id).strip()]
    missing = tuple(question for question in blank if question.choices)
    return _Progress(part, len(part.questions) - len(blank), missing)


def _lead_to(address: str) -> Response:
    """Return a redirect without a body: the usual one repeats the address."""
    response = make_response("", 303)
    response.headers["Location"] = address
    return response
