"""A questionnaire file as read: its tables, and the line on which each part stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from survey_service.errors import Code, Place, SurveyError

_HEADER = re.compile(r"^\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


@dataclass(frozen=True)
class Source:
    """The name of a file, its text and its parsed content."""

    name: str
    text: str
    content: Mapping[str, Any]

    @classmethod
    def parse(cls, name: str, raw: bytes) -> "Source":
        """Parse TOML; ``questionnaire_syntax`` with the line if it is none, ``file_encoding`` if not UTF-8."""
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SurveyError(Code.FILE_ENCODING, Place(name), encodings="UTF-8") from None
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _SYNTAX_LINE.search(str(error))
            line = int(found[1]) if found and found[1] else len(text.splitlines())
            raise SurveyError(Code.QUESTIONNAIRE_SYNTAX, Place(name, line)) from None
        return cls(name, text, content)

    def tables(self, name: str) -> list[tuple[int, Mapping[str, Any]]]:
        """Return the tables of ``[[name]]`` that are tables, each with its place in the list."""
        listed = self.content.get(name)
        if not isinstance(listed, list):
            return []
        return [(i, table) for i, table in enumerate(listed) if isinstance(table, dict)]

    def place(self, table: str = "", index: int = 0, key: str = "", needle: str = "") -> Place:
        """Return where a key of the ``index``-th ``[[table]]`` stands; the table's header if unknown.

        With ``needle``, the first line at or after the key that holds it in quotes.
        """
        start, end = self._span(table, index)
        line = start
        if key:
            pattern = re.compile(rf"^\s*{re.escape(key)}\s*=")
            line = next((n for n in range(start, end) if pattern.match(self._lines[n])), start)
        if needle:
            quoted = re.compile(rf"""["']{re.escape(needle)}["']""")
            line = next((n for n in range(line, end) if quoted.search(self._lines[n])), line)
        return Place(self.name, line + 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines() or [""]

    @cached_property
    def _headers(self) -> list[tuple[int, str]]:
        found = ((n, _HEADER.match(line)) for n, line in enumerate(self._lines))
        return [(n, match[1]) for n, match in found if match]

    def _span(self, table: str, index: int) -> tuple[int, int]:
        starts = [n for n, name in self._headers if name == table]
        start = starts[index] if table and index < len(starts) else 0
        following = (n for n, name in self._headers if n > start)
        return start, next(following, len(self._lines))
