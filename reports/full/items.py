"""五、题目表现: the items that most and fewest find true."""

from collections.abc import Iterator

from reports.blocks import Block, Drawing, Figure
from reports.charts.diverging_bars import DivergingBars
from reports.document import Document
from reports.findings.items import restate, say_item
from reports.findings.ranking import Ranked, rank_by_mean, rank_by_share
from reports.findings.titles import title_items
from reports.full.draft import (
    WIDTH,
    Part,
    body,
    cells,
    head,
    listing,
    make_data,
    make_figure,
    make_table,
    see,
)
from reports.full.phrases import show_mean, show_people, show_range
from reports.material import Material
from reports.sections.item_figure import build_item_bar

SHOWN = 5


def write_items(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "items")
    rows = [(item.id, material.item_score(item.id)) for item in material.items]
    ranked = rank_by_share(rows)
    if len(ranked) >= 2:
        yield from _write_shares(material, ranked)
        return
    means = rank_by_mean(rows)
    if not means:
        yield body(say("report.items.hidden"))
        return
    yield body(say("report.items.means"))
    yield _list_means(material, means)


def _write_shares(material: Material, ranked: list[Ranked]) -> Iterator[Block]:
    say = material.say
    count = min(SHOWN, len(ranked) // 2)
    high, low = ranked[:count], ranked[::-1][:count]
    yield body(say("report.items", count=len(ranked)), see(material, "table-items"))
    if not material.is_single:
        yield _draw_ends(material, [*high, *low], count)
    points = [
        (say(f"report.items.{key}"), *_say_end(material, row))
        for key, row in (("high", high[0]), ("low", low[0]))
    ]
    reverse = [row for row in (*high, *low) if material.questionnaire.item(row.id).reverse]
    points += [(_restate(material, row),) for row in reverse]
    yield listing(points)
    yield body(say("report.items.care"))


def _say_end(material: Material, row: Ranked) -> tuple[Part, ...]:
    item = material.questionnaire.item(row.id)
    return (say_item(material, item, row.score), material.say("brief.stop"))


def _restate(material: Material, row: Ranked) -> str:
    item = material.questionnaire.item(row.id)
    return material.say(
        "report.items.reverse",
        text=material.item_words(item),
        answers=restate(material, row.score),
    )


def _draw_ends(material: Material, ends: list[Ranked], count: int) -> Figure:
    say = material.say
    key = (say("brief.favourable"), say("brief.neutral"), say("brief.unfavourable"))
    bars = tuple(
        build_item_bar(material, row, starts=place == count) for place, row in enumerate(ends)
    )
    chart = DivergingBars(bars, key, WIDTH)
    height = chart.most_height

    def draw(document: Document, left: float, top: float) -> object:
        return chart.draw(document, left, top, height)

    title = title_items(material)
    rows = [(bar.name, *bar.printed) for bar in bars]
    return make_figure(
        "figure-items",
        title,
        say("report.figure.ends", count=count),
        Drawing(WIDTH, height, draw),
        title,
        make_data("figure-items", "|".join((say("report.data.item"), *key)), rows),
    )


def _list_means(material: Material, means: list[Ranked]) -> Block:
    say = material.say
    rows = []
    for row in means:
        item = material.questionnaire.item(row.id)
        mark = say("brief.reverse_mark") if item.reverse else ""
        rows.append(
            cells(
                material.item_words(item) + mark,
                show_people(material, row.score),
                show_mean(row.score),
                show_range(material, row.score),
            )
        )
    return make_table(
        "table-means",
        say("report.items.table"),
        say("report.items.heads"),
        rows,
        (20, 4, 4, 6),
        "lrrr",
        [say("brief.table.reverse_mean")],
    )
