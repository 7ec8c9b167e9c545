"""The release: the only source of every published figure, rounded and hidden as it is printed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_service.disclosure.evidence import Facts, Findings, MeasuredSet, RoleFigures
from survey_service.disclosure.findings import (
    MeasuredAgreement,
    write_change,
    write_drivers,
    write_exclusion,
    write_gap,
    write_marks,
    write_reliability,
    write_resemblance,
)
from survey_service.disclosure.groups import find_shown_measures
from survey_service.disclosure.plan import Plan, find_shown_cells
from survey_service.disclosure.precision import (
    HIDDEN,
    Measured,
    MeasuredDifference,
    write_count,
    write_rate,
    write_score,
)
from survey_service.disclosure.rules import RULES, Rules
from survey_service.rounding import round_half_up

SCHEMA = 1
LEADING, FRONT_LINE = "leading", "frontline"


@dataclass(frozen=True)
class Release:
    """The published document; ``content`` is ``release.json`` as parsed."""

    content: Mapping[str, Any]

    def to_json(self) -> str:
        """Return the bytes of ``release.json`` as text: sorted keys, the same for the same content."""
        return (
            json.dumps(self.content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
            + "\n"
        )

    @classmethod
    def from_json(cls, text: str) -> "Release":
        """Read what ``to_json`` wrote."""
        return cls(json.loads(text))


def build_release(
    facts: Facts,
    plan: Plan,
    scores: Mapping[str, MeasuredSet],
    findings: Findings,
    rules: Rules = RULES,
) -> Release:
    """Put the release together: nothing in it but what the plan allows, as precise as the rules allow.

    ``scores`` holds the scores of every set of the plan, at full precision and not weighted.
    """
    whole = scores[plan.whole.id]
    shown = show_dimensions(facts.spread_free, plan, scores, rules)
    sections = {
        name: _write_set(
            scores[name],
            {dimension for dimension, names in shown.items() if name in names},
            facts.block_dimensions,
            whole=name == plan.whole.id,
            rules=rules,
        )
        for name in plan.sets
    }
    top = _write_headline(facts, whole, findings.weighted, sections.pop(plan.whole.id), rules)
    for name, section in sections.items():
        _add_marks(section, scores[name], findings.marks[name], findings.agreement[name], rules)
    roles, gaps, unfamiliar = _write_roles(facts, plan, findings.roles, rules)
    content = {
        "schema": SCHEMA,
        "wave": dict(facts.wave),
        "questionnaire": dict(facts.questionnaire),
        "data_sha256": facts.data_sha256,
        "rules_sha256": rules.sha256,
        "generated_on": facts.generated_on,
        "participation": _write_participation(facts, plan, scores, rules),
        "weighting": dict(facts.weighting),
        **top,
        "units": {
            name: {"members": list(plan.units[name].members), **sections[name]}
            if name in sections
            else dict(HIDDEN)
            for name in plan.order
        },
        "unit_order": list(plan.order),
        "roles": roles,
        "gaps": gaps,
        "drivers": None
        if findings.drivers is None
        else write_drivers(findings.drivers, findings.driver_of, findings.priorities),
        "change": None
        if findings.previous is None or findings.change is None
        else write_change(findings.previous, findings.change, findings.trends, rules),
        "comments": [
            {
                "item": theme.item,
                "theme": theme.theme,
                "mentions": write_count(theme.mentions, rules=rules),
                "paraphrases": list(theme.paraphrases),
            }
            for theme in facts.themes
        ],
        "quality": _write_quality(facts, whole.n, findings, unfamiliar, rules),
        "notes": sorted(facts.notes),
    }
    return Release(content)


def show_dimensions(
    spread_free: Mapping[str, frozenset[str]],
    plan: Plan,
    scores: Mapping[str, MeasuredSet],
    rules: Rules = RULES,
) -> dict[str, frozenset[str]]:
    """Return dimension -> the sets for which it may be shown."""
    shown = {}
    for dimension in scores[plan.whole.id].dimensions:
        counts = {name: scores[name].dimensions[dimension].n for name in plan.sets}
        uniform = spread_free.get(dimension, frozenset()) - {plan.whole.id}
        shown[dimension] = find_shown_cells(plan, counts, uniform, rules.smallest_set)
    return shown


def _write_headline(
    facts: Facts,
    plain: MeasuredSet,
    weighted: MeasuredSet | None,
    section: dict[str, Any],
    rules: Rules,
) -> dict[str, Any]:
    """Write the whole: weighted where it can be, with the plain score inside as ``unweighted``."""
    items = {i: write_score(s, whole=True, rules=rules) for i, s in plain.items.items()}
    written = {**section, "items": items}
    if weighted is not None:
        for level in ("blocks", "dimensions", "items"):
            found: Mapping[str, Measured] = getattr(weighted, level)
            written[level] = {
                name: _put_inside(score, written[level][name], rules)
                for name, score in found.items()
            }
        if weighted.index is not None:
            written["index"] = _put_inside(weighted.index, written["index"], rules)
    index = written["index"]
    if isinstance(index, dict) and index.get("mean") is not None:
        written["index"] = {**index, "band": facts.band}
    return written


def _put_inside(weighted: Measured, plain: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """Write a weighted score around the plain one; where that is hidden or not to be had, it alone."""
    if plain.get("mean") is None or "unweighted" in weighted.flags:
        return plain
    return {**write_score(weighted, whole=True, rules=rules), "unweighted": plain}


def _add_marks(
    section: dict[str, Any],
    scores: MeasuredSet,
    marks: Mapping[str, MeasuredDifference],
    agreement: Mapping[str, MeasuredAgreement],
    rules: Rules,
) -> None:
    """Add to every shown dimension of a unit whether it stands out and how far its people agree."""
    for name, written in section["dimensions"].items():
        if written.get("mean") is not None:
            n = scores.dimensions[name].n
            written.update(write_marks(n, marks[name], agreement[name], rules))


def _write_roles(
    facts: Facts, plan: Plan, roles: RoleFigures, rules: Rules
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Write scores by role, gaps, and what a role knows little of: nothing unless all is safe."""
    shown = {name: published.strata for name, published in plan.sets.items()}
    main = {name: roles.strata[name] for name in (LEADING, FRONT_LINE) if name in roles.strata}
    visible = find_shown_measures(shown, main, roles.counts, rules.smallest_set)
    finer = find_shown_measures(shown, roles.strata, roles.counts, rules.smallest_set)
    uniform = {
        name: {d for d, score in found.dimensions.items() if "zero_variance" in score.flags}
        for name, found in roles.scores.items()
    }
    if not visible or any(roles.scores[name].n < rules.smallest_set for name in main):
        return {}, {}, {}
    either = uniform.get(LEADING, set()) | uniform.get(FRONT_LINE, set())
    return (
        {
            name: _write_set(
                found,
                set(visible if name in main else finer) - uniform[name],
                facts.block_dimensions,
                whole=False,
                rules=rules,
            )
            for name, found in roles.scores.items()
            if name in main or finer
        },
        {
            name: write_gap(gap, rules) if name in visible - either else dict(HIDDEN)
            for name, gap in roles.gap.items()
        },
        {
            name: list(items)
            for name, items in roles.unfamiliar.items()
            if name in main and roles.scores[name].n >= rules.count_from
        },
    )


def _write_set(
    scores: MeasuredSet,
    visible: set[str],
    block_dimensions: Mapping[str, tuple[str, ...]],
    *,
    whole: bool,
    rules: Rules,
) -> dict[str, Any]:
    """Write one set; a composite is hidden with any of the dimensions it is made of."""

    def write(score: Measured, parts: set[str]) -> dict[str, Any]:
        if not parts <= visible:
            return dict(HIDDEN)
        return write_score(score, whole=whole, rules=rules)

    index = scores.index
    return {
        "index": None if index is None else write(index, set(scores.dimensions)),
        "blocks": {
            block: write(score, set(block_dimensions[block]))
            for block, score in scores.blocks.items()
        },
        "dimensions": {d: write(score, {d}) for d, score in scores.dimensions.items()},
    }


def _write_participation(
    facts: Facts, plan: Plan, scores: Mapping[str, MeasuredSet], rules: Rules
) -> dict[str, Any]:
    whole = scores[plan.whole.id]
    units = {
        name: write_rate(scores[name].n, scores[name].population or 0, whole=False, rules=rules)
        if name in plan.units
        else dict(HIDDEN)
        for name in plan.order
    }
    written: dict[str, Any] = {
        "invited": whole.population,
        "returned": write_count(facts.returned, rules=rules),
        "valid": write_count(whole.n, rules=rules),
        "valid_rate": None,
        "returned_rate": None,
        "excluded": None,
        "units": units,
    }
    if whole.n >= rules.count_from:
        written["excluded"] = facts.returned - whole.n
    if whole.population:
        written |= write_rate(whole.n, whole.population, whole=True, rules=rules)
        returned = write_rate(facts.returned, whole.population, whole=True, rules=rules)
        written["returned_rate"] = returned["valid_rate"]
    return written


def _write_quality(
    facts: Facts,
    valid: int,
    findings: Findings,
    unfamiliar: Mapping[str, Any],
    rules: Rules,
) -> dict[str, Any]:
    """Say how far the answers can be relied on; nothing where the wave itself is tiny."""
    if valid < rules.count_from:
        return {}
    left_out = facts.returned - valid
    share = 100 * left_out / facts.returned
    written = {
        "excluded": dict(facts.excluded),
        "excluded_share": int(round_half_up(share, 0)),
        "identical": facts.identical,
        "crowded": list(facts.crowded),
        "reliability": write_reliability(findings.reliability, findings.omega),
        "resemblance": write_resemblance(findings.resemblance),
        "unfamiliar": dict(unfamiliar),
    }
    if left_out >= rules.smallest_set:
        everybody = findings.with_excluded.dimensions
        written["with_excluded"] = write_exclusion(everybody, findings.left_out, rules)
    return written
