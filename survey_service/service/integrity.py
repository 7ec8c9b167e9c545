"""Signs that a wave was filled by fewer people than it seems. Signs, never proof, never a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_service.answers import AnswerTable
from survey_service.scoring.careless import all_same
from survey_service.scoring.duplicates import find_identical
from survey_service.store import Store
from survey_service.wave import Wave

_LARGE_SHARE = 0.5
_LEAST_BURST = 10
_STEP = 10


@dataclass(frozen=True)
class Irregularities:
    """What was seen; groups of units go by id.

    ``identical``: responses equal to another one; ``all_same``: one code throughout; ``crowded``:
    groups with more answers than people; ``bursts``: groups of which more than half answered since
    ``status`` was last run.
    """

    identical: int
    all_same: int
    crowded: tuple[str, ...]
    bursts: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Return whether there is nothing to look into."""
        return not (self.identical or self.all_same or self.crowded or self.bursts)


def find_irregularities(
    wave: Wave, table: AnswerTable, before: Mapping[str, int] | None = None
) -> Irregularities:
    """Look for irregularities; ``before`` holds the answers of each group at the last look."""
    closed = wave.questionnaire.closed
    scored = table.codes[:, [n for n, item in enumerate(closed) if item.kind == "scored"]]
    answered = count_by_group(wave, table)
    headcounts = {group.id: group.headcount for group in wave.strata.groups}
    bursts = () if before is None else tuple(_find_bursts(answered, before, headcounts))
    return Irregularities(
        identical=int(find_identical(scored).sum()),
        all_same=int(all_same(scored).sum()),
        crowded=tuple(name for name, n in answered.items() if n > headcounts[name]),
        bursts=bursts,
    )


def count_by_group(wave: Wave, table: AnswerTable) -> dict[str, int]:
    """Return how many responses each group of units gave."""
    counts = table.count_by_stratum()
    return {
        group.id: sum(counts.get(s.id, 0) for s in wave.strata.strata if s.units[0] in group.units)
        for group in wave.strata.groups
    }


def look_again(store: Store, wave: Wave, table: AnswerTable) -> Irregularities:
    """Look for irregularities and remember this look for the next one.

    Counts go down to tens, so that two looks around one person's answer do not tell how that
    person answered.
    """
    exact = find_irregularities(wave, table, wave.last_seen)
    found = replace(
        exact,
        identical=exact.identical // _STEP * _STEP,
        all_same=exact.all_same // _STEP * _STEP,
    )
    seen = count_by_group(wave, table)
    if seen != wave.last_seen and wave.closed_on is None:
        store.change_wave(wave.id, lambda present: present.remember(seen))
    return found


def _find_bursts(
    answered: Mapping[str, int], before: Mapping[str, int], headcounts: Mapping[str, int]
) -> list[str]:
    return [
        name
        for name, n in answered.items()
        if n - before.get(name, 0) >= max(_LEAST_BURST, _LARGE_SHARE * headcounts[name])
    ]
