"""Text set in lines, measured before it is drawn, drawn one text object to a line.

Everything is drawn from plain strings: no markup is ever read from data.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.faces import choose_face, measure_advance
from reports.linebreaking import Glyph, Line, break_lines, set_single_line
from reports.punctuation import adjust_end, clean
from reports.theme import BOLD, PAGE_HEIGHT, Style

POINTS_PER_MM = 72 / 25.4
#: Where the baseline stands in the square of a Chinese character, from its top.
ASCENT = 0.88
#: Ideographs are centred on Latin capitals at about this part of their height.
ELLIPSIS = "…"


class PageOverflowError(RuntimeError):
    """Something is larger than the room that the page has for it; nothing is cut off silently."""


@dataclass(frozen=True)
class Span:
    """A piece of text inside a paragraph, in the paragraph's face or in bold.

    ``target`` names the place that it leads to.
    """

    text: str
    bold: bool = False
    colour: str | None = None
    target: str = ""


@dataclass(frozen=True)
class Link:
    """Where a reader may press: a rectangle in millimetres that leads to ``target``."""

    target: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Block:
    """Set lines, ready to be drawn; ``width`` and ``height`` in millimetres."""

    lines: tuple[Line, ...]
    style: Style
    width: float

    @property
    def height(self) -> float:
        """Return the height of all lines."""
        return len(self.lines) * self.style.leading / POINTS_PER_MM

    @property
    def natural_width(self) -> float:
        """Return the width of the widest line."""
        widest = max((line.width for line in self.lines), default=0.0)
        return widest * self.style.size / POINTS_PER_MM

    @property
    def baseline(self) -> float:
        """Return how far the first baseline stands below the block's top."""
        style = self.style
        return ((style.leading - style.size) / 2 + ASCENT * style.size) / POINTS_PER_MM

    def links(self, left: float, top: float) -> Iterator[Link]:
        """Yield a rectangle for every piece of a line that leads somewhere."""
        step = self.style.leading / POINTS_PER_MM
        for number, line in enumerate(self.lines):
            for target, start, end in line.list_targets():
                scale = self.style.size / POINTS_PER_MM
                x = left + self._indent(line) + start * scale
                yield Link(target, x, top + number * step, (end - start) * scale, step)

    def draw(self, canvas: Any, left: float, top: float) -> None:  # noqa: ANN401 - reportlab has no types
        """Draw the block with its upper left corner at ``left``, ``top``."""
        baseline = top + self.baseline
        for line in self.lines:
            _draw_line(canvas, line, self.style, left + self._indent(line), baseline)
            baseline += self.style.leading / POINTS_PER_MM

    def _indent(self, line: Line) -> float:
        free = self.width - line.width * self.style.size / POINTS_PER_MM
        return {"left": 0.0, "centre": free / 2, "right": free}[self.style.align]


def set_text(content: str | Sequence[Span], style: Style, width: float) -> Block:
    """Set a paragraph to lines of at most ``width`` millimetres."""
    measure = width * POINTS_PER_MM / style.size
    lines = break_lines(_glyphs(content, style), measure, justify=style.justify)
    return Block(tuple(lines), style, width)


def set_lines(texts: Sequence[str], style: Style, width: float) -> Block:
    """Set each text on a line of its own, as broken by the caller."""
    return Block(tuple(set_single_line(_glyphs(text, style)) for text in texts), style, width)


def set_line(content: str | Sequence[Span], style: Style, width: float | None = None) -> Block:
    """Set one line; without ``width`` it is as wide as its text, with it, it must fit."""
    block = Block((set_single_line(_glyphs(content, style)),), style, 0.0)
    natural = block.natural_width
    if width is not None and natural > width + 0.01:
        raise PageOverflowError(f"{block.lines[0].text}: {natural:.1f} mm on {width:.1f} mm")
    return Block(block.lines, style, natural if width is None else width)


def measure_text(text: str, style: Style) -> float:
    """Return the width of a text on one line, in millimetres."""
    return set_line(text, style).natural_width


def shorten(text: str, style: Style, width: float) -> str:
    """Return ``text``, its middle left out with … where one line cannot hold it.

    The end stays because names of siblings often differ only there.
    """
    return shorten_to_lines(text, style, width, 1)


def shorten_to_lines(text: str, style: Style, width: float, most: int) -> str:
    """Return ``text``, its middle left out with … where ``most`` lines cannot hold it."""
    text = clean(text)
    if width * POINTS_PER_MM < style.size:
        return ""
    if len(set_text(text, style, width).lines) <= most:
        return text

    def cut(keep: int) -> str:
        tail = keep // 3
        return text[: keep - tail] + ELLIPSIS + (text[-tail:] if tail else "")

    def is_too_long(keep: int) -> bool:
        return len(set_text(cut(keep), style, width).lines) > most

    keep = bisect_left(range(2, len(text)), 1, key=is_too_long) + 1
    return cut(keep) if keep > 1 else ELLIPSIS


def shrink_to_lines(
    content: str | Sequence[Span], style: Style, width: float, *, most: int, smallest: float
) -> Block:
    """Set a paragraph, smaller by half points until it takes at most ``most`` lines."""
    size = style.size
    while True:
        block = set_text(content, style.resized(size), width)
        if len(block.lines) <= most:
            return block
        size -= 0.5
        if size < smallest:
            text = content if isinstance(content, str) else "".join(s.text for s in content)
            raise PageOverflowError(f"{text}: more than {most} lines on {width:.1f} mm")


def _glyphs(content: str | Sequence[Span], style: Style) -> list[Glyph]:
    spans = (Span(content),) if isinstance(content, str) else content
    glyphs: list[Glyph] = []
    for span in spans:
        wanted = BOLD if span.bold else style.face
        for char in span.text:
            face, drawn = choose_face(char, wanted)
            colour = span.colour or style.colour
            glyphs.append(Glyph(drawn, face, colour, measure_advance(drawn, face), span.target))
    return glyphs


def _draw_line(canvas: Any, line: Line, style: Style, left: float, baseline: float) -> None:  # noqa: ANN401
    """Draw one line as one text object, so that a reader gets its characters in order."""
    if not line.glyphs:
        return
    size = style.size
    text = canvas.beginText()
    text.setTextOrigin(
        left * POINTS_PER_MM + line.shift * size, (PAGE_HEIGHT - baseline) * POINTS_PER_MM
    )
    extras = (*line.extras[:-1], adjust_end(line.glyphs[-1].char))
    run = ""
    state: tuple[str, str, float] | None = None
    for glyph, extra in zip(line.glyphs, extras, strict=True):
        wanted = (glyph.face, glyph.colour, extra)
        if run and wanted != state:
            text.textOut(run)
            run = ""
        if wanted != state:
            text.setFont(glyph.face, size, style.leading)
            text.setFillColor(glyph.colour)
            text.setCharSpace(extra * size)
            state = wanted
        run += glyph.char
    text.textOut(run)
    text.setCharSpace(0)
    canvas.drawText(text)
