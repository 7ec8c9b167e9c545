"""Read a questionnaire that was written in a spreadsheet, in the manner of XLSForm.

Every fault is told by sheet, row and column.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey_service.errors import Code, Fault, Place
from survey_service.export.sheets import Grid, read_grids
from survey_service.export.xlsform import (
    CHOICES,
    NOT_APPLICABLE,
    PLAIN_TABLES,
    SCALES,
    SETTINGS,
    SHARES,
    SHEET_FIELDS,
    SURVEY,
    VARIANTS,
    WORDED,
)
from survey_service.i18n import DEFAULT_LANGUAGE
from survey_service.questionnaire.source import Source

_LANGUAGE = re.compile(r"(\w+)\s*::\s*(?:.*\(\s*([a-z]{2})\s*\)|([a-z]{2}))")
_YES = frozenset({"yes", "true", "1", "是", "true()"})
_NO = frozenset({"", "no", "false", "0", "否", "false()"})
_WHOLE = frozenset({"expected", "limit", "version", "minutes", "code"})
_SILENT_TYPES = re.compile(r"(begin|end)[ _](group|repeat)|note|start|end|today|deviceid|username")
_ONE_OF = re.compile(r"select[ _]one\s+(\S+)")
FORMAT = 1


@dataclass(frozen=True)
class SheetSource(Source):
    """The content of a workbook, with the cell in which each part stands."""

    rows: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)

    def place(self, table: str = "", index: int = 0, key: str = "", needle: str = "") -> Place:
        """Return the cell of a field; the row, or the sheet, where there is no such cell."""
        if key == "order":
            ids = {
                grid.text(line, "name"): line for grid in self._grid(SURVEY) for line in grid.lines
            }
            return self._cell(SURVEY, ids.get(needle), "name")
        if table.startswith("scales."):
            name = table.removeprefix("scales.")
            lines = [
                line
                for grid in self._grid(CHOICES)
                for line in grid.lines
                if grid.text(line, "list_name") == name
            ]
            return self._cell(CHOICES, min(lines, default=None), "name")
        sheet, line = self.rows.get((table, index), (SETTINGS, 2))
        fields = SHEET_FIELDS.get(sheet, {})
        return self._cell(sheet, line, fields.get(key, key))

    def _grid(self, sheet: str) -> Iterator[Grid]:
        if sheet in self.grids:
            yield self.grids[sheet]

    def _cell(self, sheet: str, line: int | None, column: str) -> Place:
        known = [
            name
            for grid in self._grid(sheet)
            for name in grid.columns
            if name == column or name.partition("::")[0].strip() == column
        ]
        return Place(f"{self.name} › {sheet}", line, known[0] if known else column)


def read_xlsform(name: str, raw: bytes) -> tuple[SheetSource, tuple[Fault, ...]]:
    """Return the content of a workbook and what is wrong with its sheets, not with its meaning.

    Raises ``file_unreadable`` if it is no workbook.
    """
    grids = read_grids(name, raw)
    faults = [
        Fault(Code.XLSFORM_SHEET, {"sheet": sheet}, Place(name))
        for sheet in (SURVEY, CHOICES, SETTINGS)
        if sheet not in grids
    ]
    reader = _Reader(name, grids)
    content = reader.read()
    return SheetSource(name, "", content, reader.rows, grids), (*faults, *reader.faults)


class _Reader:
    """Gathers the content, and for every table of it the sheet and row."""

    def __init__(self, name: str, grids: Mapping[str, Grid]) -> None:
        self._name = name
        self._grids = grids
        self.rows: dict[tuple[str, int], tuple[str, int]] = {}
        self.faults: list[Fault] = []

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = {"format": FORMAT, **self._settings()}
        content["scales"] = self._scales()
        for table in PLAIN_TABLES:
            content[table] = [self._plain(table, line) for line in self._lines(table)]
        content |= {"items": [], "extras": [], "order": []}
        for line in self._lines(SURVEY):
            self._item(content, line)
        return {key: value for key, value in content.items() if value not in ([], {})}

    def _lines(self, sheet: str) -> list[int]:
        return list(self._grids[sheet].lines) if sheet in self._grids else []

    def _settings(self) -> dict[str, Any]:
        lines = self._lines(SETTINGS)
        if not lines:
            return {}
        self.rows["", 0] = (SETTINGS, lines[0])
        grid = self._grids[SETTINGS]
        found = self._fields(SETTINGS, lines[0])
        if "title" not in found and grid.text(lines[0], "form_title"):
            found["title"] = {DEFAULT_LANGUAGE: grid.text(lines[0], "form_title")}
        return found

    def _plain(self, table: str, line: int) -> dict[str, Any]:
        self.rows[table, len([key for key in self.rows if key[0] == table])] = (table, line)
        return self._fields(table, line)

    def _fields(self, sheet: str, line: int) -> dict[str, Any]:
        """Return the fields of one row by our names; empty cells are no fields."""
        grid = self._grids[sheet]
        found: dict[str, Any] = {}
        for key, column in SHEET_FIELDS[sheet].items():
            if key == "phrases":
                value: Any = _split(_read_text(grid, line, column))
            elif key in WORDED:
                value = _read_text(grid, line, column)
            else:
                value = _convert(key, grid.text(line, column))
            if value not in ("", None, {}, []):
                found[key] = value
        return found

    def _scales(self) -> dict[str, Any]:
        scales: dict[str, dict[str, Any]] = {}
        for line in self._lines(SCALES):
            grid = self._grids[SCALES]
            if stem := _read_text(grid, line, "stem"):
                scales[grid.text(line, "id")] = {"stem": stem}
        for line in self._lines(CHOICES):
            grid = self._grids[CHOICES]
            scale = scales.setdefault(grid.text(line, "list_name"), {})
            code = _convert("code", grid.text(line, "name"))
            option = {"code": code, "label": _read_text(grid, line, "label")}
            share = grid.text(line, "share")
            if share == NOT_APPLICABLE:
                scale[NOT_APPLICABLE] = option
                continue
            scale.setdefault("options", []).append(option)
            if share in SHARES:
                scale.setdefault(share, []).append(code)
            elif share:
                place = Place(f"{self._name} › {CHOICES}", line, "share")
                self.faults.append(Fault(Code.XLSFORM_SHARE, {}, place))
        return {name: scale for name, scale in scales.items() if "options" in scale}

    def _item(self, content: dict[str, Any], line: int) -> None:
        grid = self._grids[SURVEY]
        kind = grid.text(line, "type").strip()
        chosen = _ONE_OF.fullmatch(kind)
        if _SILENT_TYPES.fullmatch(kind):
            return
        if chosen is None and kind != "text":
            place = Place(f"{self._name} › {SURVEY}", line, "type")
            self.faults.append(Fault(Code.XLSFORM_TYPE, {}, place))
            if not grid.text(line, "facet"):
                return  # else it is scored, whatever was meant: what refers to it is not wrong too
        row = self._fields(SURVEY, line)
        row.pop("scale", None)
        row.pop("variants", None)
        if chosen is not None:
            row["scale"] = chosen[1]
        variants = {role: _read_text(grid, line, column) for role, column in VARIANTS.items()}
        if any(variants.values()):
            row["variants"] = {role: text for role, text in variants.items() if text}
        what = row.pop("kind", "open" if kind == "text" else "scored")
        table = "items" if what == "scored" else "extras"
        if table == "extras":
            row = {"kind": what, **row}
        self.rows[table, len(content[table])] = (SURVEY, line)
        content[table].append(row)
        content["order"].append(row.get("id", ""))


def _read_text(grid: Grid, line: int, column: str) -> dict[str, str]:
    """Return the wording of a cell in every language; a column without one is Chinese."""
    found: dict[str, str] = {}
    for name in grid.columns:
        matched = _LANGUAGE.fullmatch(name)
        lang = DEFAULT_LANGUAGE if name == column else matched and (matched[2] or matched[3])
        if lang and (name == column or (matched and matched[1] == column)):
            text = grid.text(line, name)
            if text:
                found[lang] = text
    return found


def _split(text: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the texts that stand on the lines of a cell, languages side by side."""
    lines = {lang: cell.split("\n") for lang, cell in text.items()}
    most = max((len(each) for each in lines.values()), default=0)
    return [
        {lang: each[n] for lang, each in lines.items() if n < len(each) and each[n]}
        for n in range(most)
    ]


def _convert(key: str, text: str) -> Any:  # noqa: ANN401
    """Return a cell as what its field should be; as text, to be found wrong, where it is not that."""
    if not text:
        return ""
    if key in {"reverse", "outcome"}:
        lowered = text.lower()
        return True if lowered in _YES else "" if lowered in _NO else text
    try:
        return int(text) if key in _WHOLE else float(text) if key == "weight" else text
    except ValueError:
        return text
