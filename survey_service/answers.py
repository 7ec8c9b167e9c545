"""All answers of a wave as columns: what is counted, hashed and scored, without an object for each person.

A million responses of fifty items take some sixty megabytes. In canonical form every response is
a line ``stratum TAB pace TAB answers``, and the lines are sorted; that is what is hashed.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from survey_service.response import PACES, Response, decode_answers, encode_symbols

_PACE_RANKS = np.argsort(np.argsort(PACES)).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """The answers of n people to m closed items, in an order that says nothing.

    ``strata`` holds the labels, sorted; ``stratum`` (n,) points into it and ``pace`` (n,) into
    ``PACES``; ``codes`` is (n, m), ``BLANK_CODE`` where nothing was answered.
    """

    strata: tuple[str, ...]
    stratum: npt.NDArray[np.int32]
    pace: npt.NDArray[np.int8]
    codes: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.stratum)

    def count_by_stratum(self) -> dict[str, int]:
        """Return how many responses carry each label."""
        counts = np.bincount(self.stratum, minlength=len(self.strata)).tolist()
        return dict(zip(self.strata, counts, strict=True))

    def responses(self) -> Iterator[Response]:
        """Yield the rows one by one."""
        width = self.codes.shape[1]
        text = encode_symbols(self.codes).tobytes().decode("ascii")
        for row, (label, pace) in enumerate(
            zip(self.stratum.tolist(), self.pace.tolist(), strict=True)
        ):
            answers = text[row * width : (row + 1) * width]
            yield Response(self.strata[label], PACES[pace], answers)

    def sort(self) -> "AnswerTable":
        """Return the rows in canonical order."""
        width = self.codes.shape[1]
        keys = np.empty((len(self), 5 + width), np.uint8)
        keys[:, :4] = self.stratum.astype(">u4").view(np.uint8).reshape(-1, 4)
        keys[:, 4] = _PACE_RANKS[self.pace]
        keys[:, 5:] = encode_symbols(self.codes)
        return self.take(np.argsort(keys.view(f"S{5 + width}").ravel(), kind="stable"))

    def take(self, rows: npt.NDArray[np.intp]) -> "AnswerTable":
        """Return some rows in the order given."""
        return AnswerTable(self.strata, self.stratum[rows], self.pace[rows], self.codes[rows])

    def hash(self) -> str:
        """Return the SHA-256 over the canonical form, so that order changes nothing."""
        table = self.sort()
        return table.hash_sorted()

    def hash_sorted(self) -> str:
        """Return the same for rows that are in canonical order already."""
        symbols = encode_symbols(self.codes)
        digest = hashlib.sha256()
        for start, end in self.runs():
            label, pace = self.strata[self.stratum[start]], PACES[self.pace[start]]
            prefix = np.frombuffer(f"{label}\t{pace}\t".encode(), np.uint8)
            lines = np.full((end - start, len(prefix) + symbols.shape[1] + 1), ord("\n"), np.uint8)
            lines[:, : len(prefix)] = prefix
            lines[:, len(prefix) : -1] = symbols[start:end]
            digest.update(lines.data)
        return digest.hexdigest()

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield first row and end of every stretch of rows with one stratum and one pace."""
        kinds = self.stratum.astype(np.int64) * len(PACES) + self.pace
        changes = np.flatnonzero(np.diff(kinds)) + 1
        return pairwise([0, *changes.tolist(), len(self)] if len(self) else [0])


def tabulate_columns(
    strata: Sequence[str], paces: Sequence[str], answers: Sequence[str], width: int
) -> AnswerTable:
    """Make a table of stored texts, one of each for every response.

    ``ValueError`` if a pace is unknown or an answer is not ``width`` known symbols.
    """
    labels, stratum = np.unique(np.array(strata, dtype=np.str_), return_inverse=True)
    place = {pace: n for n, pace in enumerate(PACES)}
    try:
        pace = np.array([place[each] for each in paces], np.int8)
    except KeyError:
        raise ValueError("an unknown class of pace") from None
    codes = decode_answers(answers, width)
    return AnswerTable(tuple(labels.tolist()), stratum.astype(np.int32), pace, codes)


def tabulate(responses: Sequence[Response], width: int) -> AnswerTable:
    """Make a table of responses to ``width`` closed items."""
    return tabulate_columns(
        [each.stratum for each in responses],
        [each.pace for each in responses],
        [each.answers for each in responses],
        width,
    )
