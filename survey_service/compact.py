"""The compact form of answers: one line of JSON, then one byte for every answer.

The line says which labels there are, how many items, and how many rows each label and class of
pace has; the rows stand in canonical order. A million responses are written or read in a moment.
"""

import json

import numpy as np

from survey_service.answers import AnswerTable
from survey_service.response import PACES, decode_symbols, encode_symbols


def write_compact(answers: AnswerTable) -> bytes:
    """Return the compact form of a table in canonical order; equal answers give equal bytes."""
    present = np.unique(answers.stratum)
    place = {int(label): n for n, label in enumerate(present)}
    runs = [
        (place[int(answers.stratum[start])], int(answers.pace[start]), end - start)
        for start, end in answers.runs()
    ]
    head = {
        "strata": [answers.strata[label] for label in present],
        "items": answers.codes.shape[1],
        "runs": runs,
    }
    line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    return line + encode_symbols(answers.codes).tobytes()


def read_compact(raw: bytes, width: int) -> AnswerTable:
    """Return the answers to ``width`` items; ``ValueError`` if it makes no sense."""
    line, _, body = raw.partition(b"\n")
    try:
        head = json.loads(line)
        strata = tuple(str(label) for label in head["strata"])
        runs = np.array(head["runs"], np.int64).reshape(-1, 3)
        items = int(head["items"])
    except (KeyError, TypeError, OverflowError, RecursionError):
        raise ValueError("the head of a compact table is not understood") from None
    if items != width or width < 1:
        raise ValueError("a compact table of other items")
    beyond = (len(strata), len(PACES), len(body) + 1)
    if (runs < 0).any() or (runs >= beyond).any():
        raise ValueError("a compact table counts rows that it cannot have")
    symbols = np.frombuffer(body, np.uint8).reshape(int(runs[:, 2].sum()), width)
    return AnswerTable(
        strata,
        np.repeat(runs[:, 0], runs[:, 2]).astype(np.int32),
        np.repeat(runs[:, 1], runs[:, 2]).astype(np.int8),
        decode_symbols(symbols),
    )
