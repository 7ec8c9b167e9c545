"""Table 1: the three highest and the three lowest items in their own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import theme
from reports.document import Document
from reports.findings.items import restate
from reports.findings.ranking import Ranked, rank_by_mean, rank_by_share
from reports.material import Material
from reports.scores import has_shares, show_number, show_percent
from reports.sections.captions import set_title
from reports.stacking import Part
from reports.typography import Block, Span, set_line, set_text

SHOWN = 3
FIRST_WIDTH, LAST_WIDTH = 10.8, 8.4
ROW_ROOM, MOST_ROW_ROOM = 1.4, 5.6
HEAD_HEIGHT = 6.2
TITLE_GAP, NOTE_GAP = 1.8, 1.6


@dataclass(frozen=True)
class _Row:
    first: Block
    text: Block
    last: Block | None

    @property
    def height(self) -> float:
        return max(self.first.height, self.text.height)


def build_item_part(material: Material, left: float, width: float) -> Part | None:
    """Return the table, or None where fewer than two items have a number."""
    scores = [(item.id, material.item_score(item.id)) for item in material.items]
    ranked = rank_by_share(scores) or rank_by_mean(scores)
    count = min(SHOWN, len(ranked) // 2)
    if not count:
        return None
    ends = (ranked[:count], ranked[::-1][:count])
    groups = [[_set_row(material, row, width) for row in end] for end in ends]
    kind = "share" if has_shares(ranked[0].score) else "mean"
    notes = _set_notes(material, [row for end in ends for row in end], kind, width)
    title = set_title(material.say(f"brief.table.title_{kind}"), width)
    head = _set_head(material, kind)
    rows = [row for group in groups for row in group]
    fixed = title.height + TITLE_GAP + HEAD_HEIGHT + NOTE_GAP + notes.height
    least = fixed + sum(row.height + ROW_ROOM for row in rows)

    def draw(document: Document, top: float, height: float) -> None:
        room = min((height - least) / len(rows) + ROW_ROOM, MOST_ROW_ROOM)
        y = document.text(title, left, top) + TITLE_GAP
        _draw_head(document, head, left, y, width)
        y += HEAD_HEIGHT
        for row in rows:
            if row is not rows[0]:
                is_division = row is groups[1][0]
                colour = theme.INK if is_division else theme.HAIRLINE
                document.rule(left, left + width, y, theme.FINE_RULE, colour)
            _draw_row(document, row, left, y + room / 2, width)
            y += row.height + room
        document.rule(left, left + width, y, theme.HEAVY_RULE)
        document.text(notes, left, y + NOTE_GAP)

    return Part(least, fixed + sum(row.height + MOST_ROW_ROOM for row in rows), draw)


def _set_row(material: Material, row: Ranked, width: float) -> _Row:
    item = material.questionnaire.item(row.id)
    mark = material.say("brief.reverse_mark") if item.reverse else ""
    by_share = has_shares(row.score)
    last_width = LAST_WIDTH if by_share else 0.0
    text = set_text(
        material.item_words(item) + mark, theme.TABLE, width - FIRST_WIDTH - last_width - 0.6
    )
    if not by_share:
        return _Row(set_line(show_number(row.score["mean"]), theme.SHARE), text, None)
    favourable = show_percent(row.score["favourable"], material.say)
    unfavourable = show_percent(row.score["unfavourable"], material.say)
    style = theme.TABLE.coloured(theme.ORANGE)
    return _Row(set_line(favourable, theme.SHARE), text, set_line(unfavourable, style))


def _set_head(material: Material, kind: str) -> tuple[Block, Block]:
    say = material.say
    label = Span(say("brief.table", number=1) + "\u3000", bold=True, colour=theme.INK)
    left = set_line((label, Span(say(f"brief.table.head_{kind}"))), theme.TABLE_HEAD)
    last = say("brief.table.unfavourable") if kind == "share" else ""
    return left, set_line(last, theme.TABLE_HEAD.bold().coloured(theme.ORANGE))


def _draw_head(
    document: Document, head: tuple[Block, Block], left: float, top: float, width: float
) -> None:
    first, last = head
    document.text(first, left, top)
    document.text(last, left + width - last.width, top)
    document.rule(left, left + width, top + HEAD_HEIGHT - 1.0, theme.HEAVY_RULE)


def _draw_row(document: Document, row: _Row, left: float, top: float, width: float) -> None:
    """Draw a row, its numbers on the first baseline of the text."""
    baseline = top + row.text.baseline
    document.text(row.first, left, baseline - row.first.baseline)
    document.text(row.text, left + FIRST_WIDTH, top)
    if row.last is not None:
        document.text(row.last, left + width - row.last.width, baseline - row.last.baseline)


def _set_notes(material: Material, rows: Sequence[Ranked], kind: str, width: float) -> Block:
    """Say what a reverse item's numbers mean; one such item is restated in full."""
    reverse = [row.score for row in rows if material.questionnaire.item(row.id).reverse]
    if len(reverse) == 1 and kind == "share":
        return set_text(restate(material, reverse[0]), theme.CAPTION, width)
    key = f"brief.table.reverse_{kind}" if reverse else f"brief.table.note_{kind}"
    return set_text(material.say(key), theme.CAPTION, width)
