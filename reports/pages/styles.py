"""Faces, sizes and the type area of a report on paper.

Headings follow GB/T 9704 (一、 in a sans face of size 3, （一） in another face); a report this dense is
set in 小四 (12 pt) on one and a half lines.
"""

from reports.theme import BLUE, BOLD, GREY, INK, SERIF, TEXT, Style

TOP, BOTTOM = 32.5, 263.0
AREA = BOTTOM - TOP

COVER_TITLE = Style(26, 38, SERIF, INK, align="centre")
COVER_SUBTITLE = Style(16, 24, SERIF, INK, align="centre")
COVER_LINE = Style(14, 22, colour=TEXT, align="centre")
COVER_MARK = Style(14, 20, BOLD, INK)
CONTENTS = Style(18, 27, SERIF, INK, align="centre")
ENTRIES = {1: Style(12, 19.5, BOLD, INK), 2: Style(10.5, 16.2, colour=TEXT)}
HEADINGS = {
    1: Style(16, 24, BOLD, INK),
    2: Style(14, 21, SERIF, INK),
    3: Style(12, 18, BOLD, INK),
}
#: Air above a heading and below it, in millimetres.
HEADING_SPACE = {1: (8.0, 2.6), 2: (5.0, 1.6), 3: (4.0, 1.2)}
#: A main heading begins a new sheet unless so much of this one is left.
LEAST_UNDER_MAIN = 70.0
PARAGRAPHS = {
    "body": Style(12, 18, colour=TEXT, justify=True),
    "lead": Style(13, 20, BOLD, INK, justify=True),
    "note": Style(9.5, 14.4, colour=GREY, justify=True),
    "quote": Style(11, 17, SERIF, GREY, justify=True),
}
PARAGRAPH_SPACE = {"body": 1.2, "lead": 2.0, "note": 1.2, "quote": 1.2}
QUOTE_INSET = 9.0
POINT = Style(12, 18, colour=TEXT, justify=True)
POINT_INSET, POINT_SPACE = 7.0, 1.0
LINK = BLUE
CAPTION = Style(10.5, 15, colour=INK, align="centre")
FIGURE_TITLE = Style(12.5, 17.5, SERIF, INK)
CELL = Style(9.2, 12.8, colour=INK)
HEAD = Style(9, 12.4, BOLD, INK)
NOTE = Style(9, 13, colour=GREY, justify=True)
FIGURE_SPACE, TABLE_SPACE = 5.0, 5.0
