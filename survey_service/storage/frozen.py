"""The answers of a closed wave: shuffled segments, and one compact copy that is read at a glance.

Layout of the folder::

    segment-000000.json      comments
    segment-000001.json      5,000 responses each, in one random order across all segments
    answers.bin              the same responses in canonical order, one byte for each answer

The copy (see ``compact``) is used only if it hashes to what was written into the wave's record at
closing.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from survey_service.answers import AnswerTable
from survey_service.compact import read_compact, write_compact
from survey_service.errors import Code, SurveyError
from survey_service.response import Comment
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
    put_file(folder / _COPY, write_compact(answers.sort()))
    sync_folder(folder)


def read_frozen(folder: Path, sha256: str, width: int) -> AnswerTable:
    """Return the responses of a closed wave; ``store_damaged`` if they are not those of closing."""
    answers = _read_copy(folder / _COPY, width)
    if answers is None or answers.hash_sorted() != sha256:
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


def _read_copy(path: Path, width: int) -> AnswerTable | None:
    """Return what the compact copy holds; None if there is none or it makes no sense."""
    try:
        return read_compact(path.read_bytes(), width)
    except (OSError, ValueError):
        return None
