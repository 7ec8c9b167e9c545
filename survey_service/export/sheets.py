"""Sheets that people fill in and bring back: CSV or XLSX, by the ending of the file's name.

The only owner of the libraries for XLSX. The same rows always give the same bytes.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from zipfile import BadZipFile

from survey_service.errors import Code, Place, SurveyError
from survey_service.export.cells import guard_cell, unguard_cell
from survey_service.table import Row, Table, build_table, parse_table

_ZIP = b"PK\x03\x04"
_ENDINGS = (".csv", ".xlsx")
_NARROWEST, _WIDEST = 24, 60
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # a workbook must say when it was made; ours does not
_WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Choices:
    """What may be chosen in one column (counted from 0); they stand on a second sheet of that title."""

    column: int
    title: str
    options: tuple[str, ...]


def require_sheet_name(name: str) -> str:
    """Return the ending of a file name; ``file_format`` unless it is one of a sheet."""
    ending = PurePath(name).suffix.lower()
    if ending not in _ENDINGS:
        raise SurveyError(Code.FILE_FORMAT, Place(name), known="、".join(_ENDINGS))
    return ending


def write_sheet(name: str, rows: Sequence[Sequence[str]], choices: Choices) -> bytes:
    """Return the content of a sheet, the header first; every cell is text and harmless."""
    guarded = [[guard_cell(cell) for cell in row] for row in rows]
    if require_sheet_name(name) == ".csv":
        return _write_csv(guarded)
    return _write_workbook(guarded, choices)


def is_workbook(name: str, raw: bytes) -> bool:
    r"""Return whether a file is a workbook, by its name or, if that was only changed, by its content.

    >>> is_workbook("a.XLSX", b""), is_workbook("a.csv", b"PK\x03\x04..."), is_workbook("a.csv", b"a,b")
    (True, True, False)
    """
    return name.lower().endswith(".xlsx") or raw.startswith(_ZIP)


def read_sheet(name: str, raw: bytes) -> Table:
    """Read back what people made of a sheet.

    Raises ``file_format``, ``file_unreadable`` and what ``parse_table`` raises.
    """
    require_sheet_name(name)
    table = _read_workbook(name, raw) if is_workbook(name, raw) else parse_table(name, raw)
    rows = tuple(
        Row(row.line, {key: unguard_cell(value) for key, value in row.values.items()})
        for row in table.rows
    )
    return replace(table, rows=rows)


def _write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def _write_workbook(rows: Sequence[Sequence[str]], choices: Choices) -> bytes:
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded when chosen

    stream = io.BytesIO()
    workbook = Workbook(stream, _WORKBOOK_OPTIONS)
    workbook.set_properties({"created": _CREATED})
    heading = workbook.add_format({"bold": True, "bottom": 1})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet = workbook.add_worksheet()
    for column, cells in enumerate(zip(*rows, strict=True)):
        widest = max(map(measure_width, (*cells, *_options_of(choices, column))))
        sheet.set_column(column, column, min(max(widest + 2, _NARROWEST), _WIDEST), plain)
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(line, column, cell, plain if line else heading)
    sheet.freeze_panes(1, 0)
    listed = workbook.add_worksheet(choices.title)
    listed.set_column(0, 0, max(map(measure_width, choices.options)) + 2)
    for line, option in enumerate(choices.options):
        listed.write_string(line, 0, option)
    source = f"='{choices.title}'!$A$1:$A${len(choices.options)}"
    sheet.data_validation(
        1,
        choices.column,
        max(len(rows) - 1, 1),
        choices.column,
        {"validate": "list", "source": source, "show_error": False},
    )
    workbook.close()
    return stream.getvalue()


def _options_of(choices: Choices, column: int) -> tuple[str, ...]:
    return choices.options if column == choices.column else ()


def measure_width(text: str) -> int:
    """Return the width of a text in half characters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@dataclass(frozen=True)
class Grid:
    """One sheet: the columns of its first row, and the cells of every row below that is not blank."""

    columns: tuple[str, ...]
    lines: Mapping[int, tuple[str, ...]]

    def text(self, line: int, column: str) -> str:
        """Return a cell; an empty text where there is no such column."""
        if column not in self.columns:
            return ""
        number = self.columns.index(column)
        cells = self.lines[line]
        return cells[number] if number < len(cells) else ""


def read_grids(name: str, raw: bytes) -> dict[str, Grid]:
    """Read every sheet of a workbook; ``file_unreadable`` if it is none."""
    grids = {}
    for title, filled in _read_sheets(name, raw).items():
        cleaned = {line: tuple(unguard_cell(_clean(cell)) for cell in row) for line, row in filled}
        columns = cleaned.pop(min(cleaned), ()) if cleaned else ()
        grids[title] = Grid(columns, cleaned)
    return grids


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


def _read_sheets(
    name: str, raw: bytes, most: int | None = None
) -> dict[str, list[tuple[int, list[str]]]]:
    """Return the rows of every sheet (or the first ``most``) that are not blank, with their numbers."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - loaded when chosen

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = {
            title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in book.sheet_names[:most]
        }
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError):
        raise SurveyError(Code.FILE_UNREADABLE, Place(name)) from None
    return {
        title: [
            (line, [_write_value(value) for value in row])
            for line, row in enumerate(cells, 1)
            if any(_write_value(value).strip() for value in row)
        ]
        for title, cells in sheets.items()
    }


def _read_workbook(name: str, raw: bytes) -> Table:
    filled = next(iter(_read_sheets(name, raw, most=1).values()), [])
    width = (
        max((n for n, cell in enumerate(filled[0][1], 1) if cell.strip()), default=0)
        if filled
        else 0
    )
    return build_table(name, [(line, row[:width]) for line, row in filled])


def _write_value(value: object) -> str:
    """Return a cell as text; a whole number that a person typed has no decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
