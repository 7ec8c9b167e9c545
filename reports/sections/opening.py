"""The finding on top of the first sheet, in two lines of one size."""

from reports import theme
from reports.document import Document
from reports.findings.headline import write_headline
from reports.material import Material
from reports.typography import set_line, shrink_to_lines

TOP = 34.6
SMALLEST = 12.0


def draw_opening(document: Document, material: Material) -> float:
    """Draw the headline and return where it ends."""
    lines = write_headline(material)
    size = min(_fit_size(line) for line in lines)
    y = TOP
    for line in lines:
        y = document.text(set_line(line, theme.HEADLINE.resized(size)), theme.LEFT, y)
    return y


def _fit_size(line: str) -> float:
    block = shrink_to_lines(line, theme.HEADLINE, theme.TEXT_WIDTH, most=1, smallest=SMALLEST)
    return block.style.size
