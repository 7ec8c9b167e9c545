"""The panel "how to read": what the numbers mean and what they must not be used for."""

from reports import theme
from reports.document import Document
from reports.material import Material
from reports.stacking import Part
from reports.typography import Block, Span, set_line, set_text

PADDING = 3.2
HEAD_WIDTH = 18.0
LINE_GAP = 0.5
LONG_GAP = 1.6
#: In the long form the lines may stand this far apart to fill a sheet with little on it.
MOST_GAP = 6.0


def build_reading_part(material: Material, *, is_long: bool) -> Part:
    """Return the panel; the long form also explains signs and small groups."""
    head = set_line(material.say("brief.reading"), theme.SMALL_HEAD.resized(11.5))
    head_width = max(HEAD_WIDTH, head.width + PADDING)
    width = theme.TEXT_WIDTH - 2 * PADDING - head_width
    lines = [_set_line(material, key, width) for key in _choose_lines(material, is_long=is_long)]
    gap = LONG_GAP if is_long else LINE_GAP
    text = sum(line.height for line in lines) + 2 * PADDING - 1.0
    gaps = len(lines) - 1

    def draw(document: Document, top: float, height: float) -> None:
        document.fill(theme.LEFT, top, theme.TEXT_WIDTH, height, theme.TINT)
        between = (height - text) / gaps
        y = top + PADDING - 0.5
        document.text(head, theme.LEFT + PADDING, y)
        for line in lines:
            y = document.text(line, theme.LEFT + PADDING + head_width, y) + between

    most = MOST_GAP if is_long else gap
    return Part(text + gaps * gap, text + gaps * most, draw)


def _choose_lines(material: Material, *, is_long: bool) -> list[str]:
    if not is_long:
        return ["score", "range", "short" if material.noted("rounding") else "use"]
    rounding = ["rounding"] if material.noted("rounding") else []
    return ["score", "range", "signs", "small", "use", *rounding]


def _set_line(material: Material, key: str, width: float) -> Block:
    say = material.say
    label = Span(say(f"brief.reading.{key}") + "\u3000", bold=True, colour=theme.INK)
    text = Span(say(f"brief.reading.{key}.text"))
    return set_text((label, text), theme.Style(8.8, 13.4), width)
