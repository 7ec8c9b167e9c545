"""A table of scores with the number in every cell and one hue behind it, darker where higher."""

from dataclasses import dataclass
from functools import cached_property

from reports import theme
from reports.charts.column_names import break_name
from reports.document import Document
from reports.typography import (
    Block,
    measure_text,
    set_line,
    set_lines,
    set_text,
    shorten_to_lines,
)

GROUP_GAP = 1.1
CELL_GAP = 0.35
GROUP_HEIGHT = 5.4
LEAST_ROW, MOST_ROW = 4.7, 8.0
TWO_LINES = 1.55
#: Below the row of the whole, before the units.
TOTAL_SPACE = 1.2
NAME_RATE_GAP = 1.5
LEAST_NAMES, MOST_NAMES = 20.0, 30.0
#: A unit below another one; deeper ones all stand at the same place.
INDENT, DEEPEST = 2.2, 2
MARK_SIZE, MARK_SHIFT = 1.7, 0.9
#: Parts of a turned name's length that are tried as its width, so that it takes several lines.
TURNED_SHARES = (0.36, 0.42, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class HeatGroup:
    """Columns under a common head."""

    head: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class HeatCell:
    """The value that colours a cell and the number printed on it; no value leaves it white.

    ``mark`` is ``up`` or ``down`` where the cell stands out from the others, else empty.
    """

    value: float | None
    printed: str
    mark: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One row; with no cells, ``absence`` is printed across. ``depth`` indents the name."""

    name: str
    rate: str
    cells: tuple[HeatCell, ...]
    absence: str = ""
    is_total: bool = False
    depth: int = 0


@dataclass(frozen=True)
class HeatMap:
    """The chart: names to the left, as wide as they need, then ``rate_width`` millimetres."""

    groups: tuple[HeatGroup, ...]
    rows: tuple[HeatRow, ...]
    rate_head: str
    width: float
    rate_width: float = 10.0

    @cached_property
    def name_width(self) -> float:
        """Return the room of the names: what the longest needs, within what leaves cells readable."""
        needs = (
            measure_text(row.name, theme.CELL.bold() if row.is_total else theme.CELL)
            + self._indent(row)
            for row in self.rows
        )
        return min(max(LEAST_NAMES, max(needs) + NAME_RATE_GAP + 0.1), MOST_NAMES)

    @cached_property
    def cell_width(self) -> float:
        """Return the width of a column."""
        columns = sum(len(group.columns) for group in self.groups)
        free = self.width - self._side - GROUP_GAP * len(self.groups)
        return free / columns

    @cached_property
    def turns_heads(self) -> bool:
        """Say whether some word of a column's name is wider than its column."""
        style = theme.COLUMN_HEAD
        longest = max(
            (
                measure_text(word, style)
                for group in self.groups
                for name in group.columns
                for word in name.split(" ")
                if " " in name or name.isascii()
            ),
            default=0.0,
        )
        return longest > self.cell_width - 0.4

    @cached_property
    def head_height(self) -> float:
        """Return the height of both rows of heads."""
        heads = [self._set_head(name) for group in self.groups for name in group.columns]
        if self.turns_heads:
            return GROUP_HEIGHT + max(head.natural_width for head in heads) + 1.5
        return GROUP_HEIGHT + max(head.height for head in heads) + 1.5

    def row_height(self, row: HeatRow, unit: float) -> float:
        """Return the height of a row when a row of one line takes ``unit`` millimetres."""
        extra = TOTAL_SPACE if row.is_total else 0.0
        return extra + (unit * TWO_LINES if len(self._set_name(row).lines) > 1 else unit)

    def height(self, unit: float = LEAST_ROW) -> float:
        """Return the chart's height."""
        return self.head_height + sum(self.row_height(row, unit) for row in self.rows)

    def draw(self, document: Document, left: float, top: float, unit: float) -> float:
        """Draw the chart with rows of ``unit`` millimetres and return where it ends."""
        self._draw_heads(document, left, top)
        y = top + self.head_height
        for row in self.rows:
            height = self.row_height(row, unit)
            drawn = height - (TOTAL_SPACE if row.is_total else 0.0)
            self._draw_row(document, row, left, y, drawn)
            y += height
        return y

    @cached_property
    def _has_marks(self) -> bool:
        return any(cell.mark for row in self.rows for cell in row.cells)

    @property
    def _side(self) -> float:
        return self.name_width + self.rate_width

    def _set_head(self, name: str) -> Block:
        """Set a column's name; turned names take as many lines as their column is wide."""
        style = theme.COLUMN_HEAD
        lines = break_name(name)
        if lines is not None and self._holds(lines):
            return set_lines(lines, style, self.cell_width - 0.4)
        if not self.turns_heads:
            return set_text(name, style, self.cell_width - 0.4)
        style = style.aligned("left")
        width = measure_text(name, style)
        longest = max(measure_text(word, style) for word in name.split(" "))
        for share in TURNED_SHARES:
            block = set_text(name, style, max(width * share, longest + 0.1))
            if block.height <= self.cell_width:
                return block
        return set_text(name, style, width)

    def _holds(self, lines: list[str]) -> bool:
        return all(measure_text(line, theme.COLUMN_HEAD) <= self.cell_width for line in lines)

    def _set_name(self, row: HeatRow) -> Block:
        style = theme.CELL.bold() if row.is_total else theme.CELL
        room = self.name_width - NAME_RATE_GAP - self._indent(row)
        if measure_text(row.name, style) <= room:
            return set_line(row.name, style)
        small = style.resized(8)
        tight = theme.Style(8, 9.4, small.face, small.colour)
        return set_text(shorten_to_lines(row.name, tight, room, 2), tight, room)

    @staticmethod
    def _indent(row: HeatRow) -> float:
        return INDENT * min(row.depth, DEEPEST)

    def _draw_heads(self, document: Document, left: float, top: float) -> None:
        bottom = top + self.head_height - 1.0
        rate = set_text(self.rate_head, theme.COLUMN_HEAD.aligned("right"), self.rate_width + 2)
        rate_left = left + self._side - NAME_RATE_GAP - rate.width
        document.text(rate, rate_left, bottom - rate.height)
        x = left + self._side
        for group in self.groups:
            x += GROUP_GAP
            width = len(group.columns) * self.cell_width
            self._draw_group_head(document, group.head, x, top, width)
            for name in group.columns:
                self._draw_head(document, name, x, bottom)
                x += self.cell_width

    def _draw_group_head(
        self, document: Document, head: str, left: float, top: float, width: float
    ) -> None:
        style = theme.BLOCK.resized(9.5).aligned("centre")
        block = set_line(head, style)
        document.text(block, left + (width - block.width) / 2, top)
        end = left + width - CELL_GAP
        document.rule(left, end, top + GROUP_HEIGHT - 1.0, theme.RULE, theme.BLUE)

    def _draw_head(self, document: Document, name: str, left: float, bottom: float) -> None:
        block = self._set_head(name)
        if self.turns_heads:
            document.turned_text(block, left + (self.cell_width - block.height) / 2, bottom)
        else:
            document.text(block, left, bottom - block.height)

    def _draw_row(
        self, document: Document, row: HeatRow, left: float, top: float, height: float
    ) -> None:
        name = self._set_name(row)
        middle = top + (height - CELL_GAP) / 2
        document.text(name, left + self._indent(row), middle - name.height / 2)
        rate = set_line(row.rate, theme.CELL.coloured(theme.GREY))
        rate_left = left + self._side - NAME_RATE_GAP - rate.width
        document.text(rate, rate_left, middle - rate.height / 2)
        if row.cells:
            self._draw_cells(document, row, left, top, height)
        else:
            self._draw_absence(document, row.absence, left, top, height)

    def _draw_cells(
        self, document: Document, row: HeatRow, left: float, top: float, height: float
    ) -> None:
        cells = iter(row.cells)
        x = left + self._side
        for group in self.groups:
            x += GROUP_GAP
            for _ in group.columns:
                self._draw_cell(document, next(cells), row, (x, top), height - CELL_GAP)
                x += self.cell_width

    def _draw_cell(
        self,
        document: Document,
        cell: HeatCell,
        row: HeatRow,
        corner: tuple[float, float],
        height: float,
    ) -> None:
        left, top = corner
        width = self.cell_width - CELL_GAP
        style = theme.CELL.bold() if row.is_total or cell.mark else theme.CELL
        if cell.value is None:
            document.frame(left, top, width, height, theme.HAIRLINE)
            style = style.coloured(theme.GREY)
        else:
            document.fill(left, top, width, height, choose_colour(cell.value))
            if cell.value >= theme.HEAT_WHITE_FROM:
                style = style.coloured(theme.WHITE)
        block = set_line(cell.printed, style)
        indent = (width - _whole_width(style)) / 2 - (MARK_SHIFT if self._has_marks else 0.0)
        document.text(block, left + indent, top + (height - block.height) / 2)
        if cell.mark:
            centre = (left + width - MARK_SIZE / 2 - 0.6, top + height / 2)
            document.triangle(centre, MARK_SIZE, style.colour, is_up=cell.mark == "up")

    def _draw_absence(
        self, document: Document, words: str, left: float, top: float, height: float
    ) -> None:
        start = left + self._side + GROUP_GAP
        width = self.width - self._side - GROUP_GAP - CELL_GAP
        document.frame(start, top, width, height - CELL_GAP, theme.HAIRLINE)
        block = set_line(words, theme.CELL.coloured(theme.GREY))
        middle = top + (height - CELL_GAP) / 2
        document.text(block, start + (width - block.width) / 2, middle - block.height / 2)


def choose_colour(value: float) -> str:
    """Return the colour of a score: one of eight steps."""
    step = int((value - theme.HEAT_FIRST) // theme.HEAT_WIDTH) + 1
    return theme.HEAT_STEPS[min(max(step, 0), len(theme.HEAT_STEPS) - 1)]


def _whole_width(style: theme.Style) -> float:
    """Return the width of "00.0": numbers start at one place, so that their points align."""
    return measure_text("00.0", style)
