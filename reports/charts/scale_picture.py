"""The scale itself: 0 to 100 with the words of the questionnaire, and one score on it as an example."""

from dataclasses import dataclass

from reports import theme
from reports.charts.dot_whisker import hang
from reports.document import Document
from reports.typography import set_line

HEIGHT = 25.0
RAIL_AT, TICK, WORD_AT, NUMBER_AT = 10.0, 1.6, 13.2, 18.2
RAIL_WEIGHT, WHISKER_WEIGHT, CAP = 1.4, 1.2, 2.2
DOT_RADIUS = 1.3
INSET = 8.0


@dataclass(frozen=True)
class ScalePicture:
    """The rail in ``width`` millimetres; ``example`` is a value, its interval and its words."""

    words: tuple[tuple[int, str], ...]
    width: float
    example: tuple[float, tuple[float, float] | None, str] | None = None

    def draw(self, document: Document, left: float, top: float) -> None:
        """Draw the scale, its words below it and the example above it."""
        rail = top + RAIL_AT
        start, length = left + INSET, self.width - 2 * INSET
        document.rule(start, start + length, rail, RAIL_WEIGHT, theme.GREY)
        for place, word in self.words:
            x = start + place * length / 100
            document.line((x, rail - TICK), (x, rail + TICK), theme.RULE, theme.INK)
            label = set_line(word, theme.CELL)
            start_at = min(max(x - label.width / 2, left), left + self.width - label.width)
            document.text(label, start_at, top + WORD_AT)
            number = set_line(str(place), theme.AXIS.bold().coloured(theme.INK))
            document.text(number, x - number.width / 2, top + NUMBER_AT)
        if self.example is not None:
            self._draw_example(document, start, length, rail)

    def _draw_example(self, document: Document, start: float, length: float, rail: float) -> None:
        value, interval, text = self.example or (0.0, None, "")
        x = start + value * length / 100
        if interval is not None:
            low, high = (start + end * length / 100 for end in interval)
            document.rule(low, high, rail, WHISKER_WEIGHT, theme.BLUE)
            for end in (low, high):
                document.line((end, rail - CAP), (end, rail + CAP), WHISKER_WEIGHT, theme.BLUE)
        document.dot((x, rail), DOT_RADIUS, theme.BLUE)
        label = set_line(text, theme.VALUE.coloured(theme.BLUE))
        document.text(label, hang(x, label.width, round(value)), rail - 8.6)
