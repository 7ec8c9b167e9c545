"""Bars of 100 %: favourable from the left, unfavourable hatched at the right, the middle between."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from reports import theme
from reports.document import Document
from reports.typography import Block, measure_text, set_line, set_text, shorten_to_lines

KEY_HEIGHT = 5.4
BAR_SHARE = 0.62
MOST_BAR = 4.4
#: Room to the right of the bars for the unfavourable share, and before them for the favourable one.
LAST_WIDTH, FIRST_WIDTH = 9.0, 8.6
INSET = 0.8
NAME_GAP = 2.0
NAME_SHARES = (0.4, 0.49)
SMALL_NAME = theme.Style(8, 9.2, colour=theme.INK)
LEAST_PITCH, LEAST_TALL_PITCH = 5.2, 6.7
GROUP_SPACE = 1.4


@dataclass(frozen=True)
class ShareBar:
    """One bar: lengths of 0–100 as drawn, and the three shares as printed; or why there is none."""

    name: str
    lengths: tuple[int, int, int] | None
    printed: tuple[str, str, str] = ("", "", "")
    absence: str = ""


@dataclass(frozen=True)
class ShareGroup:
    """Bars of one block; they stand a little apart from the next."""

    bars: tuple[ShareBar, ...]


@dataclass(frozen=True)
class ShareBars:
    """The chart: names, then the bars; ``key`` names the three parts of a bar."""

    groups: tuple[ShareGroup, ...]
    key: tuple[str, str, str]
    width: float

    @cached_property
    def name_width(self) -> float:
        """Return the room of the names: each on one line if that leaves half for the bars, else on two."""
        need = NAME_GAP + max(measure_text(name, theme.CELL) for name in self._names)
        rooms = [share * self.width for share in NAME_SHARES]
        if need <= rooms[-1]:
            return need
        two_lines = (room for room in rooms if self._holds_names(room - NAME_GAP))
        return next(two_lines, rooms[-1])

    @cached_property
    def least_pitch(self) -> float:
        """Return the smallest height of a row: more where two names of two lines meet."""
        tall = [len(self._set_name(name).lines) > 1 for name in self._names]
        return LEAST_TALL_PITCH if any(map(all, pairwise(tall))) else LEAST_PITCH

    @property
    def _names(self) -> list[str]:
        return [bar.name for group in self.groups for bar in group.bars]

    def _holds_names(self, room: float) -> bool:
        return all(len(set_text(name, SMALL_NAME, room).lines) <= 2 for name in self._names)

    @property
    def count(self) -> int:
        """Return the number of bars."""
        return sum(len(group.bars) for group in self.groups)

    def height(self, pitch: float) -> float:
        """Return the chart's height with ``pitch`` millimetres a bar."""
        return KEY_HEIGHT + self.count * pitch + GROUP_SPACE * (len(self.groups) - 1)

    def draw(self, document: Document, left: float, top: float, pitch: float) -> float:
        """Draw the chart and return where it ends."""
        self._draw_key(document, left + self._bar_start, top)
        y = top + KEY_HEIGHT
        for group in self.groups:
            for bar in group.bars:
                self._draw_bar(document, bar, left, y, pitch)
                y += pitch
            y += GROUP_SPACE
        return y - GROUP_SPACE

    @cached_property
    def is_first_outside(self) -> bool:
        """Say whether some favourable part is too short for its number: then all stand before."""
        full = self.width - self.name_width - LAST_WIDTH
        return any(
            measure_text(bar.printed[0], theme.CELL.bold()) + 2 * INSET
            > bar.lengths[0] * full / 100
            for group in self.groups
            for bar in group.bars
            if bar.lengths is not None
        )

    @property
    def _bar_start(self) -> float:
        return self.name_width + (FIRST_WIDTH if self.is_first_outside else 0.0)

    @property
    def _bar_width(self) -> float:
        return self.width - self._bar_start - LAST_WIDTH

    def _draw_key(self, document: Document, left: float, top: float) -> None:
        favourable, neutral, unfavourable = self.key
        style = theme.AXIS
        first = set_line(favourable, style.bold().coloured(theme.BLUE))
        middle = set_line(neutral, style)
        last = set_line(unfavourable, style.bold().coloured(theme.ORANGE))
        before = FIRST_WIDTH - INSET if self.is_first_outside else 0.0
        document.text(first, left - before, top)
        document.text(middle, left + (self._bar_width - middle.width) / 2, top)
        document.text(last, left + self._bar_width + LAST_WIDTH - last.width, top)

    def _draw_bar(
        self, document: Document, bar: ShareBar, left: float, top: float, pitch: float
    ) -> None:
        middle = top + pitch / 2
        name = self._set_name(bar.name)
        document.text(name, left, middle - name.height / 2)
        start = left + self._bar_start
        if bar.lengths is None:
            words = set_line(bar.absence, theme.CAPTION)
            document.text(words, start, middle - words.height / 2)
            return
        height = min(pitch * BAR_SHARE, MOST_BAR)
        self._draw_parts(document, bar.lengths, start, middle - height / 2, height)
        self._draw_numbers(document, bar, start, middle)

    def _set_name(self, name: str) -> Block:
        room = self.name_width - NAME_GAP + 0.01
        if measure_text(name, theme.CELL) <= room:
            return set_line(name, theme.CELL)
        return set_text(shorten_to_lines(name, SMALL_NAME, room, 2), SMALL_NAME, room)

    def _draw_parts(
        self,
        document: Document,
        lengths: tuple[int, int, int],
        left: float,
        top: float,
        height: float,
    ) -> None:
        favourable, _, unfavourable = (length * self._bar_width / 100 for length in lengths)
        last = left + self._bar_width - unfavourable
        document.fill(left, top, self._bar_width, height, theme.MIDDLE)
        document.fill(left, top, favourable, height, theme.BLUE)
        document.fill(last, top, unfavourable, height, theme.LIGHT_ORANGE)
        document.hatch(last, top, unfavourable, height, theme.WHITE)

    def _draw_numbers(self, document: Document, bar: ShareBar, left: float, middle: float) -> None:
        """Print the favourable share in or before the bar, the middle one inside, the last behind.

        A middle part too short for its number leaves it to the reader: the three make 100.
        """
        favourable, neutral, _ = (
            length * self._bar_width / 100 for length in bar.lengths or (0, 0, 0)
        )
        style = theme.CELL.bold()
        if self.is_first_outside:
            first = set_line(bar.printed[0], style.coloured(theme.BLUE))
            x = left - INSET - first.width
        else:
            first = set_line(bar.printed[0], style.coloured(theme.WHITE))
            x = left + INSET
        document.text(first, x, middle - first.height / 2)
        second = set_line(bar.printed[1], theme.CELL.resized(8.4))
        if second.width + 0.4 <= neutral:
            start = left + favourable + (neutral - second.width) / 2
            document.text(second, start, middle - second.height / 2)
        last = set_line(bar.printed[2], style.coloured(theme.ORANGE))
        end = left + self._bar_width + LAST_WIDTH
        document.text(last, end - last.width, middle - last.height / 2)
