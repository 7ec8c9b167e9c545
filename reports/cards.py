"""Cards with one-time codes, to be cut, folded with the print inside, and drawn by lot.

Nothing on a card tells for which group it was made: that stands on the cover of its stack only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import theme
from reports.document import Document, Metadata
from reports.qr import find_modules
from reports.typography import Block, PageOverflowError, Span, set_line, set_text, shorten
from survey_service.i18n import HTML_LANGUAGE, Words, words

COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 90.0, 53.4
LEFT = (theme.PAGE_WIDTH - COLUMNS * WIDTH) / 2
TOP = (theme.PAGE_HEIGHT - ROWS * HEIGHT) / 2
INSET = 5.0
QR_SIZE = 30.0
QR_TOP = 11.0
GUTTER = 3.0
TICK = 3.0
CODE_BASE = 43.4
SCALES = (1.0, 0.94, 0.88, 0.82, 0.76)

TITLE = theme.Style(10.5, 14, theme.BOLD, theme.INK)
LINE = theme.Style(8, 11.4, colour=theme.TEXT)
ADDRESS = theme.Style(7.4, 10.6, theme.MONO, theme.INK)
CODE = theme.Style(17, 20, theme.MONO, theme.INK, align="centre")
COVER_HEAD = theme.Style(22, 32, theme.SERIF, theme.INK)
COVER_GROUP = theme.Style(14, 22, theme.BOLD, theme.INK)
COVER_TEXT = theme.Style(12, 20, colour=theme.TEXT)

_STEPS = ("mix", "draw", "record", "spoilt", "rest", "apart")


@dataclass(frozen=True)
class Stack:
    """The cards of one group: names of its units, ids of its roles, codes in random order."""

    units: tuple[str, ...]
    roles: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class CardSheet:
    """All cards of a wave. ``base_url`` has no slash at its end; ``closes`` is a date in words or empty."""

    wave_id: str
    title: str
    organisation: str
    closes: str
    base_url: str
    contact: str
    stacks: tuple[Stack, ...]

    @property
    def address(self) -> str:
        """Return the address that people type who cannot scan."""
        return f"{self.base_url}/q/{self.wave_id}"


def render_cards(sheet: CardSheet, lang: str = "zh") -> bytes:
    """Return the PDF: for every stack a cover, then its cards, ten a page.

    The same sheet gives the same bytes. Raises ``PageOverflowError`` if a text does not fit.
    """
    w = words(lang)
    title = w("cards.file", title=sheet.title)
    document = Document(Metadata(title, sheet.organisation, title, HTML_LANGUAGE[lang]))
    face = _Face(sheet, w)
    for number, stack in enumerate(sheet.stacks, 1):
        document.start_page()
        document.mark(w("cards.stack", number=number))
        _draw_cover(document, sheet, stack, number, w)
        for start in range(0, len(stack.codes), COLUMNS * ROWS):
            document.start_page()
            _draw_page(document, face, stack.codes[start : start + COLUMNS * ROWS])
    return document.finish()


class _Face:
    """What stands on every card alike, set once."""

    def __init__(self, sheet: CardSheet, w: Words) -> None:
        self._address = sheet.address
        inner = WIDTH - 2 * INSET
        self.title = set_line(shorten(sheet.title, TITLE, inner), TITLE)
        self.column = INSET + QR_SIZE + GUTTER
        room = WIDTH - INSET - self.column
        self.lines = self._fit_lines(sheet, w, room)

    def url(self, code: str) -> str:
        """Return what the QR code of a card holds: the code stands in the fragment."""
        return f"{self._address}#c={code}"

    def _fit_lines(self, sheet: CardSheet, w: Words, room: float) -> list[Block]:
        """Set what stands beside the QR code, smaller until it ends above the code."""
        for scale in SCALES:
            found = list(_set_lines(sheet, w, room, scale))
            if sum(block.height for block in found) <= CODE_BASE - QR_TOP:
                return found
        raise PageOverflowError(f"the address or the notice is too long for a card: {room:.0f} mm")


def _set_lines(sheet: CardSheet, w: Words, room: float, scale: float) -> Iterator[Block]:
    line, address = LINE.resized(LINE.size * scale), ADDRESS.resized(ADDRESS.size * scale)
    if sheet.organisation:
        yield set_line(shorten(sheet.organisation, line, room), line)
    yield set_text(w("cards.scan"), line, room)
    yield set_text(sheet.address, address, room)
    yield set_text([Span(w("cards.trust"), bold=True, colour=theme.INK)], line, room)
    if sheet.closes:
        yield set_line(w("cards.closes", date=sheet.closes), line, room)


def _draw_page(document: Document, face: _Face, codes: Sequence[str]) -> None:
    _draw_marks(document)
    for number, code in enumerate(codes):
        row, column = divmod(number, COLUMNS)
        _draw_card(document, face, code, LEFT + column * WIDTH, TOP + row * HEIGHT)


def _draw_card(document: Document, face: _Face, code: str, left: float, top: float) -> None:
    document.text(face.title, left + INSET, top + INSET - 1)
    document.modules(*find_modules(face.url(code)), left + INSET, top + QR_TOP, QR_SIZE)
    y = top + QR_TOP
    for block in face.lines:
        y = document.text(block, left + face.column, y)
    block = set_line(code, CODE, WIDTH - 2 * INSET)
    document.text(block, left + INSET, top + CODE_BASE)
    middle = left + WIDTH / 2
    for start in (top, top + HEIGHT - TICK):
        document.line((middle, start), (middle, start + TICK), 0.4, theme.HAIRLINE, (2, 2))


def _draw_marks(document: Document) -> None:
    """Draw the lines along which the cards are cut."""
    right, bottom = LEFT + COLUMNS * WIDTH, TOP + ROWS * HEIGHT
    for column in range(COLUMNS + 1):
        x = LEFT + column * WIDTH
        document.line((x, TOP), (x, bottom), 0.3, theme.HAIRLINE)
    for row in range(ROWS + 1):
        y = TOP + row * HEIGHT
        document.line((LEFT, y), (right, y), 0.3, theme.HAIRLINE)


def _draw_cover(document: Document, sheet: CardSheet, stack: Stack, number: int, w: Words) -> None:
    """Say for whom the stack is and how to draw from it, so that nobody can know who has which."""
    left, width = theme.LEFT, theme.TEXT_WIDTH
    y = document.text(set_text(sheet.title, COVER_HEAD, width), left, 40)
    if sheet.organisation:
        y = document.text(set_text(sheet.organisation, COVER_TEXT, width), left, y)
    document.rule(left, left + width, y + 4, theme.HEAVY_RULE, theme.RED)
    y += 12
    separator = w("cards.separator")
    for text in (
        w("cards.group", number=number, units=separator.join(stack.units)),
        w("cards.roles", roles=separator.join(w(f"role.{role}") for role in stack.roles)),
        w("cards.count", count=len(stack.codes)),
    ):
        y = document.text(set_text(text, COVER_GROUP, width), left, y)
    y = document.text(set_line(w("cards.how"), COVER_GROUP, width), left, y + 8)
    for place, step in enumerate(_STEPS, 1):
        sentence = w("cards.step", number=place, sentence=w(f"cards.step.{step}"))
        y = document.text(set_text(sentence, COVER_TEXT, width), left, y + 1)
    if sheet.contact:
        contact = w("cards.contact", contact=sheet.contact)
        document.text(set_text(contact, COVER_TEXT, width), left, y + 6)
