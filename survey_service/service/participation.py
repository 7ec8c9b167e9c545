"""How many take part, so coarsely that looking twice does not show one person answering."""

from dataclasses import dataclass

from survey_service.disclosure.precision import write_band
from survey_service.service.integrity import Irregularities, count_by_group, look_again
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
    irregularities: Irregularities


def report_participation(store: Store, wave: Wave) -> Participation:
    """Return participation in bands, for groups of at least ten invited, and what looks irregular."""
    table = store.answers(wave.id)
    returned = len(table)
    answered = count_by_group(wave, table)
    units = [
        UnitParticipation(g.id, g.headcount, write_band(100 * answered[g.id] / g.headcount))
        for g in wave.strata.groups
    ]
    invited = None if wave.roster is None else wave.roster.headcount
    return Participation(
        at_least=returned // _STEP * _STEP,
        invited=invited,
        band=write_band(100 * returned / invited) if invited else None,
        units=tuple(units),
        irregularities=look_again(store, wave, table),
    )
