"""A snapshot as bytes, member by member, and back. Equal snapshots give equal bytes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from survey_service.compact import read_compact, write_compact
from survey_service.response import Comment
from survey_service.snapshot import Snapshot
from survey_service.wave import Wave

RECORD = "wave.json"
ANSWERS = "answers.bin"
COMMENTS = "comments.json"
RECEIPTS = "receipts.txt"
CODES = "codes.txt"
MEMBERS = (RECORD, ANSWERS, COMMENTS, RECEIPTS, CODES)


def write_members(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every member, one at a time."""
    yield RECORD, _write_json(snapshot.wave.to_record())
    yield ANSWERS, write_compact(snapshot.answers.sort())
    comments = sorted(snapshot.comments, key=lambda comment: comment.id)
    yield COMMENTS, _write_json([vars(comment) for comment in comments])
    yield RECEIPTS, _write_lines(f"{d}\t{r}\n" for d, r in sorted(snapshot.receipts.items()))
    yield (
        CODES,
        _write_lines(
            f"{code}\t{stratum}\t{int(code in snapshot.spent)}\n"
            for code, stratum in sorted(snapshot.codes.items())
        ),
    )


def read_record(raw: bytes) -> Wave:
    """Return the wave of a member ``wave.json``; ``ValueError`` if it makes no sense."""
    record = _read_json(raw)
    try:
        return Wave.from_record(record)
    except (LookupError, TypeError, AttributeError):
        raise ValueError("the record of a wave is not understood") from None


def read_members(read: Callable[[str], bytes]) -> Snapshot:
    """Return the snapshot whose members ``read`` gives; ``ValueError`` if they make no sense."""
    wave = read_record(read(RECORD))
    answers = read_compact(read(ANSWERS), len(wave.questionnaire.closed))
    comments = _read_comments(read(COMMENTS))
    receipts: dict[str, str] = dict(_read_lines(read(RECEIPTS), 2))
    codes: dict[str, str] = {}
    spent: set[str] = set()
    for code, stratum, is_spent in _read_lines(read(CODES), 3):
        codes[code] = stratum
        if is_spent == "1":
            spent.add(code)
    return Snapshot(wave, answers, comments, receipts, codes, frozenset(spent))


def _read_comments(raw: bytes) -> tuple[Comment, ...]:
    try:
        return tuple(Comment(**each) for each in _read_json(raw))
    except TypeError:
        raise ValueError("a comment is not understood") from None


def _write_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _read_json(raw: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(raw)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _write_lines(lines: Iterator[str]) -> bytes:
    return "".join(lines).encode()


def _read_lines(raw: bytes, width: int) -> Iterator[list[str]]:
    """Yield the parts of every line; ``ValueError`` if one does not have ``width`` of them."""
    for line in raw.decode().splitlines():
        parts = line.split("\t")
        if len(parts) != width:
            raise ValueError("a line is not understood")
        yield parts
