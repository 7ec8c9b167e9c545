"""The PDF file and its sheets: a canvas in millimetres from the upper left corner."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from reports.faces import register_faces
from reports.theme import BLACK, INK, PAGE_HEIGHT, PAGE_WIDTH, REGULAR, RULE, WHITE
from reports.typography import POINTS_PER_MM, Block, Link

Point = tuple[float, float]

HATCH_STEP, HATCH_WEIGHT = 3.6, 0.8
RING_WEIGHT = 1.1


@dataclass(frozen=True)
class Metadata:
    """What a viewer shows about the file; ``language`` as in ``zh-CN``.

    ``origin`` says in Latin letters what the file was made from; it is stored as keywords.
    """

    title: str
    author: str
    subject: str
    language: str
    origin: str = ""


class Document:
    """A PDF in the making: the same drawing gives the same bytes.

    What is drawn is laid out on A4; ``enlarged`` times as large it stands on larger paper.
    """

    def __init__(self, metadata: Metadata, enlarged: float = 1.0) -> None:
        register_faces()
        self._stream = io.BytesIO()
        self._enlarged = enlarged
        self._canvas = Canvas(
            self._stream,
            pagesize=(
                PAGE_WIDTH * enlarged * POINTS_PER_MM,
                PAGE_HEIGHT * enlarged * POINTS_PER_MM,
            ),
            invariant=1,
            pageCompression=1,
            initialFontName=REGULAR,
            lang=metadata.language,
        )
        self._canvas.setTitle(metadata.title)
        self._canvas.setAuthor(metadata.author)
        self._canvas.setSubject(metadata.subject)
        self._canvas.setCreator("survey-service")
        if metadata.origin:
            self._canvas.setKeywords(metadata.origin)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._started = False
        self._bookmarks = 0

    def ask_for_plain_print(self) -> None:
        """Have the print dialogue open with one-sided printing at the actual size."""
        self._canvas.setViewerPreference("Duplex", "Simplex")
        self._canvas.setViewerPreference("PrintScaling", "None")

    def start_page(self) -> None:
        """Begin the next sheet."""
        if self._started:
            self._canvas.showPage()
        self._started = True
        if self._enlarged != 1.0:
            self._canvas.scale(self._enlarged, self._enlarged)

    def mark(self, title: str, level: int = 0) -> None:
        """Put an entry into the outline that leads to this sheet."""
        key = f"mark-{self._bookmarks}"
        self._bookmarks += 1
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(title, key, level)

    def aim(self, anchor: str, top: float) -> None:
        """Let links to ``anchor`` lead to the height ``top`` of this sheet."""
        self._canvas.bookmarkPage(anchor, fit="XYZ", left=0, top=_place((0.0, top))[1], zoom=0)

    def list_heading(self, title: str, anchor: str, level: int) -> None:
        """Put a heading into the outline; ``anchor`` is where it stands."""
        self._canvas.addOutlineEntry(title, anchor, level, closed=level > 0)

    def link(self, link: Link) -> None:
        """Let a rectangle of this sheet lead to an anchor, which may come later."""
        x, y = _place((link.left, link.top + link.height))
        box = (x, y, x + link.width * POINTS_PER_MM, y + link.height * POINTS_PER_MM)
        self._canvas.linkRect("", link.target, box, thickness=0)

    @contextmanager
    def drawing(self, name: str) -> Iterator[None]:
        """Keep what is drawn inside as one drawing that the file holds once; ``stamp`` shows it."""
        self._canvas.beginForm(name)
        yield
        self._canvas.endForm()

    def stamp(self, name: str, left: float, top: float) -> None:
        """Show a drawing, its upper left corner at ``left``, ``top``."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(left * POINTS_PER_MM, -top * POINTS_PER_MM)
        canvas.doForm(name)
        canvas.restoreState()

    def finish(self) -> bytes:
        """End the last sheet and return the file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._stream.getvalue()

    def text(self, block: Block, left: float, top: float) -> float:
        """Draw set text and return where it ends."""
        block.draw(self._canvas, left, top)
        return top + block.height

    def line(
        self,
        start: Point,
        end: Point,
        weight: float = RULE,
        colour: str = INK,
        dash: Sequence[float] = (),
    ) -> None:
        """Draw a straight line; ``weight`` and ``dash`` in points."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(weight)
        self._canvas.setDash(list(dash))
        self._canvas.line(*_place(start), *_place(end))

    def rule(
        self, left: float, right: float, top: float, weight: float = RULE, colour: str = INK
    ) -> None:
        """Draw a horizontal line."""
        self.line((left, top), (right, top), weight, colour)

    def fill(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        self._canvas.setFillColor(colour)
        x, y = _place((left, top + height))
        self._canvas.rect(x, y, width * POINTS_PER_MM, height * POINTS_PER_MM, stroke=0, fill=1)

    def frame(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Draw the outline of a rectangle."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(RULE)
        self._canvas.setDash([])
        x, y = _place((left, top + height))
        self._canvas.rect(x, y, width * POINTS_PER_MM, height * POINTS_PER_MM, stroke=1, fill=0)

    def hatch(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Draw slanted lines over a rectangle, so that it differs in a grey print."""
        canvas = self._canvas
        x, y = _place((left, top + height))
        wide, high = width * POINTS_PER_MM, height * POINTS_PER_MM
        canvas.saveState()
        outline = canvas.beginPath()
        outline.rect(x, y, wide, high)
        canvas.clipPath(outline, stroke=0, fill=0)
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(HATCH_WEIGHT)
        canvas.setDash([])
        for number in range(int((wide + high) / HATCH_STEP) + 1):
            start = x - high + number * HATCH_STEP
            canvas.line(start, y, start + high, y + high)
        canvas.restoreState()

    def fill_cells(
        self, boxes: Iterable[tuple[int, int, int, int]], left: float, top: float, step: float
    ) -> None:
        """Fill boxes (column, row, columns, rows) of a grid in black; a cell is ``step`` wide.

        They are one path: filled one by one, neighbours would show a light seam.
        """
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(*_place((left, top)))
        canvas.scale(step * POINTS_PER_MM, -step * POINTS_PER_MM)
        canvas.setFillColor(BLACK)
        path = canvas.beginPath()
        for box in boxes:
            path.rect(*box)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """Draw a filled circle."""
        self._canvas.setFillColor(colour)
        self._canvas.circle(*_place(centre), radius * POINTS_PER_MM, stroke=0, fill=1)

    def ring(self, centre: Point, radius: float, colour: str) -> None:
        """Draw a circle that hides what is under it."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setFillColor(WHITE)
        self._canvas.setLineWidth(RING_WEIGHT)
        self._canvas.setDash([])
        self._canvas.circle(*_place(centre), radius * POINTS_PER_MM, stroke=1, fill=1)

    def triangle(self, centre: Point, size: float, colour: str, *, is_up: bool) -> None:
        """Draw a filled triangle that points up or down, ``size`` millimetres wide."""
        x, y = centre
        reach = size / 2 if is_up else -size / 2
        path = self._canvas.beginPath()
        path.moveTo(*_place((x, y - reach)))
        path.lineTo(*_place((x - size / 2, y + reach)))
        path.lineTo(*_place((x + size / 2, y + reach)))
        path.close()
        self._canvas.setFillColor(colour)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def image(self, content: bytes, left: float, top: float, width: float, height: float) -> None:
        """Draw a picture as large as it fits into a box, its upper left corner in the box's."""
        picture = ImageReader(io.BytesIO(content))
        wide, high = picture.getSize()
        scale = min(width / wide, height / high)
        x, y = _place((left, top + high * scale))
        self._canvas.drawImage(
            picture,
            x,
            y,
            wide * scale * POINTS_PER_MM,
            high * scale * POINTS_PER_MM,
            mask="auto",
        )

    def turned_text(self, block: Block, left: float, bottom: float) -> None:
        """Draw set text read from bottom to top, its first letter at ``left``, ``bottom``."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(*_place((left, bottom)))
        canvas.rotate(90)
        canvas.translate(0, -PAGE_HEIGHT * POINTS_PER_MM)
        block.draw(canvas, 0, 0)
        canvas.restoreState()


def _place(point: Point) -> Point:
    """Return a point of the sheet in the canvas's points from the lower left corner."""
    return point[0] * POINTS_PER_MM, (PAGE_HEIGHT - point[1]) * POINTS_PER_MM
