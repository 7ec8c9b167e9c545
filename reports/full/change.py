"""八、与上期比较: the same questions then and now, and what became of the items to be re-tested."""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.blocks import Block, Cell, Figure, Table
from reports.charts.interval_dots import IntervalDots, IntervalRow
from reports.findings.actions import RETEST
from reports.findings.headline import dimension_name
from reports.full.draft import (
    WIDTH,
    body,
    draw_chart,
    head,
    lead,
    listing,
    make_data,
    make_figure,
    make_table,
    see,
)
from reports.full.phrases import DASH, find_change, join, say_change
from reports.material import Material
from reports.punctuation import clean
from reports.scores import Score, has_shares, show_number, show_percent, show_signed

TICK, LEAST_REACH = 5, 10
MOVED = ("up", "down")
REASONS = ("other_questionnaire", "reorganised")


def write_change(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "change")
    change = material.content["change"]
    if change is None:
        first = material.noted("first_wave")
        yield body(say("report.change.first" if first else "report.change.unnamed"))
        return
    previous = clean(change["previous"].get("title") or change["previous"]["id"])
    if "reason" in change or "suppressed" in change:
        reason = change.get("reason", "hidden")
        key = reason if reason in REASONS else "other"
        yield body(say(f"report.change.not.{key}", previous=previous))
        return
    moved = change.get("index") or {}
    sentence = say_change(material, material.index_name, moved)
    if sentence:
        yield lead(sentence)
    basis = say(f"brief.change.basis.{change['basis']}")
    yield body(say("report.change.intro", previous=previous, basis=basis))
    rows = _build_rows(material, change)
    if rows:
        yield _draw_changes(material, rows)
        yield from _say_moved(material, change)
    yield from _say_left_out(material, change)
    yield head(material, "retest", 2)
    yield body(say("report.retest"), see(material, "ledger"))
    yield _list_retests(material)


def _build_rows(material: Material, change: Mapping[str, Any]) -> list[IntervalRow]:
    rows = []
    index = change.get("index")
    if index is not None:
        rows.append(_build_row(material, material.index_name, index, is_first=False))
    for block in material.blocks:
        names = [one.id for one in material.dimensions if one.block == block.id]
        found = [
            (name, change["dimensions"][name]) for name in names if name in change["dimensions"]
        ]
        for place, (name, moved) in enumerate(found):
            rows.append(
                _build_row(material, dimension_name(material, name), moved, is_first=place == 0)
            )
    return rows


def _build_row(material: Material, name: str, moved: Score, *, is_first: bool) -> IntervalRow:
    direction = moved.get("direction")
    if moved.get("difference") is None:
        key = "report.change.unknown"
        if direction is not None:
            key = f"brief.kpi.change.{'none' if direction == 'none' else f'{direction}_only'}"
        printed = material.say(key)
        return IntervalRow(
            name, None, None, printed, direction in MOVED, direction or "", starts_group=is_first
        )
    interval = moved.get("ci95")
    bounds = None if interval is None else (float(interval[0]), float(interval[1]))
    printed = show_signed(moved["difference"])
    return IntervalRow(
        name, float(moved["difference"]), bounds, printed, direction in MOVED, "", is_first
    )


def _draw_changes(material: Material, rows: list[IntervalRow]) -> Figure:
    say = material.say
    ends = [abs(end) for row in rows for end in (row.interval or (row.value or 0.0,))]
    reach = max(LEAST_REACH, (int(max(ends)) // TICK + 1) * TICK)
    step = TICK if reach <= 4 * TICK else 2 * TICK
    reach = -(-reach // step) * step
    ticks = tuple((float(place), show_signed(place)) for place in range(-reach, reach + 1, step))
    chart = IntervalDots(tuple(rows), ticks, 0.0, say("report.change.line"), WIDTH)
    clear = sum(row.is_clear for row in rows)
    title = say("report.change.title", count=clear) if clear else say("report.change.title.none")
    data = [(row.name, row.printed, _show_interval(material, row)) for row in rows]
    return make_figure(
        "figure-change",
        title,
        say("report.change.caption"),
        draw_chart(chart),
        title,
        make_data("figure-change", say("report.change.data"), data),
    )


def _show_interval(material: Material, row: IntervalRow) -> str:
    if row.interval is None:
        return DASH
    low, high = (f"{'−' if end < 0 else ''}{show_number(abs(end))}" for end in row.interval)
    return material.say("brief.range", low=low, high=high)


def _say_moved(material: Material, change: Mapping[str, Any]) -> Iterator[Block]:
    sentences = [
        (say_change(material, dimension_name(material, one.id), found),)
        for one in material.dimensions
        if (found := change["dimensions"].get(one.id, {})).get("direction") in MOVED
    ]
    if sentences:
        yield listing(sentences)


def _say_left_out(material: Material, change: Mapping[str, Any]) -> Iterator[Block]:
    asked = {one.id for one in material.dimensions}
    names = [dimension_name(material, name) for name in change["left_out"] if name in asked]
    if names:
        yield body(material.say("report.change.left_out", names=join(material, names)))


def _list_retests(material: Material) -> Table:
    """List every item that may have been named for a re-test: its share then and now."""
    say = material.say
    then = (material.content["change"] or {}).get("previous", {}).get("favourable", {})
    asked = {item.id: item for item in material.items}
    rows = []
    for one in material.dimensions:
        item = asked.get(RETEST.get(one.id, ""))
        if item is None:
            continue
        score = material.item_score(item.id)
        share = show_percent(score["favourable"], say) if has_shares(score) else DASH
        moved = _say_briefly(material, find_change(material, one.id))
        rows.append(
            (
                Cell(material.name(one.name)),
                Cell(material.item_words(item)),
                Cell(show_percent(then[item.id], say) if item.id in then else DASH),
                Cell(share),
                Cell(moved),
                Cell("□"),
            )
        )
    return make_table(
        "table-retest",
        say("report.retest.table"),
        say("report.retest.heads"),
        rows,
        (20, 34, 11, 11, 15, 13),
        "llrrlc",
        [say("report.retest.note")],
    )


def _say_briefly(material: Material, moved: Score) -> str:
    say, direction = material.say, moved.get("direction")
    if direction is None:
        return DASH
    if direction == "none":
        return say("brief.kpi.change.none")
    if moved.get("difference") is None:
        return say(f"brief.kpi.change.{direction}_only")
    points = show_number(abs(moved["difference"]))
    return say(f"report.moved.{direction}", points=points)
