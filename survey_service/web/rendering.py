"""Turn templates into pages. The questionnaire document is made once and kept."""

from typing import Any

from flask import current_app, make_response, render_template
from flask.wrappers import Response

from survey_service.disclosure.rules import RULES
from survey_service.errors import Fault
from survey_service.i18n import HTML_LANGUAGE, words
from survey_service.strata import SMALLEST_COMMENT_GROUP, SMALLEST_STRATUM
from survey_service.wave import Wave
from survey_service.web.assets import script, stylesheet
from survey_service.web.delivery import Packed
from survey_service.web.form import EMPTY, Filled, make_remarks
from survey_service.web.reading import SIZES, Reading
from survey_service.web.sheet import make_sheet

BRIEFLY = "private, max-age=60"
NEVER = "no-store"
_CACHE = "survey_service.documents"


def render(template: str, reading: Reading, **values: Any) -> str:  # noqa: ANN401 - of a template
    """Return a page as text."""
    return render_template(
        template,
        w=words(reading.lang),
        reading=reading,
        html_lang=HTML_LANGUAGE,
        sizes=SIZES,
        style=stylesheet(),
        script=script(),
        least_group=SMALLEST_STRATUM,
        least_shown=RULES.smallest_set,
        least_comments=SMALLEST_COMMENT_GROUP,
        **values,
    )


def show(page: str, status: int = 200, caching: str = NEVER) -> Response:
    """Return a page as a reply."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = caching
    return response


def render_form(
    wave: Wave, reading: Reading, filled: Filled = EMPTY, faults: tuple[Fault, ...] = ()
) -> str:
    """Return the questionnaire page, with what was filled in and what is still missing."""
    sheet = make_sheet(wave, reading.lang)
    remarks = make_remarks(sheet, faults, words(reading.lang))
    said = {remark.field: remark.sentence for remark in reversed(remarks)}
    return render(
        "questionnaire.html",
        reading,
        wave=wave,
        sheet=sheet,
        filled=filled,
        remarks=remarks,
        said=said,
    )


def document(wave: Wave, reading: Reading) -> Packed:
    """Return the empty questionnaire page; made once for each record of a wave and way of reading."""
    cache: dict[tuple[str, Reading], tuple[Wave, Packed]]
    cache = current_app.extensions.setdefault(_CACHE, {})
    kept = cache.get((wave.id, reading))
    if kept is None or kept[0] != wave:
        kept = (wave, Packed.of(render_form(wave, reading)))
        cache[wave.id, reading] = kept
    return kept[1]
