"""Making blocks without their numbers; ``numbering`` gives these when all sections are there."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from reports.blocks import (
    Align,
    Cell,
    Drawing,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Run,
    Table,
)
from reports.document import Document
from reports.material import Material
from reports.theme import TEXT_WIDTH

#: Stands in the text of a reference until the number of its target is known.
LABEL = "\ue000"

Part = str | Run


class Chart(Protocol):
    """A chart whose height is its own."""

    @property
    def width(self) -> float: ...  # noqa: D102
    @property
    def height(self) -> float: ...  # noqa: D102
    def draw(self, document: Document, left: float, top: float) -> object: ...  # noqa: D102


def head(material: Material, anchor: str, level: int = 1, key: str = "") -> Heading:
    """Return a heading; its words stand under ``report.section.ANCHOR`` unless ``key`` says where."""
    return Heading(level, material.say(key or f"report.section.{anchor}"), anchor)


def make_runs(parts: Iterable[Part]) -> tuple[Run, ...]:
    """Return strings as plain runs, and runs as they are; empty strings disappear."""
    return tuple(Run(part) if isinstance(part, str) else part for part in parts if part)


def body(*parts: Part) -> Paragraph:
    """Return running text."""
    return Paragraph(make_runs(parts))


def lead(text: str) -> Paragraph:
    """Return a finding in one sentence."""
    return Paragraph((Run(text),), "lead")


def note(text: str) -> Paragraph:
    """Return a remark in small type."""
    return Paragraph((Run(text),), "note")


def quote(text: str) -> Paragraph:
    """Return words of the paper."""
    return Paragraph((Run(text),), "quote")


def see(material: Material, target: str) -> Run:
    """Return a reference; it disappears if the report has no such heading, table or figure."""
    return Run(material.say("report.see", label=LABEL), target=target)


def listing(points: Iterable[Sequence[Part]], *, numbered: bool = False) -> Listing:
    """Return points below one another."""
    return Listing(tuple(make_runs(parts) for parts in points), numbered)


def cells(*texts: str, strong: bool = False) -> tuple[Cell, ...]:
    """Return a row of plain cells."""
    return tuple(Cell(text, strong) for text in texts)


def make_table(
    anchor: str,
    caption: str,
    heads: str,
    rows: Iterable[tuple[Cell, ...]],
    widths: Sequence[int],
    align: str,
    notes: Sequence[str] = (),
) -> Table:
    """Return a table; ``heads`` are joined by ``|``, ``align`` has a letter l, c or r for each column.

    ``widths`` are in any unit.
    """
    names: dict[str, Align] = {"l": "left", "c": "centre", "r": "right"}
    total = sum(widths)
    return Table(
        anchor,
        "",
        caption,
        tuple(heads.split("|")),
        tuple(rows),
        tuple(width / total for width in widths),
        tuple(names[letter] for letter in align),
        tuple(notes),
    )


def make_figure(
    anchor: str, title: str, caption: str, drawing: Drawing, alt: str, data: Table
) -> Figure:
    """Return a figure with its data."""
    return Figure(anchor, "", caption, title, drawing, alt, data)


def make_data(anchor: str, heads: str, rows: Iterable[Sequence[str]], caption: str = "") -> Table:
    """Return the numbers of a figure as a table: names at the left, numbers at the right."""
    count = heads.count("|") + 1
    widths = (3, *(1 for _ in range(count - 1)))
    made = (cells(*row) for row in rows)
    return make_table(f"{anchor}-data", caption, heads, made, widths, "l" + "r" * (count - 1))


def draw_chart(chart: Chart) -> Drawing:
    """Return the drawing of a chart that knows its height."""
    return Drawing(chart.width, chart.height, chart.draw)


def draw_pitched(
    width: float,
    height: Callable[[float], float],
    draw: Callable[[Document, float, float, float], object],
    pitch: float,
) -> Drawing:
    """Return the drawing of a chart with rows of ``pitch`` millimetres."""

    def put(document: Document, left: float, top: float) -> object:
        return draw(document, left, top, pitch)

    return Drawing(width, height(pitch), put)


WIDTH = TEXT_WIDTH
