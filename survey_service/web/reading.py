"""How somebody reads: language and size of text. Both stand in the address, for there is no cookie."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for

from survey_service.i18n import DEFAULT_LANGUAGE, LANGUAGES, choose_language, write_date
from survey_service.page.rendering import SIZES
from survey_service.wave import Wave


@dataclass(frozen=True)
class Reading:
    """Language and size of text of one reader."""

    lang: str = DEFAULT_LANGUAGE
    size: str = SIZES[0]

    @classmethod
    def of_request(cls) -> "Reading":
        """Return what the address of the present request says; anything odd counts as not said."""
        lang = (request.view_args or {}).get("lang") or request.args.get("lang")
        size = request.args.get("size", "")
        return cls(choose_language(lang), size if size in SIZES else SIZES[0])

    def link(self, endpoint: str, **values: Any) -> str:  # noqa: ANN401 - as url_for
        """Return the address of a page, read in the same way."""
        if self.lang != DEFAULT_LANGUAGE:
            values["lang"] = self.lang
        return url_for(endpoint, **values, **self._size())

    def document(self, wave: Wave) -> str:
        """Return the address of the questionnaire document, in Chinese where it was not translated."""
        spoken = self.lang if self.lang in wave.questionnaire.languages else DEFAULT_LANGUAGE
        version = wave.questionnaire.version
        return url_for(
            "pages.document", wave_id=wave.id, version=version, lang=spoken, **self._size()
        )

    def document_path(self, wave: Wave) -> str:
        """Return the address of the questionnaire document without the size of the text."""
        version = wave.questionnaire.version
        return url_for("pages.document", wave_id=wave.id, version=version, lang=self.lang)

    def sized(self, size: str) -> "Reading":
        """Return the same in another size."""
        return replace(self, size=size)

    def translated(self) -> "Reading":
        """Return the same in the other language."""
        others = [lang for lang in LANGUAGES if lang != self.lang]
        return replace(self, lang=others[0])

    def fields(self) -> list[tuple[str, str]]:
        """Return what a form that leads to another page has to carry along."""
        lang = [] if self.lang == DEFAULT_LANGUAGE else [("lang", self.lang)]
        return [*lang, *self._size().items()]

    def date(self, day: date) -> str:
        """Write a day in words."""
        return write_date(day, self.lang)

    def _size(self) -> dict[str, Any]:
        return {} if self.size == SIZES[0] else {"size": self.size}
