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
    yield RECEIPTS, _write_lines(f"{d}\t{r}\n" for d, r in snapshot.receipts.items())
    spent = snapshot.spent
    yield CODES, _write_lines(f"{c}\t{s}\t{c in spent:d}\n" for c, s in snapshot.codes.items())


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
    digests, receipts = _read_columns(read(RECEIPTS), 2)
    codes, strata, marks = _read_columns(read(CODES), 3)
    return Snapshot(
        wave,
        answers,
        comments,
        dict(zip(digests, receipts, strict=True)),
        dict(zip(codes, strata, strict=True)),
        frozenset(code for code, mark in zip(codes, marks, strict=True) if mark == "1"),
    )


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
    """Return lines in the order of what they begin with: a hash, so that it says nothing."""
    return "".join(sorted(lines)).encode()


def _read_columns(raw: bytes, width: int) -> list[list[str]]:
    """Return the columns of lines of ``width`` parts; a million lines leave no time for each one."""
    text = raw.decode()
    parts = text.replace("\n", "\t").split("\t")
    if parts.pop() or len(parts) != width * text.count("\n"):
        raise ValueError("the lines are not understood")
    return [parts[n::width] for n in range(width)]
