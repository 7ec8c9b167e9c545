"""Segments: small TinyDB files, each replaced as a whole, that hold the answers of a wave.

``TinyDB(path)`` opens any of them. One write is one commit over all tables of a file: a
temporary file, fsync, atomic replace, fsync of the folder. A reader sees the old or the new file.
"""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document

from survey_service.errors import Code, SurveyError

SEGMENT_SIZE = 200
_ID_BITS = 60
_DAY_S = 86400

Tables = dict[str, dict[str, dict[str, Any]]]


class ReplacingStorage(Storage):
    """A TinyDB storage that opens per operation and replaces the file instead of writing into it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Tables | None:
        """Return the tables, None if there is no file yet; ``store_damaged`` if it is not JSON."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            tables: Tables = json.loads(raw)
        except ValueError:
            raise SurveyError(Code.STORE_DAMAGED, what=self._path.name) from None
        return tables

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Replace the file durably; ``store_unwritable`` if the disk refuses, the old file stays."""
        replace_file(self._path, json.dumps(data, separators=(",", ":")).encode("ascii"))


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` atomically and durably; ``store_unwritable`` if that fails."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _blunt_times(Path(temporary))
        Path(temporary).replace(path)
        sync_folder(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        if isinstance(error, OSError):
            raise SurveyError(Code.STORE_UNWRITABLE) from None
        raise


def _blunt_times(path: Path) -> None:
    """Leave of the file's times the day only: finer ones would date the answers in it."""
    day = int(path.stat().st_mtime) // _DAY_S * _DAY_S
    os.utime(path, (day, day))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def list_segments(folder: Path) -> list[Path]:
    """Return the segment files of a folder in their order."""
    return sorted(folder.glob("segment-*.json"))


def next_segment(folder: Path) -> Path:
    """Return the path of a new segment after the present ones."""
    present = list_segments(folder)
    number = int(present[-1].stem.rpartition("-")[2]) + 1 if present else 1
    return folder / f"segment-{number:06d}.json"


def read_tables(path: Path) -> Tables:
    """Return all tables of a segment; empty where there is no file."""
    return ReplacingStorage(path).read() or {}


def read_documents(path: Path, table: str) -> Iterator[Document]:
    """Yield the documents of one table of a segment."""
    with TinyDB(path, storage=ReplacingStorage) as database:
        yield from database.table(table)


def random_ids(count: int, taken: Iterable[str] = ()) -> list[str]:
    """Return random document ids (TinyDB wants integers) that are not taken."""
    used = set(taken)
    made: list[str] = []
    while len(made) < count:
        candidate = str(secrets.randbits(_ID_BITS))
        if candidate not in used:
            used.add(candidate)
            made.append(candidate)
    return made


def in_id_order(table: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the documents sorted by id, so that their position says nothing about time."""
    return dict(sorted(table.items(), key=lambda pair: int(pair[0])))


def hash_ids(digests: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return a document id for each hexadecimal digest: its first 60 bits, the next free one if taken.

    In the order of these ids nothing tells the order of entering.
    """
    used = set(taken)
    made: list[str] = []
    for digest in digests:
        number = int(digest[: _ID_BITS // 4], 16)
        while str(number) in used:
            number = (number + 1) % (1 << _ID_BITS)
        used.add(str(number))
        made.append(str(number))
    return made
