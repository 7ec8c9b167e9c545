"""The blank questionnaire as a Word document, for approval and changes of layout by hand.

The only owner of python-docx for paper forms.
"""

import io
from datetime import datetime
from typing import Any

from survey_service.i18n import Words
from survey_service.office import settle
from survey_service.questionnaire import ROLES
from survey_service.questionnaire.paper import PaperForm, PaperGroup

_BOX = "☐"
_INK = "16202A"
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Word keeps no time zone; ours says nothing
_FACE, _EAST_ASIAN_FACE = "Calibri", "宋体"
_NUMBER_CM, _OPTION_CM, _WIDTH_CM = 1.6, 1.5, 17.6
_WRITING_LINES, _WRITING_WIDTH = 4, 40


def write_word(form: PaperForm, w: Words) -> bytes:
    """Return a ``.docx`` file on A4; the same form gives the same bytes."""
    import docx  # noqa: PLC0415 - loaded when chosen
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - _WIDTH_CM) / 2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FACE, Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _EAST_ASIAN_FACE)
    properties = document.core_properties
    properties.title, properties.author = form.title, ""
    properties.created = properties.modified = _CREATED
    heading = document.styles["Heading 1"].font
    heading.color.rgb, heading.size = RGBColor.from_string(_INK), Pt(18)
    document.add_heading(form.title, level=1)
    document.add_paragraph(form.status)
    document.add_paragraph(form.opening)
    document.add_paragraph(w("paper.how"))
    if form.asks_unit:
        roles = "　".join(f"{_BOX} {w(f'role.{role}')}" for role in ROLES)
        document.add_paragraph(f"{w('paper.unit')}＿＿＿＿＿＿＿＿＿＿　{w('paper.role')}{roles}")
    for group in form.groups:
        if group.options:
            _add_choices(document, group)
        else:
            _add_own_words(document, group)
    stream = io.BytesIO()
    document.save(stream)
    return settle(stream.getvalue())


def _add_choices(document: Any, group: PaperGroup) -> None:  # noqa: ANN401 - python-docx's classes
    from docx.enum.table import WD_ALIGN_VERTICAL  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    columns = len(group.options)
    table = document.add_table(rows=1, cols=columns + 2, style="Table Grid")
    table.autofit = False
    option = min(_OPTION_CM, 10 / columns)
    widths = [_NUMBER_CM, _WIDTH_CM - _NUMBER_CM - option * columns, *[option] * columns]
    head = ["", group.stem, *(f"{label}\n{code}" for code, label in group.options)]
    lines = [head, *([f"{i.number}\n{i.id}", i.text, *[_BOX] * columns] for i in group.items)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)  # what LibreOffice goes by; Word goes by the cells
    for number, line in enumerate(lines):
        row = table.rows[0] if number == 0 else table.add_row()
        for place, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            cell.width, cell.vertical_alignment = Cm(widths[place]), WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            space = paragraph.paragraph_format
            space.space_before = space.space_after = Pt(2)
            run = paragraph.add_run(text)
            if place != 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                run.font.size = Pt(8) if number == 0 or place == 0 else Pt(12)
        _mark(row, "cantSplit")
    _mark(table.rows[0], "tblHeader")  # the options stand on every sheet that the table reaches
    document.add_paragraph("")


def _mark(row: Any, name: str) -> None:  # noqa: ANN401
    """Give a row a property that python-docx has no name for."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    mark = OxmlElement(f"w:{name}")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - the element itself


def _add_own_words(document: Any, group: PaperGroup) -> None:  # noqa: ANN401
    """Add what is answered in own words; a question stays on one sheet with its lines."""
    for item in group.items:
        lines = [f"{item.number}　{item.text}（{item.id}）", *([item.hint] if item.hint else [])]
        lines += ["＿" * _WRITING_WIDTH] * _WRITING_LINES
        for number, line in enumerate(lines, 1):
            paragraph = document.add_paragraph(line)
            paragraph.paragraph_format.keep_with_next = number < len(lines)
