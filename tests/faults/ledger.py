"""What clients were told: kept by the clients, held against the store when all is over."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_service.answers import AnswerTable

CODES = (1, 2, 3, 4, 5, 9)


def mark(number: int, items: Sequence[str]) -> dict[str, int]:
    """Return answers that tell the ``number``-th submission from all others."""
    return {item: CODES[number // 6**place % 6] for place, item in enumerate(items)}


def read_marks(answers: AnswerTable) -> Counter[int]:
    """Return how often the answers of each number were kept."""
    value = {code: digit for digit, code in enumerate(CODES)}
    return Counter(
        sum(value[code] * 6**place for place, code in enumerate(row))
        for row in answers.codes.tolist()
    )


@dataclass(frozen=True)
class Balance:
    """What came of it; ``lost``, ``doubled`` and ``strange`` must be empty."""

    acknowledged: int
    unacknowledged: int
    kept: int
    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    strange: tuple[str, ...]

    @property
    def is_even(self) -> bool:
        """Return whether every acknowledged answer is there once, and every other at most once."""
        return not (self.lost or self.doubled or self.strange)

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {self.unacknowledged} not acknowledged,"
            f" {self.kept} kept, {len(self.lost)} lost, {len(self.doubled)} doubled,"
            f" {len(self.strange)} strange {self.strange[:3]}"
        )


@dataclass
class Ledger:
    """The receipt of every acknowledged number; the numbers given up; what must not happen.

    ``seconds`` says how long each reply took, ``cuts`` how connections broke
    without one.
    """

    receipts: dict[int, str] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    cuts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, number: int, receipt: str) -> None:
        """Enter a receipt; another one than before for the same number must not be."""
        with self._lock:
            before = self.receipts.setdefault(number, receipt)
            if before != receipt:
                self.strange.append(f"two receipts for {number}")

    def give_up(self, number: int) -> None:
        """Enter a number that was sent and never acknowledged."""
        with self._lock:
            self.given_up.add(number)

    def note_cut(self, error: Exception) -> None:
        """Count a connection that broke before its reply."""
        with self._lock:
            self.cuts[type(error).__name__] += 1

    def note(self, status: int, seconds: float, retry_after: str | None) -> None:
        """Count an HTTP status; one that blames the client must not be.

        A refusal says when to come again.
        """
        with self._lock:
            self.statuses[status] += 1
            self.seconds.append(seconds)
            if status in {429, 503} and not (retry_after or "").isdigit():
                self.strange.append(f"{status} without Retry-After")
            if status not in {200, 201, 429, 503}:
                self.strange.append(f"status {status}")

    def balance(self, kept: Mapping[int, int]) -> Balance:
        """Hold what was told against what was kept."""
        unknown = kept.keys() - self.receipts.keys() - self.given_up
        return Balance(
            acknowledged=len(self.receipts),
            unacknowledged=len(self.given_up),
            kept=sum(kept.values()),
            lost=tuple(sorted(self.receipts.keys() - kept.keys())),
            doubled=tuple(sorted(number for number, times in kept.items() if times > 1)),
            strange=(*self.strange, *(f"nobody sent {number}" for number in sorted(unknown))),
        )
