"""One person's answers, as they are kept: no person, no time, no order.

This is the one place where a response is written as stored text and read back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_service.questionnaire import SYMBOLS, Questionnaire

BLANK = "-"
BLANK_CODE = -1
_UNKNOWN = -128
_TABLE = np.full(256, _UNKNOWN, dtype=np.int8)
_TABLE[ord(BLANK)] = BLANK_CODE
for _code, _symbol in enumerate(SYMBOLS):
    _TABLE[ord(_symbol)] = _code
_WRITTEN = np.frombuffer(f"{SYMBOLS}{BLANK}".encode(), dtype=np.uint8)  # [-1] is blank

PACES = ("unknown", "under_1s", "under_2s", "ok")
"""Classes of seconds per answered item; the time itself is never kept."""


@dataclass(frozen=True)
class Response:
    """What is stored of one person: stratum, class of pace, one character per closed item."""

    stratum: str
    pace: str
    answers: str


@dataclass(frozen=True)
class Comment:
    """One answer in own words, with a coarse group and nothing that leads to the response.

    ``id`` is random and given by the store. A reviewer adds ``theme`` and ``paraphrase`` after the
    wave was closed; the text itself is never published.
    """

    item: str
    group: str
    text: str
    theme: str = ""
    paraphrase: str = ""
    id: str = ""


@dataclass(frozen=True)
class Submission:
    """What arrives in one commit: the response, its comments, and the hash of the submission id.

    ``code`` is the keyed hash of the one-time code, empty where the wave needs none.
    """

    digest: str
    response: Response
    comments: tuple[Comment, ...] = ()
    code: str = ""


def encode_answers(questionnaire: Questionnaire, answers: Mapping[str, int | None]) -> str:
    """Write the closed answers as one character each, in the order of the definition.

    >>> SYMBOLS[4], SYMBOLS[9], SYMBOLS[10], BLANK
    ('4', '9', 'A', '-')
    """
    codes = (answers.get(item.id) for item in questionnaire.closed)
    return "".join(BLANK if code is None else SYMBOLS[code] for code in codes)


def decode_answers(answers: Sequence[str], width: int) -> NDArray[np.int8]:
    """Read stored answers into codes of shape (responses, ``width``); blank is ``BLANK_CODE``.

    Raises ``ValueError`` if a response is not ``width`` characters of the known symbols.
    """
    joined = "".join(answers).encode("ascii", "replace")
    if any(len(text) != width for text in answers):
        raise ValueError(f"stored answers are not {width} known symbols each")
    return decode_symbols(np.frombuffer(joined, dtype=np.uint8)).reshape(len(answers), width)


def decode_symbols(symbols: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Return the code of every stored symbol; the shape stays.

    Raises ``ValueError`` if one of them is none of the known symbols.
    """
    codes = _TABLE[symbols]
    if (codes == _UNKNOWN).any():
        raise ValueError("stored answers hold symbols that are not known")
    return codes


def encode_symbols(codes: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Return the stored symbol of every code, as ASCII; the shape stays.

    >>> encode_symbols(np.array([[4, 9], [10, BLANK_CODE]], np.int8)).tobytes()
    b'49A-'
    """
    return _WRITTEN[codes]


def count_by_stratum(strata: Iterable[str]) -> dict[str, int]:
    """Return how many responses carry each label."""
    return dict(sorted(Counter(strata).items()))
