"""The tables as the program sees them; ``migrations`` makes them, and a test compares the two.

What is handed in stands in the *fresh* tables until two hundred answers of its wave are mixed, then
in the tables of the same name without it. Whoever reads wants both: ``every``.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Subquery,
    Table,
    Text,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

REVISION = "r0001"
"""The version of the tables that this program reads and writes."""

VERSION_TABLE = "schema_version"

METADATA = MetaData()
_TEXT = Text(collation="C")


def _column(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _key(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _keep_responses(name: str, *extras: Index) -> Table:
    columns = (
        _column("wave", _TEXT),
        _column("stratum", _TEXT),
        _column("pace", SmallInteger),
        _column("answers", LargeBinary),
    )
    return Table(name, METADATA, *columns, *extras)


def _keep_comments(name: str) -> Table:
    texts = ("item", "coarse_group", "words", "theme", "paraphrase")
    columns = (_column(text, _TEXT) for text in texts)
    return Table(name, METADATA, _key("wave", _TEXT), _key("id", BigInteger), *columns)


def _keep_spent(name: str) -> Table:
    return Table(name, METADATA, _key("wave", _TEXT), _key("hash", LargeBinary))


def _keep_submissions(name: str) -> Table:
    columns = (_key("wave", _TEXT), _key("digest", LargeBinary), _column("receipt", _TEXT))
    return Table(name, METADATA, *columns)


WAVE = Table(
    "wave",
    METADATA,
    _key("id", _TEXT),
    _column("revision", BigInteger),
    _column("record", _TEXT),
)
CODE = Table(
    "code", METADATA, _key("wave", _TEXT), _key("hash", LargeBinary), _column("stratum", _TEXT)
)
PROBE = Table("probe", METADATA, _column("number", SmallInteger))

RESPONSE = _keep_responses("response", Index("response_wave", "wave"))
COMMENT = _keep_comments("comment")
SPENT = _keep_spent("spent")
SUBMISSION = _keep_submissions("submission")

FRESH = {
    RESPONSE: _keep_responses("fresh_response"),
    COMMENT: _keep_comments("fresh_comment"),
    SPENT: _keep_spent("fresh_spent"),
    SUBMISSION: _keep_submissions("fresh_submission"),
}

OF_A_WAVE = (CODE, *FRESH, *FRESH.values())
"""Every table with something of a wave but its record; each has a column ``wave``."""


def every(table: Table) -> Subquery:
    """Return what is fresh and what is mixed of one kind, together."""
    return union_all(select(table), select(FRESH[table])).subquery(table.name)
