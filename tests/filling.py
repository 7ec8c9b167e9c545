"""Waves filled by the number of answers of each stratum."""

from survey_service.questionnaire import Questionnaire
from survey_service.response import Submission, encode_answers
from survey_service.roster import Roster
from survey_service.store import Store
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave

ROSTER = make_roster({u: {"manager": 12, "frontline": 40} for u in "甲乙丙"})
ANSWERED = {"s001": 3, "s002": 30, "s003": 7, "s004": 20, "s005": 9, "s006": 25}
"""Managers and front-line staff of 甲, 乙, 丙: the managers of 甲 are too few."""


def fill(
    store: Store,
    questionnaire: Questionnaire,
    answered: dict[str, int],
    wave_id: str = "w1",
    roster: Roster = ROSTER,
    *,
    alike: bool = False,
) -> None:
    """Run a wave to its closing; who answers what goes by number."""
    store.create_wave(make_wave(questionnaire, roster, id=wave_id))
    batch: list[Submission] = []
    for stratum, count in answered.items():
        for n in range(count):
            codes = {
                item.id: 2 if item.kind == "attention" else 5 if alike else (n * 3 + i * 7) % 5 + 1
                for i, item in enumerate(questionnaire.closed)
            }
            batch.append(make_submission(len(batch), stratum, encode_answers(questionnaire, codes)))
    store.import_batch(wave_id, batch, OPENED)
    store.close_wave(wave_id, CLOSED, now=True)
