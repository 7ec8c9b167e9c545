"""The sheets around the text: the cover, the table of contents, and where it all came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import theme
from reports.blocks import Front
from reports.document import Document
from reports.faces import House
from reports.pages import styles
from reports.pages.pieces import Piece
from reports.typography import POINTS_PER_MM, Link, measure_text, set_line, set_text, shorten

LOGO_TOP, LOGO_WIDTH, LOGO_HEIGHT = 24.0, 70.0, 14.0
MARKS_TOP, TITLE_TOP, PERIOD_TOP = 30.0, 92.0, 224.0
RULE_WEIGHT = 1.1
NUMBER_ROOM, ENTRY_INDENT, DOT_STEP, DOT_GAP = 14.0, 7.0, 2.1, 3.0
DOT_RADIUS = 0.16
#: Small enough for a SHA-256 on one line, so that two can be held against each other.
HASH_SIZE = 8.4


@dataclass(frozen=True)
class Entry:
    """One line of the table of contents."""

    level: int
    title: str
    anchor: str
    page: int = 0


def draw_cover(document: Document, front: Front, house: House | None) -> None:
    """Draw the cover: how public it is, what it is, of whom, and of what time."""
    if house is not None and house.logo is not None:
        document.image(house.logo, theme.LEFT, LOGO_TOP, LOGO_WIDTH, LOGO_HEIGHT)
    y = MARKS_TOP
    for mark in front.marks:
        block = set_text(mark, styles.COVER_MARK.aligned("right"), theme.TEXT_WIDTH)
        y = document.text(block, theme.LEFT, y)
    y = TITLE_TOP
    for text, style in (
        (front.title, styles.COVER_TITLE),
        (front.subtitle, styles.COVER_SUBTITLE),
    ):
        y = document.text(set_text(text, style, theme.TEXT_WIDTH), theme.LEFT, y) + 5.0
    middle = (theme.LEFT + theme.RIGHT) / 2
    document.rule(middle - 22.0, middle + 22.0, y + 6.0, RULE_WEIGHT, theme.RED)
    y = PERIOD_TOP
    for text in (front.organisation, front.period):
        y = document.text(set_text(text, styles.COVER_LINE, theme.TEXT_WIDTH), theme.LEFT, y) + 2.0


def set_contents(title: str, entries: Sequence[Entry]) -> Iterator[Piece]:
    """Yield the table of contents, a piece for each line; every line leads to its heading."""
    head = set_text(title, styles.CONTENTS, theme.TEXT_WIDTH)

    def draw_head(document: Document, top: float) -> None:
        document.text(head, theme.LEFT, top)

    yield Piece(head.height + 4.0, draw_head, keeps=True, anchor="contents", level=1, title=title)
    for entry in entries:
        yield _set_entry(entry)


def _set_entry(entry: Entry) -> Piece:
    style = styles.ENTRIES[entry.level]
    left = theme.LEFT + ENTRY_INDENT * (entry.level - 1)
    room = theme.RIGHT - NUMBER_ROOM - left
    block = set_line(shorten(entry.title, style, room), style)
    number = set_line(str(entry.page), style)

    def draw(document: Document, top: float) -> None:
        document.text(block, left, top)
        document.text(number, theme.RIGHT - number.width, top)
        y = top + block.baseline - 0.3
        x = theme.RIGHT - NUMBER_ROOM / 2 - DOT_STEP
        while x > left + block.width + DOT_GAP:
            document.dot((x, y), DOT_RADIUS, theme.GREY)
            x -= DOT_STEP
        document.link(Link(entry.anchor, left, top, theme.RIGHT - left, block.height))

    space = 1.6 if entry.level == 1 else 0.0
    return Piece(style.leading / POINTS_PER_MM, draw, space)


def draw_head(document: Document, running: str, marks: str) -> None:
    """Draw the running head: what this is, and how public."""
    style, top, rule = theme.RUNNING_HEAD, 21.0, 26.0
    right = set_line(marks, style)
    room = theme.TEXT_WIDTH - right.width - 6.0
    document.text(set_line(shorten(running, style, room), style), theme.LEFT, top)
    document.text(right, theme.RIGHT - right.width, top)
    document.rule(theme.LEFT, theme.RIGHT, rule, RULE_WEIGHT * 0.7, theme.RED)


def draw_number(document: Document, page: int) -> None:
    """Draw the page number on the outer side: odd right, even left."""
    number = set_line(f"— {page} —", theme.PAGE_NUMBER)
    left = theme.RIGHT - number.width if page % 2 == 1 else theme.LEFT
    document.text(number, left, theme.FOOT - number.baseline)


def set_provenance(title: str, intro: str, pairs: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    """Yield the last page: names and values, the hashes in a face in which 0 and O differ."""
    head = set_text(title, styles.HEADINGS[1], theme.TEXT_WIDTH)
    words = set_text(intro, styles.PARAGRAPHS["body"], theme.TEXT_WIDTH)

    def draw_intro(document: Document, top: float) -> None:
        y = document.text(head, theme.LEFT, top) + 3.0
        document.text(words, theme.LEFT, y)

    yield Piece(
        head.height + words.height + 9.0,
        draw_intro,
        room=styles.AREA,
        anchor="provenance",
        level=1,
        title=title,
    )
    widest = max(measure_text(name, styles.CELL.bold()) for name, _ in pairs) + 5.0
    for name, value in pairs:
        yield _set_pair(name, value, min(widest, theme.TEXT_WIDTH * 0.4))


def _set_pair(name: str, value: str, room: float) -> Piece:
    style = styles.CELL.resized(10)
    is_code = value.isascii() and len(value) > 12
    label = set_text(name, style.bold(), room - 2.0)
    mono = theme.Style(HASH_SIZE, style.leading, theme.MONO, theme.INK)
    text = set_text(value, mono if is_code else style, theme.TEXT_WIDTH - room)
    height = max(label.height, text.height) + 2.6

    def draw(document: Document, top: float) -> None:
        document.text(label, theme.LEFT, top)
        document.text(text, theme.LEFT + room, top)
        document.rule(theme.LEFT, theme.RIGHT, top + height - 1.3, theme.FINE_RULE, theme.HAIRLINE)

    return Piece(height, draw)
