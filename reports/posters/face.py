"""One poster: whose it is, a QR code, three steps in large words, and what is not recorded."""

from collections.abc import Sequence

from reports import theme
from reports.document import Document
from reports.posters.sheet import Poster, PosterSheet
from reports.punctuation import clean
from reports.qr import draw_qr
from reports.typography import (
    Block,
    PageOverflowError,
    Span,
    measure_text,
    set_line,
    set_text,
    shorten_to_lines,
    shrink_to_lines,
)
from survey_service.i18n import Words

LEFT, WIDTH = 16.0, 178.0
RIGHT = LEFT + WIDTH
RULE_TOP = 22.0
TITLE_TOP = 27.0
UNIT_GAP, UNIT_PADDING = 3.5, 3.0
QR_SIZE = 92.0
STEPS_LEFT = LEFT + QR_SIZE + 5.0
STEPS_WIDTH = RIGHT - STEPS_LEFT
NUMBER_WIDTH = 13.0
COLUMN_GAP = 6.0
COLUMN_WIDTH = (WIDTH - COLUMN_GAP) / 2
INSET = 4.0
FOOT_BOTTOM = 287.0

STEP_GAP, BREATH = 6.0, 2.5
#: How large the steps are tried, until they fit beside the QR code.
STEP_SHARES = (1.0, 0.92, 0.84, 0.76, 0.68)
#: A name is set on one line if its type need not be smaller than this share.
SLIGHTLY = 0.8

BANNER = theme.Style(14, 18, colour=theme.GREY)
TITLE = theme.Style(31, 40, theme.SERIF, theme.INK)
LABEL = theme.Style(12.5, 17, colour=theme.GREY)
UNIT = theme.Style(27, 35, theme.BOLD, theme.BLUE)
NUMBER = theme.Style(34, 40, theme.SERIF, theme.BLUE)
STEP = theme.Style(22, 28, theme.BOLD, theme.INK)
HELP = theme.Style(12.5, 18)
HEAD = theme.Style(16, 23, theme.SERIF, theme.INK)
FACT = theme.Style(12.5, 18.5)
CLOSING = theme.Style(12.5, 18, theme.BOLD, theme.INK)
FOOT = theme.Style(11, 15.5, colour=theme.GREY)
ADDRESS = theme.Style(13, 17, theme.MONO, theme.INK)

Steps = list[tuple[Block, Block]]


def draw_poster(document: Document, sheet: PosterSheet, poster: Poster, say: Words) -> None:
    """Draw a poster on the sheet of paper that was just begun."""
    _draw_banner(document, sheet, say)
    title = _shrink(clean(sheet.title), TITLE, WIDTH, smallest=18)
    top = document.text(title, LEFT, TITLE_TOP)
    if poster.unit:
        top = _draw_unit(document, poster, say, top + UNIT_GAP)
    bottom = _draw_foot(document, sheet, say)
    bottom = _draw_facts(document, sheet, say, bottom)
    _draw_code_and_steps(document, sheet, poster, say, top, bottom)


def _draw_banner(document: Document, sheet: PosterSheet, say: Words) -> None:
    banner = [Span(say("web.banner"))]
    if sheet.is_rehearsal:
        banner.append(Span(f"　{say('web.banner.rehearsal')}", bold=True, colour=theme.RED))
    kind = set_line(banner, BANNER)
    name = shorten_to_lines(sheet.organisation, BANNER, WIDTH - kind.width - 8.0, 1)
    document.text(set_line(name, BANNER), LEFT, RULE_TOP - 1.5 - kind.height)
    document.text(kind, RIGHT - kind.width, RULE_TOP - 1.5 - kind.height)
    document.rule(LEFT, RIGHT, RULE_TOP, 2.4, theme.RED)


def _draw_unit(document: Document, poster: Poster, say: Words, top: float) -> float:
    """Draw whose poster this is, in a tinted box; return where the box ends."""
    width = WIDTH - 2 * INSET
    label = say("poster.unit")
    if poster.parent:
        taken = measure_text(label, LABEL) + measure_text(
            say("poster.key", unit_key=poster.key), LABEL
        )
        room = width - taken - 12.0
        label += "　" + shorten_to_lines(poster.parent, LABEL, room, 1)
    head = set_line(label, LABEL)
    key = set_line(say("poster.key", unit_key=poster.key), LABEL)
    name = _shrink(clean(poster.unit), UNIT, width, smallest=14)
    height = 2 * UNIT_PADDING + head.height + name.height
    document.fill(LEFT, top, WIDTH, height, theme.TINT)
    document.fill(LEFT, top, 1.6, height, theme.BLUE)
    line = document.text(head, LEFT + INSET, top + UNIT_PADDING)
    document.text(key, RIGHT - INSET - key.width, top + UNIT_PADDING)
    document.text(name, LEFT + INSET, line)
    return top + height


def _draw_code_and_steps(
    document: Document, sheet: PosterSheet, poster: Poster, say: Words, top: float, bottom: float
) -> None:
    """Draw the QR code and the steps beside it, both in the middle of the room."""
    room, middle = bottom - top - 2 * BREATH, (top + bottom) / 2
    size = min(QR_SIZE, room)
    draw_qr(document, sheet.link(poster), LEFT - 4.0, middle - size / 2, size)
    steps, gap = _fit_steps(sheet, say, room)
    line = middle - _measure_steps(steps, gap) / 2
    for number, (step, text) in enumerate(steps, 1):
        figure = set_line(str(number), NUMBER)
        document.text(figure, STEPS_LEFT, line + step.baseline - figure.baseline)
        line = document.text(step, STEPS_LEFT + NUMBER_WIDTH, line)
        line = document.text(text, STEPS_LEFT + NUMBER_WIDTH, line) + gap


def _fit_steps(sheet: PosterSheet, say: Words, room: float) -> tuple[Steps, float]:
    """Set the steps as large as the room allows, with the room between them."""
    for share in STEP_SHARES:
        steps, gap = _set_steps(sheet, say, share), STEP_GAP * share
        if _measure_steps(steps, gap) <= room:
            return steps, gap
    raise PageOverflowError(f"the steps take more than {room:.0f} mm")


def _measure_steps(steps: Steps, gap: float) -> float:
    return sum(step.height + text.height for step, text in steps) + gap * (len(steps) - 1)


def _set_steps(sheet: PosterSheet, say: Words, share: float) -> Steps:
    width = STEPS_WIDTH - NUMBER_WIDTH
    first = "poster.card" if sheet.has_cards else "poster.scan"
    texts = (
        (say(first), say(f"{first}.help")),
        (say("poster.answer"), say("poster.answer.help", length=sheet.length)),
        (say("poster.done"), say("poster.done.help")),
    )
    head, text = STEP.resized(STEP.size * share), HELP.resized(HELP.size * share)
    return [
        (_shrink(step, head, width, HELP.size), set_text(more, text, width)) for step, more in texts
    ]


def _draw_facts(document: Document, sheet: PosterSheet, say: Words, bottom: float) -> float:
    """Draw what is and is not recorded, ending at ``bottom``; return where it begins."""
    lists = [
        (say("web.unrecorded"), sheet.unrecorded),
        (say("web.recorded"), sheet.recorded),
    ]
    columns = [_set_facts(head, facts) for head, facts in lists]
    closing = [_shrink(text, CLOSING, WIDTH, 11) for text in (sheet.smallest, sheet.voluntary)]
    under = sum(block.height for block in closing)
    height = max(sum(block.height for block in column) for column in columns)
    top = bottom - under - 3.0 - height - 2 * INSET
    document.fill(LEFT, top, COLUMN_WIDTH, height + 2 * INSET, theme.TINT)
    document.frame(
        LEFT + COLUMN_WIDTH + COLUMN_GAP, top, COLUMN_WIDTH, height + 2 * INSET, theme.HAIRLINE
    )
    for place, column in enumerate(columns):
        left = LEFT + place * (COLUMN_WIDTH + COLUMN_GAP) + INSET
        line = top + INSET
        for block in column:
            line = document.text(block, left, line)
    line = bottom - under
    for block in closing:
        line = document.text(block, LEFT, line)
    return top


def _set_facts(head: str, facts: Sequence[str]) -> list[Block]:
    width = COLUMN_WIDTH - 2 * INSET
    return [set_line(head, HEAD), *(set_text(fact, FACT, width) for fact in facts)]


def _draw_foot(document: Document, sheet: PosterSheet, say: Words) -> float:
    """Draw the address to be typed, the closing date and the contact; return where they begin."""
    told = [say("cards.closes", date=clean(sheet.closes))] if sheet.closes else []
    told += [say("cards.contact", contact=clean(sheet.contact))] if sheet.contact else []
    line = shorten_to_lines("　".join(told), FOOT, WIDTH, 1)
    last = set_line(line, FOOT)
    label = set_line(say("poster.card.type" if sheet.has_cards else "poster.type"), FOOT)
    address = _set_address(sheet.address, WIDTH - label.width - 2.0)
    top = FOOT_BOTTOM - last.height - address.height - 1.0
    document.rule(LEFT, RIGHT, top - 2.5)
    document.text(label, LEFT, top + address.baseline - label.baseline)
    document.text(address, LEFT + label.width + 2.0, top)
    document.text(last, LEFT, top + address.height + 1.0)
    return top - 6.0


def _set_address(address: str, width: float) -> Block:
    """Set the address on one line, a long one in smaller type on more: it is never shortened."""
    try:
        return shrink_to_lines(address, ADDRESS, width, most=1, smallest=9)
    except PageOverflowError:
        return set_text(address, ADDRESS.resized(9), width)


def _shrink(text: str, style: theme.Style, width: float, smallest: float) -> Block:
    """Set a text on one line if that is not much smaller, else on two, else in small type on three."""
    for most, least in ((1, SLIGHTLY * style.size), (2, smallest)):
        try:
            return shrink_to_lines(text, style, width, most=most, smallest=least)
        except PageOverflowError:
            continue
    small = style.resized(smallest)
    return set_text(shorten_to_lines(text, small, width, 3), small, width)
