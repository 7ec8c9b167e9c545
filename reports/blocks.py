"""What a report consists of before anybody sets it: headings, paragraphs, tables and figures.

Sections write these, and nothing else; the PDF, the HTML page and the Word file are three ways to set
the same blocks, so that they cannot tell different numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.document import Document

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class Heading:
    """A numbered heading; ``level`` 1 prints 一、, 2 （一） and 3 1. (the number is in ``text``)."""

    level: int
    text: str
    #: Where cross references lead: unique in the report.
    anchor: str


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph: plain, strong, or leading to a heading, table or figure."""

    text: str
    strong: bool = False
    target: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``kind`` is ``body``, ``lead`` (a finding in one sentence), ``note`` or ``quote``."""

    runs: tuple[Run, ...]
    kind: Literal["body", "lead", "note", "quote"] = "body"


@dataclass(frozen=True)
class Listing:
    """Points below one another, numbered 1. 2. 3. or with a dot."""

    points: tuple[tuple[Run, ...], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell; ``shade`` is a score of 0 to 100 to tint it by (the heat map's scale), or None."""

    text: str
    strong: bool = False
    shade: float | None = None


@dataclass(frozen=True)
class Table:
    """A table with its caption above; ``widths`` are shares of the text width that sum to 1.

    It may stretch over several pages, its head repeated; no row is split. Empty cells are for a pen.
    """

    anchor: str
    label: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    align: tuple[Align, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """A chart ready to draw: ``draw(document, left, top)``, ``width`` and ``height`` in millimetres."""

    width: float
    height: float
    draw: Callable[[Document, float, float], object]


@dataclass(frozen=True)
class Figure:
    """A chart with its caption below; ``data`` says the same numbers as a table, ``alt`` in words."""

    anchor: str
    label: str
    caption: str
    title: str
    drawing: Drawing
    alt: str
    data: Table


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a sheet; the HTML page ignores it."""


Block = Heading | Paragraph | Listing | Table | Figure | PageBreak


@dataclass(frozen=True)
class Front:
    """The cover: what stands on it, from the top down."""

    title: str
    subtitle: str
    organisation: str
    period: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A whole report in blocks; ``language`` is a tag such as ``zh-CN``, ``running`` the running head.

    ``provenance`` is the last page: pairs of a name and a value (hashes, versions, the closing date).
    """

    front: Front
    blocks: Sequence[Block]
    provenance: tuple[tuple[str, str], ...]
    language: str
    running: str
