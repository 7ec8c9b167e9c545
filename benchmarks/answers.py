"""Made-up answers to the full questionnaire, as many as wanted."""

from datetime import date

import numpy as np

from survey_service.answers import AnswerTable
from survey_service.questionnaire import ROLES, load
from survey_service.response import BLANK_CODE, PACES
from survey_service.roster import Roster, Unit
from survey_service.scoring.matrix import Floats
from survey_service.strata import make_strata
from survey_service.wave import Wave

_DAY = date(2026, 10, 8)
_ROLE_PARTS = (0.1, 0.2, 0.7)
_RESPONSE_RATE = 0.7


def make_wave(people: int, units: int) -> Wave:
    """Return a closed wave with a roster of which `people` make up the share that answered."""
    each = max(int(people / _RESPONSE_RATE / units), 100)
    headcounts = {role: int(each * part) for role, part in zip(ROLES, _ROLE_PARTS, strict=True)}
    units_of_one_size = (Unit(f"U{number:03d}", None, headcounts) for number in range(units))
    return close_wave(Roster(tuple(units_of_one_size)))


def close_wave(roster: Roster) -> Wave:
    """Return a closed wave of the full questionnaire among the people of a roster."""
    return Wave(
        id="speed",
        questionnaire=load("full"),
        roster=roster,
        strata=make_strata(roster),
        opened_on=_DAY,
        closed_on=_DAY,
    )


def make_answers(
    wave: Wave, people: int, seed: int = 1, response: Floats | None = None
) -> AnswerTable:
    """Answer by one trait, the unit's level and chance; some items not applicable or blank.

    ``response`` says how much more or less willing the people of every stratum are; alike if it is None.
    """
    chance = np.random.default_rng(seed)
    strata = wave.strata.strata
    parts = np.array([float(stratum.headcount) for stratum in strata])
    parts *= 1.0 if response is None else response
    stratum = chance.choice(len(strata), people, p=parts / parts.sum()).astype(np.int32)
    level = chance.normal(3.3, 0.2, len(strata)).astype(np.float32)[stratum]
    trait = level + 0.6 * chance.standard_normal(people, dtype=np.float32)
    closed = wave.questionnaire.closed
    codes = np.empty((people, len(closed)), np.int8)
    for column, item in enumerate(closed):
        drawn = chance.standard_normal(people, dtype=np.float32)
        answers = np.clip(np.rint(trait + 0.9 * drawn), 1, 5).astype(np.int8)
        if item.kind == "attention":
            answers[:] = item.expected
        elif item.reverse:
            answers = 6 - answers
        sort = chance.random(people, dtype=np.float32)
        answers[sort < 0.03] = 9
        answers[sort > 0.99] = BLANK_CODE
        codes[:, column] = answers
    pace = np.full(people, PACES.index("ok"), np.int8)
    return AnswerTable(tuple(s.id for s in strata), stratum, pace, codes)
