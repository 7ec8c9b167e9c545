"""How many take part, so coarsely that looking twice does not show one person answering."""

from dataclasses import dataclass
from datetime import date

from survey_service.disclosure.precision import write_band, write_rate_band
from survey_service.service.integrity import Irregularities, count_by_group, look_again
from survey_service.store import Store
from survey_service.wave import Wave

_STEP = 10
TARGET = 70
_SLOWER = 0.5
"""Answers come in slower towards the end; how much slower nobody knows, so we say both."""


@dataclass(frozen=True)
class UnitParticipation:
    """One group of units of at least ten invited, with its band of the share that answered."""

    id: str
    invited: int
    band: str


@dataclass(frozen=True)
class Forecast:
    """What share will have answered by the closing date: bands of the low and the high end.

    ``verdict`` is ``reached``, ``likely`` (even if half as many come a day from now on), ``possible`` (if
    as many come as until now) or ``unlikely``.
    """

    target: int
    low: str
    high: str
    verdict: str


@dataclass(frozen=True)
class Participation:
    """The wave as a whole and its groups; ``at_least`` is the number of answers down to tens."""

    at_least: int
    invited: int | None
    band: str | None
    units: tuple[UnitParticipation, ...]
    irregularities: Irregularities


def forecast(
    wave: Wave, at_least: int, invited: int | None, today: date, target: int
) -> Forecast | None:
    """Say whether a target (percent of those invited) will be met at the pace until now.

    Nothing goes in but what ``status`` shows anyway: the number of answers down to tens, and dates. None
    where there is no roster, no closing date to come, no full day behind, or fewer than ten answers.
    """
    started = max(filter(None, (wave.opened_on, wave.opens)), default=None)
    if not invited or not at_least or not started or wave.closes is None or wave.closed_on:
        return None
    behind, ahead = (today - started).days, (wave.closes - today).days
    if behind < 1 or ahead < 1:
        return None
    a_day = at_least / behind
    low, high = (
        min(100 * (at_least + pace * a_day * ahead) / invited, 100.0) for pace in (_SLOWER, 1)
    )
    if 100 * at_least >= target * invited:
        verdict = "reached"
    else:
        verdict = "likely" if low >= target else "possible" if high >= target else "unlikely"
    return Forecast(target, write_band(low), write_band(high), verdict)


def report_participation(store: Store, wave: Wave) -> Participation:
    """Return participation in bands, for groups of at least ten invited, and what looks irregular."""
    table = store.answers(wave.id)
    returned = len(table)
    answered = count_by_group(wave, table)
    units = [
        UnitParticipation(g.id, g.headcount, write_rate_band(answered[g.id], g.headcount))
        for g in wave.strata.groups
    ]
    invited = None if wave.roster is None else wave.roster.headcount
    return Participation(
        at_least=returned // _STEP * _STEP,
        invited=invited,
        band=write_rate_band(returned, invited) if invited else None,
        units=tuple(units),
        irregularities=look_again(store, wave, table),
    )
