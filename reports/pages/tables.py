"""A table: caption above, three rules, its head again on every sheet, no row torn apart.

A row with an empty cell is for a pen: it is high enough to write in and ruled on all sides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from reports import theme
from reports.blocks import Cell, Table
from reports.charts.heat_map import choose_colour
from reports.document import Document
from reports.pages import styles
from reports.pages.paragraphs import divide_block
from reports.pages.pieces import Piece
from reports.typography import Block, Span, set_text

GAP, ROOM, HEAD_ROOM = 3.0, 0.9, 1.8
PEN_HEIGHT = 17.0
CAPTION_GAP = 1.4
#: So many rows keep with the caption, and as many end a table.
TIED = 2


def set_table(table: Table) -> Iterator[Piece]:
    """Yield caption and head with the first row, the other rows, and the notes."""
    setting = _Setting(table)
    yield from setting.list_pieces()


@dataclass(frozen=True)
class _Setting:
    table: Table

    @cached_property
    def widths(self) -> list[float]:
        return [share * theme.TEXT_WIDTH for share in self.table.widths]

    @cached_property
    def is_for_pen(self) -> bool:
        return any(not cell.text for row in self.table.rows for cell in row)

    def list_pieces(self) -> Iterator[Piece]:
        """Yield the pieces from the top down."""
        if self.table.caption:
            yield self._set_caption()
        name = self.table.anchor
        head = replace(self._set_head(), table=name)
        yield replace(head, keeps=True, anchor="" if self.table.caption else name)
        last = len(self.table.rows) - 1
        for number, row in enumerate(self.table.rows):
            is_tied = number < TIED - 1 or number == last - 1
            piece = self._set_row(row, is_last=number == last)
            yield replace(piece, keeps=is_tied and number < last, again=head, table=name)
        for note in self.table.notes:
            block = set_text(note, styles.NOTE, theme.TEXT_WIDTH)
            yield from divide_block(block, theme.LEFT, 1.0)

    def _set_caption(self) -> Piece:
        content = (Span(self.table.label + "\u3000", bold=True), Span(self.table.caption))
        block = set_text(content, styles.CAPTION, theme.TEXT_WIDTH)

        def draw(document: Document, top: float) -> None:
            document.text(block, theme.LEFT, top)

        height = block.height + CAPTION_GAP
        return Piece(height, draw, styles.TABLE_SPACE, keeps=True, anchor=self.table.anchor)

    def _set_cells(self, texts: Sequence[str], styled: Sequence[theme.Style]) -> list[Block]:
        return [
            set_text(text, style.aligned(align), width - GAP)
            for text, style, align, width in zip(
                texts, styled, self.table.align, self.widths, strict=True
            )
        ]

    def _set_head(self) -> Piece:
        blocks = self._set_cells(self.table.head, [styles.HEAD] * len(self.widths))
        height = max(block.height for block in blocks) + HEAD_ROOM

        def draw(document: Document, top: float) -> None:
            document.rule(theme.LEFT, theme.RIGHT, top, theme.HEAVY_RULE)
            for left, block in zip(self._lefts(), blocks, strict=True):
                document.text(block, left, top + height - HEAD_ROOM / 2 - block.height)
            document.rule(theme.LEFT, theme.RIGHT, top + height, theme.RULE)

        return Piece(height, draw, 0.0 if self.table.caption else styles.TABLE_SPACE)

    def _set_row(self, row: Sequence[Cell], *, is_last: bool) -> Piece:
        blocks = self._set_cells([cell.text for cell in row], [_choose_style(c) for c in row])
        height = max(block.height for block in blocks) + ROOM
        if self.is_for_pen:
            height = max(height, PEN_HEIGHT)

        def draw(document: Document, top: float) -> None:
            for cell, left, block, width in zip(
                row, self._lefts(), blocks, self.widths, strict=True
            ):
                if cell.shade is not None:
                    colour = choose_colour(cell.shade)
                    document.fill(left - GAP / 2, top, width - 0.3, height - 0.3, colour)
                y = top + (ROOM / 2 if self.is_for_pen else (height - block.height) / 2)
                document.text(block, left, y)
            if self.is_for_pen:
                self._draw_grid(document, top, height)
            weight, colour = theme.FINE_RULE, theme.HAIRLINE
            if is_last:
                weight, colour = theme.HEAVY_RULE, theme.INK
            document.rule(theme.LEFT, theme.RIGHT, top + height, weight, colour)

        return Piece(height, draw)

    def _lefts(self) -> list[float]:
        lefts = [theme.LEFT + GAP / 2]
        for width in self.widths[:-1]:
            lefts.append(lefts[-1] + width)
        return lefts

    def _draw_grid(self, document: Document, top: float, height: float) -> None:
        for left in self._lefts()[1:]:
            x = left - GAP / 2
            document.line((x, top), (x, top + height), theme.FINE_RULE, theme.HAIRLINE)


def _choose_style(cell: Cell) -> theme.Style:
    style = styles.CELL.bold() if cell.strong else styles.CELL
    if cell.shade is not None and cell.shade >= theme.HEAT_WHITE_FROM:
        return style.coloured(theme.WHITE)
    return style
