"""Words of the interface in Chinese and English, from the catalogues in ``locale/``.

Item wording is not here: it belongs to the questionnaires.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

Text = Mapping[str, str]
"""One wording in every language: ``{"zh": ..., "en": ...}``."""

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
_DATE_LOCALE = {"zh": "zh", "en": "en_GB"}
HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}


def pick(text: Text, lang: str) -> str:
    """Return ``text`` in ``lang``, or in the default language where it was not translated."""
    return text.get(lang) or text[DEFAULT_LANGUAGE]


class Words:
    """The words of one language: ``words("cli.done", path="out")`` gives a sentence.

    A missing key raises ``KeyError``: both catalogues hold the same keys, and a test proves it.
    """

    def __init__(self, lang: str, entries: Mapping[str, str]) -> None:
        self.lang = lang
        self._entries = entries

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence of ``key`` with its placeholders filled."""
        return self._entries[key].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def keys(self) -> frozenset[str]:
        """Return all keys of this language."""
        return frozenset(self._entries)


@cache
def words(lang: str) -> Words:
    """Load the catalogue of ``lang`` ("zh" or "en") once."""
    source = files("survey_service").joinpath("locale", f"{lang}.po")
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=lang, charset="utf-8")
    entries = {str(m.id): str(m.string) for m in catalogue if m.id and m.string}
    return Words(lang, entries)


def write_date(day: date, lang: str) -> str:
    """Write a day in words: 2026年10月20日, 20 October 2026."""
    from babel.dates import format_date  # noqa: PLC0415 - slow to load, and seldom needed

    return format_date(day, format="long", locale=_DATE_LOCALE[lang])


def choose_language(wanted: str | None) -> str:
    """Return ``wanted`` if we speak it ("zh-CN" counts as "zh"), else the default."""
    short = (wanted or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else DEFAULT_LANGUAGE
