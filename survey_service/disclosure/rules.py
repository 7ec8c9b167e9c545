"""The thresholds of publication. They cannot be changed after a wave was opened, nor lowered."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final


@dataclass(frozen=True)
class Rules:
    """Least numbers of valid answers for what is shown."""

    smallest_set: int = 5  #: k: no figure of fewer people
    share_from: int = 20  #: favourable, neutral, unfavourable
    count_from: int = 20  #: exact number of people; below it a band
    decimal_from: int = 50  #: one decimal; below it whole points
    compare_from: int = 10  #: marks, agreement within a unit, change
    end_share: int = 5  #: percent; shares this close to 0 or 100 are only coded
    least_width: int = 50  #: points of 100 within which the mean of fewer than k must stay unknown
    alike_share: int = 90  #: percent; a small set with so many answers alike is hidden
    alike_below: int = 30  #: a set is small in this sense
    version: int = 2

    @property
    def sha256(self) -> str:
        """Return the hash that a release carries."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


RULES: Final = Rules()
