"""How another program names columns and answers: a table that says what each of them is here.

Columns: ``column`` (as it stands in the file), ``field`` (``unit``, ``role``, ``duration_s`` or an item id;
empty to leave the column out) and ``values`` (``A1=1; A2=2``). The row of column ``*`` holds the values of
all items that have none of their own. Chinese headers: ``列``, ``对应``, ``取值``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_service.errors import Code, Fault, SurveyError
from survey_service.table import Table

_COLUMNS = {"列": "column", "对应": "field", "取值": "values"}
_ALL = "*"


@dataclass(frozen=True)
class ColumnMapping:
    """Column of the file -> field (empty: left out), and for a column what its values mean."""

    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def translate(self, column: str, value: str, *, is_item: bool) -> str:
        """Return what a cell means here; itself where nothing is said about it."""
        meanings = self.values.get(column, self.values.get(_ALL, {}) if is_item else {})
        return meanings.get(value, value)


NO_MAPPING = ColumnMapping()


def parse_mapping(table: Table, columns: tuple[str, ...]) -> ColumnMapping:
    """Read a mapping for a file with these columns.

    Raises ``SurveyError`` with every faulty row: ``mapping_column`` where the file has no such column,
    ``mapping_values`` where a value is not written ``from=to``, ``file_column_repeated``.
    """
    names = {_COLUMNS.get(column, column.lower()): column for column in table.columns}
    missing = [name for name in ("column", "field") if name not in names]
    if missing:
        raise SurveyError.of(
            Fault(Code.FILE_COLUMN_MISSING, {"column": name}, table.place(1)) for name in missing
        )
    faults = []
    fields: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for row in table.rows:
        column, wanted = row.values[names["column"]], row.values[names["field"]]
        if column in fields:
            place = table.place(row.line)
            faults.append(Fault(Code.FILE_COLUMN_REPEATED, {"column": column}, place))
        if column != _ALL and column not in columns:
            place = table.place(row.line, names["column"])
            faults.append(Fault(Code.MAPPING_COLUMN, {"column": column}, place))
        fields[column] = wanted
        try:
            written = row.values[names["values"]] if "values" in names else ""
            if meanings := dict(_read_pair(pair) for pair in _split(written)):
                values[column] = meanings
        except ValueError:
            place = table.place(row.line, names["values"])
            faults.append(Fault(Code.MAPPING_VALUES, {}, place))
    if faults:
        raise SurveyError.of(faults)
    fields.pop(_ALL, None)
    return ColumnMapping(fields, values)


def _split(text: str) -> list[str]:
    return [pair for pair in re.split(r"[;；\n]", text) if pair.strip()]


def _read_pair(pair: str) -> tuple[str, str]:
    found, mark, meaning = pair.rpartition("=")
    if not mark:
        raise ValueError(pair)
    return found.strip(), meaning.strip()
