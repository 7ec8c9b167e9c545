"""Dots with whiskers on a scale of 0 to 100, in groups: a score and how far it may be off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from reports import theme
from reports.document import Document
from reports.typography import (
    Block,
    PageOverflowError,
    measure_text,
    set_line,
    set_text,
    shorten,
    shorten_to_lines,
)

AXIS_NUMBER, AXIS_TICK = 4.0, 0.9
AXIS_WORDS = 0.62
HEAD_HEIGHT, LOW_HEAD_HEIGHT = 6.6, 5.6
#: Names that do not fit between the start of the scale and its dots stand beside it.
BESIDE_SHARE, MOST_BESIDE_SHARE, LINE_SHARE = 0.4, 0.5, 0.56
LEAST_PITCH, TALL_ROW = 3.9, 1.8
#: On a scale whose steps are narrower than this, only the emphasised words are printed.
LEAST_STEP = 20.0
DOT_RADIUS = 0.82
CAP_HEIGHT = 2.7
WHISKER_WEIGHT, CAP_WEIGHT = 1.0, 0.9
NAME_GAP = 2.0
VALUE_GAP = 1.4
DASH = (2, 1.6)
#: The tick that shows where another group stands.
REFERENCE = 3.4
SMALL_NAME, SMALLEST_NAME = theme.Style(8.4, 9.8, colour=theme.INK), 8.0


@dataclass(frozen=True)
class DotRow:
    """One dot: its name, its value as drawn and as printed, and its interval; or why it has none.

    ``note`` stands at the far end of the row; ``references`` are other groups' values, as ticks.
    """

    name: str
    value: float | None
    printed: str
    interval: tuple[float, float] | None = None
    is_strong: bool = False
    note: str = ""
    references: tuple[float, ...] = ()

    @property
    def start(self) -> float:
        """Return where the drawing of the row begins on the scale."""
        if self.value is None:
            return 100.0
        return self.value if self.interval is None else min(self.value, self.interval[0])

    @property
    def end(self) -> float:
        """Return where the drawing of the row ends on the scale."""
        if self.value is None:
            return 0.0
        return self.value if self.interval is None else max(self.value, self.interval[1])


@dataclass(frozen=True)
class DotGroup:
    """Rows under a common head; without a head they follow the group before."""

    head: str
    note: str
    rows: tuple[DotRow, ...]


@dataclass(frozen=True)
class DotScale:
    """Positions 0–100 with their words; a dashed line stands at each of ``lines``."""

    words: tuple[tuple[int, str], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class DotWhisker:
    """The chart in ``width`` millimetres, the names of its rows included."""

    groups: tuple[DotGroup, ...]
    scale: DotScale
    width: float
    name_lines: int = 2

    @cached_property
    def is_beside(self) -> bool:
        """Say whether some name does not fit between the scale's start and its dot."""
        return any(
            row.value is not None
            and measure_text(row.name, theme.ROW.bold()) + 2 * NAME_GAP
            > row.start * self.width / 100
            for row in self._rows
        )

    def height(self, pitch: float) -> float:
        """Return the chart's height with rows of ``pitch`` millimetres."""
        heads = sum(self._head_height for group in self.groups if group.head)
        return self._axis_height + heads + pitch * sum(self._row_shares)

    def fit_pitch(self, height: float, most: float) -> float:
        """Return the row height that fills ``height``, at most ``most``."""
        pitch = min(most, (height - self.height(0.0)) / max(sum(self._row_shares), 1.0))
        if pitch < LEAST_PITCH - 0.01:
            raise PageOverflowError(f"{len(self._rows)} rows do not fit into {height:.0f} mm")
        return pitch

    def draw(self, document: Document, left: float, top: float, pitch: float) -> float:
        """Draw the chart and return where it ends."""
        bottom = top + self.height(pitch)
        self._draw_axis(document, left, top, bottom)
        y = top + self._axis_height
        for group in self.groups:
            if group.head:
                self._draw_head(document, group, left, y)
                y += self._head_height
            for row in group.rows:
                height = pitch * self._row_share(row)
                self._draw_row(document, row, left, y, height)
                y += height
        return bottom

    @property
    def _rows(self) -> Sequence[DotRow]:
        return [row for group in self.groups for row in group.rows]

    def _row_share(self, row: DotRow) -> float:
        return TALL_ROW if len(self._set_name(row).lines) > 1 else 1.0

    @cached_property
    def _row_shares(self) -> list[float]:
        return [self._row_share(row) for row in self._rows]

    @cached_property
    def _names(self) -> float:
        """Return the width of the column of names; 0 where they stand on the scale."""
        if not self.is_beside:
            return 0.0
        room = self.width * BESIDE_SHARE
        if self.name_lines == 1:
            longest = max(self._measure_name(row, SMALL_NAME.size) for row in self._rows)
            return min(max(longest + NAME_GAP, room), self.width * LINE_SHARE)
        is_long = any(
            len(set_text(row.name, SMALL_NAME, room - NAME_GAP).lines) > self.name_lines
            for row in self._rows
        )
        return self.width * MOST_BESIDE_SHARE if is_long else room

    @cached_property
    def _name_size(self) -> float:
        """Return the size of all names beside the scale: as large as their lines allow."""
        room = self._names - NAME_GAP

        def fits(size: float) -> bool:
            return all(self._measure_name(row, size) <= room for row in self._rows)

        if fits(theme.ROW.size):
            return theme.ROW.size
        if self.name_lines > 1:
            return SMALL_NAME.size
        sizes = (SMALL_NAME.size, (SMALL_NAME.size + SMALLEST_NAME) / 2)
        return next((size for size in sizes if fits(size)), SMALLEST_NAME)

    @staticmethod
    def _measure_name(row: DotRow, size: float) -> float:
        style = theme.ROW.bold() if row.is_strong else theme.ROW
        return measure_text(row.name, style.resized(size))

    @property
    def _head_height(self) -> float:
        return LOW_HEAD_HEIGHT if self.is_beside else HEAD_HEIGHT

    @cached_property
    def _words(self) -> list[tuple[int, Block]]:
        """Return the words over the scale."""
        step = (self.width - self._names) / max(len(self.scale.words) - 1, 1)
        is_narrow = step < LEAST_STEP
        width = step if is_narrow else step * AXIS_WORDS
        return [
            (position, self._set_word(position, word, width))
            for position, word in self.scale.words
            if position in self.scale.lines or not is_narrow
        ]

    def _set_word(self, position: int, word: str, width: float) -> Block:
        strong = theme.AXIS.bold().coloured(theme.INK)
        style = strong if position in self.scale.lines else theme.AXIS
        longest = (
            max(measure_text(part, style) for part in word.split(" ")) if word.isascii() else 0
        )
        return set_text(word, style, max(width, longest + 0.1))

    @property
    def _axis_height(self) -> float:
        words = max((block.height for _, block in self._words), default=0.0)
        return words + AXIS_NUMBER + AXIS_TICK + 0.4

    def _x(self, value: float) -> float:
        return self._names + value * (self.width - self._names) / 100

    def _draw_axis(self, document: Document, left: float, top: float, bottom: float) -> None:
        end = top + self._axis_height
        for position, word in self._words:
            x = hang(left + self._x(position), word.natural_width, position)
            document.text(word, x, end - AXIS_TICK - AXIS_NUMBER - word.height)
        for position, _ in self.scale.words:
            strong = position in self.scale.lines
            number = set_line(
                str(position), theme.AXIS.bold().coloured(theme.INK) if strong else theme.AXIS
            )
            x = left + self._x(position)
            document.text(
                number, hang(x, number.natural_width, position), end - AXIS_TICK - AXIS_NUMBER
            )
            document.line((x, end - AXIS_TICK), (x, end), theme.RULE)
            if strong:
                document.line((x, end), (x, bottom), 0.7, theme.GREY, DASH)

    def _draw_head(self, document: Document, group: DotGroup, left: float, top: float) -> None:
        head = set_line(group.head, theme.BLOCK)
        note = set_line(group.note, theme.AXIS)
        centre = top + self._head_height / 2 + 0.4
        end = left + head.width + 2 + note.width
        document.fill(left, centre - 2, end - left, 4, theme.WHITE)
        document.text(head, left, centre - head.height / 2)
        document.text(note, left + head.width + 2, centre - note.height / 2 + 0.15)

    def _set_name(self, row: DotRow) -> Block:
        """Set a row's name: on its scale in one line, or beside it in smaller ones, all alike."""
        style = theme.ROW.bold() if row.is_strong else theme.ROW
        if not self.is_beside:
            room = self._x(row.start) - 2 * NAME_GAP + 0.1
            if row.value is None:
                room = self.width - measure_text(row.printed, theme.CAPTION) - 3 * NAME_GAP
            return set_line(shorten(row.name, style, room), style)
        room = self._names - NAME_GAP
        if self._name_size == style.size:
            return set_line(row.name, style)
        small = replace(SMALL_NAME.resized(self._name_size), face=style.face)
        return set_text(shorten_to_lines(row.name, small, room, self.name_lines), small, room)

    def _draw_row(
        self, document: Document, row: DotRow, left: float, top: float, height: float
    ) -> None:
        rail = top + height / 2
        name = self._set_name(row)
        start = left + self._names if self.is_beside else left + name.width + NAME_GAP
        document.rule(start, left + self.width, rail, theme.FINE_RULE, theme.HAIRLINE)
        document.text(name, left, rail - name.height / 2)
        if row.value is None:
            self._draw_absence(document, row, left, rail)
        else:
            self._draw_value(document, row, row.value, left, rail)

    def _meets_reference(self, row: DotRow, width: float) -> bool:
        """Say whether a value behind its whisker would stand on another group's tick or beyond it."""
        reach = self._x(row.end) + 2 * VALUE_GAP + width
        return any(self._x(row.end) < self._x(other) < reach for other in row.references)

    def _name_end(self, row: DotRow) -> float:
        return (self._names or self._set_name(row).width) + NAME_GAP

    def _draw_note(
        self, document: Document, row: DotRow, left: float, rail: float, taken: float
    ) -> None:
        """Draw a row's note at the end of the rail, or before the whisker if the value leaves no room."""
        if not row.note:
            return
        words = set_line(row.note, theme.AXIS.coloured(theme.BLUE))
        x = left + self.width - words.width
        if x < taken + 1.0:
            x = left + self._x(row.start) - VALUE_GAP - words.width
        document.fill(x - 0.6, rail - 1.8, words.width + 1.2, 3.6, theme.WHITE)
        document.text(words, x, rail - words.height / 2)

    def _draw_absence(self, document: Document, row: DotRow, left: float, rail: float) -> None:
        words = set_line(row.printed, theme.CAPTION)
        x = left + self.width - words.width
        document.fill(x - 1, rail - 2, words.width + 1, 4, theme.WHITE)
        document.text(words, x, rail - words.height / 2)

    def _draw_value(
        self, document: Document, row: DotRow, mean: float, left: float, rail: float
    ) -> None:
        value = set_line(row.printed, theme.VALUE)
        x = left + self._x(row.end) + VALUE_GAP
        before = left + self._x(row.start) - VALUE_GAP - value.width
        if x + value.width > left + self.width or (
            self._meets_reference(row, value.width) and before > left + self._name_end(row)
        ):
            x = before
        self._draw_note(document, row, left, rail, x + value.width)
        for reference in row.references:
            place = left + self._x(reference)
            document.line(
                (place, rail - REFERENCE / 2), (place, rail + REFERENCE / 2), 1.6, theme.LIGHT_BLUE
            )
        document.fill(x - 0.4, rail - 1.9, value.width + 0.8, 3.8, theme.WHITE)
        document.text(value, x, rail - value.height / 2)
        if row.interval is not None:
            low, high = (left + self._x(bound) for bound in row.interval)
            document.line((low, rail), (high, rail), WHISKER_WEIGHT, theme.BLUE)
            for bound in (low, high):
                document.line(
                    (bound, rail - CAP_HEIGHT / 2),
                    (bound, rail + CAP_HEIGHT / 2),
                    CAP_WEIGHT,
                    theme.BLUE,
                )
        document.dot((left + self._x(mean), rail), DOT_RADIUS, theme.BLUE)


def hang(x: float, width: float, position: int) -> float:
    """Return where a word at a position starts: inside at both ends of the scale."""
    if position <= 0:
        return x
    return x - width if position >= 100 else x - width / 2
