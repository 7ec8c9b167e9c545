"""Figure 2: the units in the roster's order, every shown score as a number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports import theme
from reports.charts.dot_whisker import DotGroup, DotRow, DotWhisker
from reports.charts.heat_map import (
    LEAST_ROW,
    MOST_ROW,
    HeatCell,
    HeatGroup,
    HeatMap,
    HeatRow,
)
from reports.document import Document
from reports.findings.titles import title_units
from reports.material import Material
from reports.scores import Score, has_mean, say_absence, show_number, show_percent
from reports.sections.captions import set_caption, set_title
from reports.sections.score_figure import build_row, build_scale
from reports.stacking import Part
from reports.typography import Block, set_text

CAPTION_GAP, TITLE_GAP = 1.8, 2.0
#: No row of either chart is lower than this.
LEAST_PITCH = 4.6
LEAST_DOT, MOST_DOT = 5.2, 7.4


@dataclass(frozen=True)
class UnitFigure:
    """The figure, whether it holds every unit, or at least all of the upper levels."""

    part: Part
    is_complete: bool
    is_level: bool = True


def build_unit_figure(material: Material, number: int, room: float) -> UnitFigure:
    """Return the figure with as many units as ``room`` holds; there must be some.

    Units left out are counted in the caption, never silently.
    """
    units = material.units
    title = set_title(_write_title(material), theme.TEXT_WIDTH)
    shown: Sequence[str] = units
    for shown in _list_levels(material):
        if len(shown) * LEAST_PITCH <= room:
            part = _build_part(material, shown, title, _set_caption(material, number, len(shown)))
            if part.least <= room:
                return UnitFigure(part, len(shown) == len(units))
    count = max(1, min(len(shown), int(room / LEAST_PITCH)))
    while True:
        caption = _set_caption(material, number, count)
        part = _build_part(material, shown[:count], title, caption)
        if part.least <= room or count == 1:
            return UnitFigure(part, is_complete=False, is_level=False)
        count -= 1


def _list_levels(material: Material) -> Iterator[list[str]]:
    """Yield all units, then without the lowest level, and so on up to the highest alone."""
    units = list(material.units)
    depths = {unit: material.depth_of(unit) for unit in units}
    for deepest in range(max(depths.values()), -1, -1):
        yield [unit for unit in units if depths[unit] <= deepest]


def build_context_part(material: Material, units: Sequence[str], number: int) -> Part:
    """Return the same figure of a few units, the whole above them without weights as they are."""
    text = material.say("unit.context.caption")
    caption = set_caption(material.say("brief.figure", number=number), text, theme.TEXT_WIDTH)
    title = set_title(material.say("unit.context.title"), theme.TEXT_WIDTH)
    return _build_part(material, units, title, caption, is_plain=True)


def _write_title(material: Material) -> str:
    return (
        material.say("brief.figure.units")
        if material.is_single
        else title_units(material, material.units)
    )


def describe_missing_units(material: Material) -> Part:
    """Return one sentence in place of the figure: the wave has no roster."""
    title = set_title(material.say("brief.no_units"), theme.TEXT_WIDTH)
    block = set_text(material.say("brief.no_units.why"), theme.SMALL, theme.TEXT_WIDTH)
    height = title.height + TITLE_GAP + block.height

    def draw(document: Document, top: float, _height: float) -> None:
        y = document.text(title, theme.LEFT, top) + TITLE_GAP
        document.text(block, theme.LEFT, y)

    return Part(height, height, draw)


def _build_part(
    material: Material,
    units: Sequence[str],
    title: Block,
    caption: Block,
    *,
    is_plain: bool = False,
) -> Part:
    if material.is_single:
        return _make_dot_part(_build_dots(material, units), title, caption)
    return _make_heat_part(build_heat_map(material, units, is_plain=is_plain), title, caption)


def _make_heat_part(chart: HeatMap, title: Block, caption: Block) -> Part:
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height
    least, most = chart.height(LEAST_ROW), chart.height(MOST_ROW)

    def draw(document: Document, top: float, height: float) -> None:
        share = (height - frame - least) / (most - least)
        unit = LEAST_ROW + share * (MOST_ROW - LEAST_ROW)
        y = document.text(title, theme.LEFT, top) + TITLE_GAP
        y = chart.draw(document, theme.LEFT, y, unit)
        document.text(caption, theme.LEFT, y + CAPTION_GAP)

    return Part(least + frame, most + frame, draw)


def _make_dot_part(chart: DotWhisker, title: Block, caption: Block) -> Part:
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, theme.LEFT, top) + TITLE_GAP
        pitch = chart.fit_pitch(height - frame, MOST_DOT)
        y = chart.draw(document, theme.LEFT, y, pitch)
        document.text(caption, theme.LEFT, y + CAPTION_GAP)

    return Part(chart.height(LEAST_DOT) + frame, chart.height(MOST_DOT) + frame, draw)


def _set_caption(material: Material, number: int, shown: int) -> Block:
    say = material.say
    units = material.units
    weighting = "" if material.noted("unweighted") else say("brief.figure.units.unweighted")
    kind = "dots" if material.is_single else "heat"
    text = say(f"brief.figure.units.{kind}", weighting=weighting)
    if any("suppressed" in material.content["units"][unit] for unit in units):
        text += say("brief.figure.units.hidden", hidden=say("brief.hidden"))
    if shown < len(units):
        text += say("brief.figure.units.rest", shown=shown, rest=len(units) - shown)
    return set_caption(say("brief.figure", number=number), text, theme.TEXT_WIDTH)


def _build_dots(material: Material, units: Sequence[str]) -> DotWhisker:
    dimension = material.dimensions[0].id
    total = build_row(
        material.say("brief.unit.all"),
        material.dimension_score(dimension),
        material,
        is_strong=True,
    )
    rows: list[DotRow] = [total]
    for unit in units:
        released: dict[str, Any] = material.content["units"][unit]
        score = released if "suppressed" in released else released["dimensions"][dimension]
        rows.append(build_row(material.unit_words(unit), score, material))
    return DotWhisker((DotGroup("", "", tuple(rows)),), build_scale(material), theme.TEXT_WIDTH)


def build_heat_map(material: Material, units: Sequence[str], *, is_plain: bool = False) -> HeatMap:
    """Return the chart of some units under the whole, in plain means if ``is_plain``."""
    groups = tuple(
        HeatGroup(
            material.name(block.name),
            tuple(material.name(d.name) for d in material.dimensions if d.block == block.id),
        )
        for block in material.blocks
    )
    rows = (
        _build_total(material, is_plain=is_plain),
        *(_build_unit(material, unit) for unit in units),
    )
    return HeatMap(groups, rows, material.say("brief.unit.rate"), theme.TEXT_WIDTH)


def _build_total(material: Material, *, is_plain: bool) -> HeatRow:
    rate = material.content["participation"]["valid_rate"]
    printed = "" if rate is None else show_percent(rate, material.say)
    scores = material.content["dimensions"]
    if is_plain:
        scores = {name: score.get("unweighted", score) for name, score in scores.items()}
    cells = _build_cells(material, scores)
    return HeatRow(material.say("brief.unit.all"), printed, cells, is_total=True)


def _build_unit(material: Material, unit: str) -> HeatRow:
    depth = material.depth_of(unit)
    name = material.short_words(unit) if depth else material.unit_words(unit)
    released = material.content["units"][unit]
    if "suppressed" in released:
        absence = say_absence(released, material.say)
        return HeatRow(name, "", (), absence, depth=depth)
    counts = material.content["participation"]["units"].get(unit, {})
    rate = counts.get("valid_rate")
    printed = "" if rate is None else show_percent(rate, material.say)
    cells = _build_cells(material, released["dimensions"])
    return HeatRow(name, printed, cells, depth=depth)


def _build_cells(material: Material, scores: dict[str, Score]) -> tuple[HeatCell, ...]:
    """Return one cell for each column; a hidden score prints a dash."""
    columns = [d.id for b in material.blocks for d in material.dimensions if d.block == b.id]
    return tuple(_build_cell(scores.get(column, {})) for column in columns)


def _build_cell(score: Score) -> HeatCell:
    if not has_mean(score):
        return HeatCell(None, "—")
    return HeatCell(float(score["mean"]), show_number(score["mean"]), score.get("mark", ""))
