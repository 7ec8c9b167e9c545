"""The file of cards: for each stack its cover, then sheets of eight cards with their cut lines."""

from collections.abc import Sequence
from math import ceil

from reports import theme
from reports.cards.cover import draw_cover
from reports.cards.face import HEIGHT, WIDTH, draw_code, draw_face
from reports.cards.sheet import CardSheet, Stack
from reports.document import Document, Metadata
from reports.punctuation import clean
from reports.typography import set_line
from survey_service.i18n import HTML_LANGUAGE, Words, words

COLUMNS, ROWS = 2, 4
A_PAGE = COLUMNS * ROWS
LEFT = (theme.PAGE_WIDTH - COLUMNS * WIDTH) / 2
TOP = (theme.PAGE_HEIGHT - ROWS * HEIGHT) / 2
#: Cut lines run on into the margin, where a guillotine is set to them.
TICK_GAP, TICK_END = 1.0, 5.0
MARGIN_NOTE = theme.Style(8, 11, colour=theme.GREY)
FACE = "face"


def render_cards(sheet: CardSheet, lang: str = "zh") -> bytes:
    """Return the cards of all stacks as a PDF file; the same sheet gives the same bytes.

    Print one-sided at the actual size. A stack begins on a new page, with a cover that says which
    group it is for and how its cards are drawn; the cards themselves do not tell.
    """
    say = words(lang)
    document = Document(_describe(sheet, say))
    document.ask_for_plain_print()
    with document.drawing(FACE):
        draw_face(document, sheet, say)
    for number, stack in enumerate(sheet.stacks, 1):
        document.start_page()
        document.mark(say("cards.stack", number=number))
        draw_cover(document, sheet, number, say)
        _draw_stack(document, sheet, stack, number, say)
    return document.finish()


def _describe(sheet: CardSheet, say: Words) -> Metadata:
    wave, organisation = clean(sheet.title), clean(sheet.organisation)
    title = say("cards.metadata.title", organisation=organisation, wave=wave)
    return Metadata(
        title.strip("\u3000, "),
        organisation,
        say("cards.metadata.subject"),
        HTML_LANGUAGE[say.lang],
    )


def _draw_stack(
    document: Document, sheet: CardSheet, stack: Stack, number: int, say: Words
) -> None:
    pages = ceil(len(stack.codes) / A_PAGE)
    for page in range(pages):
        document.start_page()
        codes = stack.codes[page * A_PAGE : (page + 1) * A_PAGE]
        _draw_page(document, sheet, codes)
        note = say("cards.margin", number=number, page=page + 1, pages=pages)
        document.text(set_line(note, MARGIN_NOTE), LEFT + TICK_END, TOP + ROWS * HEIGHT + 1.5)


def _draw_page(document: Document, sheet: CardSheet, codes: Sequence[str]) -> None:
    for place, code in enumerate(codes):
        row, column = divmod(place, COLUMNS)
        left, top = LEFT + column * WIDTH, TOP + row * HEIGHT
        document.stamp(FACE, left, top)
        draw_code(document, sheet, code, left, top)
    _draw_ticks(document, min(len(codes), COLUMNS), ceil(len(codes) / COLUMNS))


def _draw_ticks(document: Document, columns: int, rows: int) -> None:
    """Mark in the margins where to cut."""
    right, bottom = LEFT + columns * WIDTH, TOP + rows * HEIGHT
    for column in range(columns + 1):
        x = LEFT + column * WIDTH
        document.line((x, TOP - TICK_END), (x, TOP - TICK_GAP), theme.FINE_RULE, theme.GREY)
        document.line((x, bottom + TICK_GAP), (x, bottom + TICK_END), theme.FINE_RULE, theme.GREY)
    for row in range(rows + 1):
        y = TOP + row * HEIGHT
        document.line((LEFT - TICK_END, y), (LEFT - TICK_GAP, y), theme.FINE_RULE, theme.GREY)
        document.line((right + TICK_GAP, y), (right + TICK_END, y), theme.FINE_RULE, theme.GREY)
