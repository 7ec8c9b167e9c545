"""Segments: small TinyDB files, each replaced as a whole, that hold what a wave keeps.

``TinyDB(path)`` opens any of them. One write is one commit over all tables of a file. The last
table holds the hash of everything before it, so that a bit that has turned over is never taken for
an answer.
"""

import hashlib
import json
import secrets
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from tinydb.storages import Storage

from survey_service.errors import Code, SurveyError
from survey_service.storage.files import replace_file

_ID_BITS = 60
_CHECK = b',"checksum":{"1":{"sha256":"'
_END = b'"}}}'
_HEX = 64

_T = TypeVar("_T")
Table = dict[int, dict[str, Any]]
Tables = dict[str, Table]
Texts = dict[int, str]
"""The documents of a table as JSON."""

_ENCODER = json.JSONEncoder(separators=(",", ":"))


class ReplacingStorage(Storage):
    """A TinyDB storage that opens per operation and replaces the file instead of writing into it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return the tables, None if there is no file; ``store_damaged`` if it is not as written."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise SurveyError(Code.STORE_UNREADABLE) from None
        return _parse(raw, self._path.name)

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Replace the file durably; ``store_unwritable`` if the disk refuses, the old file stays."""
        replace_file(self._path, write_bytes(data))


def write_bytes(tables: Mapping[str, Mapping[Any, Any]]) -> bytes:
    """Return the content of a segment; documents sorted by id, so that their place tells nothing."""
    return join_texts(
        {
            name: {int(key): write_document(document) for key, document in table.items()}
            for name, table in tables.items()
        }
    )


def write_document(document: Mapping[str, Any]) -> str:
    """Return one document as it stands in a segment."""
    return _ENCODER.encode(document)


def join_texts(tables: Mapping[str, Texts]) -> bytes:
    """Return the content of a segment whose documents are written already."""
    parts = []
    for name, texts in tables.items():
        documents = ",".join([f'"{key}":{texts[key]}' for key in sorted(texts)])
        parts.append(f'"{name}":{{{documents}}}')
    body = f"{{{','.join(parts)}".encode("ascii")
    return body + _CHECK + hashlib.sha256(body).hexdigest().encode() + _END


def read_tables(path: Path) -> Tables:
    """Return all tables of a segment; empty where there is no file."""
    return _number(ReplacingStorage(path).read() or {}, path.name)


def parse_tables(raw: bytes, name: str) -> Tables:
    """Return all tables of the content of a segment; ``store_damaged`` if it is not as written."""
    return _number(_parse(raw, name), name)


def read_present_tables(path: Path) -> Tables:
    """Return all tables of a segment; ``store_damaged`` where there is no file."""
    tables = read_tables(path)
    if not tables:
        raise SurveyError(Code.STORE_DAMAGED, what=path.name)
    return tables


def write_tables(path: Path, tables: Tables) -> None:
    """Replace a segment durably."""
    ReplacingStorage(path).write(tables)


def random_id(taken: Container[int]) -> int:
    """Return a random document id (TinyDB wants integers) that is not taken."""
    while (candidate := secrets.randbits(_ID_BITS)) in taken:
        pass
    return candidate


def number_documents(documents: Iterable[_T]) -> dict[int, _T]:
    """Return documents under random ids."""
    table: dict[int, _T] = {}
    for document in documents:
        table[random_id(table)] = document
    return table


def hash_id(digest: str, taken: Container[int]) -> int:
    """Return an id made of the beginning of a hash: no order but that of the hashes themselves."""
    return free_id(int(digest[: _ID_BITS // 4], 16), taken)


def free_id(wanted: int, taken: Container[int]) -> int:
    """Return the id that is wanted, or the next one that is not taken."""
    while wanted in taken:
        wanted = (wanted + 1) % (1 << _ID_BITS)
    return wanted


def _parse(raw: bytes, name: str) -> dict[str, dict[str, Any]]:
    body = raw[: -(len(_CHECK) + _HEX + len(_END))]
    expected = body + _CHECK + hashlib.sha256(body).hexdigest().encode() + _END
    if raw != expected:
        raise SurveyError(Code.STORE_DAMAGED, what=name)
    tables: dict[str, dict[str, Any]] = json.loads(body + b"}")
    return tables


def _number(tables: Mapping[str, Mapping[str, dict[str, Any]]], name: str) -> Tables:
    try:
        return {key: {int(i): d for i, d in table.items()} for key, table in tables.items()}
    except (ValueError, AttributeError):
        raise SurveyError(Code.STORE_DAMAGED, what=name) from None
