"""Turn templates into pages."""

from functools import cache
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from survey_service.disclosure.rules import RULES
from survey_service.i18n import HTML_LANGUAGE, words
from survey_service.page.assets import script, stylesheet
from survey_service.strata import SMALLEST_COMMENT_GROUP, SMALLEST_STRATUM

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
    return (
        _environment()
        .get_template(template)
        .render(
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
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("survey_service.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
