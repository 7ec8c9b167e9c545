"""The pages that people open: what is open, what it is about, the questionnaire, the receipt."""

import re
from collections.abc import Iterator
from functools import partial

from flask import Blueprint, abort, request, url_for
from flask.wrappers import Response

from survey_service.i18n import LANGUAGES, words
from survey_service.page.facts import list_recorded, list_unrecorded, say_length, say_smallest
from survey_service.page.rendering import render
from survey_service.page.sheet import title_of
from survey_service.page.units import asks_unit, has_unit_page, offer_units
from survey_service.wave import State, Wave
from survey_service.web.context import current_day, current_store, find_open_wave
from survey_service.web.delivery import deliver
from survey_service.web.reading import Reading
from survey_service.web.rendering import BRIEFLY, NEVER, keep, show
from survey_service.web.rendering import document as make_document

pages = Blueprint("pages", __name__)

_DOCUMENT_CACHING = "private, max-age=86400"
_LONGEST_PART = 100
_RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
_DOCUMENT = f"/q/<wave:wave_id>/v<string(maxlength=6):version>/<any({','.join(LANGUAGES)}):lang>"


@pages.get("/")
def home() -> Response:
    """List the waves that take answers today."""
    reading, today = Reading.of_request(), current_day()
    waves = [wave for wave in current_store().waves() if wave.is_accepting(today)]
    title = partial(title_of, lang=reading.lang)
    return show(render("home.html", reading, waves=waves, title_of=title), caching=BRIEFLY)


@pages.get("/q/<wave:wave_id>")
def landing(wave_id: str) -> Response:
    """Say what a wave is about, how long it takes and what is recorded."""
    wave, reading = find_open_wave(wave_id), Reading.of_request()
    is_overdue = wave.state(current_day()) is State.OVERDUE
    name = "landing, overdue" if is_overdue else "landing"
    page = keep(name, wave, reading, lambda: _render_landing(wave, reading, is_overdue=is_overdue))
    return deliver(page, "text/html", BRIEFLY)


def _render_landing(wave: Wave, reading: Reading, *, is_overdue: bool) -> str:
    w = words(reading.lang)
    return render(
        "landing.html",
        reading,
        wave=wave,
        title=title_of(wave, reading.lang),
        is_overdue=is_overdue,
        length=say_length(wave, w),
        recorded=list_recorded(wave, w),
        unrecorded=list_unrecorded(wave, w),
        smallest=say_smallest(w),
        lists_units=has_unit_page(wave),
    )


@pages.get("/q/<wave:wave_id>/units")
def units(wave_id: str) -> Response:
    """Let somebody who came without a unit choose one, where there are too many for the questionnaire."""
    wave, reading = find_open_wave(wave_id), Reading.of_request()
    if not asks_unit(wave):
        abort(404)
    part = request.args.get("part", "")[:_LONGEST_PART]
    number = request.args.get("of", type=int)
    page = render(
        "units.html",
        reading,
        wave=wave,
        title=title_of(wave, reading.lang),
        here=url_for("pages.units", wave_id=wave.id),
        ways=reading.fields(),
        part=part,
        number=number,
        choice=offer_units(wave, part, number),
    )
    return show(page, caching=NEVER if part else BRIEFLY)


@pages.get(_DOCUMENT)
def document(wave_id: str, version: str, lang: str) -> Response:
    """Show the questionnaire: one document that a phone may keep for a day."""
    wave = find_open_wave(wave_id, version)
    if lang not in wave.questionnaire.languages:
        abort(404)
    return deliver(make_document(wave, Reading.of_request()), "text/html", _DOCUMENT_CACHING)


@pages.get("/q/<wave:wave_id>/done")
def done(wave_id: str) -> Response:
    """Show the receipt; it proves that something arrived and leads to no answer."""
    receipt = request.args.get("r", "")
    if not _RECEIPT.fullmatch(receipt):
        abort(404)
    wave, reading = current_store().wave(wave_id), Reading.of_request()
    title = title_of(wave, reading.lang)
    page = render(
        "done.html", reading, wave=wave, title=title, receipt=receipt, today=current_day()
    )
    return show(page, caching=NEVER)


@pages.get("/q/<wave:wave_id>/decline")
def decline(wave_id: str) -> Response:
    """Thank somebody who does not take part; nothing is recorded."""
    wave, reading = current_store().wave(wave_id), Reading.of_request()
    page = render("decline.html", reading, wave=wave, title=title_of(wave, reading.lang))
    return show(page, caching=BRIEFLY)


@pages.get("/q/<wave:wave_id>/help")
def help_page(wave_id: str) -> Response:
    """Say in plain words what is kept, who sees it, and what this cannot prevent."""
    wave, reading = current_store().wave(wave_id), Reading.of_request()
    title = title_of(wave, reading.lang)
    page = render("help.html", reading, wave=wave, title=title, questions=_choose_questions(wave))
    return show(page, caching=BRIEFLY)


def _choose_questions(wave: Wave) -> Iterator[str]:
    """Yield what the help page answers, as far as it concerns this wave."""
    yield "who"
    yield "card" if wave.access == "codes" else "link"
    if asks_unit(wave):
        yield "group"
    if wave.questionnaire.background:
        yield "background"
    yield from ("phone", "written", "network", "change", "limits", "voluntary")
