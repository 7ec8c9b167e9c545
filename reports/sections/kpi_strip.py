"""Four numbers under the headline: the index, who answered, the change, and one more."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import theme
from reports.document import Document
from reports.findings.bands import say_band
from reports.findings.conclusions import FEW
from reports.findings.gaps import Gap, find_flagged, say_bounds
from reports.findings.headline import block_name, dimension_name, find_lowest_block
from reports.findings.ranking import rank_by_mean
from reports.material import Material
from reports.scores import (
    Score,
    has_mean,
    least_count,
    say_absence,
    show_count,
    show_interval,
    show_number,
    show_percent,
    show_signed,
)
from reports.typography import Block, set_line, set_text, shorten
from survey_service.i18n import Words

GAP = 6.4
LABEL_TOP, FIGURE_TOP, LINES_TOP = 2.6, 7.6, 18.6
BOTTOM_ROOM = 2.6
MOST_LABEL = 36.0
UNIT_GAP = 1.6
NOTHING = "—"


@dataclass(frozen=True)
class Box:
    """One box: its label, the number (or words) set large, what follows it, and small lines."""

    label: str
    figure: str
    unit: str
    lines: tuple[str, ...]
    is_words: bool = False
    is_first: bool = False

    @property
    def style(self) -> theme.Style:
        """Return how the large text is set."""
        style = theme.KPI_WORDS if self.is_words else theme.KPI_FIGURE
        return style.coloured(theme.BLUE) if self.is_first else style

    @property
    def least_width(self) -> float:
        """Return the width below which the label or the figure would not fit."""
        figure = set_line(self.figure, self.style).width + set_line(self.unit, theme.KPI_UNIT).width
        return max(min(set_line(self.label, theme.KPI_LABEL).width, MOST_LABEL), figure + UNIT_GAP)

    @property
    def natural_width(self) -> float:
        """Return the width at which no line breaks."""
        lines = [set_line(line, theme.KPI_LINE).width for line in self.lines]
        return max([self.least_width, *lines])


def build_boxes(material: Material) -> tuple[Box, Box, Box, Box]:
    """Return the four boxes."""
    return (
        _build_score(material),
        _build_answers(material),
        _build_change(material),
        _build_last(material),
    )


def _build_last(material: Material) -> Box:
    """Show what the page has most need of: the widest gap, the whole beside a unit, the lowest block."""
    if material.whole is not None:
        return _build_whole(material, material.whole)
    gap = find_flagged(material)
    if gap is not None and not material.is_single:
        return _build_gap(material, gap)
    return _build_lowest(material) or _build_excluded(material)


def draw_kpi_strip(document: Document, material: Material, top: float) -> float:
    """Draw the strip and return where it ends."""
    boxes = build_boxes(material)
    widths = _share_width(boxes)
    lines = [
        [set_text(line, theme.KPI_LINE, width) for line in box.lines]
        for box, width in zip(boxes, widths, strict=True)
    ]
    tallest = max(sum(line.height for line in column) for column in lines)
    bottom = top + LINES_TOP + tallest + BOTTOM_ROOM
    document.rule(theme.LEFT, theme.RIGHT, top, theme.HEAVY_RULE)
    x = theme.LEFT
    for number, (box, width) in enumerate(zip(boxes, widths, strict=True)):
        if number:
            edge = x - GAP / 2
            document.line((edge, top + 4), (edge, bottom - 4), theme.FINE_RULE, theme.HAIRLINE)
        _draw_box(document, box, lines[number], width, (x, top))
        x += width + GAP
    document.rule(theme.LEFT, theme.RIGHT, bottom)
    return bottom


def _draw_box(
    document: Document, box: Box, lines: Sequence[Block], width: float, place: tuple[float, float]
) -> None:
    left, top = place
    label = shorten(box.label, theme.KPI_LABEL, width)
    document.text(set_line(label, theme.KPI_LABEL), left, top + LABEL_TOP)
    unit = set_line(box.unit, theme.KPI_UNIT)
    free = width - unit.width - (UNIT_GAP if box.unit else 0.0)
    natural = set_line(box.figure, box.style)
    size = box.style.size * min(1.0, free / natural.width)
    figure = set_line(box.figure, box.style.resized(size))
    baseline = top + FIGURE_TOP + set_line("0", theme.KPI_FIGURE).baseline
    document.text(figure, left, baseline - figure.baseline)
    document.text(unit, left + figure.width + UNIT_GAP, baseline - unit.baseline)
    y = top + LINES_TOP
    for line in lines:
        y = document.text(line, left, y)


def _share_width(boxes: Sequence[Box]) -> list[float]:
    """Give each box its natural width; too little room takes from the lines, never from figures."""
    room = theme.TEXT_WIDTH - GAP * (len(boxes) - 1)
    natural = [box.natural_width for box in boxes]
    least = [box.least_width for box in boxes]
    spare = room - sum(natural)
    if sum(least) > room:
        return [width * room / sum(least) for width in least]
    if spare >= 0:
        return [width + spare / len(boxes) for width in natural]
    give = sum(natural) - sum(least)
    part = min(1.0, -spare / give) if give else 0.0
    return [wide - part * (wide - low) for wide, low in zip(natural, least, strict=True)]


def _build_score(material: Material) -> Box:
    """Show the index, or the one dimension of a deep dive."""
    say = material.say
    score = material.index
    if score is None and not material.is_single:
        label = say("brief.kpi.index")
        return Box(label, NOTHING, "", (say("brief.kpi.no_index"),), is_first=True)
    if score is None:
        dimension = material.dimensions[0]
        label, score = material.name(dimension.name), material.dimension_score(dimension.id)
    else:
        label = material.index_name
    if not has_mean(score):
        return Box(label, NOTHING, "", (say_absence(score, say),), is_first=True)
    figure = show_number(score["mean"])
    return Box(label, figure, say("brief.kpi.of_100"), _describe(material, score), is_first=True)


def _describe(material: Material, score: Score) -> tuple[str, ...]:
    say = material.say
    interval = show_interval(score, say)
    weighting = say(
        "brief.kpi.unweighted" if material.noted("unweighted") else "brief.kpi.weighted"
    )
    first = (
        weighting
        if interval is None
        else say("brief.kpi.range", range=interval, weighting=weighting)
    )
    if least_count(score["n"]) < FEW:
        return first, say("brief.kpi.small", n=show_count(score["n"], say))
    return first, say_band(material, score)


def _build_answers(material: Material) -> Box:
    say = material.say
    counts = material.content["participation"]
    valid = show_count(counts["valid"], say)
    returned = _say_returned(material)
    label = say("brief.kpi.valid")
    if counts["invited"] is None:
        return Box(label, valid, say("brief.kpi.sheets"), (returned, say("brief.kpi.no_roster")))
    rate = say("brief.kpi.valid_rate", rate=show_percent(counts["valid_rate"], say))
    unit = say("brief.kpi.of_invited", invited=counts["invited"])
    is_band = isinstance(counts["valid"], str)
    return Box(label, valid, unit, (rate, returned), is_words=is_band)


def _say_returned(material: Material) -> str:
    """Say how many came back; a tiny wave gives a band and keeps the excluded to itself."""
    counts = material.content["participation"]
    if counts["returned"] is None:
        return material.say("brief.kpi.unit_valid")
    returned = show_count(counts["returned"], material.say)
    if counts["excluded"] is None:
        return material.say("brief.kpi.returned_only", returned=returned)
    return material.say("brief.kpi.returned", returned=returned, excluded=counts["excluded"])


def _build_change(material: Material) -> Box:
    """Show how the index moved since the wave before, or say why nothing is compared."""
    say = material.say
    label, change = say("brief.kpi.change"), material.content["change"]
    if change is None:
        key = "first_wave" if material.noted("first_wave") else "not_compared"
        figure, why = say(f"brief.kpi.{key}"), say(f"brief.kpi.{key}.why")
        return Box(label, figure, "", (why,), is_words=True)
    reason = _why_unlike(material, change)
    if reason is not None:
        why = say(f"brief.kpi.change.{reason}")
        return Box(label, say("brief.kpi.change.unlike"), "", (why,), is_words=True)
    moved = _find_moved(material, change)
    if moved.get("direction") in {"up", "down"} and "difference" not in moved:
        figure = say(f"brief.kpi.change.{moved['direction']}_only")
        return Box(label, figure, "", (say("brief.kpi.change.direction_only"),), is_words=True)
    basis = say(f"brief.change.basis.{change['basis']}")
    if moved.get("direction") == "none":
        return Box(
            label, say("brief.kpi.change.none"), "", _say_steady(moved, basis, say), is_words=True
        )
    lines = []
    if moved["ci95"] is not None:
        low, high = (show_signed(end) for end in moved["ci95"])
        lines.append(say("brief.kpi.change.range", range=say("brief.range", low=low, high=high)))
    lines.append(basis)
    if moved.get("direction") is not None:
        lines.append(say(f"brief.kpi.change.{moved['direction']}"))
    return Box(label, show_signed(moved["difference"]), say("brief.points"), tuple(lines))


def _say_steady(moved: Score, basis: str, say: Words) -> tuple[str, ...]:
    """Say a change that is none in small type: its words stand large, its number must not."""
    if moved.get("difference") is None:
        return (say("brief.kpi.change.within"),)
    points = show_signed(moved["difference"])
    return (
        say("brief.kpi.change.points", points=points, basis=basis),
        say("brief.kpi.change.within"),
    )


def _build_gap(material: Material, gap: Gap) -> Box:
    """Show the widest gap between the ranks that is beyond error."""
    say = material.say
    ends = (gap.leading, gap.front_line) if gap.difference > 0 else (gap.front_line, gap.leading)
    high, low = (show_number(end["mean"]) for end in ends)
    name = dimension_name(material, gap.dimension)
    bounds = say_bounds(gap, say)
    return Box(
        say("brief.kpi.gap"),
        show_number(abs(gap.difference)),
        say("brief.points"),
        (
            name,
            say("brief.kpi.gap.ends", high=high, low=low),
            *([] if bounds is None else [say("brief.kpi.lowest_range", range=bounds)]),
        ),
    )


def _build_whole(material: Material, whole: Material) -> Box:
    """Show the whole beside a unit: a point of reference, not a mark to be reached."""
    say = material.say
    score = whole.index if not whole.is_single else whole.dimension_score(whole.dimensions[0].id)
    label = say("brief.kpi.whole")
    if score is None or not has_mean(score):
        return Box(label, NOTHING, "", (say("brief.kpi.no_index"),))
    plain = score.get("unweighted", score)
    interval = show_interval(plain, say) or ""
    lines = [say("brief.kpi.lowest_range", range=interval)] if interval else []
    parent = whole.parent_of(material.unit)
    if parent is not None:
        above = whole.for_unit(parent).index or {}
        if has_mean(above):
            mean = show_number(above["mean"])
            lines.append(say("brief.score_of", name=whole.unit_words(parent), mean=mean))
    return Box(
        label, show_number(plain["mean"]), say("brief.points"), (say("brief.kpi.reference"), *lines)
    )


def _find_moved(material: Material, change: Score) -> Score:
    """Return the change of the index, or of the one dimension of a deep dive; empty if none."""
    if not material.is_single:
        return change.get("index") or {}
    found: Score = change.get("dimensions", {}).get(material.dimensions[0].id, {})
    return found


def _why_unlike(material: Material, change: Score) -> str | None:
    """Say why nothing is compared: the release's reason, or that the figure is missing."""
    if "suppressed" in change:
        return "hidden"
    if "reason" in change:
        return str(change["reason"])
    moved = _find_moved(material, change)
    if moved.get("difference") is not None or moved.get("direction") is not None:
        return None
    if "suppressed" in moved:
        return "hidden"
    if moved:
        return "few"
    return "other_questionnaire" if change["left_out"] else "no_index"


def _build_lowest(material: Material) -> Box | None:
    """Show the lowest block, if its interval lies below every other."""
    lowest = find_lowest_block(material)
    if lowest is None:
        return None
    say = material.say
    others = rank_by_mean((block.id, material.block_score(block.id)) for block in material.blocks)
    lines = [
        say(
            "brief.score_of",
            name=block_name(material, row.id),
            mean=show_number(row.score["mean"]),
        )
        for row in reversed(others)
        if row.id != lowest
    ]
    score = material.block_score(lowest)
    interval = show_interval(score, say)
    listed = say("brief.list_separator").join(lines)
    return Box(
        say("brief.kpi.lowest", block=block_name(material, lowest)),
        show_number(score["mean"]),
        say("brief.points"),
        (say("brief.kpi.lowest_range", range=interval), listed),
    )


def _build_excluded(material: Material) -> Box:
    """Show how many sheets were left out; in a tiny wave, how far its numbers can be trusted."""
    say = material.say
    excluded = material.content["participation"]["excluded"]
    share = material.content["quality"].get("excluded_share")
    if excluded is None or share is None:
        key = "small" if material.shows_scores else "hidden"
        figure, line = say(f"brief.kpi.trust.{key}"), say(f"brief.kpi.trust.{key}.why")
        return Box(say("brief.kpi.trust"), figure, "", (line,), is_words=True)
    return Box(
        say("brief.kpi.excluded"),
        show_count(excluded, say),
        say("brief.kpi.sheets"),
        (
            say("brief.kpi.excluded_share", share=show_percent(share, say)),
            say("brief.kpi.excluded_why"),
        ),
    )
