"""Waves to measure with: the full questionnaire, and any number of answers in a store beforehand."""

import json
import secrets
from pathlib import Path

import numpy as np

from benchmarks.stores import DAY, write_plainly
from survey_service.answers import AnswerTable
from survey_service.questionnaire import load
from survey_service.response import Submission
from survey_service.snapshot import Snapshot
from survey_service.wave import Wave

WAVE = "w"


def make_wave() -> Wave:
    """Return an open wave of the full questionnaire without a roster."""
    return Wave(id=WAVE, questionnaire=load("full"), opened_on=DAY, salt=secrets.token_hex(16))


def make_answers(wave: Wave, count: int) -> AnswerTable:
    """Return answers drawn at random."""
    chance = np.random.default_rng(1)
    items = len(wave.questionnaire.closed)
    codes = chance.choice([1, 2, 3, 4, 5, 9, -1], (count, items)).astype(np.int8)
    pace = chance.integers(1, 4, count).astype(np.int8)
    return AnswerTable(("all",), np.zeros(count, np.int32), pace, codes)


def make_snapshot(count: int) -> Snapshot:
    """Return an open wave in which ``count`` people have answered."""
    wave = make_wave()
    receipts = {secrets.token_hex(32): f"{n % 10000:04d}-{n // 10000:04d}" for n in range(count)}
    return Snapshot(wave, make_answers(wave, count), receipts=receipts)


def write_stock(path: Path, answers: AnswerTable) -> None:
    """Write the same answers as stock TinyDB would have."""
    table = {
        number: write_plainly(Submission(secrets.token_hex(32), each), "0000-0000")
        for number, each in enumerate(answers.responses(), 1)
    }
    path.write_text(json.dumps({"responses": table}))


def write_body(wave: Wave) -> str:
    """Return answers to every scored item as JSON."""
    return json.dumps({item.id: 4 for item in wave.questionnaire.scored})
