"""Titles that state a finding, and captions that say what is seen."""

from reports import theme
from reports.typography import Block, Span, set_text, shrink_to_lines

SMALLEST_TITLE = 9.0


def set_title(text: str, width: float) -> Block:
    """Set a section's title: one line, or two where one would be too small to read."""
    return shrink_to_lines(
        text, theme.SECTION, width, most=1 if _is_short(text) else 2, smallest=SMALLEST_TITLE
    )


def set_caption(label: str, text: str, width: float) -> Block:
    """Set a figure's caption, its label in bold."""
    content = (Span(label + "\u3000", bold=True, colour=theme.INK), Span(text))
    return set_text(content, theme.CAPTION, width)


def _is_short(text: str) -> bool:
    return len(text) <= 32
