"""The release: the only source of every published figure, rounded and hidden as it is printed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from survey_service.disclosure.clearance import PARTICIPATION, Clearance
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.precision import (
    HIDDEN,
    Measured,
    write_count,
    write_rate,
    write_score,
)
from survey_service.disclosure.rules import RULES, Rules
from survey_service.disclosure.sets import cut_id
from survey_service.rounding import round_half_up

SCHEMA = 1


class MeasuredSet(Protocol):
    """The scores of one set of people, as scoring hands them over."""

    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def population(self) -> int | None: ...  # noqa: D102
    @property
    def index(self) -> Measured | None: ...  # noqa: D102
    @property
    def blocks(self) -> Mapping[str, Measured]: ...  # noqa: D102
    @property
    def dimensions(self) -> Mapping[str, Measured]: ...  # noqa: D102
    @property
    def items(self) -> Mapping[str, Measured]: ...  # noqa: D102


@dataclass(frozen=True)
class MentionedTheme:
    """A theme of answers in own words: the question, the theme, how often, and paraphrases."""

    item: str
    theme: str
    mentions: int
    paraphrases: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What a release says besides scores.

    ``wave`` and ``questionnaire`` are printed as they are; ``returned`` counts all responses,
    ``themes`` holds what was mentioned often enough in answers in own words;
    ``excluded`` counts those left out by rule, ``identical`` those equal to another one; ``crowded`` names the
    units with more answers than people; ``band`` is the band of the index.
    """

    wave: Mapping[str, Any]
    questionnaire: Mapping[str, Any]
    block_dimensions: Mapping[str, tuple[str, ...]]
    data_sha256: str
    generated_on: str
    returned: int
    excluded: Mapping[str, int]
    identical: int
    crowded: tuple[str, ...]
    band: str | None
    notes: tuple[str, ...]
    themes: tuple["MentionedTheme", ...] = ()


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
    clearance: Clearance,
    rules: Rules = RULES,
) -> Release:
    """Put the release together: nothing in it but what was cleared, as precise as the rules allow.

    ``scores`` holds the scores of every set of the plan, at full precision.
    """
    whole = scores[plan.whole.id]
    visible = clearance.shown[PARTICIPATION]
    sections = {
        name: _write_set(
            scores[name],
            {dimension for dimension, names in clearance.shown.items() if name in names},
            facts.block_dimensions,
            whole=name == plan.whole.id,
            counted=name in clearance.counted,
            rules=rules,
        )
        for name in plan.sets
        if name in visible or name == plan.whole.id
    }
    top = sections.pop(plan.whole.id)
    index = top["index"]
    if isinstance(index, dict) and index.get("mean") is not None:
        index = {**index, "band": facts.band}
    content = {
        "schema": SCHEMA,
        "wave": dict(facts.wave),
        "questionnaire": dict(facts.questionnaire),
        "data_sha256": facts.data_sha256,
        "rules_sha256": rules.sha256,
        "generated_on": facts.generated_on,
        "participation": _write_participation(facts, plan, scores, clearance, rules),
        "index": index,
        "blocks": top["blocks"],
        "dimensions": top["dimensions"],
        "items": {
            i: write_score(s, whole=True, rules=rules)
            if plan.whole.id in clearance.shown.get(i, visible)
            else dict(HIDDEN)
            for i, s in whole.items.items()
        },
        "units": {
            name: {
                "members": list(plan.units[name].members),
                **sections[name],
                "roles": _collect_roles(plan, name, sections),
            }
            if name in sections
            else dict(HIDDEN)
            for name in plan.order
        },
        "unit_order": list(plan.order),
        "roles": _collect_roles(plan, plan.whole.id, sections),
        "gaps": {},
        "drivers": None,
        "change": None,
        "comments": [
            {
                "item": theme.item,
                "theme": theme.theme,
                "mentions": write_count(theme.mentions, rules=rules),
                "paraphrases": list(theme.paraphrases),
            }
            for theme in facts.themes
        ],
        "quality": _write_quality(facts, whole.n, rules),
        "notes": sorted(facts.notes),
    }
    return Release(content)


def _collect_roles(
    plan: Plan, set_id: str, sections: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return every role of a set; one that has too few people or is not there at all is hidden alike."""
    return {key: sections.get(cut_id(set_id, key), dict(HIDDEN)) for key in plan.role_keys}


def _write_set(
    scores: MeasuredSet,
    visible: set[str],
    block_dimensions: Mapping[str, tuple[str, ...]],
    *,
    whole: bool,
    counted: bool,
    rules: Rules,
) -> dict[str, Any]:
    """Write one set; a composite is hidden with any of the dimensions it is made of."""

    def write(score: Measured, parts: set[str]) -> dict[str, Any]:
        if not parts <= visible:
            return dict(HIDDEN)
        return write_score(score, whole=whole, counted=counted, rules=rules)

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


def _write_quality(facts: Facts, valid: int, rules: Rules) -> dict[str, Any]:
    """Say how many were left out under which rule; nothing where the wave itself is tiny."""
    if valid < rules.count_from:
        return {}
    share = 100 * (facts.returned - valid) / facts.returned
    return {
        "excluded": dict(facts.excluded),
        "excluded_share": int(round_half_up(share, 0)),
        "identical": facts.identical,
        "crowded": list(facts.crowded),
    }
