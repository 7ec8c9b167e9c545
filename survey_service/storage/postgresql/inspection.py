"""What somebody who may ask the database sees of a wave: every table, row by row, as it lies there."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, literal_column, select

from survey_service.response import PACES
from survey_service.storage.postgresql.schema import (
    CODE,
    COMMENT,
    FRESH,
    RESPONSE,
    SPENT,
    SUBMISSION,
)

_NAMES = {
    RESPONSE: "responses",
    COMMENT: "comments",
    SPENT: "spent",
    SUBMISSION: "submissions",
    CODE: "codes",
}


def read_tables(connection: Connection, wave_id: str) -> Iterator[tuple[str, bytes]]:
    """Yield every table as a file of JSON: its rows in their places, and how many came together.

    ``transactions`` counts the rows by the number that PostgreSQL keeps of the transaction.
    """
    for table, name in _NAMES.items():
        for place in (table, *([FRESH[table]] if table in FRESH else [])):
            rows, together = _read_rows(connection, place, wave_id)
            content = {name: rows, "transactions": sorted(together)}
            yield f"{place.name}.json", json.dumps(content).encode()


def _read_rows(
    connection: Connection, table: Table, wave_id: str
) -> tuple[list[dict[str, Any]], list[int]]:
    columns = [column for column in table.columns if column.name != "wave"]
    query = (
        select(literal_column("xmin::text").label("born"), *columns)
        .select_from(table)
        .where(table.c.wave == wave_id)
        .order_by(literal_column("ctid"))
    )
    found = connection.execute(query).mappings().all()
    rows = [
        {column.name: _write(column.name, row[column.name]) for column in columns} for row in found
    ]
    return rows, list(Counter(row["born"] for row in found).values())


def _write(name: str, value: Any) -> Any:  # noqa: ANN401 - a cell of any table
    """Write a cell as the other store does: symbols as text, hashes as digits, the pace by name."""
    if name == "answers":
        return bytes(value).decode("ascii", "replace")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return PACES[value] if name == "pace" and 0 <= value < len(PACES) else value
