"""Three ranks on one rail of 0 to 100: ring, triangle and dot, their numbers in columns at the right."""

from dataclasses import dataclass
from functools import cached_property

from reports import theme
from reports.charts.dot_whisker import DASH, DotScale, hang
from reports.document import Document
from reports.typography import Block, measure_text, set_line, set_text, shorten_to_lines

HEAD_HEIGHT = 6.0
PITCH = 8.0
NAME_SHARE, NUMBER_GAP, NAME_GAP = 0.26, 3.0, 3.0
RADIUS, TRIANGLE = 1.15, 2.9
LINK_WEIGHT = 2.0
SMALL_NAME = theme.Style(8.2, 9.4, colour=theme.INK)


@dataclass(frozen=True)
class RankRow:
    """One dimension: the scores of the front line, key staff and managers, drawn and printed."""

    name: str
    values: tuple[float, float, float]
    printed: tuple[str, str, str]


@dataclass(frozen=True)
class RankDots:
    """The chart; ``heads`` name the three ranks with their signs."""

    rows: tuple[RankRow, ...]
    heads: tuple[str, str, str]
    scale: DotScale
    width: float

    @property
    def height(self) -> float:
        """Return the chart's height."""
        return HEAD_HEIGHT + PITCH * len(self.rows)

    def draw(self, document: Document, left: float, top: float) -> None:
        """Draw the chart."""
        start, length = left + self.width * NAME_SHARE, self._length
        for place in (0, *self.scale.lines, 100):
            x = start + place * length / 100
            word = set_line(str(place), theme.AXIS)
            document.text(word, hang(x, word.width, place), top)
            if place in self.scale.lines:
                document.line(
                    (x, top + HEAD_HEIGHT - 1.0), (x, top + self.height), 0.7, theme.GREY, DASH
                )
        for number, head in enumerate(self.heads):
            word = set_line(head, theme.AXIS)
            document.text(word, self._number_edge(left, number) - word.width, top)
        for number, row in enumerate(self.rows):
            self._draw_row(document, row, left, top + HEAD_HEIGHT + PITCH * (number + 0.5))

    @property
    def _length(self) -> float:
        return self.width * (1 - NAME_SHARE) - sum(self._number_widths) - NAME_GAP

    @cached_property
    def _number_widths(self) -> list[float]:
        """Return the room of each column of numbers: what its head needs."""
        return [measure_text(head, theme.AXIS) + NUMBER_GAP for head in self.heads]

    def _number_edge(self, left: float, number: int) -> float:
        return left + self.width - sum(self._number_widths[number + 1 :])

    def _draw_row(self, document: Document, row: RankRow, left: float, centre: float) -> None:
        room = self.width * NAME_SHARE - NAME_GAP
        name = _set_name(row.name, room)
        document.text(name, left, centre - name.height / 2)
        start, length = left + self.width * NAME_SHARE, self._length
        document.rule(start, start + length, centre, theme.FINE_RULE, theme.HAIRLINE)
        front, key, managers = (start + value * length / 100 for value in row.values)
        ends = (min(front, key, managers), max(front, key, managers))
        document.rule(*ends, centre, LINK_WEIGHT, theme.LIGHT_BLUE)
        document.triangle((key, centre), TRIANGLE, theme.BLUE, is_up=True)
        document.dot((managers, centre), RADIUS, theme.BLUE)
        document.ring((front, centre), RADIUS, theme.BLUE)
        for number, printed in enumerate(row.printed):
            value = set_line(printed, theme.CELL)
            x = self._number_edge(left, number) - value.width
            document.text(value, x, centre - value.height / 2)


def _set_name(name: str, room: float) -> Block:
    """Set a name on one line, or smaller on two."""
    if measure_text(name, theme.ROW) <= room:
        return set_line(name, theme.ROW)
    return set_text(shorten_to_lines(name, SMALL_NAME, room, 2), SMALL_NAME, room)
