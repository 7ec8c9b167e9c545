"""九、专题：生产安全 and 十、专题：四项机制: one dimension at length, with the words of the paper."""

from collections.abc import Iterator

from reports.blocks import Block, Cell, Figure, Heading, Table
from reports.charts.share_bars import ShareGroup
from reports.findings.actions import RETEST
from reports.findings.gaps import find_gaps
from reports.findings.headline import dimension_name
from reports.findings.items import restate
from reports.findings.ranking import rank_by_share
from reports.full.draft import body, cells, head, lead, listing, make_table, quote
from reports.full.overall import SHARES, make_share_figure
from reports.full.phrases import (
    find_change,
    join,
    say_change,
    say_gap,
    say_score,
    say_shares,
    show_mean,
    show_people,
    show_range,
    show_share,
)
from reports.full.selection import MOST_ROWS, choose_units
from reports.full.units import build_unit_row, make_dots
from reports.material import Material
from reports.scores import has_mean, has_shares
from reports.sections.score_figure import build_row
from reports.sections.share_figure import build_share_bars
from survey_service.questionnaire import Dimension, Item

SAFETY, SAFETY_ALWAYS = "O2", "O2_1c"
MECHANISMS = "M"
MOST_QUOTES = 3
RANKS = ("frontline", "key_staff", "manager", "manager+key_staff")


def write_safety(material: Material) -> Iterator[Block]:
    """Yield the chapter on safety: by unit, by rank and item by item; one item is always told."""
    say = material.say
    yield head(material, "safety")
    found = [one for one in material.dimensions if one.id == SAFETY]
    if not found or material.is_single:
        yield body(say("report.safety.absent"))
        return
    (safety,) = found
    yield from _open(material, safety)
    yield from _write_items(material, safety)
    yield from _tell_always(material)
    yield from _compare_units(material, safety)
    yield from _compare_ranks(material, safety)
    yield body(say("report.safety.limits"))


def write_mechanisms(material: Material) -> Iterator[Block]:
    """Yield the chapter on the mechanisms, one after another."""
    say = material.say
    yield head(material, "mechanisms")
    found = [one for one in material.dimensions if one.block == MECHANISMS]
    if not found:
        yield body(say("report.mechanisms.absent"))
        return
    yield body(say("report.mechanisms.intro"))
    for one in found:
        yield Heading(2, material.name(one.name), f"mechanism-{one.id}")
        yield from _open(material, one)
        yield from _write_items(material, one)
        yield from _say_standing(material, one)
        yield from _quote(material, one)
        yield from _advise(material, one)


def _open(material: Material, one: Dimension) -> Iterator[Block]:
    score = material.dimension_score(one.id)
    yield lead(say_score(material, material.name(one.name), score))
    moved = find_change(material, one.id)
    sentences = [
        say_shares(material, score),
        say_change(material, material.name(one.name), moved),
    ]
    if any(sentences):
        yield body(*sentences)


def _items_of(material: Material, one: Dimension) -> list[Item]:
    return [item for item in material.items if item.dimension == one.id]


def _write_items(material: Material, one: Dimension) -> Iterator[Block]:
    """Draw the items of a dimension, or refer to where they stand already."""
    say = material.say
    items = _items_of(material, one)
    if material.is_single or not items:
        return
    figure = _draw_items(material, one, items)
    if figure is not None:
        yield figure
    elif any(has_mean(material.item_score(item.id)) for item in items):
        yield _list_items(material, one, items)
    else:
        yield body(say("report.items.hidden"))


def _draw_items(material: Material, one: Dimension, items: list[Item]) -> Figure | None:
    say = material.say
    names = {}
    for item in items:
        mark = say("brief.reverse_mark") if item.reverse else ""
        names[item.id] = material.item_words(item) + mark
    scores = {item.id: material.item_score(item.id) for item in items}
    ranked = rank_by_share(scores.items())
    if not ranked:
        return None
    bars = build_share_bars(names, scores, material)
    title = say(
        "report.chapter.title", item=material.item_words(material.questionnaire.item(ranked[-1].id))
    )
    if len(ranked) < 2:
        title = say("report.chapter.title.one", name=material.name(one.name))
    caption = say("report.chapter.caption", name=material.name(one.name))
    if any(item.reverse for item in items):
        caption += say("brief.table.reverse_short")
    return make_share_figure(
        material, f"figure-items-{one.id}", title, caption, (ShareGroup(bars),)
    )


def _list_items(material: Material, one: Dimension, items: list[Item]) -> Table:
    say = material.say
    rows = []
    for item in items:
        score = material.item_score(item.id)
        mark = say("brief.reverse_mark") if item.reverse else ""
        rows.append(
            cells(
                material.item_words(item) + mark,
                show_people(material, score),
                show_mean(score),
                show_range(material, score),
            )
        )
    return make_table(
        f"table-items-{one.id}",
        say("report.chapter.table", name=material.name(one.name)),
        say("report.items.heads"),
        rows,
        (20, 4, 4, 6),
        "lrrr",
        [say("brief.table.reverse_mean")] if any(item.reverse for item in items) else (),
    )


def _tell_always(material: Material) -> Iterator[Block]:
    """Tell what people say of rules that are pushed aside, whatever the other items show."""
    say = material.say
    item = next((one for one in material.items if one.id == SAFETY_ALWAYS), None)
    if item is None:
        return
    score = material.item_score(item.id)
    text = material.item_words(item)
    if has_shares(score):
        yield body(say("report.items.reverse", text=text, answers=restate(material, score)))
    else:
        yield body(say_score(material, say("report.safety.item", text=text), score))


def _compare_units(material: Material, one: Dimension) -> Iterator[Block]:
    say = material.say
    if not material.shown_units:
        return
    rows = [
        build_row(say("brief.unit.all"), material.dimension_score(one.id), material, is_strong=True)
    ]
    rows += [build_unit_row(material, unit, one.id) for unit in choose_units(material)[:MOST_ROWS]]
    name = material.name(one.name)
    title = say("report.chapter.units.title", name=name)
    caption = say("report.units.index", name=name)
    yield make_dots(material, f"figure-units-{one.id}", title, caption, rows)


def _compare_ranks(material: Material, one: Dimension) -> Iterator[Block]:
    say = material.say
    rows: list[tuple[Cell, ...]] = []
    for key in RANKS:
        if key not in material.content["roles"]:
            continue
        score = material.role_score(key, one.id)
        if not has_mean(score):
            continue
        shares = (show_share(material, score, share) for share in SHARES)
        rows.append(
            cells(
                material.role_words(key),
                show_people(material, score),
                show_mean(score),
                show_range(material, score),
                *shares,
            )
        )
    if not rows:
        yield body(say("report.ranks.none"))
        return
    yield from _say_gap(material, one)
    yield make_table(
        f"table-ranks-{one.id}",
        say("report.chapter.ranks", name=material.name(one.name)),
        say("report.chapter.ranks.heads"),
        rows,
        (22, 9, 10, 15, 10, 10, 10),
        "lrrrrrr",
    )


def _say_gap(material: Material, one: Dimension) -> Iterator[Block]:
    for gap in find_gaps(material):
        if gap.dimension == one.id:
            yield body(say_gap(material, gap))


def _say_standing(material: Material, one: Dimension) -> Iterator[Block]:
    """Say what ranks see differently here, and which units stand out."""
    say = material.say
    yield from _say_gap(material, one)
    marks: dict[str, list[str]] = {"up": [], "down": []}
    for unit in material.shown_units:
        mark = material.content["units"][unit]["dimensions"].get(one.id, {}).get("mark")
        if mark in marks and unit in material.units:
            marks[mark].append(material.unit_words(unit))
    sentences = [
        say(f"report.chapter.{mark}", units=join(material, units))
        for mark, units in marks.items()
        if units
    ]
    if sentences:
        yield body(*sentences)


def _quote(material: Material, one: Dimension) -> Iterator[Block]:
    """Quote the phrases of the paper that the items asked here stand on."""
    asked = {item.facet for item in _items_of(material, one)}
    phrases = [
        material.name(phrase)
        for facet in material.questionnaire.facets
        if facet.dimension == one.id and facet.id in asked
        for phrase in facet.phrases
    ]
    if not phrases:
        return
    yield body(material.say("report.chapter.paper"))
    for phrase in phrases[:MOST_QUOTES]:
        yield quote(material.say("brief.actions.quote", quote=phrase))


def _advise(material: Material, one: Dimension) -> Iterator[Block]:
    say = material.say
    if one.id not in RETEST:
        return
    item = next((i for i in material.questionnaire.scored if i.id == RETEST[one.id]), None)
    points = [(say("report.chapter.do", do=say(f"action.{one.id}.do")),)]
    if item is not None:
        points.append((say("report.chapter.retest", item=material.item_words(item)),))
    if not material.is_single:
        points.append((say("report.chapter.deep", name=dimension_name(material, one.id)),))
    yield listing(points)
