"""What python-docx has no name for: links, bookmarks, the contents, page numbers, rules of tables."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Node = Any
#: Word takes no longer names of bookmarks.
_LONGEST_NAME = 40
_HEAVY, _FINE = "12", "4"


def name_bookmark(anchor: str) -> str:
    """Return a name that Word takes for a place: letters, digits and low lines."""
    plain = "".join(char if char.isalnum() else "_" for char in anchor)
    return f"r_{plain}"[:_LONGEST_NAME]


def add_bookmark(paragraph: Node, anchor: str, number: int) -> None:
    """Let links to ``anchor`` lead to a paragraph; ``number`` is no other bookmark's."""
    start = _make("w:bookmarkStart", id=str(number), name=name_bookmark(anchor))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)  # noqa: SLF001
    paragraph._p.append(_make("w:bookmarkEnd", id=str(number)))  # noqa: SLF001


def add_link(paragraph: Node, text: str, anchor: str) -> None:
    """Add words that lead to a place in the document."""
    link = _make("w:hyperlink", anchor=name_bookmark(anchor), history="1")
    link.append(paragraph.add_run(text)._r)  # noqa: SLF001
    paragraph._p.append(link)  # noqa: SLF001


def add_contents(document: Node, entries: Sequence[tuple[str, str]]) -> None:
    """Add a table of contents: the main headings, until Word fills in the rest and the page numbers."""
    first = document.add_paragraph()
    _add_field_part(first, "begin", dirty="true")
    instruction = _make("w:instrText")
    instruction.text = 'TOC \\o "1-2" \\h \\z \\u'
    first.add_run()._r.append(instruction)  # noqa: SLF001
    _add_field_part(first, "separate")
    last = first
    for number, (text, anchor) in enumerate(entries):
        last = document.add_paragraph() if number else first
        add_link(last, text, anchor)
    _add_field_part(last, "end")


def set_head_and_foot(document: Node, running: str) -> None:
    """Set the running head and the number of the page, as 「— 1 —」; the cover has neither."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.text, head.style = running, "Report Note"
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    _add_field_part(foot, "begin")
    instruction = _make("w:instrText")
    instruction.text = "PAGE"
    foot.add_run()._r.append(instruction)  # noqa: SLF001
    _add_field_part(foot, "end")
    foot.add_run(" —")


def rule_table(table: Node, *, is_grid: bool) -> None:
    """Draw the rules of a table: three and fine ones between rows, or a grid for a pen."""
    borders = _make("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        is_end = side in {"top", "bottom"}
        is_drawn = is_grid or is_end or side == "insideH"
        size = _HEAVY if is_end else _FINE
        kind, colour = ("single" if is_drawn else "nil"), "auto" if is_end else "B4BDC6"
        borders.append(_make(f"w:{side}", val=kind, sz=size, space="0", color=colour))
    table._tbl.tblPr.append(borders)  # noqa: SLF001


def repeat_head(row: Node) -> None:
    """Have a row stand on every sheet that its table reaches."""
    row._tr.get_or_add_trPr().append(_make("w:tblHeader", val="true"))  # noqa: SLF001


def keep_row_whole(row: Node) -> None:
    """Never split a row between two sheets."""
    row._tr.get_or_add_trPr().append(_make("w:cantSplit", val="true"))  # noqa: SLF001


def _add_field_part(paragraph: Node, kind: str, **attributes: str) -> None:
    part = _make("w:fldChar", fldCharType=kind, **attributes)
    paragraph.add_run()._r.append(part)  # noqa: SLF001


def _make(tag: str, **attributes: str) -> Node:
    node = OxmlElement(tag)
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), value)
    return node
