"""What somebody with a copy of the data folder could read out of its bytes, tried on them.

Works on any files of JSON tables, whatever they are called: what matters is which tables there are,
which fields, and whether an order or a key tells something.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from survey_service.strata import SMALLEST_STRATUM
from survey_service.wave import Wave

_RESPONSE = frozenset({"stratum", "pace", "answers"})
_TRANSIENT = ("submissions", "spent", "codes")
_ID_BITS = 60
_LEAST_TESTED = 50
_PERSONAL = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}|1[3-9]\d{9}|\d{17}[\dXx]|\d{1,2}:\d{2}:\d{2})(?![\w.])"
)

Table = Mapping[str, Mapping[str, Any]]


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
    def read(cls, files: Iterable[tuple[str, bytes]]) -> "_Contents":
        found = cls()
        for name, raw in files:
            try:
                parsed = json.loads(raw)
            except ValueError:
                found.unreadable += 1
                continue
            found.tables += [(name, table, rows) for table, rows in parsed.items()]
        return found

    def named(self, *names: str) -> list[Table]:
        return [rows for _, table, rows in self.tables if table in names and rows]

    def documents(self, name: str) -> Iterator[Mapping[str, Any]]:
        for rows in self.named(name):
            yield from rows.values()


def check_bytes(wave: Wave, files: Iterable[tuple[str, bytes]]) -> tuple[ByteCheck, ...]:
    """Try everything on the files of a wave; ``files`` are names and contents.

    ``fields``: an answer carries more than its group, pace and answers. ``personal``: times of day,
    addresses, telephone or identity numbers stand somewhere outside comments. ``order``: the order of
    entries, or their numbers, tell when they came. ``keys``: two tables share a key, so that rows can
    be joined. ``groups``: a group has fewer than ten people. ``leftovers``: after closing, codes,
    submissions or their key are still there.
    """
    contents = _Contents.read(files)
    width = len(wave.questionnaire.closed)
    return (
        _check_fields(contents, width),
        _check_personal(contents),
        _check_order(contents),
        _check_keys(contents),
        _check_groups(wave, contents),
        *([_check_leftovers(wave, contents)] if wave.closed_on else []),
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


def _check_order(contents: _Contents) -> ByteCheck:
    """Entries must stand in the order of random numbers, and groups must not stand together."""
    looked_at = hits = 0
    for rows in contents.named("responses", *_TRANSIENT, "comments"):
        ids = [int(key) for key in rows]
        looked_at += len(ids)
        hits += ids != sorted(ids) or _is_far_from_random(ids)
    for rows in contents.named("responses"):
        hits += _stand_together([str(document["stratum"]) for document in rows.values()])
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
    keys = Counter(
        key
        for name in ("responses", *_TRANSIENT, "comments")
        for rows in contents.named(name)
        for key in rows
    )
    return ByteCheck("keys", keys.total(), sum(count > 1 for count in keys.values()))


def _check_groups(wave: Wave, contents: _Contents) -> ByteCheck:
    labels = {str(document["stratum"]) for document in contents.documents("responses")}
    headcounts = {stratum.id: stratum.headcount for stratum in wave.strata.strata}
    small = sum(headcounts.get(label, 0) < SMALLEST_STRATUM for label in labels if headcounts)
    return ByteCheck("groups", len(labels), small)


def _check_leftovers(wave: Wave, contents: _Contents) -> ByteCheck:
    left = sum(len(rows) for rows in contents.named(*_TRANSIENT))
    mixed = {name for name, table, rows in contents.tables if table == "responses" and rows} & {
        name for name, table, rows in contents.tables if table == "comments" and rows
    }
    return ByteCheck("leftovers", len(contents.tables), left + len(mixed) + bool(wave.salt))
