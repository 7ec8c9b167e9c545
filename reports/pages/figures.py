"""A figure: its finding above it, the drawing, the caption below; never torn apart."""

from collections.abc import Iterator

from reports import theme
from reports.blocks import Figure
from reports.document import Document
from reports.pages import styles
from reports.pages.pieces import Piece
from reports.typography import Span, set_text

TITLE_GAP, CAPTION_GAP = 2.0, 2.2


def set_figure(figure: Figure) -> Iterator[Piece]:
    """Yield the figure as one piece, the drawing centred."""
    title = set_text(figure.title, styles.FIGURE_TITLE, theme.TEXT_WIDTH)
    label = Span(figure.label + "\u3000", bold=True)
    caption = set_text((label, Span(figure.caption)), styles.CAPTION, theme.TEXT_WIDTH)
    drawing = figure.drawing
    left = theme.LEFT + (theme.TEXT_WIDTH - drawing.width) / 2
    above = title.height + TITLE_GAP if figure.title else 0.0

    def draw(document: Document, top: float) -> None:
        document.text(title, theme.LEFT, top)
        drawing.draw(document, left, top + above)
        document.text(caption, theme.LEFT, top + above + drawing.height + CAPTION_GAP)

    height = above + drawing.height + CAPTION_GAP + caption.height + styles.FIGURE_SPACE / 2
    yield Piece(height, draw, styles.FIGURE_SPACE, anchor=figure.anchor, floats=True)
