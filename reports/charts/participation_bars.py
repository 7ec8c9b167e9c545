"""How many of those invited gave a valid answer, as bars on 0 to 100 %; a band has a soft end."""

from dataclasses import dataclass
from functools import cached_property

from reports import theme
from reports.document import Document
from reports.typography import Block, measure_text, set_line, set_text, shorten_to_lines

LEAST_PITCH, MOST_PITCH = 5.4, 8.0
BAR_HEIGHT = 3.2
NAME_GAP, NUMBER_GAP = 2.0, 1.2
MOST_NAME_SHARE = 0.4
HALF = 50
NAME = theme.CELL
SMALL_NAME = theme.Style(8, 9.2, colour=theme.INK)


@dataclass(frozen=True)
class ParticipationBar:
    """One group: its rate as drawn, from ``low`` to ``high`` where only a band is known, and in words."""

    name: str
    low: float
    high: float
    printed: str
    is_strong: bool = False
    absence: str = ""


@dataclass(frozen=True)
class ParticipationBars:
    """The chart in ``width`` millimetres; half is marked, for below it most did not answer."""

    bars: tuple[ParticipationBar, ...]
    width: float

    def height(self, pitch: float) -> float:
        """Return the chart's height with ``pitch`` millimetres a bar."""
        return pitch * len(self.bars)

    def draw(self, document: Document, left: float, top: float, pitch: float) -> float:
        """Draw the chart and return where it ends."""
        y = top
        for bar in self.bars:
            self._draw_bar(document, bar, left, y, pitch)
            y += pitch
        return y

    @cached_property
    def _name_width(self) -> float:
        longest = max(measure_text(bar.name, self._style(bar)) for bar in self.bars)
        return min(longest + NAME_GAP, self.width * MOST_NAME_SHARE)

    @cached_property
    def _full(self) -> float:
        """Return the length of 100 %."""
        number = max(measure_text(bar.printed, NAME.bold()) for bar in self.bars)
        return self.width - self._name_width - number - NUMBER_GAP

    @staticmethod
    def _style(bar: ParticipationBar) -> theme.Style:
        return NAME.bold() if bar.is_strong else NAME

    def _set_name(self, bar: ParticipationBar) -> Block:
        style, room = self._style(bar), self._name_width - NAME_GAP + 0.01
        if measure_text(bar.name, style) <= room:
            return set_line(bar.name, style)
        return set_text(shorten_to_lines(bar.name, SMALL_NAME, room, 2), SMALL_NAME, room)

    def _draw_bar(
        self, document: Document, bar: ParticipationBar, left: float, top: float, pitch: float
    ) -> None:
        centre = top + pitch / 2
        name = self._set_name(bar)
        document.text(name, left, centre - name.height / 2)
        start = left + self._name_width
        if bar.absence:
            words = set_line(bar.absence, theme.CAPTION)
            document.text(words, start, centre - words.height / 2)
            return
        y = centre - BAR_HEIGHT / 2
        step = self._full / 100
        document.fill(start, y, self._full, BAR_HEIGHT, theme.TINT)
        document.fill(start, y, bar.low * step, BAR_HEIGHT, theme.BLUE)
        if bar.high > bar.low:
            soft = (bar.high - bar.low) * step
            document.fill(start + bar.low * step, y, soft, BAR_HEIGHT, theme.LIGHT_BLUE)
            document.hatch(start + bar.low * step, y, soft, BAR_HEIGHT, theme.WHITE)
        half = start + HALF * step
        document.line((half, y - 0.5), (half, y + BAR_HEIGHT + 0.5), 0.7, theme.GREY)
        number = set_line(bar.printed, NAME.bold())
        document.text(number, start + self._full + NUMBER_GAP, centre - number.height / 2)
