"""The release: the only source of every published figure, rounded and hidden as it is printed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from survey_service.disclosure.plan import Plan, find_shown_cells
from survey_service.disclosure.precision import (
    HIDDEN,
    Measured,
    write_count,
    write_rate,
    write_score,
)
from survey_service.disclosure.rules import RULES, Rules
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
    units with more answers than people; ``spread_free`` names, per dimension, the sets whose answers
    are all alike; ``band`` is the band of the index.
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
    spread_free: Mapping[str, frozenset[str]] = field(default_factory=dict)
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
    facts: Facts, plan: Plan, scores: Mapping[str, MeasuredSet], rules: Rules = RULES
) -> Release:
    """Put the release together: nothing in it but what the plan allows, as precise as the rules allow.

    ``scores`` holds the scores of every set of the plan, at full precision.
    """
    whole = scores[plan.whole.id]
    shown = _show_dimensions(facts, plan, scores, rules)
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
        "participation": _write_participation(facts, plan, scores, rules),
        "index": index,
        "blocks": top["blocks"],
        "dimensions": top["dimensions"],
        "items": {i: write_score(s, whole=True, rules=rules) for i, s in whole.items.items()},
        "units": {
            name: {"members": list(plan.units[name].members), **sections[name]}
            if name in sections
            else dict(HIDDEN)
            for name in plan.order
        },
        "unit_order": list(plan.order),
        "roles": {},
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


def _show_dimensions(
    facts: Facts, plan: Plan, scores: Mapping[str, MeasuredSet], rules: Rules
) -> dict[str, frozenset[str]]:
    """Return dimension -> the sets for which it may be shown."""
    shown = {}
    for dimension in scores[plan.whole.id].dimensions:
        counts = {name: scores[name].dimensions[dimension].n for name in plan.sets}
        uniform = facts.spread_free.get(dimension, frozenset()) - {plan.whole.id}
        shown[dimension] = find_shown_cells(plan, counts, uniform, rules.smallest_set)
    return shown


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
