"""四、单位比较: a heat map in the roster's order, how far units may be compared, where views differ."""

from collections.abc import Iterator, Sequence

from reports.blocks import Block, Drawing, Figure
from reports.charts.dot_whisker import DotGroup, DotRow, DotWhisker
from reports.charts.heat_map import MOST_ROW
from reports.findings.headline import dimension_name
from reports.findings.titles import title_units
from reports.full.draft import (
    WIDTH,
    body,
    cells,
    draw_pitched,
    head,
    listing,
    make_data,
    make_figure,
    make_table,
    see,
)
from reports.full.overall import show_ends
from reports.full.phrases import DASH, join
from reports.full.selection import MOST_ROWS, choose_units
from reports.material import Material
from reports.scores import Score
from reports.sections.score_figure import build_row, build_scale
from reports.sections.unit_figure import build_heat_map

ROW = 5.2
DOT_PITCH = 5.8
DIVIDED = ("divided", "polarised")


def write_units(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "units")
    if not material.units:
        yield body(say("brief.no_units.why"))
        return
    if not material.shown_units:
        yield body(say("report.units.hidden", hidden=say("brief.hidden")))
        return
    yield body(say("report.units.intro"))
    units = choose_units(material)
    if not material.is_single:
        for number in range(0, len(units), MOST_ROWS):
            yield _draw_heat(material, units[number : number + MOST_ROWS], number)
    if len(units) < len(material.units):
        yield body(
            say("report.units.rest", shown=len(units), rest=len(material.units) - len(units))
        )
    yield from _draw_dots(material, units)
    yield from _say_use(material)
    yield from _list_divided(material)


def _draw_heat(material: Material, units: Sequence[str], number: int) -> Figure:
    say = material.say
    chart = build_heat_map(material, units)
    heads = [name for group in chart.groups for name in group.columns]
    rows = []
    for row in chart.rows:
        printed = [cell.printed for cell in row.cells] or [DASH] * len(heads)
        rows.append((row.name, row.rate or DASH, *printed))
    weighting = "" if material.noted("unweighted") else say("brief.figure.units.unweighted")
    caption = say("brief.figure.units.heat", weighting=weighting)
    if any("suppressed" in material.content["units"][unit] for unit in units):
        caption += say("brief.figure.units.hidden", hidden=say("brief.hidden"))
    anchor = "figure-units" if not number else f"figure-units-{number}"
    title = title_units(material, material.units) if not number else say("report.units.more")

    return make_figure(
        anchor,
        title,
        caption,
        draw_pitched(WIDTH, chart.height, chart.draw, min(MOST_ROW, ROW)),
        title,
        make_data(
            anchor, "|".join((say("report.data.unit"), say("brief.unit.rate"), *heads)), rows
        ),
    )


def _draw_dots(material: Material, units: Sequence[str]) -> Iterator[Block]:
    """Draw every unit's index, or its one dimension; the order is the roster's, never a ranking."""
    say = material.say
    if material.index is None and not material.is_single:
        return
    name = material.index_name
    if material.is_single:
        name = material.name(material.dimensions[0].name)
    for number in range(0, len(units), MOST_ROWS):
        part = units[number : number + MOST_ROWS]
        rows = [_build_total(material)]
        rows += [_build_row(material, unit) for unit in part]
        anchor = "figure-unit-index" if not number else f"figure-unit-index-{number}"
        title = say("report.units.index.title", name=name)
        yield make_dots(material, anchor, title, say("report.units.index", name=name), rows)


def make_dots(
    material: Material, anchor: str, title: str, caption: str, rows: Sequence[DotRow]
) -> Figure:
    """Return a figure of dots with whiskers, one to a row."""
    chart = DotWhisker((DotGroup("", "", tuple(rows)),), build_scale(material), WIDTH)
    data = [(row.name, row.printed, *show_ends(material, row.interval)) for row in rows]
    drawing: Drawing = draw_pitched(WIDTH, chart.height, chart.draw, DOT_PITCH)
    heads = material.say("report.figure.scores.data")
    return make_figure(anchor, title, caption, drawing, title, make_data(anchor, heads, data))


def _build_total(material: Material) -> DotRow:
    score: Score = material.index or {}
    if material.is_single:
        score = material.dimension_score(material.dimensions[0].id)
    score = score.get("unweighted", score)
    return build_row(material.say("brief.unit.all"), score, material, is_strong=True)


def _build_row(material: Material, unit: str) -> DotRow:
    released = material.content["units"][unit]
    score: Score = released
    if "suppressed" not in released:
        dimension = material.dimensions[0].id
        score = released["dimensions"][dimension] if material.is_single else released["index"] or {}
    return build_row(material.unit_words(unit), score, material)


def build_unit_row(material: Material, unit: str, dimension: str) -> DotRow:
    """Return one unit's row on one dimension, or why it has none."""
    released = material.content["units"][unit]
    score = released if "suppressed" in released else released["dimensions"][dimension]
    return build_row(material.unit_words(unit), score, material)


def _say_use(material: Material) -> Iterator[Block]:
    """Say in words how far units differ at all on each dimension."""
    say = material.say
    found = material.content["quality"].get("resemblance", {})
    yield head(material, "comparable", 2)
    groups: dict[str, list[str]] = {}
    for one in material.dimensions:
        use = found.get(one.id, {}).get("use")
        if use is not None:
            groups.setdefault(use, []).append(material.name(one.name))
    if not groups:
        yield body(say("report.use.unknown"))
        return
    points = [
        (say(f"report.use.{use}", names=join(material, names)),) for use, names in groups.items()
    ]
    yield body(say("report.use"), see(material, "table-reliability"))
    yield listing(points)


def _list_divided(material: Material) -> Iterator[Block]:
    """List where the people of a unit see things very differently."""
    say = material.say
    yield head(material, "divided", 2)
    rows = []
    known = False
    listed = set(choose_units(material))
    for unit in material.shown_units:
        levels = {
            one.id: material.content["units"][unit]["dimensions"].get(one.id, {}).get("agreement")
            for one in material.dimensions
        }
        known = known or any(levels.values())
        names = [dimension_name(material, name) for name, how in levels.items() if how in DIVIDED]
        if names and unit in listed:
            rows.append(cells(material.unit_words(unit), join(material, names)))
    if not rows:
        yield body(say("report.divided.none" if known else "report.divided.unknown"))
        return
    yield body(say("report.divided"))
    yield make_table(
        "table-divided",
        say("report.divided.table"),
        say("report.divided.heads"),
        rows,
        (3, 9),
        "ll",
    )
