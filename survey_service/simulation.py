"""Simulated employees for the demonstration: a roster and answers, the same for the same seed.

Pure. The people are invented; what they answer follows a plain model: a level for every dimension,
unit, role, person and item, plus noise, cut into the points of the scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from survey_service.questionnaire import ROLES, Item, Questionnaire
from survey_service.roster import Roster, Unit

_RESPONSE_RATE = 0.7
_ROLE_SHARES = (0.06, 0.15, 0.79)
_ROLE_LEVELS = {"manager": 0.45, "key_staff": 0.2, "frontline": 0.0}
_TINY_UNIT = {"manager": 1, "key_staff": 2, "frontline": 6}
_NOT_APPLICABLE, _BLANK, _CARELESS, _COMMENTING = 0.04, 0.01, 0.04, 0.12


def simulate_roster(top: str, names: Sequence[str], respondents: int, seed: int) -> Roster:
    """Return a roster from which about 70 % answering makes ``respondents``; its last unit is tiny."""
    rng = np.random.default_rng([seed, 1])
    people = respondents / _RESPONSE_RATE - sum(_TINY_UNIT.values())
    sizes = rng.dirichlet(np.full(len(names) - 1, 6.0)) * max(people, 10.0 * len(names))
    units = [Unit(top, None, {})]
    for name, size in zip(names[:-1], sizes, strict=True):
        counts = {
            role: max(1, round(size * share))
            for role, share in zip(ROLES, _ROLE_SHARES, strict=True)
        }
        units.append(Unit(f"{top}/{name}", top, counts))
    units.append(Unit(f"{top}/{names[-1]}", top, dict(_TINY_UNIT)))
    return Roster(tuple(units))


def simulate_submissions(
    questionnaire: Questionnaire,
    roster: Roster,
    respondents: int,
    comments: Mapping[str, Sequence[str]],
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Yield submissions as a phone sends them; ``comments`` holds things to say for each open item."""
    rng = np.random.default_rng([seed, 2])
    people = [
        (unit.path, role)
        for unit in roster.staffed
        for role, count in unit.headcounts.items()
        for _ in range(count)
    ]
    paths = [unit.path for unit in roster.staffed]
    willing = dict(zip(paths, rng.uniform(0.5, 1.0, len(paths)), strict=True))
    odds = np.array([willing[unit] for unit, _ in people])
    chosen = rng.choice(
        len(people), min(respondents, len(people)), replace=False, p=odds / odds.sum()
    )
    model = _Model(questionnaire, paths, rng)
    for number in chosen:
        unit, role = people[int(number)]
        careless = rng.random() < _CARELESS
        answers: dict[str, Any] = model.answer(unit, role, careless=careless)
        for item, texts in comments.items():
            if not careless and rng.random() < _COMMENTING:
                answers[item] = texts[int(rng.integers(len(texts)))]
        yield {
            "submission": rng.bytes(16).hex(),
            "unit": unit,
            "role": role,
            "pace": "under_1s" if careless else "ok",
            "answers": answers,
        }


class _Model:
    """Levels drawn once; answers drawn person by person."""

    def __init__(
        self, questionnaire: Questionnaire, units: Sequence[str], rng: np.random.Generator
    ) -> None:
        self._questionnaire = questionnaire
        self._rng = rng
        dimensions = [dimension.id for dimension in questionnaire.dimensions]
        self._dimension = {d: rng.normal(3.35, 0.22) for d in dimensions}
        self._unit = {(u, d): rng.normal(0.0, 0.12) for u in units for d in dimensions}
        self._unit_level = {u: rng.normal(0.0, 0.25) for u in units}
        self._item = {item.id: rng.normal(0.0, 0.18) for item in questionnaire.closed}

    def answer(self, unit: str, role: str, *, careless: bool) -> dict[str, int]:
        """Return one person's codes; what is left out is blank."""
        person = self._rng.normal(0.0, 0.6)
        same = int(self._rng.integers(3, 6))
        answers = {}
        for item in self._questionnaire.closed:
            scale = self._questionnaire.scale_of(item)
            draw = self._rng.random()
            if careless:
                answers[item.id] = min(same, scale.highest)
            elif item.kind == "attention" and item.expected is not None:
                answers[item.id] = item.expected
            elif draw < _NOT_APPLICABLE and scale.not_applicable is not None:
                answers[item.id] = scale.not_applicable.code
            elif draw > _BLANK + _NOT_APPLICABLE:
                level = self._level(item, unit, role) + person + self._rng.normal(0.0, 0.85)
                code = int(np.clip(np.rint(level), scale.lowest, scale.highest))
                answers[item.id] = scale.lowest + scale.highest - code if item.reverse else code
        return answers

    def _level(self, item: Item, unit: str, role: str) -> float:
        level = 3.3 + self._item[item.id] + self._unit_level[unit] + _ROLE_LEVELS[role]
        if item.dimension is not None:
            level += self._dimension[item.dimension] - 3.3 + self._unit[unit, item.dimension]
        return float(level)
