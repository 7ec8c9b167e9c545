"""The questionnaire as one file to look at and to print: no server, nothing is sent."""

from dataclasses import dataclass, replace

from survey_service.i18n import LANGUAGES
from survey_service.page.rendering import SIZES, render
from survey_service.page.sheet import make_sheet
from survey_service.questionnaire import Questionnaire
from survey_service.wave import Wave


@dataclass(frozen=True)
class _Looking:
    """Somebody who only looks: every address leads back to the page itself."""

    lang: str
    size: str = SIZES[0]

    def link(self, endpoint: str, **values: object) -> str:  # noqa: ARG002 - as the web's reading
        """Return the page itself."""
        return "#"

    def translated(self) -> "_Looking":
        """Return the same in the other language."""
        return replace(self, lang=next(lang for lang in LANGUAGES if lang != self.lang))


class _Blank:
    """A form in which nothing is filled in."""

    def value(self, name: str) -> str:  # noqa: ARG002 - as the web's form
        """Return nothing."""
        return ""


def render_preview(questionnaire: Questionnaire, lang: str) -> bytes:
    """Return the questionnaire page as one self-contained HTML file that says it is a preview."""
    wave = Wave(id="preview", questionnaire=questionnaire)
    page = render(
        "questionnaire.html",
        _Looking(lang),
        wave=wave,
        sheet=make_sheet(wave, lang),
        filled=_Blank(),
        remarks=(),
        said={},
        headline="",
        may_skip=False,
        is_preview=True,
    )
    return page.encode()
