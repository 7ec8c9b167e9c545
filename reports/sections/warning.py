"""A line between headline and numbers where these must be read with care."""

from reports import theme
from reports.document import Document
from reports.findings.cautions import list_cautions
from reports.material import Material
from reports.typography import Block, Span, set_text

PADDING = 1.6
BAR_WIDTH = 1.2
STYLE = theme.Style(9.6, 13.6, colour=theme.INK)
GAP = 3.0


def draw_warning(document: Document, material: Material, top: float) -> float:
    """Draw what the reader must know first; return where it ends, or ``top`` if there is nothing."""
    block = _set(material)
    if block is None:
        return top
    height = block.height + 2 * PADDING
    document.fill(theme.LEFT, top, theme.TEXT_WIDTH, height, theme.TINT)
    document.fill(theme.LEFT, top, BAR_WIDTH, height, theme.ORANGE)
    document.text(block, theme.LEFT + BAR_WIDTH + 2 * PADDING, top + PADDING)
    return top + height + GAP


def _set(material: Material) -> Block | None:
    cautions = list_cautions(material)
    if not cautions:
        return None
    label = Span(material.say("brief.caution"), bold=True, colour=theme.ORANGE)
    text = Span("".join(cautions))
    return set_text((label, text), STYLE, theme.TEXT_WIDTH - BAR_WIDTH - 4 * PADDING)
