"""Turn templates into pages."""

import re
from functools import cache
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from survey_service.disclosure.rules import RULES
from survey_service.i18n import HTML_LANGUAGE, words
from survey_service.page.assets import SHEET, SITE, script_for, style_for
from survey_service.page.sheet import DRAFT_HOURS, run_of
from survey_service.strata import SMALLEST_COMMENT_GROUP, SMALLEST_STRATUM
from survey_service.wave import Wave

SIZES = ("standard", "large", "larger")
"""Sizes of text; the stylesheet knows them by name."""


class Reader(Protocol):
    """How somebody reads: a template asks it for addresses, dates and the other language too."""

    @property
    def lang(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> str: ...  # noqa: D102


def render(template: str, reading: Reader, **values: Any) -> str:  # noqa: ANN401 - of a template
    """Return a page as text; every text in it is escaped."""
    part = SHEET if template == "questionnaire.html" else SITE
    page = (
        _environment()
        .get_template(template)
        .render(
            w=words(reading.lang),
            reading=reading,
            html_lang=HTML_LANGUAGE,
            sizes=SIZES,
            style=style_for(part),
            script=script_for(part),
            run=_name_run(values.get("wave")),
            draft_hours=DRAFT_HOURS,
            least_group=SMALLEST_STRATUM,
            least_shown=RULES.smallest_set,
            least_comments=SMALLEST_COMMENT_GROUP,
            **values,
        )
    )
    return re.sub(r">\n+<", "><", page)


def render_plain(template: str, **values: Any) -> str:  # noqa: ANN401 - of a template
    """Return a page that stands apart from those of a wave; every text in it is escaped."""
    return re.sub(r">\n+<", "><", _environment().get_template(template).render(**values))


def _name_run(wave: Wave | None) -> str:
    return "" if wave is None else run_of(wave)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("survey_service.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
