"""Which piece stands on which sheet: pieces that belong together are not torn apart.

A figure that does not fit waits for the next sheet, and the text that follows it goes on; it never
waits beyond the next heading.
"""

from collections.abc import Iterator, Sequence

from reports.pages.pieces import Piece, Placed

TOLERANCE = 1e-6
#: Between a figure and the head of a table that goes on below it.
AGAIN_SPACE = 4.0


def fill_sheets(pieces: Sequence[Piece], top: float, bottom: float) -> list[list[Placed]]:
    """Return the sheets with what stands on each; the first sheet may be empty if there is nothing.

    A chain of pieces that is higher than a sheet is torn where it must be.
    """
    filling = _Filling(top, bottom)
    for chain in _tie(pieces):
        filling.take(chain)
    filling.catch_up()
    return filling.sheets


class _Filling:
    """Sheets in the making, and the figures that wait for the next one."""

    def __init__(self, top: float, bottom: float) -> None:
        self.sheets: list[list[Placed]] = [[]]
        self._top = top
        self._bottom = bottom
        self._y = top
        self._waiting: list[Piece] = []

    def take(self, chain: Sequence[Piece]) -> None:
        """Put a chain where it belongs."""
        if any(piece.level for piece in chain) or any(piece.floats for piece in chain[1:]):
            self.catch_up()
        if chain[0].floats and (self._waiting or not self._fits(chain)):
            self._waiting += chain
            return
        if not self._fits(chain):
            self._begin_sheet()
        for piece in chain:
            self._put(piece)

    def catch_up(self) -> None:
        """Put all figures that wait."""
        while self._waiting:
            piece = self._waiting.pop(0)
            if not self._fits([piece]):
                self._turn()
            self._put(piece)

    def _fits(self, chain: Sequence[Piece]) -> bool:
        if not self.sheets[-1]:
            return True
        need = sum(piece.space + piece.height for piece in chain)
        return self._y + max(need, chain[0].room) <= self._bottom + TOLERANCE

    def _turn(self) -> None:
        self.sheets.append([])
        self._y = self._top

    def _begin_sheet(self) -> None:
        """Turn to the next sheet; the figures that fit on it come first."""
        self._turn()
        while self._waiting and self._fits(self._waiting[:1]):
            self._put(self._waiting.pop(0))

    def _put(self, piece: Piece) -> None:
        space = piece.space if self.sheets[-1] else 0.0
        if self.sheets[-1] and self._y + space + piece.height > self._bottom + TOLERANCE:
            self._begin_sheet()
            space = piece.space if self.sheets[-1] else 0.0
            if self._y + space + piece.height > self._bottom + TOLERANCE:
                self._turn()
                space = 0.0
        if piece.again is not None and self._follows_turn(piece):
            self._y += AGAIN_SPACE if self.sheets[-1] else 0.0
            self.sheets[-1].append(Placed(piece.again, self._y))
            self._y += piece.again.height
        self.sheets[-1].append(Placed(piece, self._y + space))
        self._y += space + piece.height

    def _follows_turn(self, piece: Piece) -> bool:
        """Say whether a table goes on here without its head above it."""
        if not self.sheets[-1]:
            return True
        last = self.sheets[-1][-1].piece
        return last.table != piece.table


def _tie(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces in chains: each but the last of a chain keeps with the next."""
    chain: list[Piece] = []
    for piece in pieces:
        chain.append(piece)
        if not piece.keeps:
            yield chain
            chain = []
    if chain:
        yield chain
