"""Bars to both sides of a line, the middle category set apart at the right (Heiberger & Robbins 2014).

Agreement goes right in blue, disagreement left in hatched orange, both from one line and on one scale,
so that either is read as a length from zero; the middle, which says neither, has its own column.
"""

from dataclasses import dataclass
from functools import cached_property

from reports import theme
from reports.document import Document
from reports.typography import Block, measure_text, set_line, set_text, shorten_to_lines

KEY_HEIGHT = 5.2
BAR_HEIGHT = 3.6
NAME_SHARE = 0.56
NAME_GAP = 2.0
#: Room for a number beside its bar; numbers stand inside the bar where it is long enough.
NUMBER_ROOM = 7.2
MIDDLE_GAP = 2.0
INSET = 0.7
NAME_LINES = 3
ROW_ROOM, MOST_ROW_ROOM = 0.9, 4.5
NUMBER = theme.Style(8.4, 11.2, colour=theme.INK)
NAME = theme.Style(8.2, 9.6, colour=theme.INK)


@dataclass(frozen=True)
class DivergingBar:
    """One bar: shares of 0–100 as drawn, favourable, middle, unfavourable, and as printed."""

    name: str
    lengths: tuple[int, int, int]
    printed: tuple[str, str, str]
    starts_group: bool = False


@dataclass(frozen=True)
class DivergingBars:
    """The chart in ``width`` millimetres; ``key`` names the three shares."""

    bars: tuple[DivergingBar, ...]
    key: tuple[str, str, str]
    width: float

    @property
    def least_height(self) -> float:
        """Return the height below which names would touch."""
        return self._text_height + ROW_ROOM * len(self.bars)

    @property
    def most_height(self) -> float:
        """Return the height above which rows would fall apart."""
        return self._text_height + MOST_ROW_ROOM * len(self.bars)

    def draw(self, document: Document, left: float, top: float, height: float) -> float:
        """Draw the chart into ``height`` and return where it ends."""
        room = (height - self._text_height) / len(self.bars)
        self._draw_key(document, left, top)
        y = top + KEY_HEIGHT
        document.rule(left, left + self.width, y, theme.RULE)
        first = y
        for bar, name in zip(self.bars, self._names, strict=True):
            if bar.starts_group:
                document.rule(left, left + self.width, y, theme.FINE_RULE, theme.HAIRLINE)
            row = max(name.height, BAR_HEIGHT) + room
            self._draw_bar(document, bar, name, (left, y), row)
            y += row
        zero = left + self._zero
        document.line((zero, first), (zero, y), theme.FINE_RULE, theme.GREY)
        document.rule(left, left + self.width, y, theme.RULE)
        return y

    @cached_property
    def _names(self) -> list[Block]:
        room = self._name_width - NAME_GAP
        return [
            set_text(shorten_to_lines(bar.name, NAME, room, NAME_LINES), NAME, room)
            for bar in self.bars
        ]

    @cached_property
    def _text_height(self) -> float:
        return KEY_HEIGHT + sum(max(name.height, BAR_HEIGHT) for name in self._names)

    @property
    def _name_width(self) -> float:
        return self.width * NAME_SHARE

    @cached_property
    def _step(self) -> float:
        """Return the millimetres of one per cent: one scale for all three shares."""
        free = self.width - self._name_width - NUMBER_ROOM - MIDDLE_GAP
        longest = [max(bar.lengths[part] for bar in self.bars) for part in range(3)]
        inside = free / max(sum(longest), 1)
        if all(self._fits(bar, part, inside) for bar in self.bars for part in (0, 1)):
            return inside
        return max(free - 2 * NUMBER_ROOM, 1.0) / max(sum(longest), 1)

    @staticmethod
    def _fits(bar: DivergingBar, part: int, step: float) -> bool:
        """Say whether a bar is long enough to hold its number."""
        width = measure_text(bar.printed[part], NUMBER.bold())
        return width + 2 * INSET <= bar.lengths[part] * step

    @cached_property
    def _is_inside(self) -> bool:
        return all(self._fits(bar, part, self._step) for bar in self.bars for part in (0, 1))

    @cached_property
    def _zero(self) -> float:
        left = max(bar.lengths[2] for bar in self.bars) * self._step
        return self._name_width + NUMBER_ROOM + left

    @cached_property
    def _middle(self) -> float:
        right = max(bar.lengths[0] for bar in self.bars) * self._step
        return self._zero + right + (0.0 if self._is_inside else NUMBER_ROOM) + MIDDLE_GAP

    def _draw_key(self, document: Document, left: float, top: float) -> None:
        favourable, neutral, unfavourable = self.key
        style = theme.AXIS
        last = set_line(unfavourable, style.bold().coloured(theme.ORANGE))
        first = set_line(favourable, style.bold().coloured(theme.BLUE))
        middle = set_line(neutral, style)
        document.text(last, left + self._zero - 1.0 - last.width, top)
        document.text(first, left + self._zero + 1.0, top)
        start = min(self._middle, self.width - middle.width)
        if start >= self._zero + 2.0 + first.width:
            document.text(middle, left + start, top)

    def _draw_bar(
        self,
        document: Document,
        bar: DivergingBar,
        name: Block,
        corner: tuple[float, float],
        row: float,
    ) -> None:
        left, top = corner
        centre = top + row / 2
        document.text(name, left, centre - name.height / 2)
        favourable, neutral, unfavourable = (length * self._step for length in bar.lengths)
        y = centre - BAR_HEIGHT / 2
        zero, middle = left + self._zero, left + self._middle
        document.fill(zero - unfavourable, y, unfavourable, BAR_HEIGHT, theme.LIGHT_ORANGE)
        document.hatch(zero - unfavourable, y, unfavourable, BAR_HEIGHT, theme.WHITE)
        document.fill(zero, y, favourable, BAR_HEIGHT, theme.BLUE)
        document.fill(middle, y, neutral, BAR_HEIGHT, theme.MIDDLE)
        inside = self._is_inside
        first = set_line(
            bar.printed[0], NUMBER.bold().coloured(theme.WHITE if inside else theme.BLUE)
        )
        second = set_line(bar.printed[1], NUMBER)
        last = set_line(bar.printed[2], NUMBER.bold().coloured(theme.ORANGE))
        for block, x in (
            (first, zero + (INSET if inside else favourable + INSET)),
            (second, middle + (INSET if inside else neutral + INSET)),
            (last, zero - unfavourable - INSET - last.width),
        ):
            document.text(block, x, centre - block.height / 2)
