"""七、与成效的关联: how strongly each dimension goes with the outcomes, or why no order is given."""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.blocks import Block, Drawing, Figure
from reports.charts.interval_dots import IntervalDots, IntervalRow
from reports.charts.priority_matrix import HEIGHT, PriorityDot, PriorityMatrix
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
)
from reports.full.phrases import join, show_mean
from reports.material import Material
from reports.scores import has_mean

TICK = 5


def write_drivers(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "drivers")
    found = material.content["drivers"]
    if found is None or "reason" in found:
        yield body(say("report.drivers.none"))
        return
    yield lead(say("report.drivers.ranked" if found["ranked"] else _count_key(found)))
    yield body(say("report.drivers.intro", n=found["n"], share=f"{found['r2']:.2f}"))
    yield _draw_weights(material, found)
    if found["disagrees"]:
        yield body(say("report.drivers.disagrees"))
    placed = {name: one for name, one in found["dimensions"].items() if "quadrant" in one}
    if not placed:
        yield body(say("report.priorities.none"))
        return
    matrix = _draw_matrix(material, placed)
    if matrix is not None:
        yield matrix
    yield from _list_quadrants(material, placed)


def _count_key(found: Mapping[str, Any]) -> str:
    eight = len(found["dimensions"]) == 8
    return "report.drivers.unranked.eight" if eight else "report.drivers.unranked"


def _draw_weights(material: Material, found: Mapping[str, Any]) -> Figure:
    say = material.say
    rows = []
    order = [one.id for one in material.dimensions if one.id in found["dimensions"]]
    if found["ranked"]:
        order.sort(key=lambda name: -(found["dimensions"][name]["percent"] or 0.0))
    highest = 0.0
    for name in order:
        one = found["dimensions"][name]
        if one["percent"] is None:
            continue
        interval = one["ci95"]
        bounds = None if interval is None else (float(interval[0]), float(interval[1]))
        highest = max(highest, one["percent"], bounds[1] if bounds else 0.0)
        rows.append(
            IntervalRow(
                dimension_name(material, name),
                float(one["percent"]),
                bounds,
                f"{one['percent']:.1f}%",
                is_clear=one["level"] in {"strong", "weak"},
            )
        )
    top = (int(highest) // TICK + 1) * TICK
    ticks = tuple((float(place), f"{place}%") for place in range(0, top + 1, TICK))
    chart = IntervalDots(tuple(rows), ticks, 100 / len(order), say("report.drivers.even"), WIDTH)
    title = say("report.drivers.title.ranked" if found["ranked"] else "report.drivers.title")
    data = [(row.name, row.printed, _show_interval(material, row)) for row in rows]
    return make_figure(
        "figure-drivers",
        title,
        say("report.drivers.caption"),
        draw_chart(chart),
        title,
        make_data("figure-drivers", say("report.drivers.data"), data),
    )


def _show_interval(material: Material, row: IntervalRow) -> str:
    if row.interval is None:
        return "—"
    low, high = (f"{end:.1f}%" for end in row.interval)
    return material.say("brief.range", low=low, high=high)


def _draw_matrix(material: Material, placed: Mapping[str, Any]) -> Figure | None:
    """Draw the matrix; its lines are an even share and the middle of the printed scores."""
    say = material.say
    scores = {name: material.dimension_score(name) for name in placed}
    if not all(has_mean(score) for score in scores.values()):
        return None
    dots = tuple(
        PriorityDot(
            dimension_name(material, name),
            float(one["percent"]),
            float(scores[name]["mean"]),
            one["certain"],
        )
        for name, one in placed.items()
    )
    middle = sum(dot.score for dot in dots) / len(dots)
    corners = say("report.priorities.corners").split("|")
    chart = PriorityMatrix(
        dots,
        (100 / len(dots), middle),
        (corners[0], corners[1], corners[2], corners[3]),
        (say("report.priorities.across"), say("report.priorities.up")),
        WIDTH,
    )
    title = say("report.priorities.title")
    data = [
        (
            dimension_name(material, name),
            f"{one['percent']:.1f}%",
            show_mean(scores[name]),
            say(f"report.quadrant.{one['quadrant'] if one['certain'] else 'uncertain'}"),
        )
        for name, one in placed.items()
    ]
    return make_figure(
        "figure-priorities",
        title,
        say("report.priorities.caption"),
        Drawing(WIDTH, HEIGHT, chart.draw),
        title,
        make_data("figure-priorities", say("report.priorities.data"), data),
    )


def _list_quadrants(material: Material, placed: Mapping[str, Any]) -> Iterator[Block]:
    say = material.say
    groups: dict[str, list[str]] = {}
    for name, one in placed.items():
        key = one["quadrant"] if one["certain"] else "uncertain"
        groups.setdefault(key, []).append(dimension_name(material, name))
    order = [key for key in ("improve", "keep", "watch", "maintain", "uncertain") if key in groups]
    yield listing(
        [
            (
                say("report.term", term=say(f"report.quadrant.{key}")),
                join(material, groups[key]),
                say("brief.stop"),
            )
            for key in order
        ]
    )
