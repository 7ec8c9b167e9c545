"""The release: the only source of every published figure, rounded and hidden as it is printed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_service.disclosure.clearance import PARTICIPATION, Clearance
from survey_service.disclosure.evidence import Facts, Findings, MeasuredSet, RankFigures
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
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.precision import (
    HIDDEN,
    Measured,
    MeasuredDifference,
    write_count,
    write_rate,
    write_score,
)
from survey_service.disclosure.rules import RULES, Rules
from survey_service.disclosure.sets import cut_id
from survey_service.errors import Code, SurveyError
from survey_service.rounding import round_half_up

SCHEMA = 1
_MOST_VERSIONS = 1000


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
        """Read what ``to_json`` wrote.

        Raises ``release_format`` if this is something else, ``release_schema`` if another version
        of the program wrote it: what its figures mean is not guessed.
        """
        try:
            content = json.loads(text)
            found = content["schema"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise SurveyError(Code.RELEASE_FORMAT) from None
        if found != SCHEMA:
            raise SurveyError(Code.RELEASE_SCHEMA, found=_name_schema(found), known=SCHEMA)
        return cls(content)


def _name_schema(found: object) -> str:
    """Return a version as it may be printed: a number, or nothing that came from the file."""
    return str(found) if isinstance(found, int) and abs(found) < _MOST_VERSIONS else "?"


def build_release(
    facts: Facts,
    plan: Plan,
    scores: Mapping[str, MeasuredSet],
    findings: Findings,
    clearance: Clearance,
    rules: Rules = RULES,
) -> Release:
    """Put the release together: nothing in it but what was cleared, as precise as the rules allow.

    ``scores`` holds the scores of every set of the plan, at full precision and not weighted.
    """
    whole = scores[plan.whole.id]
    sections = {
        name: _write_set(
            scores[name],
            {measure for measure, names in clearance.shown.items() if name in names},
            facts.block_dimensions,
            whole=name == plan.whole.id,
            shared={measure for measure, names in clearance.shared.items() if name in names},
            counted=name in clearance.counted,
            rules=rules,
        )
        for name in plan.sets
        if name in clearance.shown[PARTICIPATION] or name == plan.whole.id
    }
    roles = {name: _collect_roles(plan, name, sections) for name in (plan.whole.id, *plan.units)}
    top = _write_headline(facts, plan, scores, findings.weighted, sections, clearance, rules)
    for name in sections.keys() & plan.units.keys():
        _add_marks(
            sections[name], scores[name], findings.marks[name], findings.agreement[name], rules
        )
    gaps = _write_gaps(plan, findings.ranks, clearance, rules)
    content = {
        "schema": SCHEMA,
        "wave": dict(facts.wave),
        "questionnaire": dict(facts.questionnaire),
        "data_sha256": facts.data_sha256,
        "rules_sha256": rules.sha256,
        "generated_on": facts.generated_on,
        "participation": _write_participation(facts, plan, scores, clearance, rules),
        "weighting": dict(facts.weighting),
        **top,
        "units": {
            name: {
                "members": list(plan.units[name].members),
                **sections[name],
                "roles": roles[name],
            }
            if name in sections
            else dict(HIDDEN)
            for name in plan.order
        },
        "unit_order": list(plan.order),
        "roles": roles[plan.whole.id],
        "gaps": gaps,
        "drivers": None
        if findings.drivers is None
        else write_drivers(findings.drivers, findings.driver_of, findings.priorities),
        "change": None
        if findings.previous is None or findings.change is None
        else write_change(
            findings.previous, findings.change, findings.trend_of_whole, findings.trends, rules
        ),
        "comments": [
            {
                "item": theme.item,
                "theme": theme.theme,
                "mentions": write_count(theme.mentions, rules=rules),
                "paraphrases": list(theme.paraphrases),
            }
            for theme in facts.themes
        ],
        "quality": _write_quality(
            facts,
            whole.n,
            findings,
            _write_unfamiliar(plan, scores, findings.ranks, clearance, rules),
            rules,
        ),
        "notes": sorted(facts.notes),
    }
    return Release(content)


def _collect_roles(
    plan: Plan, set_id: str, sections: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return every role of a set; one that has too few people or is not there at all is hidden alike."""
    return {key: sections.get(cut_id(set_id, key), dict(HIDDEN)) for key in plan.role_keys}


def _write_headline(
    facts: Facts,
    plan: Plan,
    scores: Mapping[str, MeasuredSet],
    weighted: MeasuredSet | None,
    sections: Mapping[str, dict[str, Any]],
    clearance: Clearance,
    rules: Rules,
) -> dict[str, Any]:
    """Write the whole: weighted where it can be, with the plain score inside as ``unweighted``."""
    items = write_items(plan, scores[plan.whole.id], weighted, clearance, rules)
    written = {**sections[plan.whole.id], "items": items}
    if weighted is not None:
        parts = {block: set(names) for block, names in facts.block_dimensions.items()}
        for level in ("blocks", "dimensions"):
            found: Mapping[str, Measured] = getattr(weighted, level)
            written[level] = {
                name: _put_inside(score, written[level][name], rules)
                if parts.get(name, {name}) <= clearance.weighted
                else written[level][name]
                for name, score in found.items()
            }
        if weighted.index is not None and weighted.dimensions.keys() <= clearance.weighted:
            written["index"] = _put_inside(weighted.index, written["index"], rules)
    index = written["index"]
    if isinstance(index, dict) and index.get("mean") is not None:
        written["index"] = {**index, "band": facts.band}
    return written


def write_items(
    plan: Plan,
    scores: MeasuredSet,
    weighted: MeasuredSet | None,
    clearance: Clearance,
    rules: Rules = RULES,
) -> dict[str, Any]:
    """Write every item of the whole, whose ``scores`` are not weighted, as far as it is cleared."""
    written = {
        name: write_score(score, whole=True, rules=rules)
        if plan.whole.id in clearance.shown[name]
        else dict(HIDDEN)
        for name, score in scores.items.items()
    }
    if weighted is None:
        return written
    return {
        name: _put_inside(weighted.items[name], score, rules)
        if name in clearance.weighted and name in weighted.items
        else score
        for name, score in written.items()
    }


def _put_inside(weighted: Measured, plain: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """Write a weighted score around the plain one; where that is hidden or not to be had, it alone."""
    if plain.get("mean") is None or "unweighted" in weighted.flags:
        return plain
    shared = "favourable" in plain
    return {**write_score(weighted, whole=True, shared=shared, rules=rules), "unweighted": plain}


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


def _write_gaps(
    plan: Plan, ranks: RankFigures, clearance: Clearance, rules: Rules
) -> dict[str, Any]:
    """Write the gap of ranks: a difference of two means, shown where both are."""
    ends = {cut_id(plan.whole.id, role) for role in ranks.roles}
    return {
        name: write_gap(gap, rules) if ends <= clearance.shown[name] else dict(HIDDEN)
        for name, gap in ranks.gap.items()
    }


def _write_unfamiliar(
    plan: Plan,
    scores: Mapping[str, MeasuredSet],
    ranks: RankFigures,
    clearance: Clearance,
    rules: Rules,
) -> dict[str, Any]:
    """Write what a rank knows little of, where it may be spoken of and has enough people."""
    return {
        role: list(items)
        for role, items in ranks.unfamiliar.items()
        if (name := cut_id(plan.whole.id, role)) in clearance.shown[PARTICIPATION]
        and scores[name].n >= rules.count_from
    }


def _write_set(
    scores: MeasuredSet,
    visible: set[str],
    block_dimensions: Mapping[str, tuple[str, ...]],
    *,
    whole: bool,
    shared: set[str],
    counted: bool,
    rules: Rules,
) -> dict[str, Any]:
    """Write one set; a composite is hidden with any of the dimensions it is made of."""

    def write(score: Measured, parts: set[str]) -> dict[str, Any]:
        if not parts <= visible:
            return dict(HIDDEN)
        return write_score(score, whole=whole, counted=counted, shared=parts <= shared, rules=rules)

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
    facts: Facts,
    plan: Plan,
    scores: Mapping[str, MeasuredSet],
    clearance: Clearance,
    rules: Rules,
) -> dict[str, Any]:
    whole = scores[plan.whole.id]
    visible = clearance.shown[PARTICIPATION]
    units = {
        name: write_rate(
            scores[name].n,
            scores[name].population or 0,
            whole=False,
            counted=name in clearance.counted,
            rules=rules,
        )
        if name in plan.units and name in visible
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
