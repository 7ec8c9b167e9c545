"""What is put on record about a stack: numbers of cards and two witnesses, never who drew which."""

from reports import theme
from reports.cards.steps import HEAD
from reports.document import Document
from reports.typography import set_line
from survey_service.i18n import Words

TOP, HEIGHT = 237.0, 31.0
PADDING = 5.0
#: Room above a line for a hand that writes.
PEN_GAP = 5.0

LABEL = theme.Style(10.5, 15, colour=theme.INK)

#: What is written in by hand, with its share of the width.
BLANKS = (
    (
        ("cards.record.drawn", 1 / 3),
        ("cards.record.exchanged", 1 / 3),
        ("cards.record.destroyed", 1 / 3),
    ),
    (("cards.record.witnesses", 2 / 3), ("cards.record.date", 1 / 3)),
)


def draw_record(document: Document, say: Words) -> None:
    """Draw the box, always at the same height."""
    document.frame(theme.LEFT, TOP, theme.TEXT_WIDTH, HEIGHT, theme.HAIRLINE)
    width = theme.TEXT_WIDTH - 2 * PADDING
    top = document.text(set_line(say("cards.record"), HEAD), theme.LEFT + PADDING, TOP + 2.5) + 2.0
    for blanks in BLANKS:
        left, bottom = theme.LEFT + PADDING, top
        for key, share in blanks:
            label = set_line(say(key), LABEL)
            bottom = document.text(label, left, top)
            end = left + share * width
            document.rule(left + label.width + 1.5, end - 3.0, top + label.baseline + 1.0)
            left = end
        top = bottom + PEN_GAP
