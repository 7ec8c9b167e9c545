"""Paper, faces and styles of the Word file, after GB/T 9704.

The faces are those that Chinese offices have; where one is missing, Word takes the one named beside it.
"""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

LATIN = "Times New Roman"
TITLE, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
#: What stands in where a face is not on the reader's machine.
OTHERS = {TITLE: "宋体", HEI: "SimHei", KAI: "楷体", FANG: "仿宋"}
TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0
TEXT_WIDTH = 210.0 - LEFT - RIGHT
_INK, _GREY = RGBColor(0x16, 0x22, 0x2E), RGBColor(0x56, 0x61, 0x6C)
#: Face, size in points, bold, of each heading level.
_HEADINGS = {1: (HEI, 16, False), 2: (KAI, 15, True), 3: (FANG, 14, True)}
#: Face, size in points, bold, aligned, of the styles that a report adds.
_ADDED = {
    "Report Lead": (FANG, 13, True, None),
    "Report Note": (FANG, 10, False, None),
    "Report Quote": (KAI, 12, False, None),
    "Report Finding": (HEI, 12, False, None),
    "Report Caption": (HEI, 10.5, False, WD_ALIGN_PARAGRAPH.CENTER),
    "Report Cell": (FANG, 10, False, None),
    "Report Cover": (FANG, 16, False, WD_ALIGN_PARAGRAPH.CENTER),
    "Report Picture": (FANG, 10, False, WD_ALIGN_PARAGRAPH.CENTER),
}
_ONE_AND_A_HALF = 1.5
_QUIET = frozenset({"Report Note", "Report Quote"})
#: These stay with what follows them.
_TIED = frozenset({"Report Finding", "Report Picture"})


def set_styles(document: Any) -> None:  # noqa: ANN401 - python-docx's classes are made at run time
    """Give a new document its paper and its styles."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.different_first_page_header_footer = True
    styles = document.styles
    normal = styles["Normal"]
    _set_face(normal, FANG, 12)
    normal.paragraph_format.line_spacing = _ONE_AND_A_HALF
    normal.paragraph_format.space_after = Pt(0)
    _set_face(styles["Title"], TITLE, 26)
    _strip(styles["Title"])
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for level, (face, points, bold) in _HEADINGS.items():
        style = styles[f"Heading {level}"]
        _set_face(style, face, points, bold=bold)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12), Pt(4)
        style.paragraph_format.keep_with_next = True
    for name, (face, size, bold, align) in _ADDED.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set_face(style, face, size, bold=bold)
        style.font.color.rgb = _GREY if name in _QUIET else _INK
        style.paragraph_format.alignment = align
        style.paragraph_format.keep_with_next = name in _TIED
    cell = styles["Report Cell"].paragraph_format
    cell.line_spacing, cell.space_before, cell.space_after = 1.15, Pt(1.5), Pt(1.5)
    note = styles["Report Note"].paragraph_format
    note.line_spacing, note.space_before, note.space_after = 1.15, Pt(2), Pt(6)
    styles["Report Caption"].paragraph_format.space_before = Pt(6)
    for name in ("List Bullet", "List Number"):
        _set_face(styles[name], FANG, 12)


def indent_first(paragraph: Any) -> None:  # noqa: ANN401
    """Indent the first line by two characters, whatever their size."""
    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "480")
    paragraph._p.get_or_add_pPr().append(indent)  # noqa: SLF001 - python-docx has no name for it


def name_other_faces(document: Any) -> None:  # noqa: ANN401
    """Enter into the table of faces what stands in for each."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>'
        for face, other in OTHERS.items()
    )
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = part.blob.replace(  # noqa: SLF001 - the part has no writing door
                b"</w:fonts>", entries.encode() + b"</w:fonts>"
            )


def _set_face(style: Any, face: str, size: float, *, bold: bool = False) -> None:  # noqa: ANN401
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = _INK
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{key}"), None)
    faces.set(qn("w:eastAsia"), face)


def _strip(style: Any) -> None:  # noqa: ANN401
    """Take away the rule under the title that the library's template has."""
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)
