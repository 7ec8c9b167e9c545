"""What managers and key staff and the front line of one unit say, side by side and not tested."""

from collections.abc import Iterator

from reports import theme
from reports.charts.dumbbell import LEAST_PITCH, MOST_PITCH, Dumbbell, DumbbellEnd, DumbbellRow
from reports.document import Document
from reports.material import Material
from reports.scores import Score, has_mean, show_number
from reports.sections.captions import set_caption, set_title
from reports.sections.score_figure import build_scale
from reports.stacking import Part
from reports.typography import set_text

CAPTION_GAP, TITLE_GAP = 1.2, 1.6


def build_role_part(material: Material, number: int, left: float, width: float) -> Part:
    """Return the figure of index and blocks by rank, or one sentence where a rank is hidden."""
    rows = tuple(_build_rows(material))
    say = material.say
    title = set_title(say("unit.roles.title"), width)
    if not rows:
        return _make_sentence(material, left, width)
    chart = Dumbbell(rows, build_scale(material), width)
    text = say(
        "unit.roles.caption",
        ring=material.role_words(material.front_line_role),
        dot=material.role_words(material.leading_role),
    )
    caption = set_caption(say("brief.figure", number=number), text, width)
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, left, top) + TITLE_GAP
        pitch = min(MOST_PITCH, (height - frame - chart.height(0.0)) / len(rows))
        y = chart.draw(document, left, y, pitch)
        document.text(caption, left, y + CAPTION_GAP)

    return Part(chart.height(LEAST_PITCH) + frame, chart.height(MOST_PITCH) + frame, draw)


def _make_sentence(material: Material, left: float, width: float) -> Part:
    """Say that the ranks are not shown apart; why is the same for every reason."""
    title = set_title(material.say("unit.roles.title"), width)
    words = material.say("unit.roles.hidden", hidden=material.say("brief.hidden"))
    text = set_text(words, theme.SMALL, width)
    height = title.height + TITLE_GAP + text.height

    def draw(document: Document, top: float, _height: float) -> None:
        document.text(text, left, document.text(title, left, top) + TITLE_GAP)

    return Part(height, height, draw)


def _build_rows(material: Material) -> Iterator[DumbbellRow]:
    leading, front = material.leading_role, material.front_line_role
    if leading is None or front is None:
        return
    roles = [material.content["roles"][key] for key in (front, leading)]
    if any("suppressed" in role for role in roles):
        return
    for name, ring, dot in _list_pairs(material, roles):
        if has_mean(ring) and has_mean(dot):
            yield DumbbellRow(name, _end(ring), _end(dot))


def _list_pairs(
    material: Material, roles: list[dict[str, dict[str, Score]]]
) -> Iterator[tuple[str, Score, Score]]:
    index = [role["index"] for role in roles]
    if all(index):
        yield material.index_name, dict(index[0]), dict(index[1])
    for block in material.blocks:
        ring, dot = (role["blocks"].get(block.id, {}) for role in roles)
        yield material.name(block.name), ring, dot


def _end(score: Score) -> DumbbellEnd:
    return DumbbellEnd(float(score["mean"]), show_number(score["mean"]))
