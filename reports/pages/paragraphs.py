"""Headings, paragraphs and points set to lines; a paragraph may be divided, but never its ends."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports import theme
from reports.blocks import Heading, Listing, Paragraph, Run
from reports.document import Document
from reports.pages import styles
from reports.pages.pieces import Draw, Piece
from reports.punctuation import is_ideograph
from reports.typography import POINTS_PER_MM, Block, Span, set_text

INDENT = "\u3000\u3000"
#: So many lines of a paragraph stand together at the foot of a sheet and at the head of the next.
LEAST_LINES = 2
BULLET = "·"
#: A paragraph that ends with one of these is not left alone at the foot of a sheet.
ANNOUNCING = ("：", ":")


def set_heading(heading: Heading) -> Iterator[Piece]:
    """Yield a heading, which keeps with what follows."""
    block = set_text(heading.text, styles.HEADINGS[heading.level], theme.TEXT_WIDTH)
    above, below = styles.HEADING_SPACE[heading.level]

    def draw(document: Document, top: float) -> None:
        document.text(block, theme.LEFT, top)

    yield Piece(
        block.height + below,
        draw,
        above,
        keeps=True,
        room=styles.LEAST_UNDER_MAIN if heading.level == 1 else 0.0,
        anchor=heading.anchor,
        level=heading.level,
        title=heading.text,
    )


def set_paragraph(paragraph: Paragraph) -> Iterator[Piece]:
    """Yield the lines of a paragraph, its first line indented if it is Chinese body text."""
    style = styles.PARAGRAPHS[paragraph.kind]
    inset = styles.QUOTE_INSET if paragraph.kind == "quote" else 0.0
    spans = make_spans(paragraph.runs)
    if paragraph.kind == "body" and _is_chinese(paragraph.runs):
        spans = [Span(INDENT), *spans]
    block = set_text(spans, style, theme.TEXT_WIDTH - 2 * inset)
    lines = list(divide_block(block, theme.LEFT + inset, styles.PARAGRAPH_SPACE[paragraph.kind]))
    yield from lines[:-1]
    announces = paragraph.runs[-1].text.rstrip().endswith(ANNOUNCING) if paragraph.runs else False
    yield from (replace(line, keeps=announces) for line in lines[-1:])


def set_listing(listing: Listing) -> Iterator[Piece]:
    """Yield the lines of all points, their signs in the margin of the text."""
    width = theme.TEXT_WIDTH - styles.POINT_INSET
    for number, runs in enumerate(listing.points, 1):
        sign = set_text(f"{number}." if listing.numbered else BULLET, styles.POINT, 10.0)
        block = set_text(make_spans(runs), styles.POINT, width)
        left = theme.LEFT + styles.POINT_INSET
        lines = list(divide_block(block, left, styles.POINT_SPACE))
        yield replace(lines[0], draw=_put_sign(lines[0], sign))
        yield from lines[1:]


def make_spans(runs: Sequence[Run]) -> list[Span]:
    """Return the runs as they are set: a link in blue."""
    return [
        Span(run.text, run.strong, styles.LINK if run.target else None, run.target) for run in runs
    ]


def divide_block(block: Block, left: float, space: float) -> Iterator[Piece]:
    """Yield the lines of a block one by one, the ends tied so that no line stands alone."""
    height = block.style.leading / POINTS_PER_MM
    last = len(block.lines) - 1
    for number, line in enumerate(block.lines):
        single = replace(block, lines=(line,))
        tied = number < LEAST_LINES - 1 or number == last - LEAST_LINES + 1
        yield Piece(
            height,
            _draw_text(single, left),
            space if number == 0 else 0.0,
            keeps=tied and number < last,
        )


def draw_linked(document: Document, block: Block, left: float, top: float) -> None:
    """Draw set text with its links."""
    document.text(block, left, top)
    for link in block.links(left, top):
        document.link(link)


def _draw_text(block: Block, left: float) -> Draw:
    def draw(document: Document, top: float) -> None:
        draw_linked(document, block, left, top)

    return draw


def _put_sign(piece: Piece, sign: Block) -> Draw:
    def draw(document: Document, top: float) -> None:
        document.text(sign, theme.LEFT + 1.0, top)
        piece.draw(document, top)

    return draw


def _is_chinese(runs: Sequence[Run]) -> bool:
    text = "".join(run.text for run in runs)
    return 3 * sum(map(is_ideograph, text)) > len(text)
