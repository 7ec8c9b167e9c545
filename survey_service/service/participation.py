"""How many take part, so coarsely that looking twice does not show one person answering."""

from dataclasses import dataclass

from survey_service.disclosure.precision import write_band
from survey_service.response import count_by_stratum
from survey_service.store import Store
from survey_service.wave import Wave

_STEP = 10


@dataclass(frozen=True)
class UnitParticipation:
    """One group of units of at least ten invited, with its band of the share that answered."""

    id: str
    invited: int
    band: str


@dataclass(frozen=True)
class Participation:
    """The wave as a whole and its groups; ``at_least`` is the number of answers down to tens."""

    at_least: int
    invited: int | None
    band: str | None
    units: tuple[UnitParticipation, ...]


def report_participation(store: Store, wave: Wave) -> Participation:
    """Return participation in bands, for groups of at least ten invited."""
    counts = count_by_stratum(response.stratum for response in store.responses(wave.id))
    returned = sum(counts.values())
    units = []
    for group in wave.strata.groups:
        labels = (s.id for s in wave.strata.strata if s.units[0] in group.units)
        answered = sum(counts.get(label, 0) for label in labels)
        share = 100 * answered / group.headcount
        units.append(UnitParticipation(group.id, group.headcount, write_band(share)))
    invited = None if wave.roster is None else wave.roster.headcount
    return Participation(
        at_least=returned // _STEP * _STEP,
        invited=invited,
        band=write_band(100 * returned / invited) if invited else None,
        units=tuple(units),
    )
