"""Where to begin: each dimension by its association with the outcomes and by its score.

A hollow ring says that an interval reaches across a line: its place is not certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import theme
from reports.charts.dot_whisker import DASH
from reports.document import Document
from reports.typography import Block, set_line

HEIGHT = 96.0
LEFT_ROOM, FOOT_ROOM, INSET = 10.0, 11.0, 2.0
DOT_RADIUS = 1.3
LABEL_GAP = 2.2
CORNER = theme.Style(9.5, 13, theme.BOLD, theme.GREY)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class PriorityDot:
    """One dimension: its share of the association, its score, and whether its place is certain."""

    name: str
    percent: float
    score: float
    is_certain: bool


@dataclass(frozen=True)
class PriorityMatrix:
    """The chart; ``corners`` name the quadrants: weak high, strong high, weak low, strong low."""

    dots: tuple[PriorityDot, ...]
    lines: tuple[float, float]
    corners: tuple[str, str, str, str]
    axes: tuple[str, str]
    width: float

    def draw(self, document: Document, left: float, top: float) -> None:
        """Draw the chart."""
        x0, y0 = left + LEFT_ROOM, top
        wide, high = self.width - LEFT_ROOM, HEIGHT - FOOT_ROOM
        document.frame(x0, y0, wide, high, theme.HAIRLINE)
        across, along = self._place(x0, y0, wide, high, self.lines)
        document.line((across, y0), (across, y0 + high), 0.7, theme.GREY, DASH)
        document.line((x0, along), (x0 + wide, along), 0.7, theme.GREY, DASH)
        self._draw_corners(document, (x0, y0, wide, high))
        foot = set_line(self.axes[0], theme.AXIS)
        document.text(foot, x0 + (wide - foot.width) / 2, y0 + high + 4.0)
        side = set_line(self.axes[1], theme.AXIS)
        document.turned_text(side, left + 1.0, y0 + (high + side.width) / 2)
        centres = {
            dot.name: self._place(x0, y0, wide, high, (dot.percent, dot.score)) for dot in self.dots
        }
        taken = [_surround(centre) for centre in centres.values()]
        for dot in sorted(self.dots, key=lambda one: -one.score):
            centre = centres[dot.name]
            if dot.is_certain:
                document.dot(centre, DOT_RADIUS, theme.BLUE)
            else:
                document.ring(centre, DOT_RADIUS, theme.BLUE)
            label = set_line(dot.name, theme.CELL)
            x, y = _find_room(centre, label, taken, (x0, y0, wide, high))
            document.text(label, x, y)
            taken.append((x, y, label.width, label.height))

    def _place(
        self, left: float, top: float, wide: float, high: float, point: Sequence[float]
    ) -> tuple[float, float]:
        """Return where a share and a score stand; the axes reach a little beyond all points."""
        percents = [*(dot.percent for dot in self.dots), self.lines[0]]
        scores = [*(dot.score for dot in self.dots), self.lines[1]]
        x = _scale(point[0], min(percents), max(percents))
        y = _scale(point[1], min(scores), max(scores))
        return left + wide * (0.08 + 0.74 * x), top + high * (0.88 - 0.76 * y)

    def _draw_corners(self, document: Document, box: Box) -> None:
        x0, y0, wide, high = box
        for number, text in enumerate(self.corners):
            word = set_line(text, CORNER)
            x = x0 + INSET if number % 2 == 0 else x0 + wide - INSET - word.width
            y = y0 + 1.0 if number < 2 else y0 + high - 1.0 - word.height
            document.text(word, x, y)


def _surround(centre: tuple[float, float]) -> Box:
    side = 2 * DOT_RADIUS
    return (centre[0] - DOT_RADIUS, centre[1] - DOT_RADIUS, side, side)


def _scale(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def _find_room(
    centre: tuple[float, float], label: Block, taken: Sequence[Box], box: Box
) -> tuple[float, float]:
    """Return where a name touches no dot and no other name: beside its dot, else above or below."""
    x, y = centre
    wide, high = label.width, label.height
    rise = high / 2 + DOT_RADIUS
    places = [
        (start, y - high / 2 + step)
        for step in (0.0, -rise, rise, -2 * rise, 2 * rise)
        for start in (x + LABEL_GAP, x - LABEL_GAP - wide, x - wide / 2)
        if step or start != x - wide / 2
    ]
    inside = [one for one in places if box[0] <= one[0] and one[0] + wide <= box[0] + box[2]]
    free = (
        one for one in inside if not any(_touches((*one, wide, high), other) for other in taken)
    )
    return next(free, inside[0])


def _touches(one: Box, other: Box) -> bool:
    across = one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
    return across and one[1] < other[1] + other[3] and other[1] < one[1] + one[3]
