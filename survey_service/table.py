"""CSV files that people made: any usual encoding and separator, rows with their line numbers."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey_service.errors import Code, Fault, Place, SurveyError

_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """One row by column name; values are NFC, trimmed, never None."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The header and the rows of a CSV file."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, line: int | None = None, column: str = "") -> Place:
        """Return where a cell stands, or the file as a whole."""
        return Place(self.name, line, column)


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; ``file_missing`` or ``file_unreadable`` if it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SurveyError(Code.FILE_MISSING, Place(str(path))) from None
    except OSError:
        raise SurveyError(Code.FILE_UNREADABLE, Place(str(path))) from None


def parse_table(name: str, raw: bytes) -> Table:
    """Parse CSV in UTF-8, GB18030 or UTF-16 (with mark), separated by comma, semicolon or tab.

    Raises ``SurveyError`` with every ragged row and repeated column.
    """
    text = decode_text(name, raw)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        parsed = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        raise SurveyError(Code.FILE_UNREADABLE, Place(name, reader.line_num)) from None
    return build_table(name, parsed)


def build_table(name: str, parsed: Sequence[tuple[int, Sequence[str]]]) -> Table:
    """Make a table of rows with their line numbers, the header first; blank rows are left out before.

    Raises ``file_empty``, or every ragged row and repeated column.
    """
    if len(parsed) < 2:
        raise SurveyError(Code.FILE_EMPTY, Place(name))
    (header_line, header), *body = _drop_empty_columns(parsed)
    columns = tuple(_clean(cell) for cell in header)
    faults = [
        Fault(Code.FILE_COLUMN_REPEATED, {"column": column}, Place(name, header_line))
        for column in sorted({column for column in columns if columns.count(column) > 1})
    ]
    faults += [
        Fault(Code.FILE_ROW_RAGGED, {"wanted": len(columns), "got": len(row)}, Place(name, line))
        for line, row in body
        if len(row) != len(columns)
    ]
    if faults:
        raise SurveyError.of(faults)
    rows = tuple(Row(line, dict(zip(columns, map(_clean, row), strict=True))) for line, row in body)
    return Table(name, columns, rows)


def decode_text(name: str, raw: bytes) -> str:
    """Return the text of a file in UTF-8, GB18030 or UTF-16 (with mark); ``file_encoding`` else."""
    encodings = ("utf-16",) if raw.startswith(_UTF16_MARKS) else _ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SurveyError(Code.FILE_ENCODING, Place(name), encodings="UTF-8、GB18030")


def _drop_empty_columns(
    rows: Sequence[tuple[int, Sequence[str]]],
) -> list[tuple[int, Sequence[str]]]:
    """Drop trailing columns without a name and without content, as spreadsheets append them."""
    width = max(len(row) for _, row in rows)
    kept = [n for n in range(width) if any(len(row) > n and row[n].strip() for _, row in rows)]
    last = max(kept, default=-1) + 1
    return [(line, row[:last]) for line, row in rows]


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()
