"""Which piece stands on which sheet: pieces that belong together are not torn apart."""

from collections.abc import Iterator, Sequence

from reports.pages.pieces import Piece, Placed

TOLERANCE = 1e-6


def fill_sheets(pieces: Sequence[Piece], top: float, bottom: float) -> list[list[Placed]]:
    """Return the sheets with what stands on each; the first sheet may be empty if there is nothing.

    A chain of pieces that is higher than a sheet is torn where it must be.
    """
    sheets: list[list[Placed]] = [[]]
    y = top
    for chain in _tie(pieces):
        need = _measure(chain, is_first=not sheets[-1])
        wanted = max(need, chain[0].room)
        if sheets[-1] and y + wanted > bottom + TOLERANCE:
            sheets.append([])
            y = top
        for piece in chain:
            space = piece.space if sheets[-1] else 0.0
            if sheets[-1] and y + space + piece.height > bottom + TOLERANCE:
                sheets.append([])
                y, space = top, 0.0
            if not sheets[-1] and piece.again is not None:
                sheets[-1].append(Placed(piece.again, y))
                y += piece.again.height
            sheets[-1].append(Placed(piece, y + space))
            y += space + piece.height
    return sheets


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


def _measure(chain: Sequence[Piece], *, is_first: bool) -> float:
    air = sum(piece.space for piece in chain)
    return sum(piece.height for piece in chain) + air - (chain[0].space if is_first else 0.0)
