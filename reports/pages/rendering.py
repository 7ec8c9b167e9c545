"""From blocks to a file: sheets filled, contents with their page numbers, everything linked."""

from collections.abc import Iterator
from dataclasses import replace

from reports.blocks import Block, Figure, Heading, Listing, PageBreak, Paragraph, Report, Table
from reports.document import Document, Metadata
from reports.faces import House, use_house
from reports.pages import styles
from reports.pages.figures import set_figure
from reports.pages.front import (
    Entry,
    draw_cover,
    draw_head,
    draw_number,
    set_contents,
    set_provenance,
)
from reports.pages.paging import fill_sheets
from reports.pages.paragraphs import set_heading, set_listing, set_paragraph
from reports.pages.pieces import Piece, Placed
from reports.pages.tables import set_table
from survey_service.i18n import Words

#: A section with fewer parts than this is listed in the contents without them.
LEAST_PARTS = 4

Sheets = list[list[Placed]]


def render_blocks(report: Report, metadata: Metadata, say: Words, house: House | None) -> bytes:
    """Return the report as a PDF file; the same blocks give the same bytes."""
    use_house(house)
    sheets = _fill(_set_blocks(report, say))
    entries = _choose_entries(sheets)
    contents = _fill(list(set_contents(say("report.contents"), entries)))
    before = 1 + len(contents)
    pages = {
        placed.piece.anchor: number
        for number, sheet in enumerate(sheets, before + 1)
        for placed in sheet
    }
    numbered = [replace(entry, page=pages[entry.anchor]) for entry in entries]
    contents = _fill(list(set_contents(say("report.contents"), numbered)))
    return _draw(report, metadata, [*contents, *sheets], house)


def _choose_entries(sheets: Sheets) -> list[Entry]:
    """Return what the contents list: every section, and the parts of those that have many."""
    sections: list[list[Entry]] = []
    for sheet in sheets:
        for piece in (placed.piece for placed in sheet):
            entry = Entry(piece.level, piece.title, piece.anchor)
            if piece.level == 1:
                sections.append([entry])
            elif piece.level == 2:
                sections[-1].append(entry)
    return [
        entry
        for section in sections
        for entry in (section if len(section) > LEAST_PARTS else section[:1])
    ]


def _fill(pieces: list[Piece]) -> Sheets:
    return fill_sheets(pieces, styles.TOP, styles.BOTTOM)


def _set_blocks(report: Report, say: Words) -> list[Piece]:
    pieces: list[Piece] = []
    room = 0.0
    for block in report.blocks:
        if isinstance(block, PageBreak):
            room = styles.AREA
            continue
        found = list(_set_block(block))
        if room and found:
            found[0] = replace(found[0], room=room)
            room = 0.0
        pieces += found
    title, intro = say("report.provenance"), say("report.provenance.intro")
    return [*pieces, *set_provenance(title, intro, report.provenance)]


def _set_block(block: Block) -> Iterator[Piece]:
    match block:
        case Heading():
            yield from set_heading(block)
        case Paragraph():
            yield from set_paragraph(block)
        case Listing():
            yield from set_listing(block)
        case Table():
            yield from set_table(block)
        case Figure():
            yield from set_figure(block)
        case PageBreak():
            return


def _draw(report: Report, metadata: Metadata, sheets: Sheets, house: House | None) -> bytes:
    document = Document(metadata)
    document.start_page()
    draw_cover(document, report.front, house)
    marks = "\u3000".join(report.front.marks)
    for page, sheet in enumerate(sheets, 2):
        document.start_page()
        draw_head(document, report.running, marks)
        for placed in sheet:
            _draw_piece(document, placed)
        draw_number(document, page)
    return document.finish()


def _draw_piece(document: Document, placed: Placed) -> None:
    piece = placed.piece
    if piece.anchor:
        document.aim(piece.anchor, max(placed.top - 4.0, 0.0))
    if piece.level:
        document.list_heading(piece.title, piece.anchor, piece.level - 1)
    piece.draw(document, placed.top)
