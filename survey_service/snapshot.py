"""Everything a store keeps of one wave: what a backup holds and one store hands to another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_service.answers import AnswerTable
from survey_service.response import Comment
from survey_service.wave import Wave


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One wave at one instant: every answer that was acknowledged before, none by half.

    ``receipts`` (digest of a submission -> receipt), ``codes`` (hash -> stratum) and ``spent``
    (hashes) are empty once the wave is closed. Nothing in it has an order that says anything.
    """

    wave: Wave
    answers: AnswerTable
    comments: tuple[Comment, ...] = ()
    receipts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    spent: frozenset[str] = frozenset()
