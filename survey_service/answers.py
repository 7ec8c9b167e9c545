"""The answers of a wave as columns: what scoring reads, however the store keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_service.questionnaire import Questionnaire
from survey_service.response import PACES, Response, decode_answers


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """n responses, one row each, in an order that says nothing."""

    strata: tuple[str, ...]  #: labels, sorted
    stratum: NDArray[np.int32]  #: (n,) position of each label in `strata`
    pace: NDArray[np.int8]  #: (n,) position in `PACES`
    codes: NDArray[np.int8]  #: (n, items) in the order of the closed items

    def __len__(self) -> int:
        return len(self.stratum)

    def sorted(self) -> "AnswerTable":
        """Return the same responses stratum by stratum: what is read together lies together."""
        order = np.argsort(self.stratum, kind="stable")
        return AnswerTable(self.strata, self.stratum[order], self.pace[order], self.codes[order])

    def count_by_stratum(self) -> dict[str, int]:
        """Return how many responses carry each label."""
        counts = np.bincount(self.stratum, minlength=len(self.strata)).tolist()
        return dict(zip(self.strata, counts, strict=True))


def tabulate(responses: Sequence[Response], questionnaire: Questionnaire) -> AnswerTable:
    """Lay responses out as columns; ``ValueError`` if one is not of this questionnaire."""
    strata = tuple(sorted({response.stratum for response in responses}))
    position = {label: number for number, label in enumerate(strata)}
    codes = decode_answers([response.answers for response in responses], len(questionnaire.closed))
    return AnswerTable(
        strata,
        np.array([position[response.stratum] for response in responses], np.int32),
        np.array([PACES.index(response.pace) for response in responses], np.int8),
        codes,
    )
