"""Blocks as elements of a page; nothing is ever pasted into markup, so that nothing needs escaping."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast
from xml.etree import ElementTree as ET

from reports.blocks import (
    Block,
    Cell,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from reports.charts.heat_map import choose_colour
from reports.document import Document
from reports.theme import HEAT_WHITE_FROM
from reports.webpage.plane import SvgPlane
from survey_service.i18n import Words


def make(tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Return an element; ``class_`` and ``for_`` lose their stroke, inner ones become hyphens."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    element = ET.Element(tag, named)
    element.text = text or None
    return element


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Put a new element into another and return it."""
    element = make(tag, text, **attributes)
    parent.append(element)
    return element


def set_block(block: Block, say: Words) -> Iterator[ET.Element]:
    """Yield what a block is on a page."""
    match block:
        case Heading():
            yield make(f"h{block.level + 1}", block.text, id=block.anchor)
        case Paragraph(runs, "quote"):
            quote = make("blockquote")
            _add_runs(add(quote, "p"), runs)
            yield quote
        case Paragraph():
            paragraph = make("p") if block.kind == "body" else make("p", class_=block.kind)
            _add_runs(paragraph, block.runs)
            yield paragraph
        case Listing():
            listing = make("ol" if block.numbered else "ul")
            for point in block.points:
                _add_runs(add(listing, "li"), point)
            yield listing
        case Table():
            yield from set_table(block, block.anchor)
        case Figure():
            yield _set_figure(block, say)
        case PageBreak():
            return


def set_table(table: Table, anchor: str) -> Iterator[ET.Element]:
    """Yield a table in a box of its own, which scrolls where the screen is narrow, and its notes."""
    box = make(
        "div", class_="wide", role="region", tabindex="0", aria_labelledby=f"{anchor}-caption"
    )
    drawn = add(box, "table", id=anchor)
    caption = add(drawn, "caption", id=f"{anchor}-caption")
    _add_label(caption, table.label, table.caption)
    head = add(add(drawn, "thead"), "tr")
    for text, align in zip(table.head, table.align, strict=True):
        add(head, "th", text, scope="col", class_=align)
    body = add(drawn, "tbody")
    for row in table.rows:
        line = add(body, "tr")
        for number, (cell, align) in enumerate(zip(row, table.align, strict=True)):
            _add_cell(line, cell, align, is_first=number == 0)
    yield box
    for note in table.notes:
        yield make("p", note, class_="note")


def _add_cell(line: ET.Element, cell: Cell, align: str, *, is_first: bool) -> None:
    names = " ".join((align, *(["strong"] if cell.strong else [])))
    if is_first and cell.text:
        add(line, "th", cell.text, scope="row", class_=names)
        return
    drawn = add(line, "td", cell.text, class_=names)
    if cell.shade is not None:
        ink = "#fff" if cell.shade >= HEAT_WHITE_FROM else "#16222e"
        drawn.set("style", f"background:{choose_colour(cell.shade)};color:{ink}")


def _set_figure(figure: Figure, say: Words) -> ET.Element:
    drawn = make("figure", id=figure.anchor)
    if figure.title:
        add(drawn, "p", figure.title, class_="finding")
    plane = SvgPlane(figure.drawing.width, figure.drawing.height)
    figure.drawing.draw(cast("Document", plane), 0.0, 0.0)
    plane.root.set("aria-label", figure.alt)
    plane.root.set("style", f"min-width:{figure.drawing.width * 3.4:.0f}px")
    label = f"{figure.label} {say('report_html.scroll')}"
    box = add(drawn, "div", class_="paper", role="group", tabindex="0", aria_label=label)
    box.append(plane.root)
    _add_label(add(drawn, "figcaption"), figure.label, figure.caption)
    details = add(drawn, "details")
    add(details, "summary", say("report_html.data"))
    details.extend(set_table(_name_data(figure), f"{figure.anchor}-data"))
    return drawn


def _name_data(figure: Figure) -> Table:
    """Give the table of a figure's numbers the figure's name where it has none of its own."""
    data = figure.data
    return Table(
        data.anchor,
        figure.label,
        data.caption or figure.title or figure.caption,
        data.head,
        data.rows,
        data.widths,
        data.align,
        data.notes,
    )


def _add_label(parent: ET.Element, label: str, text: str) -> None:
    if label:
        add(parent, "b", label).tail = "\u3000" + text
    else:
        parent.text = text


def _add_runs(parent: ET.Element, runs: Sequence[Run] | Iterable[Run]) -> None:
    for run in runs:
        if run.target:
            add(parent, "a", run.text, href=f"#{run.target}")
        elif run.strong:
            add(parent, "strong", run.text)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + run.text
        else:
            parent.text = (parent.text or "") + run.text
