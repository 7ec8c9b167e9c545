"""六、管理者与一线的看法差距: rings and dots, every gap with its range, and what is self-rated."""

from collections.abc import Iterator

from reports.blocks import Block, Figure, Table
from reports.charts.dumbbell import Dumbbell
from reports.charts.rank_dots import RankDots, RankRow
from reports.findings.gaps import Gap, find_gaps, say_bounds
from reports.findings.headline import dimension_name
from reports.findings.titles import title_gaps
from reports.full.draft import (
    WIDTH,
    body,
    cells,
    draw_chart,
    draw_pitched,
    head,
    listing,
    make_data,
    make_figure,
    make_table,
    see,
)
from reports.full.phrases import DASH, join, say_gap
from reports.material import Material
from reports.scores import has_mean, show_number, show_signed
from reports.sections.gap_figure import build_gap_row
from reports.sections.score_figure import build_scale

PITCH = 9.8
MOST_SAID = 5
THREE = ("frontline", "key_staff", "manager")


def write_ranks(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "ranks")
    gaps = find_gaps(material)
    if not gaps:
        yield body(say("report.ranks.none"))
        return
    yield body(say("report.ranks.intro"), see(material, "table-gaps"))
    yield _draw_gaps(material, gaps)
    flagged = [gap for gap in gaps if gap.is_flagged]
    if flagged:
        yield listing([(say_gap(material, gap),) for gap in flagged[:MOST_SAID]])
        yield body(say("report.ranks.self"))
    else:
        yield body(say("report.ranks.level"))
    three = _draw_three(material)
    yield body(say("report.ranks.two")) if three is None else three
    yield _list_gaps(material, gaps)
    yield from _list_own(material)
    yield from _list_unfamiliar(material)


def _draw_gaps(material: Material, gaps: list[Gap]) -> Figure:
    say = material.say
    rows = tuple(build_gap_row(material, gap) for gap in gaps)
    chart = Dumbbell(rows, build_scale(material), WIDTH)
    front, leading = (
        material.role_words(key) for key in (material.front_line_role, material.leading_role)
    )
    data = [(row.name, row.ring.printed, row.dot.printed, row.note) for row in rows]
    title = title_gaps(material)
    return make_figure(
        "figure-gaps",
        title,
        say("brief.figure.gaps.caption", ring=front, dot=leading),
        draw_pitched(WIDTH, chart.height, chart.draw, PITCH),
        title,
        make_data(
            "figure-gaps",
            "|".join((say("report.data.what"), front, leading, say("report.data.gap"))),
            data,
        ),
    )


def _draw_three(material: Material) -> Figure | None:
    """Draw the three ranks apart, where each may be shown on every dimension."""
    say = material.say
    if not all(key in material.content["roles"] for key in THREE):
        return None
    rows = []
    for one in material.dimensions:
        scores = [material.role_score(key, one.id) for key in THREE]
        if not all(has_mean(score) for score in scores):
            return None
        front, key, managers = scores
        rows.append(
            RankRow(
                material.name(one.name),
                (float(front["mean"]), float(key["mean"]), float(managers["mean"])),
                (
                    show_number(front["mean"]),
                    show_number(key["mean"]),
                    show_number(managers["mean"]),
                ),
            )
        )
    names = [material.role_words(key) for key in THREE]
    heads = (f"○{names[0]}", f"▲{names[1]}", f"●{names[2]}")
    chart = RankDots(tuple(rows), heads, build_scale(material), WIDTH)
    return make_figure(
        "figure-ranks",
        say("report.ranks.three.title"),
        say("report.ranks.three"),
        draw_chart(chart),
        say("report.ranks.three.title"),
        make_data(
            "figure-ranks",
            "|".join((say("report.data.what"), *names)),
            [(row.name, *row.printed) for row in rows],
        ),
    )


def _list_gaps(material: Material, gaps: list[Gap]) -> Table:
    say = material.say
    rows = []
    for gap in gaps:
        size = gap.released.get("size")
        found = gap.released.get("direction")
        rows.append(
            cells(
                dimension_name(material, gap.dimension),
                show_number(gap.leading["mean"]),
                show_number(gap.front_line["mean"]),
                show_signed(gap.difference),
                say_bounds(gap, say) or DASH,
                say(f"brief.gap.size.{size}") if size else DASH,
                say(f"report.beyond.{'yes' if found in {'up', 'down'} else 'no'}")
                if found
                else DASH,
                strong=gap.is_flagged,
            )
        )
    leading, front = (
        material.role_words(key) for key in (material.leading_role, material.front_line_role)
    )
    return make_table(
        "table-gaps",
        say("report.gaps.table", leading=leading, front=front),
        say("report.gaps.heads", leading=leading, front=front),
        rows,
        (22, 13, 11, 9, 16, 9, 10),
        "lrrrrcc",
        [say("report.gaps.note"), say("brief.reading.rounding.text")],
    )


def _list_own(material: Material) -> Iterator[Block]:
    """List the items in which a manager speaks of himself: self-rating against others' view."""
    say = material.say
    own = [item for item in material.items if "manager" in item.variants]
    if not own:
        return
    yield head(material, "own", 2)
    yield body(say("report.own", count=len(own)))
    rows = [
        cells(item.wording(material.lang), item.wording(material.lang, "manager")) for item in own
    ]
    yield make_table(
        "table-own", say("report.own.table"), say("report.own.heads"), rows, (1, 1), "ll"
    )


def _list_unfamiliar(material: Material) -> Iterator[Block]:
    say = material.say
    asked = {item.id: item for item in material.items}
    for role, names in material.content["quality"].get("unfamiliar", {}).items():
        known = [material.item_words(asked[name]) for name in names if name in asked]
        if known:
            texts = join(material, [say("brief.actions.quote", quote=text) for text in known])
            yield body(say("report.unfamiliar", role=material.role_words(role), items=texts))
