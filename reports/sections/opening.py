"""The finding on top of the first sheet, in two lines of one size."""

from collections.abc import Sequence

from reports import theme
from reports.document import Document
from reports.typography import measure_text, set_text, shrink_to_lines

TOP = 34.6
SMALLEST = 12.0
#: Lines that end where they may are not quite full.
ROOM_TO_BREAK = 1.15
#: A headline that must break is no larger than this.
BROKEN = 15.0


def draw_opening(document: Document, lines: Sequence[str]) -> float:
    """Draw the headline and return where it ends."""
    size = min(_fit_size(line) for line in lines)
    y = TOP
    for line in lines:
        style = theme.HEADLINE.resized(size)
        y = document.text(set_text(line, style, theme.TEXT_WIDTH), theme.LEFT, y)
    return y


def _fit_size(line: str) -> float:
    """Return the size at which a line fits, or stands on several lines where it would get too small."""
    style, width = theme.HEADLINE, theme.TEXT_WIDTH
    natural = measure_text(line, style)
    smallest = natural * SMALLEST / style.size
    if smallest <= width:
        return shrink_to_lines(line, style, width, most=1, smallest=SMALLEST).style.size
    most = 1 + int(ROOM_TO_BREAK * smallest / width)
    broken = style.resized(BROKEN)
    return shrink_to_lines(line, broken, width, most=most, smallest=SMALLEST).style.size
