"""What somebody with a copy of the data could read out of its bytes, tried on them.

Works on any files of JSON tables, whatever they are called: what matters is which tables there are,
which fields, and whether an order or a key tells something. Besides there are the compact copy of
the answers of a closed wave, which must hold nothing else, and empty files that are locks.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from survey_service.answers import tabulate
from survey_service.compact import read_compact, write_compact
from survey_service.response import Response
from survey_service.strata import SMALLEST_STRATUM
from survey_service.wave import Wave

_RESPONSE = frozenset({"stratum", "pace", "answers"})
_TRANSIENT = ("submissions", "spent", "codes")
_LOCK, _COPY = ".lock", ".bin"
_LONGEST_MARK = 16
_ID_BITS = 60
_LEAST_TESTED = 50
_PERSONAL = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}|1[3-9]\d{9}|\d{17}[\dXx]|\d{1,2}:\d{2}:\d{2})(?![\w.])"
)

Table = Mapping[str, Mapping[str, Any]] | Sequence[Mapping[str, Any]]
"""Documents by their numbers, or rows as they lie one after the other."""


@dataclass(frozen=True)
class ByteCheck:
    """One thing that was tried: its name, how much was looked at, and how often it told something."""

    name: str
    looked_at: int
    hits: int


@dataclass
class _Contents:
    """The tables of all files, by the file in which they stand."""

    tables: list[tuple[str, str, Table]] = field(default_factory=list)
    unreadable: int = 0

    @classmethod
    def read(cls, files: Iterable[tuple[str, bytes]], width: int) -> "_Contents":
        found = cls()
        for name, raw in files:
            if name.endswith(_LOCK):
                found.unreadable += len(raw) > _LONGEST_MARK
            elif name.endswith(_COPY):
                found.unreadable += not _is_compact(raw, width)
            else:
                found.take(name, raw)
        return found

    def take(self, name: str, raw: bytes) -> None:
        try:
            parsed = json.loads(raw)
        except ValueError:
            self.unreadable += 1
            return
        self.tables += [(name, table, rows) for table, rows in parsed.items() if rows]

    @property
    def places(self) -> set[tuple[str, str]]:
        return {(name, table) for name, table, _ in self.tables}

    def named(self, *names: str) -> list[Table]:
        return [rows for _, table, rows in self.tables if table in names]

    def documents(self, name: str) -> Iterator[Mapping[str, Any]]:
        for rows in self.named(name):
            yield from _list_documents(rows)

    def keys(self, *names: str) -> Iterator[list[str]]:
        return (list(rows) for rows in self.named(*names) if isinstance(rows, Mapping))


def _list_documents(rows: Table) -> list[Mapping[str, Any]]:
    return list(rows.values()) if isinstance(rows, Mapping) else list(rows)


def _is_compact(raw: bytes, width: int) -> bool:
    """Return whether a file is the compact form of its answers in canonical order, and no more."""
    try:
        return write_compact(read_compact(raw, width).sort()) == raw
    except ValueError:
        return False


def check_bytes(wave: Wave, files: Iterable[tuple[str, bytes]]) -> tuple[ByteCheck, ...]:
    """Try everything on the files of a wave; ``files`` are names and contents.

    ``fields``: an answer carries more than its group, pace and answers. ``personal``: times of day,
    addresses, telephone or identity numbers stand somewhere outside comments. ``order``: the order of
    entries, or their numbers, tell when they came. ``keys``: two tables share a key, so that rows can
    be joined. ``groups``: a group has fewer than ten people. ``leftovers``: after closing, codes,
    submissions or their key are still there. ``frozen``: the answers are not those that were frozen.
    """
    width = len(wave.questionnaire.closed)
    contents = _Contents.read(files, width)
    return (
        _check_fields(contents, width),
        _check_personal(contents),
        _check_order(contents, is_closed=wave.closed_on is not None),
        _check_keys(contents),
        _check_groups(wave, contents),
        *(
            [_check_leftovers(wave, contents), _check_frozen(wave, contents)]
            if wave.closed_on
            else []
        ),
    )


def _check_fields(contents: _Contents, width: int) -> ByteCheck:
    """Look for more than three fields, and for answers that are not one known symbol an item."""
    plain = re.compile(rf"[0-9A-]{{{width}}}")
    documents = list(contents.documents("responses"))
    strange = sum(
        frozenset(document) != _RESPONSE or not plain.fullmatch(str(document["answers"]))
        for document in documents
    )
    return ByteCheck("fields", len(documents), strange + contents.unreadable)


def _check_personal(contents: _Contents) -> ByteCheck:
    looked_at = hits = 0
    for name in ("responses", *_TRANSIENT):
        for document in contents.documents(name):
            # answers are digits in a row; whether they are nothing else, "fields" looks at
            values = [str(value) for key, value in document.items() if key != "answers"]
            looked_at += len(values)
            hits += sum(bool(_PERSONAL.search(value)) for value in values)
    return ByteCheck("personal", looked_at, hits)


def _check_order(contents: _Contents, *, is_closed: bool) -> ByteCheck:
    """Entries must stand in the order of random numbers, and groups must not stand together.

    Rows without numbers were written in a random order, all at once when the wave was closed.
    """
    looked_at = hits = 0
    for keys in contents.keys("responses", *_TRANSIENT, "comments"):
        ids = [int(key) for key in keys]
        looked_at += len(ids)
        hits += ids != sorted(ids) or _is_far_from_random(ids)
    for rows in contents.named("responses"):
        documents = _list_documents(rows)
        if is_closed or isinstance(rows, Mapping):
            hits += _stand_together([str(document["stratum"]) for document in documents])
        looked_at += 0 if isinstance(rows, Mapping) else len(documents)
    if is_closed:
        hits += sum(
            len(rows) - 1
            for name, table, rows in contents.tables
            if table == "transactions" and (name, "responses") in contents.places
        )
    return ByteCheck("order", looked_at, hits)


def _is_far_from_random(ids: list[int]) -> bool:
    """Say whether numbers are not spread evenly: the Kolmogorov distance, at one in a million."""
    if len(ids) < _LEAST_TESTED:
        return False
    n = len(ids)
    shares = [number / 2**_ID_BITS for number in sorted(ids)]
    distance: float = max(max(share - i / n, (i + 1) / n - share) for i, share in enumerate(shares))
    return distance > 2.7 / math.sqrt(n)


def _stand_together(labels: list[str]) -> bool:
    """Say whether equal groups stand side by side more often than by chance (five deviations)."""
    n = len(labels)
    if n < _LEAST_TESTED:
        return False
    chance = sum(count * (count - 1) for count in Counter(labels).values()) / (n * (n - 1))
    side_by_side = sum(one == other for one, other in pairwise(labels))
    spread = max(1.0, math.sqrt(n * chance * (1 - chance)))
    return side_by_side - (n - 1) * chance > 5 * spread


def _check_keys(contents: _Contents) -> ByteCheck:
    names = ("responses", *_TRANSIENT, "comments")
    keys = Counter(key for table in contents.keys(*names) for key in table)
    return ByteCheck("keys", keys.total(), sum(count > 1 for count in keys.values()))


def _check_groups(wave: Wave, contents: _Contents) -> ByteCheck:
    labels = {str(document["stratum"]) for document in contents.documents("responses")}
    headcounts = {stratum.id: stratum.headcount for stratum in wave.strata.strata}
    small = sum(headcounts.get(label, 0) < SMALLEST_STRATUM for label in labels if headcounts)
    return ByteCheck("groups", len(labels), small)


def _check_leftovers(wave: Wave, contents: _Contents) -> ByteCheck:
    left = sum(len(rows) for rows in contents.named(*_TRANSIENT))
    mixed = [name for name, table in contents.places if table == "responses"]
    mixed = [name for name in mixed if (name, "comments") in contents.places]
    keys = bool(wave.salt) + bool(wave.sealing_key)
    return ByteCheck("leftovers", len(contents.tables), left + len(mixed) + keys)


def _check_frozen(wave: Wave, contents: _Contents) -> ByteCheck:
    """Compare the hash of all answers with the one that was written down at closing."""
    documents = list(contents.documents("responses"))
    try:
        responses = [Response(**document) for document in documents]
        found = tabulate(responses, len(wave.questionnaire.closed)).hash()
    except (TypeError, ValueError):
        return ByteCheck("frozen", len(documents), 1)
    return ByteCheck("frozen", len(documents), found != wave.frozen_sha256)
