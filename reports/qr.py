"""QR codes: as modules for drawing, and as text for a terminal. Imports no PDF library."""

import io
from collections.abc import Iterator

import segno

QUIET_ZONE = 4
_ERROR_LEVEL = "m"
_MASK = 3  # any mask is valid; choosing the best of eight takes eight times as long


def find_modules(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Return the number of modules a side, quiet zone included, and the dark runs.

    A run is (row, first column, length); error correction level M.
    """
    code = segno.make_qr(text, error=_ERROR_LEVEL, mask=_MASK, boost_error=False)
    side = len(code.matrix) + 2 * QUIET_ZONE
    return side, tuple(_runs(code.matrix))


def write_for_terminal(text: str) -> str:
    """Return a QR code in block characters."""
    stream = io.StringIO()
    segno.make_qr(text, error=_ERROR_LEVEL).terminal(out=stream, compact=True)
    return stream.getvalue()


def _runs(matrix: tuple[bytearray, ...]) -> Iterator[tuple[int, int, int]]:
    for row, line in enumerate(matrix):
        start = None
        for column, dark in enumerate((*line, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                yield row + QUIET_ZONE, start + QUIET_ZONE, column - start
                start = None
