"""Pages as replies. The questionnaire document is made once and kept."""

from collections.abc import Callable
from threading import Lock

from flask import current_app, make_response
from flask.wrappers import Response

from survey_service.errors import Code, Fault
from survey_service.i18n import words
from survey_service.page.rendering import render
from survey_service.page.sheet import make_sheet
from survey_service.wave import Wave
from survey_service.web.delivery import Packed
from survey_service.web.form import CODE, EMPTY, Filled, make_remarks
from survey_service.web.reading import Reading

BRIEFLY = "private, max-age=60"
NEVER = "no-store"
_CACHE = "survey_service.pages"
_ONE_AT_A_TIME = Lock()


def show(page: str, status: int = 200, caching: str = NEVER) -> Response:
    """Return a page as a reply."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = caching
    return response


def render_form(
    wave: Wave, reading: Reading, filled: Filled = EMPTY, faults: tuple[Fault, ...] = ()
) -> str:
    """Return the questionnaire page, with what was filled in and what is still missing."""
    sheet, w = make_sheet(wave, reading.lang), words(reading.lang)
    remarks = make_remarks(sheet, faults, w)
    said = {remark.field: remark.sentence for remark in reversed(remarks)}
    headline = w("web.summary", count=len(remarks))
    may_skip = bool(faults) and all(fault.code is Code.ANSWER_MISSING for fault in faults)
    if may_skip:
        headline = w("web.review.missing", count=len(remarks))
    if CODE in said:
        headline = w(f"web.summary.{faults[0].code}")
    return render(
        "questionnaire.html",
        reading,
        wave=wave,
        sheet=sheet,
        filled=filled,
        remarks=remarks,
        said=said,
        headline=headline,
        may_skip=may_skip,
        is_preview=False,
    )


def document(wave: Wave, reading: Reading) -> Packed:
    """Return the empty questionnaire page; made once for each record of a wave and way of reading."""
    return keep("document", wave, reading, lambda: render_form(wave, reading))


def keep(name: str, wave: Wave, reading: Reading, make: Callable[[], str]) -> Packed:
    """Return a page that is the same for everybody who reads in the same way, made once.

    It is made anew when the record of the wave has changed.
    """
    cache: dict[tuple[str, str, Reading], tuple[Wave, Packed]]
    cache = current_app.extensions.setdefault(_CACHE, {})
    known, packed = cache.get((name, wave.id, reading), (None, None))
    if packed is not None and known == wave:
        return packed
    with _ONE_AT_A_TIME:  # a shift opens the page at one moment: one makes it, the others wait
        known, packed = cache.get((name, wave.id, reading), (None, None))
        if packed is None or known != wave:
            packed = Packed(make())
            cache[name, wave.id, reading] = wave, packed
    return packed
