"""Two groups on one rail of 0 to 100: a ring and a dot, their numbers outside, the distance above."""

from dataclasses import dataclass
from functools import cached_property

from reports import theme
from reports.charts.dot_whisker import DASH, DotScale, hang
from reports.document import Document
from reports.typography import measure_text, set_line, shorten

AXIS_HEIGHT = 5.2
LEAST_PITCH, MOST_PITCH = 9.4, 13.0
RAIL_AT = 0.7
RING_RADIUS, DOT_RADIUS = 1.05, 1.2
VALUE_GAP, NAME_GAP = 1.2, 2.0
LINK_WEIGHT = 2.0
#: What a dot and its number take to the right of it.
VALUE_ROOM = 10.0


@dataclass(frozen=True)
class DumbbellEnd:
    """Where one group stands, and how its number is printed."""

    value: float
    printed: str


@dataclass(frozen=True)
class DumbbellRow:
    """One pair; ``note`` says the distance and ``range_note``, in plain type, how far it may be off."""

    name: str
    ring: DumbbellEnd
    dot: DumbbellEnd
    note: str = ""
    range_note: str = ""


@dataclass(frozen=True)
class Dumbbell:
    """The chart in ``width`` millimetres."""

    rows: tuple[DumbbellRow, ...]
    scale: DotScale
    width: float

    def height(self, pitch: float) -> float:
        """Return the chart's height with ``pitch`` millimetres a row."""
        return AXIS_HEIGHT + pitch * len(self.rows)

    def draw(self, document: Document, left: float, top: float, pitch: float) -> float:
        """Draw the chart and return where it ends."""
        bottom = top + self.height(pitch)
        self._draw_axis(document, left, top, bottom)
        y = top + AXIS_HEIGHT
        for row in self.rows:
            self._draw_row(document, row, left, y, pitch)
            y += pitch
        return bottom

    @cached_property
    def _words(self) -> list[tuple[int, str]]:
        """Return what stands over the rail: both ends as numbers, the anchors with their words."""
        inner = [(place, f"{place} {word}") for place, word in self.scale.words]
        inner = [(place, text) for place, text in inner if place in self.scale.lines]
        style = theme.AXIS
        room = self.width / 4 - 1.0
        if any(measure_text(text, style) > room for _, text in inner):
            inner = [(place, str(place)) for place, _ in inner]
        return [(0, "0"), *inner, (100, "100")]

    def _x(self, value: float) -> float:
        return value * self.width / 100

    def _draw_axis(self, document: Document, left: float, top: float, bottom: float) -> None:
        for place, text in self._words:
            word = set_line(text, theme.AXIS)
            document.text(word, hang(left + self._x(place), word.natural_width, place), top)
        for place in self.scale.lines:
            x = left + self._x(place)
            document.line((x, top + AXIS_HEIGHT - 0.6), (x, bottom), 0.7, theme.GREY, DASH)

    def _draw_row(
        self, document: Document, row: DumbbellRow, left: float, top: float, pitch: float
    ) -> None:
        rail = top + pitch * RAIL_AT
        self._draw_names(document, row, left, top)
        document.rule(left, left + self.width, rail, theme.FINE_RULE, theme.HAIRLINE)
        ring, dot = left + self._x(row.ring.value), left + self._x(row.dot.value)
        document.line((ring, rail), (dot, rail), LINK_WEIGHT, theme.LIGHT_BLUE)
        document.ring((ring, rail), RING_RADIUS, theme.BLUE)
        document.dot((dot, rail), DOT_RADIUS, theme.BLUE)
        low, high = sorted((row.ring, row.dot), key=lambda end: end.value)
        self._draw_value(document, low.printed, left + self._x(low.value), rail, -1)
        self._draw_value(document, high.printed, left + self._x(high.value), rail, 1)
        self._draw_range(document, row, left, rail)

    def _draw_names(self, document: Document, row: DumbbellRow, left: float, top: float) -> None:
        note = set_line(row.note, theme.AXIS.bold().coloured(theme.INK))
        room = self.width - note.width - (NAME_GAP if row.note else 0.0)
        name = set_line(shorten(row.name, theme.CELL, room), theme.CELL)
        document.fill(left, top, name.width, name.height, theme.WHITE)
        document.text(name, left, top)
        start = left + self.width - note.width
        document.fill(start - 0.6, top, note.width + 0.6, name.height, theme.WHITE)
        document.text(note, start, top + name.baseline - note.baseline)

    def _draw_range(self, document: Document, row: DumbbellRow, left: float, rail: float) -> None:
        """Print how far the distance may be off at that end of the rail that is free."""
        words = set_line(row.range_note, theme.AXIS)
        if not row.range_note:
            return
        highest = self._x(max(row.ring.value, row.dot.value)) + VALUE_ROOM
        is_right = highest + words.width <= self.width
        x = left + self.width - words.width if is_right else left
        document.fill(x - 0.6, rail - 1.8, words.width + 1.2, 3.6, theme.WHITE)
        document.text(words, x, rail - words.height / 2)

    def _draw_value(self, document: Document, text: str, x: float, rail: float, side: int) -> None:
        value = set_line(text, theme.VALUE.resized(9.5))
        reach = DOT_RADIUS + VALUE_GAP
        start = x + reach if side > 0 else x - reach - value.width
        document.fill(start - 0.3, rail - 1.7, value.width + 0.6, 3.4, theme.WHITE)
        document.text(value, start, rail - value.height / 2)
