"""Where the lines of a paragraph end.

Chinese rules for marks, whole Latin words and numbers, and the fewest lines with the evenest right edge.
Pure: lengths are em, so that one result serves every size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

from reports.punctuation import (
    adjust_between,
    adjust_end,
    adjust_start,
    is_ideograph,
    is_space,
    may_break,
)

#: One more line costs more than any unevenness.
LINE_COST = 1e4
#: A last line of one character costs as much as a very uneven one.
LONELY_COST = 200.0
#: A line that would need more than this between characters (em) is not stretched to the right edge:
#: beyond a tenth it looks spaced out, and a reader program takes the gaps for blanks.
STRETCH_MOST = 0.085
TOLERANCE = 1e-6


class TooNarrowError(ValueError):
    """A single character is wider than the line it should stand on."""


@dataclass(frozen=True)
class Glyph:
    """One character with the face and colour that draw it; ``advance`` in em.

    ``target`` names the place in the document that it leads to, if it is part of a link.
    """

    char: str
    face: str
    colour: str
    advance: float
    target: str = ""


@dataclass(frozen=True)
class Line:
    """One set line: ``shift`` of its first glyph, and what follows each glyph beside its advance."""

    glyphs: tuple[Glyph, ...]
    shift: float = 0.0
    stretch: float = 0.0

    @property
    def text(self) -> str:
        """Return the characters of the line."""
        return "".join(glyph.char for glyph in self.glyphs)

    @cached_property
    def extras(self) -> tuple[float, ...]:
        """Return what is added after each glyph, the last one included (its share is 0)."""
        between = [
            adjust_between(a.char, b.char) + (self.stretch if may_break(a.char, b.char) else 0.0)
            for a, b in pairwise(self.glyphs)
        ]
        return (*between, 0.0) if self.glyphs else ()

    @property
    def width(self) -> float:
        """Return the width between the line's ink edges."""
        if not self.glyphs:
            return 0.0
        natural = sum(glyph.advance for glyph in self.glyphs) + sum(self.extras)
        return self.shift + natural + adjust_end(self.glyphs[-1].char)

    def list_targets(self) -> Iterator[tuple[str, float, float]]:
        """Yield each link of the line: where it leads, and from where to where it runs, in em."""
        place = self.shift
        pieces = []
        for glyph, extra in zip(self.glyphs, self.extras, strict=True):
            pieces.append((glyph.target, place, place + glyph.advance))
            place += glyph.advance + extra
        for target, members in groupby(pieces, key=lambda piece: piece[0]):
            if target:
                _, starts, ends = zip(*members, strict=True)
                yield target, starts[0], ends[-1]


def break_lines(glyphs: Sequence[Glyph], measure: float, *, justify: bool = False) -> list[Line]:
    """Set ``glyphs`` to lines no wider than ``measure`` em; at least one character on each."""
    ruler = _Ruler(glyphs)
    starts = [
        place
        for start, end in pairwise([*_find_clusters(glyphs), len(glyphs)])
        for place in _divide_cluster(ruler, start, end, measure)
    ]
    lines: list[Line] = []
    start = 0
    for end in _choose_ends(ruler, [*starts, len(glyphs)], measure):
        stretch = justify and end < len(glyphs)
        lines.append(_finish(tuple(glyphs[start:end]), measure, stretch=stretch))
        start = end
    return lines


def set_single_line(glyphs: Sequence[Glyph]) -> Line:
    """Set all ``glyphs`` on one line, however wide it gets."""
    return _make_line(tuple(glyphs))


class _Ruler:
    """Widths of all lines that could be cut from some glyphs, each in constant time."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self.glyphs = glyphs
        self._lefts = [0.0]
        for before, after in pairwise(glyphs):
            step = before.advance + adjust_between(before.char, after.char)
            self._lefts.append(self._lefts[-1] + step)

    def ink_end(self, start: int, end: int) -> int:
        """Return ``end`` without the spaces before it, which disappear at the end of a line."""
        while end > start and is_space(self.glyphs[end - 1].char):
            end -= 1
        return end

    def width(self, start: int, end: int) -> float:
        """Return the width of the line from ``start`` up to ``end``."""
        end = self.ink_end(start, end)
        if end == start:
            return 0.0
        first, last = self.glyphs[start], self.glyphs[end - 1]
        natural = self._lefts[end - 1] - self._lefts[start] + last.advance
        return natural + adjust_start(first.char) + adjust_end(last.char)


def _find_clusters(glyphs: Sequence[Glyph]) -> list[int]:
    """Return where each piece begins that no line end may cut."""
    inside = [
        place
        for place, (before, after) in enumerate(pairwise(glyphs), 1)
        if may_break(before.char, after.char)
    ]
    return [0, *inside] if glyphs else []


def _divide_cluster(ruler: _Ruler, start: int, end: int, measure: float) -> list[int]:
    """Cut a cluster that no line can hold, such as a web address, wherever it must be."""
    starts = [start]
    for place in range(start + 1, end + 1):
        if ruler.width(starts[-1], place) > measure + TOLERANCE:
            starts.append(place - 1)
            if ruler.width(place - 1, place) > measure + TOLERANCE:
                raise TooNarrowError(measure)
    return starts


def _make_line(glyphs: tuple[Glyph, ...]) -> Line:
    """Make a line: spaces at its end disappear, an opening mark at its start hangs out."""
    end = len(glyphs)
    while end and is_space(glyphs[end - 1].char):
        end -= 1
    kept = glyphs[:end]
    return Line(kept, adjust_start(kept[0].char) if kept else 0.0)


def _choose_ends(ruler: _Ruler, places: Sequence[int], measure: float) -> list[int]:
    """Return where each line ends, of all ``places`` where one may: least cost, last line first."""
    last = len(places) - 1
    cost = [0.0] * (last + 1)
    choice = [last] * (last + 1)
    for start in range(last - 1, -1, -1):
        cost[start] = float("inf")
        for end in range(start + 1, last + 1):
            slack = measure - ruler.width(places[start], places[end])
            if slack < -1.0:
                break
            if slack < -TOLERANCE:
                continue
            total = LINE_COST + cost[end] + _weigh(ruler, places, start, end, slack)
            if total < cost[start]:
                cost[start], choice[start] = total, end
    ends: list[int] = []
    place = 0
    while place < last:
        place = choice[place]
        ends.append(places[place])
    return ends


def _weigh(ruler: _Ruler, places: Sequence[int], start: int, end: int, slack: float) -> float:
    """Return the cost of one line: its emptiness, or its loneliness if it is the last."""
    if end < len(places) - 1:
        return max(slack, 0.0) ** 2
    first, stop = places[start], ruler.ink_end(places[start], places[end])
    characters = sum(is_ideograph(glyph.char) for glyph in ruler.glyphs[first:stop])
    return LONELY_COST if characters == 1 and stop - first <= 2 else 0.0


def _finish(glyphs: tuple[Glyph, ...], measure: float, *, stretch: bool) -> Line:
    """Make the line; a Chinese one that is not too empty is stretched to the right edge if wanted."""
    line = _make_line(glyphs)
    places = sum(may_break(a.char, b.char) for a, b in pairwise(line.glyphs))
    chinese = sum(is_ideograph(glyph.char) for glyph in line.glyphs)
    if not stretch or not places or 2 * chinese < len(line.glyphs):
        return line
    share = (measure - line.width) / places
    return Line(line.glyphs, line.shift, share) if 0 < share <= STRETCH_MOST else line
