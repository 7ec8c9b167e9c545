"""Dots with whiskers on an axis of their own, to one side or the other of a line.

Changes stand around no change, associations around an even share. A dot whose interval reaches
across the line is hollow: nothing is said of it.
"""

from dataclasses import dataclass
from functools import cached_property

from reports import theme
from reports.charts.dot_whisker import DASH
from reports.document import Document
from reports.typography import Block, measure_text, set_line, set_text, shorten_to_lines

HEAD_HEIGHT, LOW_HEAD = 7.0, 5.4
PITCH = 7.4
DOT_RADIUS, WHISKER_WEIGHT, CAP = 1.05, 1.0, 1.3
NAME_SHARE, NAME_GAP = 0.3, 3.0
VALUE_GAP = 3.0
TRIANGLE = 2.6


@dataclass(frozen=True)
class IntervalRow:
    """One row; without ``value`` only ``direction`` (up or down) or the reason in ``printed`` is known.

    ``is_clear`` says that the difference from the line is beyond error.
    """

    name: str
    value: float | None
    interval: tuple[float, float] | None
    printed: str
    is_clear: bool = False
    direction: str = ""
    starts_group: bool = False


@dataclass(frozen=True)
class IntervalDots:
    """The chart: names, the axis from ``low`` to ``high``, and the numbers in a column at the right."""

    rows: tuple[IntervalRow, ...]
    ticks: tuple[tuple[float, str], ...]
    line: float
    line_word: str
    width: float

    @property
    def height(self) -> float:
        """Return the chart's height."""
        return HEAD_HEIGHT + PITCH * len(self.rows) + LOW_HEAD

    def draw(self, document: Document, left: float, top: float) -> None:
        """Draw the chart."""
        first, last = top + HEAD_HEIGHT, top + self.height - LOW_HEAD
        for place, word in self.ticks:
            x = left + self._x(place)
            document.line((x, first), (x, last), theme.FINE_RULE, theme.HAIRLINE)
            label = set_line(word, theme.AXIS)
            document.text(label, x - label.width / 2, last + 0.8)
        x = left + self._x(self.line)
        document.line((x, first - 1.0), (x, last), 0.9, theme.GREY, DASH)
        label = set_line(self.line_word, theme.AXIS.bold().coloured(theme.INK))
        document.text(label, x - label.width / 2, top)
        for number, row in enumerate(self.rows):
            y = first + PITCH * number
            if row.starts_group and number:
                document.rule(left, left + self.width, y, theme.FINE_RULE, theme.HAIRLINE)
            self._draw_row(document, row, left, y + PITCH / 2)

    @cached_property
    def _name_room(self) -> float:
        longest = max(measure_text(row.name, theme.ROW.bold()) for row in self.rows)
        return min(longest, self.width * NAME_SHARE)

    @cached_property
    def _value_room(self) -> float:
        return max(measure_text(row.printed, theme.VALUE.resized(9.5)) for row in self.rows)

    def _x(self, value: float) -> float:
        low, high = self.ticks[0][0], self.ticks[-1][0]
        start = self._name_room + NAME_GAP + 3.0
        room = self.width - start - self._value_room - VALUE_GAP - 3.0
        return start + room * (value - low) / (high - low)

    def _draw_row(self, document: Document, row: IntervalRow, left: float, centre: float) -> None:
        name = self._set_name(row)
        document.text(name, left, centre - name.height / 2)
        colour = theme.BLUE if row.is_clear else theme.GREY
        style = theme.VALUE.resized(9.5) if row.is_clear else theme.CELL
        value = set_line(row.printed, style)
        document.text(value, left + self.width - value.width, centre - value.height / 2)
        if row.value is None:
            if row.direction in {"up", "down"}:
                x = left + self._x(self.line)
                document.triangle((x, centre), TRIANGLE, colour, is_up=row.direction == "up")
            return
        if row.interval is not None:
            low, high = (left + self._x(end) for end in row.interval)
            document.rule(low, high, centre, WHISKER_WEIGHT, colour)
            for end in (low, high):
                document.line((end, centre - CAP), (end, centre + CAP), WHISKER_WEIGHT, colour)
        x = left + self._x(row.value)
        if row.is_clear:
            document.dot((x, centre), DOT_RADIUS, colour)
        else:
            document.ring((x, centre), DOT_RADIUS, colour)

    def _set_name(self, row: IntervalRow) -> Block:
        style = theme.ROW.bold() if row.is_clear else theme.ROW
        if measure_text(row.name, style) <= self._name_room:
            return set_line(row.name, style)
        small = theme.Style(8.2, 9.4, style.face, style.colour)
        room = self._name_room + 0.01
        return set_text(shorten_to_lines(row.name, small, room, 2), small, room)
