"""QR codes, on paper and in a terminal. Imports no PDF library: the terminal needs none.

Error correction M. The quiet zone of four modules belongs to the drawing.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import segno

if TYPE_CHECKING:
    from reports.document import Document

QUIET_ZONE = 4
#: Smaller modules are not read reliably from the paper of an office printer.
LEAST_MODULE_MM = 0.4

_ERROR_LEVEL = "m"
_MASK = 3  # any mask is valid; choosing the best of eight takes eight times as long
_DARK = re.compile(b"\x01+")


def draw_qr(document: "Document", text: str, left: float, top: float, size: float) -> None:
    """Draw ``text`` as a square of ``size`` millimetres, its quiet zone included.

    Raises ``ValueError`` where the text is so long that its modules would be too small to scan.
    """
    rows = segno.make_qr(text, error=_ERROR_LEVEL, mask=_MASK, boost_error=False).matrix
    module = size / (len(rows) + 2 * QUIET_ZONE)
    if module < LEAST_MODULE_MM:
        raise ValueError(f"{len(text)} characters are too many for a QR code of {size:.0f} mm")
    margin = QUIET_ZONE * module
    document.fill_cells(_find_runs(rows), left + margin, top + margin, module)


def write_for_terminal(text: str) -> str:
    """Return a QR code in block characters."""
    stream = io.StringIO()
    segno.make_qr(text, error=_ERROR_LEVEL).terminal(out=stream, compact=True)
    return stream.getvalue()


def _find_runs(rows: tuple[bytearray, ...]) -> Iterator[tuple[int, int, int, int]]:
    """Yield each row's unbroken dark runs as (column, row, columns, 1)."""
    for number, row in enumerate(rows):
        for run in _DARK.finditer(row):
            yield run.start(), number, run.end() - run.start(), 1
