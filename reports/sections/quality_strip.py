"""The panel at the foot of the first sheet: who answered, what was weighted, what cannot be said."""

from collections.abc import Mapping, Sequence
from typing import Any

from reports import theme
from reports.document import Document
from reports.material import Material
from reports.scores import least_count, show_count, show_percent
from reports.typography import Block, Span, set_line, set_text

PADDING, GUTTER = 4.0, 6.3
BOTTOM = 263.0
HEAD_GAP = 0.8
HALF = 50
MOST_NAMED = 2
#: From so many answers on a unit is tested against the others.
COMPARED_FROM = 10

Columns = Sequence[tuple[Block, Block]]


def set_quality(material: Material) -> Columns:
    """Set the three columns."""
    say = material.say
    weighting = "unweighted" if material.noted("unweighted") else "weighted"
    if material.noted("weighting_matters"):
        weighting = "weighting_matters"
    contents = (
        (say("brief.quality.answers"), _describe_answers(material)),
        (say("brief.quality.weighting"), (Span(say(f"brief.quality.{weighting}")),)),
        (say("brief.quality.limits"), _describe_limits(material)),
    )
    return _set_columns(contents)


def set_unit_quality(material: Material) -> Columns:
    """Set the three columns of a unit's brief: who answered, what may be compared, what cannot."""
    say = material.say
    counts = material.content["participation"]
    answers = say(
        "unit.quality.answers",
        invited=counts["invited"],
        valid=show_count(counts["valid"], say),
        rate=show_percent(counts["valid_rate"], say),
    )
    compared = "few" if least_count(counts["valid"]) < COMPARED_FROM else "tested"
    limits = say("unit.quality.limits")
    return _set_columns(
        (
            (say("brief.quality.answers"), (Span(answers),)),
            (say("unit.quality.comparing"), (Span(say(f"unit.quality.{compared}")),)),
            (say("brief.quality.limits"), (Span(limits),)),
        )
    )


def _set_columns(contents: Sequence[tuple[str, Sequence[Span]]]) -> Columns:
    width = (theme.TEXT_WIDTH - 2 * PADDING - 2 * GUTTER) / 3
    return [
        (set_line(head, theme.SMALL_HEAD, width), set_text(body, theme.SMALL, width))
        for head, body in contents
    ]


def quality_top(columns: Columns) -> float:
    """Return where the panel begins; it ends at a fixed height."""
    tallest = max(head.height + HEAD_GAP + body.height for head, body in columns)
    return BOTTOM - tallest - 2 * PADDING + 1.6


def draw_quality(document: Document, columns: Columns) -> None:
    """Draw the panel."""
    top = quality_top(columns)
    document.fill(theme.LEFT, top, theme.TEXT_WIDTH, BOTTOM - top, theme.TINT)
    x = theme.LEFT + PADDING
    for head, body in columns:
        y = document.text(head, x, top + PADDING - 1.2) + HEAD_GAP
        document.text(body, x, y)
        x += body.width + GUTTER


def _describe_answers(material: Material) -> tuple[Span, ...]:
    say = material.say
    text = _count_answers(material)
    reasons = _name_reasons(material)
    share = material.content["quality"].get("excluded_share")
    if reasons and share is not None:
        text += say("brief.quality.reasons", share=show_percent(share, say), reasons=reasons)
    else:
        text += say("brief.stop")
    if material.noted("exclusion_matters"):
        text += say("brief.quality.exclusion_matters")
    warning = _warn_of_copies(material) or _name_low_units(material)
    return (Span(text), *([Span(warning, bold=True, colour=theme.INK)] if warning else []))


def _describe_limits(material: Material) -> tuple[Span, ...]:
    """Say what holds for every wave, and that an open link cannot keep one person to one answer."""
    limits = Span(material.say("brief.quality.limits.text"))
    if not material.noted("open_access"):
        return (limits,)
    return (limits, Span(material.say("brief.quality.open_access")))


def _count_answers(material: Material) -> str:
    say = material.say
    counts = material.content["participation"]
    returned = show_count(counts["returned"], say)
    invited = counts["invited"]
    first = "brief.quality.no_roster" if invited is None else "brief.quality.invited"
    parts = [say(first, invited=invited), say("brief.quality.returned", returned=returned)]
    if counts["excluded"] is not None:
        parts.append(say("brief.quality.excluded", excluded=counts["excluded"]))
    return say("brief.comma").join(parts)


def _name_reasons(material: Material) -> str:
    """List the rules by which sheets were left out; nothing where the release hides the counts."""
    excluded: Mapping[str, Any] = material.content["quality"].get("excluded") or {}
    named = [
        material.say(f"brief.excluded.{rule}")
        for rule in ("incomplete", "under_1s", "all_same", "attention")
        if excluded.get(rule)
    ]
    return material.say("brief.list_separator").join(named)


def _warn_of_copies(material: Material) -> str:
    """Warn of sheets that equal one another and of units with more answers than people."""
    quality = material.content["quality"]
    if quality.get("crowded"):
        return material.say("brief.quality.crowded", count=len(quality["crowded"]))
    identical = quality.get("identical", 0)
    return material.say("brief.quality.identical", count=identical) if identical else ""


def _name_low_units(material: Material) -> str:
    """Warn of units in which fewer than half answered: by name if few, else by number."""
    units = material.content["participation"]["units"]
    low = [
        unit
        for unit in material.units
        if isinstance(units.get(unit, {}).get("valid_rate"), int)
        and units[unit]["valid_rate"] < HALF
    ]
    if not low:
        return ""
    if len(low) > MOST_NAMED or any(len(material.unit_words(unit)) > 12 for unit in low):
        return material.say("brief.quality.low_units", count=len(low))
    names = material.say("brief.list_separator").join(material.unit_words(unit) for unit in low)
    return material.say("brief.quality.low_named", units=names)
