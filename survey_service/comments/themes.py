"""The themes that a comment may be given: the dimensions asked, "other", and "nothing to report"."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from survey_service.i18n import LANGUAGES, Text, words
from survey_service.questionnaire import Questionnaire

OTHER = "other"
NOTHING = "none"
"""The theme of a comment that says nothing, such as "无"; it is never counted."""


@dataclass(frozen=True)
class Theme:
    """One theme; ``number`` is what a reviewer types."""

    id: str
    number: int
    name: Text


def make_themes(questionnaire: Questionnaire) -> tuple[Theme, ...]:
    """Return the themes, numbered from 1: dimensions in the order of the definition come first."""
    names = [(dimension.id, dimension.name) for dimension in questionnaire.dimensions]
    names += [
        (theme, {lang: words(lang)(f"comment.theme.{theme}") for lang in LANGUAGES})
        for theme in (OTHER, NOTHING)
    ]
    return tuple(Theme(theme, number, name) for number, (theme, name) in enumerate(names, 1))


def find_theme(themes: Sequence[Theme], text: str) -> Theme | None:
    """Return the theme that a number, an id or a name in any language means; None if none does."""
    wanted = _fold(text)
    for spell in (_spell_number, _spell_id, _spell_names):
        for theme in themes:
            if wanted in spell(theme):
                return theme
    return None


def _spell_number(theme: Theme) -> list[str]:
    return [str(theme.number)]


def _spell_id(theme: Theme) -> list[str]:
    return [_fold(theme.id)]


def _spell_names(theme: Theme) -> list[str]:
    return [_fold(name) for name in theme.name.values()]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
