"""One card: a strip that stays visible, and two halves that the fold lays face to face.

From the top: the strip with the wave's title, the half with the QR, the fold, the half with the typed
code. Folded up along the dashed line the lower half covers the upper one, and only the strip and blank
paper are seen. Nothing on a card tells which group or person it is for.
"""

from reports import theme
from reports.cards.sheet import CardSheet
from reports.document import Document
from reports.punctuation import clean
from reports.qr import draw_qr
from reports.typography import (
    Block,
    PageOverflowError,
    measure_text,
    set_line,
    set_lines,
    set_text,
    shorten_to_lines,
    shrink_to_lines,
)
from survey_service.i18n import Words

WIDTH, HEIGHT = 94.0, 67.0
STRIP = 11.0
HALF = (HEIGHT - STRIP) / 2
FOLD = STRIP + HALF
INSET = 4.0
TEXT_WIDTH = WIDTH - 2 * INSET
QR_LEFT = 1.5
ASIDE = QR_LEFT + HALF + 2.0
ASIDE_WIDTH = WIDTH - INSET - ASIDE
CODE_TOP, CODE_HEIGHT = FOLD + 11.6, 10.4
GAP = 3.0
FOLD_GAP = 0.8
FOLD_DASH = (4.0, 2.5)

TITLE = theme.Style(12, 15, theme.SERIF, theme.INK)
LONG_TITLE = theme.Style(8.5, 10.5, theme.SERIF, theme.INK)
NOTE = theme.Style(8, 10.5, colour=theme.GREY)
ORGANISATION = theme.Style(8.8, 11.5, colour=theme.GREY)
HOW = theme.Style(11, 14.5, theme.BOLD, theme.INK)
TRUST = theme.Style(9.2, 12.6, theme.BOLD, theme.BLUE)
LINE = theme.Style(8.8, 12)
ADDRESS = theme.Style(10.5, 12.5, theme.MONO, theme.INK)
CODE = theme.Style(20, 25, theme.MONO, theme.BLACK, "centre")


def draw_face(document: Document, sheet: CardSheet, say: Words) -> None:
    """Draw what all cards have in common, in the upper left corner."""
    document.fill(0, 0, WIDTH, STRIP, theme.TINT)
    document.fill(INSET, CODE_TOP, TEXT_WIDTH, CODE_HEIGHT, theme.TINT)
    _draw_strip(document, sheet, say)
    _draw_upper_half(document, sheet, say)
    document.line((0, FOLD), (WIDTH, FOLD), theme.RULE, theme.GREY, FOLD_DASH)
    _draw_lower_half(document, sheet, say)
    document.frame(0, 0, WIDTH, HEIGHT, theme.HAIRLINE)


def draw_code(document: Document, sheet: CardSheet, code: str, left: float, top: float) -> None:
    """Draw what a card has of its own, the card's upper left corner at ``left``, ``top``."""
    draw_qr(document, sheet.link(code), left + QR_LEFT, top + STRIP, HALF)
    typed = set_line(code, CODE, TEXT_WIDTH)
    place = top + CODE_TOP + (CODE_HEIGHT - typed.height) / 2
    document.text(typed, left + INSET, place)


def _draw_strip(document: Document, sheet: CardSheet, say: Words) -> None:
    note = set_line(say("cards.face.outside"), NOTE)
    width = TEXT_WIDTH - note.width - GAP
    title = clean(sheet.title)
    if measure_text(title, TITLE) <= width:
        block = set_line(title, TITLE)
    else:
        block = _fit(title, LONG_TITLE, width, 2)
    document.text(block, INSET, (STRIP - block.height) / 2)
    document.text(note, WIDTH - INSET - note.width, (STRIP - note.height) / 2)
    document.rule(0, WIDTH, STRIP, 1.1, theme.RED)


def _draw_upper_half(document: Document, sheet: CardSheet, say: Words) -> None:
    top = STRIP + 2.2
    if sheet.organisation:
        block = _fit(sheet.organisation, ORGANISATION, ASIDE_WIDTH, 1)
        top = document.text(block, ASIDE, top) + 0.6
    how = shrink_to_lines(say("cards.face.scan"), HOW, ASIDE_WIDTH, most=1, smallest=8)
    top = document.text(how, ASIDE, top) + 0.4
    trust = [say("cards.face.trust"), say("cards.face.once")]
    top = document.text(set_lines(trust, TRUST, ASIDE_WIDTH), ASIDE, top)
    if sheet.closes:
        closes = say("cards.face.closes", date=clean(sheet.closes))
        document.text(_fit(closes, LINE, ASIDE_WIDTH, 1), ASIDE, top)
    fold = set_line(say("cards.face.fold"), NOTE)
    document.text(fold, WIDTH - INSET - fold.width, FOLD - fold.height - FOLD_GAP)


def _draw_lower_half(document: Document, sheet: CardSheet, say: Words) -> None:
    top = FOLD + 1.4
    label = shrink_to_lines(say("cards.face.address"), LINE, TEXT_WIDTH, most=1, smallest=7)
    document.text(label, INSET, top)
    _draw_address(document, sheet.address, top + label.height)
    if sheet.contact:
        contact = say("cards.contact", contact=clean(sheet.contact))
        block = _fit(contact, NOTE, TEXT_WIDTH, 1)
        document.text(block, INSET, CODE_TOP + CODE_HEIGHT + 0.9)


def _draw_address(document: Document, address: str, top: float) -> None:
    """Draw the address on one line, a long one in smaller type on two: it is never shortened."""
    try:
        block = shrink_to_lines(address, ADDRESS, TEXT_WIDTH, most=1, smallest=8)
    except PageOverflowError:
        block = shrink_to_lines(address, ADDRESS.resized(7), TEXT_WIDTH, most=2, smallest=6)
    document.text(block, INSET, top)


def _fit(text: str, style: theme.Style, width: float, most: int) -> Block:
    return set_text(shorten_to_lines(text, style, width, most), style, width)
