"""``python -m benchmarks.disclosure``: how long deciding what is shown takes, and proving that it is safe.

A mine of 40 units by three roles, a company of 700 teams, and a group of 9,800 teams in which nearly
every team has people who left some dimension out, so that no two measures have the same gaps.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.answers import close_wave, make_answers
from survey_service.answers import AnswerTable
from survey_service.disclosure.plan import plan_release
from survey_service.disclosure.rules import RULES
from survey_service.questionnaire import ROLES
from survey_service.response import BLANK_CODE
from survey_service.roster import Roster, Unit
from survey_service.service.clearing import clear_wave
from survey_service.service.scoring import score_wave
from survey_service.wave import Wave

ANSWERED = 0.55
WILLING = (0.1, 1.0)
"""From strata where hardly anybody answers to those where nearly everybody does."""
LEFT_OUT = 0.05
"""Share of people who leave one dimension out."""


@dataclass(frozen=True)
class Shape:
    """An organisation: how many units are inside one, level by level, and the people of a team."""

    name: str
    levels: tuple[int, ...]
    team: float
    parts: tuple[float, ...]
    target: str


SHAPES = {
    "mine": Shape("a mine of 40 units x 3 roles", (40,), 120, (0.15, 0.25, 0.6), "<= 1"),
    "company": Shape("a company of 700 teams", (10, 10, 7), 42, (0.1, 0.2, 0.7), ""),
    "group": Shape("a group of 9,800 teams", (20, 7, 10, 7), 42, (0.1, 0.2, 0.7), "<= 60"),
}


def main() -> None:
    """Measure every shape in a process of its own and print one table."""
    print(f"{'':<30}{'people':>9}{'cells':>8}{'shown':>8}{'plan':>7}{'clear':>8}  target    GB")
    for name, shape in SHAPES.items():
        command = [sys.executable, "-m", "benchmarks.disclosure", name]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found: dict[str, float] = json.loads(output)
        print(
            f"{shape.name:<30}{found['people']:>9,}{found['cells']:>8,}{found['shown']:>8,}"
            f"{found['plan']:>7.2f}{found['clear']:>8.2f}  {shape.target:<8}{found['memory']:>4.1f}"
        )


def measure(shape: Shape) -> dict[str, float]:
    """Time planning alone, and all that stands between scoring and the release."""
    wave, table = make_organisation(shape)
    found = score_wave(wave, table, draws=0)
    counts = dict(zip(found.strata, found.analysis.tally.people[:-1].astype(int), strict=True))
    started = time.perf_counter()
    plan_release(wave.strata, counts, RULES.smallest_set)
    planned = time.perf_counter()
    cleared = clear_wave(wave, found)
    ended = time.perf_counter()
    return {
        "people": len(table),
        "cells": len(found.plan.sets),
        "shown": len(cleared.clearance.shown[""]),
        "plan": planned - started,
        "clear": ended - planned,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def make_organisation(shape: Shape) -> tuple[Wave, AnswerTable]:
    """Return a closed wave of such an organisation, and its answers; always the same ones."""
    chance = np.random.default_rng(7)
    paths = [""]
    for level, inside in enumerate(shape.levels):
        paths = [f"{path}/{level}{n:02d}".lstrip("/") for path in paths for n in range(inside)]
    units = []
    for path, people in zip(paths, shape.team * chance.lognormal(0, 0.5, len(paths)), strict=True):
        headcounts = {r: int(people * p) + 1 for r, p in zip(ROLES, shape.parts, strict=True)}
        units.append(Unit(path, path.rpartition("/")[0] or None, headcounts))
    roster = Roster(tuple(units))
    wave = close_wave(roster)
    willing = chance.uniform(*WILLING, len(wave.strata.strata))
    table = make_answers(wave, int(roster.headcount * ANSWERED), response=willing)
    closed = wave.questionnaire.closed
    for dimension in wave.questionnaire.dimensions:
        columns = np.flatnonzero([item.dimension == dimension.id for item in closed])
        left_out = np.flatnonzero(chance.random(len(table)) < LEFT_OUT)
        table.codes[np.ix_(left_out, columns)] = BLANK_CODE
    return wave, table


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measure(SHAPES[sys.argv[1]])))
    else:
        main()
