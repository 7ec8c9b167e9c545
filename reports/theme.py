"""Colours, type sizes and the grid of the printed page.

Lengths are millimetres from the upper left corner of the sheet, type sizes and rule weights are points.
"""

from dataclasses import dataclass, replace
from typing import Literal

Align = Literal["left", "centre", "right"]

REGULAR = "SurveySansRegular"
BOLD = "SurveySansBold"
SERIF = "SurveySerifBold"
#: For codes and addresses that people type: 0 is dotted, and B and 8 differ at a glance.
MONO = "SurveyMonoSemiBold"

INK = "#16222E"
TEXT = "#27333F"
GREY = "#56616C"
HAIRLINE = "#B4BDC6"
TINT = "#F1F4F7"
WHITE = "#FFFFFF"
#: For codes alone: a printer draws pure black without a screen, so edges stay sharp.
BLACK = "#000000"
BLUE = "#1F4E79"
LIGHT_BLUE = "#8DB4D6"
MIDDLE = "#D9D9D9"
LIGHT_ORANGE = "#F2A65A"
ORANGE = "#A9480B"
#: Only the rule under the masthead: red is the Party's colour and never means "bad".
RED = "#B3141C"

#: One hue from light to dark, one step for five points: below 45, 45, 50 … 70, 75 and above.
HEAT_STEPS = (
    "#F2F6FA",
    "#DDE8F2",
    "#C4D7E9",
    "#A5C3DD",
    "#80A7CB",
    "#4676A6",
    "#2C5C8C",
    "#163A5C",
)
HEAT_FIRST = 45
HEAT_WIDTH = 5
#: From this score on a number is printed white on its cell.
HEAT_WHITE_FROM = 65

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
LEFT, TEXT_WIDTH = 28.0, 156.0
RIGHT = LEFT + TEXT_WIDTH
FOOT = 276.0

HEAVY_RULE, RULE, FINE_RULE = 1.0, 0.5, 0.4


@dataclass(frozen=True)
class Style:
    """How a piece of text is set: face, size and leading in points, colour, alignment."""

    size: float
    leading: float
    face: str = REGULAR
    colour: str = TEXT
    align: Align = "left"
    justify: bool = False

    def aligned(self, align: Align) -> "Style":
        """Return the same style with another alignment."""
        return replace(self, align=align)

    def coloured(self, colour: str) -> "Style":
        """Return the same style in another colour."""
        return replace(self, colour=colour)

    def bold(self) -> "Style":
        """Return the same style in the bold face."""
        return replace(self, face=BOLD)

    def resized(self, size: float) -> "Style":
        """Return the same style at another size, its leading in proportion."""
        return replace(self, size=size, leading=self.leading * size / self.size)


HEADLINE = Style(22, 32, SERIF, INK)
MASTHEAD = Style(15, 20, SERIF, INK)
MASTHEAD_SIDE = Style(9.6, 14.4, colour=GREY)
RUNNING_HEAD = Style(9.6, 13, colour=GREY)
SECTION = Style(12.5, 17, SERIF, INK)
KPI_LABEL = Style(9.5, 13, BOLD, GREY)
KPI_FIGURE = Style(25, 29, SERIF, INK)
KPI_WORDS = Style(14.5, 29, SERIF, INK)
KPI_UNIT = Style(10.5, 14, colour=TEXT)
KPI_LINE = Style(8.5, 12.4)
BODY = Style(11, 17.6, justify=True)
BODY_HEAD = Style(11.5, 18, BOLD, INK)
ROW = Style(10, 13, colour=INK)
VALUE = Style(10.5, 13, BOLD, INK)
BLOCK = Style(10.5, 13.5, BOLD, BLUE)
AXIS = Style(8.6, 11, colour=GREY)
SMALL = Style(8.8, 13.4, justify=True)
SMALL_HEAD = Style(9.5, 13, BOLD, BLUE)
CAPTION = Style(8.5, 12.5, colour=GREY, justify=True)
COLUMN_HEAD = Style(8, 9.6, colour=INK, align="centre")
CELL = Style(9, 12, colour=INK)
TABLE = Style(9, 13.2, colour=TEXT)
TABLE_HEAD = Style(8.8, 12, colour=GREY)
SHARE = Style(11.5, 13.2, BOLD, BLUE)
FOOT_LINE = Style(8, 11, colour=GREY)
PAGE_NUMBER = Style(14, 16, colour=GREY)
