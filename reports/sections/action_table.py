"""Table 1: three things to do, on whose desk, by when, and which item will show that it helped."""

from dataclasses import dataclass

from reports import theme
from reports.document import Document
from reports.findings.actions import Action, choose_actions
from reports.findings.headline import dimension_name
from reports.material import Material
from reports.scores import has_shares, show_percent
from reports.sections.captions import set_title
from reports.stacking import Part
from reports.typography import Block, Span, set_line, set_text

#: Parts of the table's width: what to do, who leads, 30, 60 and 90 days, the item asked again.
COLUMNS = (0.38, 0.11, 0.1, 0.1, 0.1, 0.21)
COLUMN_GAP = 2.2
HEAD_HEIGHT = 5.6
ROW_ROOM, MOST_ROW_ROOM = 1.2, 4.0
TITLE_GAP, NOTE_GAP = 1.6, 1.2
CELL = theme.Style(8.4, 11.4, colour=theme.TEXT)
QUOTE = theme.Style(8.0, 10.8, colour=theme.GREY)
#: Rows are set smaller where one of their cells takes more lines than this.
SIZES, MOST_LINES = (8.4, 8.0), 3
STEPS = ("owner", "30", "60", "90")


@dataclass(frozen=True)
class _Row:
    """One action: the blocks of its cells; those of the first cell stand one below the other."""

    first: tuple[Block, ...]
    others: tuple[Block, ...]

    @property
    def height(self) -> float:
        first = sum(block.height for block in self.first)
        return max(first, *(block.height for block in self.others))


def build_action_part(material: Material, number: int, left: float, width: float) -> Part | None:
    """Return the table; None where nothing can be proposed from these answers."""
    actions = choose_actions(material)
    if not actions:
        return None
    say = material.say
    rooms = [share * width - COLUMN_GAP for share in COLUMNS]
    rows = _set_rows(material, actions, rooms)
    title = set_title(say(f"brief.actions.title.{len(actions)}"), width)
    label = set_line(
        (
            Span(say("brief.table", number=number) + "\u3000", bold=True, colour=theme.INK),
            Span(say("brief.actions.caption")),
        ),
        theme.CAPTION,
    )
    note = set_text(_write_note(material), theme.CAPTION, width)
    shares_line = title.natural_width + label.width + 4 <= width
    above = title.height + TITLE_GAP + (0.0 if shares_line else label.height)
    fixed = above + HEAD_HEIGHT + NOTE_GAP + note.height
    heads = [
        set_line(say(f"brief.actions.head.{name}"), theme.TABLE_HEAD.resized(8.2).bold())
        for name in ("do", *STEPS, "retest")
    ]

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, left, top)
        start = y - label.height if shares_line else y
        document.text(label, left + width - label.width if shares_line else left, start)
        y = top + above
        _draw_head(document, heads, left, y, width)
        y += HEAD_HEIGHT
        room = min(MOST_ROW_ROOM, (height - fixed - sum(row.height for row in rows)) / len(rows))
        for row in rows:
            if row is not rows[0]:
                document.rule(left, left + width, y, theme.FINE_RULE, theme.HAIRLINE)
            _draw_row(document, row, left, y + room / 2, width)
            y += row.height + room
        document.rule(left, left + width, y, theme.HEAVY_RULE)
        document.text(note, left, y + NOTE_GAP)

    text = fixed + sum(row.height for row in rows)
    return Part(text + ROW_ROOM * len(rows), text + MOST_ROW_ROOM * len(rows), draw)


def _set_rows(material: Material, actions: list[Action], rooms: list[float]) -> list[_Row]:
    """Set all rows, smaller where a cell would take more than three lines."""
    for size in SIZES:
        style = CELL.resized(size)
        rows = [_set_row(material, n, one, rooms, style) for n, one in enumerate(actions, 1)]
        if max(len(block.lines) for row in rows for block in row.others) <= MOST_LINES:
            break
    return rows


def _set_row(
    material: Material, place: int, action: Action, rooms: list[float], style: theme.Style
) -> _Row:
    say, one = material.say, action.dimension
    name = f"{place} {dimension_name(material, one)}\u3000"
    what = (Span(name, bold=True, colour=theme.INK), Span(say(f"action.{one}.do")))
    do = set_text(what, style, rooms[0])
    quote = set_text(say("brief.actions.quote", quote=say(f"action.{one}.quote")), QUOTE, rooms[0])
    steps = [
        set_text(say(f"action.{one}.{step}"), style, room)
        for step, room in zip(STEPS, rooms[1:-1], strict=True)
    ]
    return _Row((do, quote), (*steps, _set_retest(material, action, rooms[-1], style)))


def _set_retest(material: Material, action: Action, room: float, style: theme.Style) -> Block:
    """Name the item and where it stands today, as far as this questionnaire and release hold it."""
    item_id = action.retest
    asked = next((one for one in material.questionnaire.scored if one.id == item_id), None)
    if asked is None:
        return set_text(material.say("brief.actions.next_pulse"), style, room)
    score, text = material.content["items"].get(item_id, {}), material.item_words(asked)
    if not has_shares(score):
        return set_text(text, style, room)
    share = show_percent(score["favourable"], material.say)
    return set_text((Span(f"{share} ", bold=True, colour=theme.BLUE), Span(text)), style, room)


def _write_note(material: Material) -> str:
    """Say how the three were chosen, and that nothing ranks what matters most."""
    drivers = material.content["drivers"] or {}
    key = "unranked" if drivers.get("ranked") is False else "plain"
    return material.say(f"brief.actions.note.{key}")


def _draw_head(
    document: Document, heads: list[Block], left: float, top: float, width: float
) -> None:
    document.rule(left, left + width, top, theme.HEAVY_RULE)
    x = left
    for head, share in zip(heads, COLUMNS, strict=True):
        document.text(head, x, top + 0.7)
        x += share * width
    document.rule(left, left + width, top + HEAD_HEIGHT - 0.4, theme.RULE)


def _draw_row(document: Document, row: _Row, left: float, top: float, width: float) -> None:
    y = top
    for block in row.first:
        y = document.text(block, left, y)
    x = left
    for block, share in zip(row.others, COLUMNS[:-1], strict=True):
        x += share * width
        document.text(block, x, top)
