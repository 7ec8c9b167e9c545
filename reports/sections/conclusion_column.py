"""The column beside Figure 1: three conclusions."""

from collections.abc import Sequence

from reports import theme
from reports.document import Document
from reports.findings.conclusions import Conclusion
from reports.material import Material
from reports.typography import (
    POINTS_PER_MM,
    Block,
    PageOverflowError,
    Span,
    set_line,
    set_text,
)

SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
TITLE_RULE_GAP = 1.8
HEAD_GAP = 0.6
LEAST_GAP, MOST_GAP = 3.6, 11.0


def draw_conclusion_column(
    document: Document,
    material: Material,
    conclusions: Sequence[Conclusion],
    place: tuple[float, float],
    width: float,
    bottom: float,
) -> None:
    """Draw the conclusions between ``place`` (left, top) and ``bottom``, as large as they fit."""
    left, top = place
    above = theme.SECTION.leading / POINTS_PER_MM + 2 * TITLE_RULE_GAP
    blocks, gap = _fit(material, conclusions, width, bottom - top - above)
    key = "brief.conclusions" if len(blocks) == 3 else "brief.conclusions.fewer"
    y = document.text(set_line(material.say(key), theme.SECTION), left, top) + TITLE_RULE_GAP
    document.rule(left, left + width, y)
    y += TITLE_RULE_GAP
    for head, body in blocks:
        y = document.text(head, left, y) + HEAD_GAP
        y = document.text(body, left, y) + gap


def _fit(
    material: Material, conclusions: Sequence[Conclusion], width: float, room: float
) -> tuple[list[tuple[Block, Block]], float]:
    """Set the conclusions as large as they fit and share out the room between them.

    Items of a questionnaire of one's own may be long: then the last conclusion is left out.
    """
    for size in SIZES:
        blocks = [
            _set(material, number, one, width, size) for number, one in enumerate(conclusions, 1)
        ]
        height = sum(head.height + body.height + HEAD_GAP for head, body in blocks)
        gap = (room - height) / max(len(blocks) - 1, 1)
        if gap >= LEAST_GAP:
            return blocks, min(gap, MOST_GAP)
    if len(conclusions) == 1:
        raise PageOverflowError("the conclusion does not fit beside the figure")
    return _fit(material, conclusions[:-1], width, room)


def _set(
    material: Material, number: int, conclusion: Conclusion, width: float, size: float
) -> tuple[Block, Block]:
    head = material.say(f"brief.conclusion.number.{number}", head=conclusion.head)
    body = (Span(conclusion.fact), Span(conclusion.so_what, bold=True, colour=theme.INK))
    body_style, head_style = theme.BODY.resized(size), theme.BODY_HEAD.resized(size + 0.5)
    return set_text(head, head_style, width), set_text(body, body_style, width)
