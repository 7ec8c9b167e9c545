"""三、总体得分: the index with its arithmetic, the dimensions, and how the answers divide."""

from collections.abc import Iterator

from reports.blocks import Block, Cell, Figure, Table
from reports.charts.share_bars import ShareBars, ShareGroup
from reports.findings.headline import write_headline
from reports.findings.titles import title_scores, title_shares
from reports.full.draft import (
    WIDTH,
    body,
    cells,
    draw_pitched,
    head,
    lead,
    make_data,
    make_figure,
    make_table,
    see,
)
from reports.full.participation import is_census
from reports.full.phrases import say_score, show_mean, show_people, show_range, show_share
from reports.material import Material
from reports.scores import Score, has_mean, show_number
from reports.sections.score_figure import build_score_chart
from reports.sections.share_figure import group_dimensions, group_items

SCORE_PITCH, SHARE_PITCH = 6.8, 6.2
SHARES = ("favourable", "neutral", "unfavourable")


def write_overall(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "scores")
    if not material.shows_scores:
        yield body(say("report.scores.hidden", hidden=say("brief.hidden")))
        return
    if material.index is None:
        yield lead("".join(write_headline(material)))
        yield body(say("report.index.none"))
    else:
        yield lead(say_score(material, material.index_name, material.index))
        yield from _add_up(material)
    if is_census(material):
        yield body(say("report.census"))
    yield _draw_scores(material)
    shares = draw_shares(material)
    if shares is not None:
        yield shares
    if not material.is_single:
        yield _list_scores(material)
    else:
        yield body(say("report.scores.items"), see(material, "table-items"))


def _add_up(material: Material) -> Iterator[Block]:
    """Show how the index is made from its blocks, so that a reader can add it up again."""
    say, index = material.say, material.index or {}
    scores = [(block, material.block_score(block.id)) for block in material.blocks]
    if not has_mean(index) or not all(has_mean(score) for _, score in scores):
        return
    parts = [
        say(
            "report.index.part",
            weight=f"{block.weight:.2f}",
            name=material.name(block.name),
            mean=show_number(score["mean"]),
        )
        for block, score in scores
    ]
    arithmetic = say(
        "report.index.sum",
        name=material.index_name,
        parts=say("report.plus").join(parts),
        mean=show_number(index["mean"]),
    )
    yield body(arithmetic, say("brief.reading.rounding.text"), say("report.index.why"))


def _draw_scores(material: Material) -> Figure:
    say = material.say
    chart = build_score_chart(material, WIDTH)
    rows = [
        (row.name, row.printed, *(show_ends(material, row.interval)))
        for group in chart.groups
        for row in group.rows
    ]
    title = title_scores(material)
    return make_figure(
        "figure-scores",
        title,
        say("report.figure.items" if material.is_single else "report.figure.scores"),
        draw_pitched(WIDTH, chart.height, chart.draw, SCORE_PITCH),
        title,
        make_data("figure-scores", say("report.figure.scores.data"), rows),
    )


def show_ends(material: Material, interval: tuple[float, float] | None) -> tuple[str]:
    """Print an interval of a chart for the table of its data."""
    if interval is None:
        return ("—",)
    low, high = interval
    return (material.say("brief.range", low=f"{low:g}", high=f"{high:g}"),)


def draw_shares(material: Material) -> Figure | None:
    """Return the figure of the dimensions' shares, or of the items of a deep dive."""
    of_items = material.is_single
    groups = group_items(material) if of_items else group_dimensions(material)
    title = title_shares(material, of_items=of_items)
    kind = "caption_items" if of_items else "caption"
    caption = material.say(f"brief.figure.shares.{kind}")
    return make_share_figure(material, "figure-shares", title, caption, groups)


def make_share_figure(
    material: Material, anchor: str, title: str, caption: str, groups: tuple[ShareGroup, ...]
) -> Figure | None:
    """Return a figure of bars of 100 %; None where no share may be shown."""
    if not any(bar.lengths for group in groups for bar in group.bars):
        return None
    say = material.say
    key = (say("brief.favourable"), say("brief.neutral"), say("brief.unfavourable"))
    chart = ShareBars(groups, key, WIDTH)
    rows = [
        (bar.name, *(bar.printed if bar.lengths else (bar.absence, "—", "—")))
        for group in groups
        for bar in group.bars
    ]
    heads = "|".join((say("report.data.what"), *key))
    return make_figure(
        anchor,
        title,
        caption,
        draw_pitched(WIDTH, chart.height, chart.draw, max(SHARE_PITCH, chart.least_pitch)),
        title,
        make_data(anchor, heads, rows),
    )


def _list_scores(material: Material) -> Table:
    say = material.say
    rows: list[tuple[Cell, ...]] = []
    for block in material.blocks:
        score = material.block_score(block.id)
        name = material.name(block.name)
        rows.append(_list_score(material, name, score, strong=True))
        rows += [
            _list_score(
                material, "\u3000" + material.name(one.name), material.dimension_score(one.id)
            )
            for one in material.dimensions
            if one.block == block.id
        ]
    return make_table(
        "table-scores",
        say("report.scores.table"),
        say("report.scores.heads"),
        rows,
        (22, 9, 10, 15, 10, 10, 10),
        "lrrrrrr",
        [say("report.scores.note")],
    )


def _list_score(
    material: Material, name: str, score: Score, *, strong: bool = False
) -> tuple[Cell, ...]:
    return cells(
        name,
        show_people(material, score),
        show_mean(score),
        show_range(material, score),
        *(show_share(material, score, share) for share in SHARES),
        strong=strong,
    )
