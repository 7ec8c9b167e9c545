"""The answers of a closed wave: shuffled segments, and one compact copy that is read at a glance.

Layout of the folder::

    segment-000000.json      comments
    segment-000001.json      5,000 responses each, in one random order across all segments
    answers.bin              the same responses in canonical order, one byte for each answer

The copy is a line of JSON (labels and how many rows each label and class of pace has) and then the
rows. It is used only if it hashes to what was written into the wave's record at closing.
"""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from survey_service.answers import AnswerTable
from survey_service.errors import Code, SurveyError
from survey_service.response import PACES, Comment, decode_symbols, encode_symbols
from survey_service.storage.contents import name_segment, read_closed, write_comment
from survey_service.storage.files import put_file, sync_folder
from survey_service.storage.segments import (
    Table,
    number_documents,
    read_present_tables,
    write_bytes,
    write_tables,
)

SEGMENT_SIZE = 5000
COMMENTS = 0
"""The number of the segment that holds the comments."""

_COPY = "answers.bin"


def write_frozen(folder: Path, answers: AnswerTable, comments: Sequence[Comment]) -> None:
    """Write everything into an empty folder; it counts once the wave's record says so.

    Comments keep their ids.
    """
    # from canonical order, which says nothing of time, so the generator need not be secret
    chance = np.random.default_rng(secrets.randbits(128))
    shuffled = answers.take(chance.permutation(len(answers)))
    for number, start in enumerate(range(0, len(answers), SEGMENT_SIZE), 1):
        part = shuffled.take(np.arange(start, min(start + SEGMENT_SIZE, len(answers))))
        table = number_documents(vars(each) for each in part.responses())
        put_file(name_segment(folder, number), write_bytes({"responses": table}))
    write_comments(folder, {int(each.id): write_comment(each) for each in comments})
    put_file(folder / _COPY, _write_copy(answers.sort()))
    sync_folder(folder)


def read_frozen(folder: Path, sha256: str, width: int) -> AnswerTable:
    """Return the responses of a closed wave; ``store_damaged`` if they are not those of closing."""
    copied = _read_copy(folder / _COPY, sha256)
    if copied is not None:
        return copied
    answers, _ = read_closed(folder, width)
    if answers.hash_sorted() != sha256:
        raise SurveyError(Code.STORE_DAMAGED, what=folder.parent.name)
    return answers


def read_comments(folder: Path) -> Table:
    """Return the comments of a closed wave by their ids."""
    return read_present_tables(name_segment(folder, COMMENTS))["comments"]


def write_comments(folder: Path, comments: Table) -> None:
    """Replace the comments of a closed wave durably."""
    write_tables(name_segment(folder, COMMENTS), {"comments": comments})


def _write_copy(answers: AnswerTable) -> bytes:
    runs = [
        (int(answers.stratum[start]), int(answers.pace[start]), end - start)
        for start, end in answers.runs()
    ]
    head = {"strata": answers.strata, "items": answers.codes.shape[1], "runs": runs}
    symbols = encode_symbols(answers.codes)
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + symbols.tobytes()


def _read_copy(path: Path, sha256: str) -> AnswerTable | None:
    """Return what the compact copy holds; None if there is none or it is not what was frozen."""
    try:
        line, _, body = path.read_bytes().partition(b"\n")
        head = json.loads(line)
        runs = np.array(head["runs"], np.int64).reshape(-1, 3)
        if (runs < 0).any() or (runs[:, :2] >= (len(head["strata"]), len(PACES))).any():
            return None
        symbols = np.frombuffer(body, np.uint8).reshape(runs[:, 2].sum(), head["items"])
        answers = AnswerTable(
            tuple(head["strata"]),
            np.repeat(runs[:, 0], runs[:, 2]).astype(np.int32),
            np.repeat(runs[:, 1], runs[:, 2]).astype(np.int8),
            decode_symbols(symbols),
        )
        return answers if answers.hash_symbols(symbols) == sha256 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
