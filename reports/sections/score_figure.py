"""Figure 1: the dimensions in their blocks, or the items of a deep dive, as dots with whiskers."""

from collections.abc import Iterable
from dataclasses import replace

from reports.charts.dot_whisker import LEAST_PITCH, DotGroup, DotRow, DotScale, DotWhisker
from reports.document import Document
from reports.findings.bands import ANCHORS, scale_words
from reports.findings.ranking import rank_by_mean
from reports.findings.titles import title_scores
from reports.material import Material
from reports.scores import Score, has_mean, lies_above, say_absence, show_count, show_number
from reports.sections.captions import set_caption, set_title
from reports.typography import Block

MOST_PITCH, MOST_TALL_PITCH = 7.6, 9.2
CAPTION_GAP = 2.2
TITLE_GAP = 1.6
MOST_ITEMS = 14


def draw_score_figure(
    document: Document, material: Material, place: tuple[float, float], width: float, bottom: float
) -> None:
    """Draw title, chart and caption between ``place`` (left, top) and ``bottom``."""
    left, top = place
    title, caption = _set_frame(material, width)
    y = document.text(title, left, top) + TITLE_GAP
    room = bottom - y - CAPTION_GAP - caption.height
    chart = build_score_chart(material, width)
    if chart.height(LEAST_PITCH) > room:
        chart = replace(chart, name_lines=1)
    most = MOST_TALL_PITCH if chart.is_beside else MOST_PITCH
    y = chart.draw(document, left, y, chart.fit_pitch(room, most))
    document.text(caption, left, y + CAPTION_GAP)


def fits_figure(material: Material, width: float, height: float) -> bool:
    """Say whether title, chart and caption fit, names on one line each if they must."""
    title, caption = _set_frame(material, width)
    chart = replace(build_score_chart(material, width), name_lines=1)
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height
    return chart.height(LEAST_PITCH) + frame <= height


def _set_frame(material: Material, width: float) -> tuple[Block, Block]:
    label = material.say("brief.figure", number=1)
    return set_title(title_scores(material), width), set_caption(
        label, _write_caption(material), width
    )


def build_score_chart(material: Material, width: float) -> DotWhisker:
    """Return the chart of all dimensions, or of the items where there is one dimension only."""
    groups = (_group_items(material),) if material.is_single else _group_dimensions(material)
    return DotWhisker(groups, build_scale(material), width)


def build_scale(material: Material) -> DotScale:
    """Return the scale 0–100 in the words of the questionnaire."""
    return DotScale(tuple(scale_words(material)), ANCHORS)


def note_change(material: Material, dimension_id: str) -> str:
    """Say how far a dimension moved since the last wave, where the test says that it did."""
    change = material.content["change"] or {}
    moved = change.get("dimensions", {}).get(dimension_id, {})
    direction = moved.get("direction")
    if direction not in {"up", "down"}:
        return ""
    if moved.get("difference") is None:
        return material.say(f"brief.change.{direction}_only")
    points = show_number(abs(moved["difference"]))
    return material.say(f"brief.change.{direction}", points=points)


def build_row(name: str, score: Score, material: Material, *, is_strong: bool = False) -> DotRow:
    """Return one row of the chart; a score without a number says why."""
    if not has_mean(score):
        return DotRow(name, None, say_absence(score, material.say))
    interval = score.get("ci95")
    bounds = None if interval is None else (float(interval[0]), float(interval[1]))
    printed = show_number(score["mean"])
    return DotRow(name, float(score["mean"]), printed, bounds, is_strong)


def _group_dimensions(material: Material) -> tuple[DotGroup, ...]:
    """Sort the dimensions inside their blocks, highest first, those without a number last."""
    scores = [(d.id, material.dimension_score(d.id)) for d in material.dimensions]
    ranked = rank_by_mean(scores)
    is_clear = len(ranked) > 1 and lies_above(ranked[0].score, ranked[-1].score)
    ends = {ranked[0].id, ranked[-1].id} if is_clear else set()
    groups = []
    for block in material.blocks:
        inside = {d.id: material.name(d.name) for d in material.dimensions if d.block == block.id}
        order = _order(inside, material)
        rows = tuple(
            replace(
                build_row(
                    inside[one], material.dimension_score(one), material, is_strong=one in ends
                ),
                note=note_change(material, one),
                references=find_references(material, one),
            )
            for one in order
        )
        groups.append(DotGroup(material.name(block.name), _note(block.id, material), rows))
    return tuple(groups)


def find_references(material: Material, dimension_id: str) -> tuple[float, ...]:
    """Return where the whole stands on a dimension, if the figure is of one unit."""
    if material.whole is None:
        return ()
    score = material.whole.dimension_score(dimension_id)
    score = score.get("unweighted", score)
    return (float(score["mean"]),) if has_mean(score) else ()


def _order(ids: Iterable[str], material: Material) -> list[str]:
    ids = list(ids)
    ranked = [row.id for row in rank_by_mean((one, material.dimension_score(one)) for one in ids)]
    return ranked + [one for one in ids if one not in ranked]


def _note(block_id: str, material: Material) -> str:
    """Say the block's mean; outcomes are what employees feel, not what the books say."""
    score = material.block_score(block_id)
    if not has_mean(score):
        return ""
    key = "brief.block.outcome" if block_id == "O" else "brief.block.mean"
    return material.say(key, mean=show_number(score["mean"]))


def _group_items(material: Material) -> DotGroup:
    """Return the items, highest first; of many, those of both ends."""
    scores = {item.id: material.item_score(item.id) for item in material.items}
    ranked = [row.id for row in rank_by_mean(scores.items())]
    order = [*ranked, *(one for one in scores if one not in ranked)]
    if len(order) > MOST_ITEMS:
        order = order[: MOST_ITEMS // 2] + order[-MOST_ITEMS // 2 :]
    rows = []
    for one in order:
        item = material.questionnaire.item(one)
        mark = material.say("brief.reverse_mark") if item.reverse else ""
        is_end = bool(ranked) and one in {ranked[0], ranked[-1]}
        rows.append(
            build_row(material.item_words(item) + mark, scores[one], material, is_strong=is_end)
        )
    return DotGroup("", "", tuple(rows))


def _write_caption(material: Material) -> str:
    say = material.say
    if material.is_single:
        reverse = any(item.reverse for item in material.items)
        key = "brief.figure.scores.caption_items"
        return say(key) + (say("brief.figure.scores.caption_reverse") if reverse else "")
    counts = [
        material.dimension_score(one.id)["n"]
        for one in material.dimensions
        if has_mean(material.dimension_score(one.id))
    ]
    numbers = [count for count in counts if isinstance(count, int)]
    if numbers and len(numbers) == len(counts):
        low, high = min(numbers), max(numbers)
        each = str(low) if low == high else say("brief.range", low=low, high=high)
    else:
        each = show_count(counts[0], say) if counts else ""
    key = "brief.figure.scores.caption" if each else "brief.figure.scores.caption_hidden"
    text = say(key, count=len(material.dimensions), each=each)
    if material.whole is not None:
        return text + say("brief.figure.scores.reference")
    change = material.content["change"] or {}
    if change.get("dimensions"):
        text += say(
            "brief.figure.scores.changes", basis=say(f"brief.change.basis.{change['basis']}")
        )
    return text
