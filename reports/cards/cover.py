"""The cover of a stack: which group it is for, how its cards are drawn, and what is put on record.

A list of units too long for the cover stands on sheets of its own behind it.
"""

from collections.abc import Iterator, Sequence

from reports import theme
from reports.cards import record
from reports.cards.sheet import CardSheet, Stack
from reports.cards.steps import HEAD, TEXT, set_phases
from reports.document import Document
from reports.punctuation import clean
from reports.typography import POINTS_PER_MM, Block, set_line, set_text, shorten_to_lines
from survey_service.i18n import Words

RULE_TOP = 30.4
RED_WEIGHT = 1.1
NUMBER_TOP, LIST_TOP = 35.4, 38.0
PADDING, ROW_GAP = 5.0, 1.5
LABEL_WIDTH = 26.0
VALUE_WIDTH = theme.TEXT_WIDTH - 2 * PADDING - LABEL_WIDTH
SECTION_GAP = 5.0
#: Sizes in which the names of the units are tried before they move to a sheet of their own.
UNIT_SIZES = (12.5, 11.0, 9.5)

NUMBER = theme.Style(30, 38, theme.SERIF, theme.INK)
OF_ALL = theme.Style(11, 15, colour=theme.GREY)
LABEL = theme.Style(11, 17, colour=theme.GREY)
VALUE = theme.Style(12.5, 17.5, theme.BOLD, theme.INK)

Row = tuple[str, Block]


def draw_cover(document: Document, sheet: CardSheet, number: int, say: Words) -> None:
    """Draw the cover of stack ``number`` (from 1) on the sheet that was just begun."""
    stack = sheet.stacks[number - 1]
    _draw_masthead(document, sheet, say)
    top = _draw_number(document, sheet, number, say)
    phases = set_phases(say)
    room = record.TOP - top - SECTION_GAP - sum(phase.height for phase in phases)
    rows, is_complete = _choose_rows(stack, say, room)
    top = _draw_group(document, rows, say, top) + SECTION_GAP
    for phase in phases:
        phase.draw(document, top)
        top += phase.height
    record.draw_record(document, say)
    _draw_foot(document, sheet, say)
    if not is_complete:
        _draw_unit_list(document, sheet, number, say)


def _draw_masthead(document: Document, sheet: CardSheet, say: Words) -> None:
    bottom = RULE_TOP - 1.4
    title = set_line(say("cards.title"), theme.MASTHEAD)
    document.text(title, theme.LEFT, bottom - title.height)
    width = theme.TEXT_WIDTH - title.width - 6.0
    for text in (sheet.title, sheet.organisation):
        line = _shorten(text, theme.MASTHEAD_SIDE.aligned("right"), width)
        bottom -= line.height
        document.text(line, theme.RIGHT - width, bottom)
    document.rule(theme.LEFT, theme.RIGHT, RULE_TOP, RED_WEIGHT, theme.RED)


def _draw_number(document: Document, sheet: CardSheet, number: int, say: Words) -> float:
    """Draw which of all stacks this is and how many cards it has; return where that ends."""
    left = set_line(say("cards.stack", number=number), NUMBER)
    right = set_line(say("cards.count", count=len(sheet.stacks[number - 1].codes)), NUMBER)
    of_all = set_line(say("cards.of_all", total=len(sheet.stacks)), OF_ALL)
    baseline = NUMBER_TOP + left.baseline
    document.text(left, theme.LEFT, NUMBER_TOP)
    document.text(of_all, theme.LEFT + left.width + 4.0, baseline - of_all.baseline)
    document.text(right, theme.RIGHT - right.width, NUMBER_TOP)
    return NUMBER_TOP + left.height + 2.0


def _choose_rows(stack: Stack, say: Words, room: float) -> tuple[list[Row], bool]:
    """Set whom the stack is for, and say whether its units could be named in ``room``."""
    roles = list(_set_roles(stack, say))
    names = say("cards.separator").join(clean(unit) for unit in stack.units)
    for size in UNIT_SIZES:
        rows = [(say("cards.units"), set_text(names, VALUE.resized(size), VALUE_WIDTH)), *roles]
        if _measure_group(rows) <= room:
            return rows, True
    count = set_text(say("cards.units.overleaf", count=len(stack.units)), VALUE, VALUE_WIDTH)
    return [(say("cards.units"), count), *roles], False


def _set_roles(stack: Stack, say: Words) -> Iterator[Row]:
    """Set each role, and who belongs to it, on a line of its own; the label stands at the first."""
    for place, role in enumerate(stack.roles):
        label = "" if place else say("cards.roles")
        text = say("cards.role", name=say(f"role.{role}"), help=say(f"role.{role}.help"))
        yield label, set_text(text, VALUE, VALUE_WIDTH)


def _measure_group(rows: Sequence[Row]) -> float:
    head = HEAD.leading / POINTS_PER_MM
    return 2 * PADDING + head + sum(ROW_GAP + block.height for _, block in rows)


def _draw_group(document: Document, rows: Sequence[Row], say: Words, top: float) -> float:
    """Draw whom the stack is for, in a tinted box; return where the box ends."""
    height = _measure_group(rows)
    document.fill(theme.LEFT, top, theme.TEXT_WIDTH, height, theme.TINT)
    document.fill(theme.LEFT, top, 1.2, height, theme.BLUE)
    left = theme.LEFT + PADDING
    line = document.text(set_line(say("cards.group"), HEAD), left, top + PADDING)
    for text, block in rows:
        line += ROW_GAP
        label = set_line(text, LABEL)
        document.text(label, left, line + block.baseline - label.baseline)
        line = document.text(block, left + LABEL_WIDTH, line)
    return top + height


def _draw_foot(document: Document, sheet: CardSheet, say: Words) -> None:
    parts = []
    if sheet.closes:
        parts.append(say("cards.closes", date=clean(sheet.closes)))
    if sheet.contact:
        parts.append(say("cards.contact", contact=clean(sheet.contact)))
    line = _shorten("\u3000".join(parts), theme.FOOT_LINE, theme.TEXT_WIDTH)
    document.text(line, theme.LEFT, record.TOP + record.HEIGHT + 2.5)


def _draw_unit_list(document: Document, sheet: CardSheet, number: int, say: Words) -> None:
    """Draw the units of a long list one below the other, on as many sheets as they need."""
    head = set_line(say("cards.units.list", number=number), HEAD)
    top = theme.PAGE_HEIGHT
    for unit in sheet.stacks[number - 1].units:
        block = set_text(clean(unit), TEXT, theme.TEXT_WIDTH)
        if top + block.height > theme.FOOT:
            document.start_page()
            _draw_masthead(document, sheet, say)
            top = document.text(head, theme.LEFT, LIST_TOP) + 3.0
        top = document.text(block, theme.LEFT, top) + 0.6


def _shorten(text: str, style: theme.Style, width: float) -> Block:
    return set_text(shorten_to_lines(text, style, width, 1), style, width)
