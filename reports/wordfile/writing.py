"""A whole report as a Word file: headings that Word knows, tables, charts as pictures."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from reports.blocks import Block, Figure, Heading, Listing, PageBreak, Paragraph, Report, Run, Table
from reports.wordfile import fields, styles
from reports.wordfile.pictures import draw_pictures
from survey_service.i18n import Words
from survey_service.office import settle

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Word keeps no time zone; ours says nothing
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_STYLES = {"body": "Normal", "lead": "Report Lead", "note": "Report Note", "quote": "Report Quote"}
#: Rows of tables that are filled in by hand are as high as a line of handwriting, in millimetres.
_PEN_ROW = 14.0


def render_word(report: Report, say: Words) -> bytes:
    """Return the report as a ``.docx`` file; the same blocks give the same bytes."""
    document = docx.Document()
    styles.set_styles(document)
    styles.name_other_faces(document)
    properties = document.core_properties
    properties.title, properties.author = f"{report.front.title} {report.front.subtitle}", ""
    properties.subject, properties.language = report.running, report.language
    properties.created = properties.modified = _CREATED
    _Writer(document, report, say).write()
    stream = io.BytesIO()
    document.save(stream)
    return settle(stream.getvalue())


class _Writer:
    """Puts blocks into a document one after another; ``_pictures`` are those not placed yet."""

    def __init__(self, document: Any, report: Report, say: Words) -> None:  # noqa: ANN401
        self._document = document
        self._report = report
        self._say = say
        figures = [block for block in report.blocks if isinstance(block, Figure)]
        self._pictures: Iterator[bytes] = iter(draw_pictures([f.drawing for f in figures]))
        self._marks = 0

    def write(self) -> None:
        """Write cover, contents, blocks and where the report comes from."""
        self._write_cover()
        self._write_contents()
        fields.set_head_and_foot(self._document, self._report.running)
        for block in self._report.blocks:
            self._write_block(block)
        self._write_source()

    def _write_cover(self) -> None:
        document, front = self._document, self._report.front
        marks = document.add_paragraph("\n".join(front.marks), style="Report Cover")
        marks.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        title = document.add_paragraph(front.title, style="Title")
        title.paragraph_format.space_before = Mm(50)
        document.add_paragraph(front.subtitle, style="Report Cover")
        organisation = document.add_paragraph(front.organisation, style="Report Cover")
        organisation.paragraph_format.space_before = Mm(80)
        document.add_paragraph(front.period, style="Report Cover")

    def _write_contents(self) -> None:
        document = self._document
        head = document.add_paragraph(self._say("report.contents"), style="Report Finding")
        head.paragraph_format.page_break_before = True
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        found = [b for b in self._report.blocks if isinstance(b, Heading) and b.level == 1]
        fields.add_contents(document, [(block.text, block.anchor) for block in found])

    def _write_block(self, block: Block) -> None:
        match block:
            case Heading():
                self._write_heading(block)
            case Paragraph():
                paragraph = self._document.add_paragraph(style=_STYLES[block.kind])
                self._add_runs(paragraph, block.runs)
                if block.kind == "body":
                    styles.indent_first(paragraph)
                elif block.kind == "quote":
                    paragraph.paragraph_format.left_indent = Mm(9)
            case Listing():
                for number, point in enumerate(block.points, 1):
                    self._write_point(point, number if block.numbered else 0)
            case Table():
                self._write_table(block)
            case Figure():
                self._write_figure(block)
            case PageBreak():
                self._document.add_page_break()

    def _write_heading(self, heading: Heading) -> None:
        paragraph = self._document.add_heading(heading.text, level=heading.level)
        if heading is self._report.blocks[0]:
            paragraph.paragraph_format.page_break_before = True
        self._mark(paragraph, heading.anchor)

    def _write_point(self, point: Sequence[Run], number: int) -> None:
        """Write one point; its number is text, so that every list begins with 1."""
        paragraph = self._document.add_paragraph(style="Normal" if number else "List Bullet")
        if number:
            paragraph.paragraph_format.left_indent = Mm(8)
            paragraph.paragraph_format.first_line_indent = Mm(-8)
            paragraph.add_run(f"{number}.\t")
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(8))
        self._add_runs(paragraph, point)

    def _add_runs(self, paragraph: Any, runs: Sequence[Run]) -> None:  # noqa: ANN401
        for run in runs:
            if run.target:
                fields.add_link(paragraph, run.text, run.target)
            else:
                paragraph.add_run(run.text).bold = run.strong or None

    def _write_table(self, table: Table) -> None:
        caption = self._document.add_paragraph(style="Report Caption")
        caption.add_run(table.label).bold = True
        caption.add_run(f"\u3000{table.caption}")
        caption.paragraph_format.keep_with_next = True
        self._mark(caption, table.anchor)
        drawn = self._document.add_table(rows=1 + len(table.rows), cols=len(table.head))
        drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        fields.rule_table(drawn, is_grid=_is_for_pen(table))
        for column, width in zip(drawn.columns, table.widths, strict=True):
            column.width = Mm(styles.TEXT_WIDTH * width)
        lines = [[(text, True) for text in table.head]]
        lines += [[(cell.text, cell.strong) for cell in row] for row in table.rows]
        for row, line in zip(drawn.rows, lines, strict=True):
            fields.keep_row_whole(row)
            for place, (cell, (text, strong)) in enumerate(zip(row.cells, line, strict=True)):
                cell.width = Mm(styles.TEXT_WIDTH * table.widths[place])
                paragraph = cell.paragraphs[0]
                paragraph.style = "Report Cell"
                paragraph.alignment = _ALIGN[table.align[place]]
                paragraph.add_run(text).bold = strong or None
            if _is_for_pen(table) and row is not drawn.rows[0]:
                row.height = Mm(_PEN_ROW)
        fields.repeat_head(drawn.rows[0])
        for note in table.notes or ("",):  # some air below the last rule
            self._document.add_paragraph(note, style="Report Note")

    def _write_figure(self, figure: Figure) -> None:
        if figure.title:
            self._document.add_paragraph(figure.title, style="Report Finding")
        paragraph = self._document.add_paragraph(style="Report Picture")
        width = Mm(min(figure.drawing.width, styles.TEXT_WIDTH))
        picture = paragraph.add_run().add_picture(io.BytesIO(next(self._pictures)), width=width)
        picture._inline.docPr.set("descr", figure.alt)  # noqa: SLF001 - python-docx has no name for it
        caption = self._document.add_paragraph(style="Report Caption")
        caption.add_run(figure.label).bold = True
        caption.add_run(f"\u3000{figure.caption}")
        caption.paragraph_format.space_after = Mm(3)
        self._mark(caption, figure.anchor)

    def _write_source(self) -> None:
        head = self._document.add_heading(self._say("report.provenance"), level=1)
        head.paragraph_format.page_break_before = True
        for name, value in self._report.provenance:
            paragraph = self._document.add_paragraph(style="Report Note")
            paragraph.add_run(f"{name}\u3000").bold = True
            paragraph.add_run(value)

    def _mark(self, paragraph: Any, anchor: str) -> None:  # noqa: ANN401
        fields.add_bookmark(paragraph, anchor, self._marks)
        self._marks += 1


def _is_for_pen(table: Table) -> bool:
    """Say whether a table has rows that are left for a pen."""
    return any(not any(cell.text for cell in row) for row in table.rows)
