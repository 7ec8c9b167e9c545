"""A chart drawn as SVG: the same calls that draw it on a sheet of paper.

One unit is a millimetre. Words stay words, fitted to the room that the chart measured for them, whatever
face the reader's machine has.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from reports.document import HATCH_STEP, HATCH_WEIGHT, RING_WEIGHT
from reports.linebreaking import Glyph, Line
from reports.theme import BOLD, INK, RULE, SERIF, WHITE
from reports.typography import POINTS_PER_MM, Block

Point = tuple[float, float]
#: Classes of words in another face than the page's own.
FACES = {BOLD: "b", SERIF: "s"}


class SvgPlane:
    """What charts draw on, ``width`` by ``height`` millimetres; ``root`` is the drawing."""

    def __init__(self, width: float, height: float) -> None:
        self.root = ET.Element(
            "svg", {"viewBox": f"0 0 {_write(width)} {_write(height)}", "role": "img"}
        )

    def text(self, block: Block, left: float, top: float) -> float:
        """Draw set text and return where it ends."""
        self._draw_text(self.root, block, left, top)
        return top + block.height

    def turned_text(self, block: Block, left: float, bottom: float) -> None:
        """Draw set text read from bottom to top, its first letter at ``left``, ``bottom``."""
        place = f"translate({_write(left)} {_write(bottom)}) rotate(-90)"
        self._draw_text(ET.SubElement(self.root, "g", {"transform": place}), block, 0.0, 0.0)

    def line(
        self,
        start: Point,
        end: Point,
        weight: float = RULE,
        colour: str = INK,
        dash: Sequence[float] = (),
    ) -> None:
        """Draw a straight line; ``weight`` and ``dash`` in points."""
        values = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        drawn = self._add("line", values)
        self._stroke(drawn, colour, weight)
        if dash:
            drawn.set("stroke-dasharray", " ".join(_write(d / POINTS_PER_MM) for d in dash))

    def rule(
        self, left: float, right: float, top: float, weight: float = RULE, colour: str = INK
    ) -> None:
        """Draw a horizontal line."""
        self.line((left, top), (right, top), weight, colour)

    def fill(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        self._fill(self._add_box(left, top, width, height), colour)

    def frame(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Draw the outline of a rectangle."""
        self._stroke(self._add_box(left, top, width, height), colour, RULE)

    def hatch(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Draw slanted lines over a rectangle, so that it differs in a grey print."""
        right, bottom = left + width, top + height
        path = []
        for number in range(int((width + height) * POINTS_PER_MM / HATCH_STEP) + 1):
            foot = left - height + number * HATCH_STEP / POINTS_PER_MM
            low, high = max(foot, left), min(foot + height, right)
            if low < high:
                start = f"{_write(low)} {_write(bottom - (low - foot))}"
                path.append(f"M{start}L{_write(high)} {_write(bottom - (high - foot))}")
        self._stroke(ET.SubElement(self.root, "path", {"d": "".join(path)}), colour, HATCH_WEIGHT)

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """Draw a filled circle."""
        self._fill(self._add("circle", {"cx": centre[0], "cy": centre[1], "r": radius}), colour)

    def ring(self, centre: Point, radius: float, colour: str) -> None:
        """Draw a circle that hides what is under it."""
        drawn = self._add("circle", {"cx": centre[0], "cy": centre[1], "r": radius})
        self._stroke(drawn, colour, RING_WEIGHT)
        drawn.set("fill", WHITE)

    def triangle(self, centre: Point, size: float, colour: str, *, is_up: bool) -> None:
        """Draw a filled triangle that points up or down, ``size`` millimetres wide."""
        x, y = centre
        reach = size / 2 if is_up else -size / 2
        corners = ((x, y - reach), (x - size / 2, y + reach), (x + size / 2, y + reach))
        points = " ".join(f"{_write(a)},{_write(b)}" for a, b in corners)
        self._fill(ET.SubElement(self.root, "polygon", {"points": points}), colour)

    def _draw_text(self, parent: ET.Element, block: Block, left: float, top: float) -> None:
        style = block.style
        size = style.size / POINTS_PER_MM
        baseline = top + block.baseline
        for line in block.lines:
            if line.glyphs:
                free = block.width - line.width * size
                shift = {"left": 0.0, "centre": free / 2, "right": free}[style.align]
                self._draw_line(parent, line, size, (left + shift, baseline))
            baseline += style.leading / POINTS_PER_MM

    def _draw_line(self, parent: ET.Element, line: Line, size: float, place: Point) -> None:
        drawn = ET.SubElement(
            parent,
            "text",
            {
                "x": _write(place[0] + line.shift * size),
                "y": _write(place[1]),
                "font-size": _write(size),
                "textLength": _write((line.width - line.shift) * size),
                "lengthAdjust": "spacingAndGlyphs",
            },
        )
        runs = list(_list_runs(line.glyphs))
        if len(runs) == 1:
            drawn.text = runs[0][1]
            self._set_face(drawn, runs[0][0])
            return
        for glyph, text in runs:
            run = ET.SubElement(drawn, "tspan")
            run.text = text
            self._set_face(run, glyph)

    def _set_face(self, drawn: ET.Element, glyph: Glyph) -> None:
        drawn.set("fill", glyph.colour)
        if glyph.face in FACES:
            drawn.set("class", FACES[glyph.face])

    def _add_box(self, left: float, top: float, width: float, height: float) -> ET.Element:
        return self._add("rect", {"x": left, "y": top, "width": width, "height": height})

    def _add(self, tag: str, values: dict[str, float]) -> ET.Element:
        return ET.SubElement(self.root, tag, {name: _write(n) for name, n in values.items()})

    def _fill(self, drawn: ET.Element, colour: str) -> None:
        drawn.set("fill", colour)

    def _stroke(self, drawn: ET.Element, colour: str, weight: float) -> None:
        drawn.set("fill", "none")
        drawn.set("stroke", colour)
        drawn.set("stroke-width", _write(weight / POINTS_PER_MM))


def _list_runs(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, str]]:
    """Yield stretches of glyphs in one face and colour, each with its text."""
    for _, members in groupby(glyphs, key=lambda glyph: (FACES.get(glyph.face), glyph.colour)):
        run = list(members)
        yield run[0], "".join(glyph.char for glyph in run)


def _write(number: float) -> str:
    """Write a length as short as a hundredth of a millimetre allows."""
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"
