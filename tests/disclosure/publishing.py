"""From a random organisation to release.json: as the program does, and in two weaker ways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from survey_service.disclosure.clearance import PARTICIPATION, Clearance, Measure, clear_release
from survey_service.disclosure.evidence import Facts, Findings, RankFigures
from survey_service.disclosure.plan import Plan, plan_release
from survey_service.disclosure.release import build_release
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.waves import EarlierWave, join_earlier
from survey_service.strata import Strata
from tests.disclosure.attackers.reading import Label
from tests.disclosure.organisations import Organisation

MEASURE = "D"
FACTS = Facts(
    wave={"id": "w1"}, questionnaire={"id": "q"}, block_dimensions={}, data_sha256="", generated_on="",
    returned=1000, excluded={}, identical=0, crowded=(), band=None, notes=(), weighting={},
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A release as text, and what the judge of an attack knows besides."""

    text: str
    plan: Plan
    measures: Mapping[str, Measure]
    clearance: Clearance
    strata: Strata

    @property
    def labels(self) -> list[Label]:
        return [Label(s.id, s.units, s.roles) for s in self.strata.strata]

    @property
    def answered(self) -> dict[str, int]:
        return {s.id: self.measures[MEASURE].answered[s.id] for s in self.strata.strata}

    @property
    def counts(self) -> dict[str, int]:
        return {s.id: self.measures[PARTICIPATION].answered[s.id] for s in self.strata.strata}

    @property
    def as_earlier(self) -> EarlierWave:
        return EarlierWave("w0", self.strata, self.plan, self.measures, self.clearance)


def score_people(codes: Any) -> Any:
    """Return the scores 0-100 of those who answered at least half of the items."""
    answered = codes > 0
    enough = answered.sum(axis=1) * 2 >= codes.shape[1]
    kept = codes[enough]
    return 25 * (kept.sum(axis=1) / (kept > 0).sum(axis=1) - 1)


def measure_people(org: Organisation, plan: Plan) -> dict[str, Measure]:
    """Return participation and the one dimension as measures."""
    scores = {name: score_people(codes) for name, codes in org.answers.items()}
    closed = set()
    for name, found in plan.sets.items():
        codes = np.concatenate([org.answers[s] for s in sorted(found.strata)])
        given = codes[codes > 0]
        counts = np.bincount(given) if given.size else np.array([0])
        together = np.concatenate([scores[s] for s in sorted(found.strata)])
        few = len(codes) < RULES.alike_below
        if (together.size > 1 and np.ptp(together) == 0) or (
            few and counts.max() * 100 >= RULES.alike_share * max(given.size, 1)
        ):
            closed.add(name)
    return {
        PARTICIPATION: Measure(org.counts),
        MEASURE: Measure(
            {name: len(found) for name, found in scores.items()},
            {name: float(found.sum()) for name, found in scores.items()},
            frozenset(n for n, found in scores.items() if len(found) > 1 and np.ptp(found) == 0),
            frozenset(closed),
        ),
    }


def publish(org: Organisation, earlier: EarlierWave | None = None) -> Published:
    """Plan, clear and release an organisation as the program does."""
    plan = plan_release(org.strata, org.counts, RULES.smallest_set)
    measures = measure_people(org, plan)
    if earlier is not None:
        measures = join_earlier(earlier, org.strata, measures)
    headcounts = {s.id: s.headcount for s in org.strata.strata}
    return write(org, plan, measures, clear_release(plan, measures, headcounts))


def publish_by_threshold(org: Organisation) -> Published:
    """Show every unit and role of at least k answers, and nothing else is done."""
    return show_only(org, lambda _: frozenset())


def publish_by_remainder(org: Organisation) -> Published:
    """Show what has k answers; where hidden parts of a whole sum up to fewer than k, hide one more.

    One pass over each breakdown: units by the unit above, roles in a unit, units in a role.
    """
    return show_only(org, _hide_remainders)


def show_only(org: Organisation, hide: Any) -> Published:
    """Publish every cell of at least k answers but those that ``hide`` takes away."""
    plan = plan_release(org.strata, org.counts, RULES.smallest_set)
    cells = {c.id: c for c in plan.cells if c.id in plan.order or c.role}
    sizes = {name: sum(org.counts[s] for s in cell.strata) for name, cell in cells.items()}
    enough = {name for name, n in sizes.items() if n >= RULES.smallest_set}
    shown = enough - hide((plan, cells, sizes))
    units = {name: cells[name] for name in plan.order if name in shown}
    cuts = {n: c for n, c in cells.items() if n in shown and c.role and c.parent in {*units, "all"}}
    naive = replace(plan, units=units, cuts=cuts)
    everything = frozenset(naive.sets)
    measures = measure_people(org, naive)
    clearance = Clearance({PARTICIPATION: everything, MEASURE: everything}, everything)
    return write(org, naive, measures, clearance)


def write(
    org: Organisation, plan: Plan, measures: Mapping[str, Measure], clearance: Clearance
) -> Published:
    """Write the release with the scores of all sets of the plan."""
    scores = {name: _score_set(org, found.strata) for name, found in plan.sets.items()}
    text = build_release(FACTS, plan, scores, _find_nothing(scores), clearance).to_json()
    return Published(text, plan, measures, clearance, org.strata)


def _find_nothing(scores: Mapping[str, Any]) -> Findings:
    """Return findings that say nothing beside the scores of sets."""
    mark = SimpleNamespace(direction=None, level=None, withheld=None)
    return Findings(
        weighted=None,
        ranks=RankFigures(),
        marks={name: {MEASURE: mark} for name in scores},
        agreement={name: {MEASURE: mark} for name in scores},
        reliability={},
        omega={},
        resemblance={},
        drivers=None,
        driver_of={},
        priorities={},
        with_excluded=SimpleNamespace(dimensions={}),
        left_out={},
    )


def _score_set(org: Organisation, strata: Iterable[str]) -> Any:
    labels = sorted(strata)
    people = np.concatenate([score_people(org.answers[s]) for s in labels])
    headcount = {s.id: s.headcount for s in org.strata.strata}
    population = sum(headcount[s] for s in labels)
    n = len(people)
    mean = float(people.mean()) if n else None
    spread = 2 * float(people.std()) / max(n, 1) ** 0.5 if n > 1 else None
    ends = None if spread is None or mean is None else (mean - spread, mean + spread)
    score = SimpleNamespace(
        n=n, mean=mean, ci95=ends, favourable=None, neutral=None, unfavourable=None,
        reason=None if n else "no_data", population=population, flags=frozenset(),
    )  # fmt: skip
    total = sum(len(org.answers[s]) for s in labels)
    return SimpleNamespace(
        n=total, population=population, index=None, blocks={}, dimensions={MEASURE: score}, items={}
    )


def _hide_remainders(given: Any) -> frozenset[str]:
    _, cells, sizes = given
    k = RULES.smallest_set
    families: dict[tuple[str, str], list[str]] = {}
    for name, cell in cells.items():
        unit = cell.parent if cell.role else name
        above = unit if unit == "all" else cells[unit].parent or "all"
        if cell.role:
            families.setdefault(("roles of", str(unit)), []).append(name)
            if unit != "all":
                families.setdefault((f"units of {cell.role}", str(above)), []).append(name)
        else:
            families.setdefault(("units of", str(above)), []).append(name)
    gone: set[str] = set()
    for _, family in sorted(families.items()):
        hidden = [n for n in family if sizes[n] < k or n in gone]
        shown = sorted((n for n in family if n not in hidden), key=lambda n: (sizes[n], n))
        if hidden and shown and sum(sizes[n] for n in hidden) < k:
            gone.add(shown[0])
    return frozenset(gone)
