"""The report as a Word file, read back by the library and by LibreOffice."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from reports import render_report_word
from reports.blocks import Figure, Heading, Report, Table
from reports.faces import use_house
from reports.full.writing import write_report
from reports.material import Material
from reports.wordfile.fields import name_bookmark
from survey_service.disclosure.release import Release
from survey_service.i18n import words
from survey_service.questionnaire import load
from tests.reports.conftest import build_case
from tests.reports.mine import SECOND


@pytest.fixture(scope="module")
def raw() -> bytes:
    return render_report_word(Release(json.loads(SECOND.read_text("utf-8"))), load("full"))


@pytest.fixture(scope="module")
def report() -> Report:
    use_house(None)
    content = json.loads(SECOND.read_text("utf-8"))
    return write_report(Material(content, load("full"), words("zh")))


@pytest.fixture(scope="module")
def opened(raw: bytes) -> Any:
    return docx.Document(io.BytesIO(raw))


def test_headings_are_those_that_word_knows(opened: Any, report: Report) -> None:
    said = [(p.style.name, p.text) for p in opened.paragraphs if p.style.name.startswith("Heading")]
    blocks = [b for b in report.blocks if isinstance(b, Heading)]
    assert said[:-1] == [(f"Heading {b.level}", b.text) for b in blocks]


def test_every_cell_of_every_table_is_there(opened: Any, report: Report) -> None:
    tables = [b for b in report.blocks if isinstance(b, Table)]
    assert len(opened.tables) == len(tables)
    for drawn, table in zip(opened.tables, tables, strict=True):
        lines = [list(table.head), *([cell.text for cell in row] for row in table.rows)]
        assert [[cell.text for cell in row.cells] for row in drawn.rows] == lines
        assert drawn.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in drawn.rows)


def test_every_figure_is_a_picture_that_says_what_it_shows(opened: Any, report: Report) -> None:
    figures = [b for b in report.blocks if isinstance(b, Figure)]
    shapes = opened.inline_shapes
    assert len(shapes) == len(figures)
    for shape, figure in zip(shapes, figures, strict=True):
        assert shape._inline.docPr.get("descr") == figure.alt
        part = shape._inline.graphic.graphicData.pic.blipFill.blip.embed
        with Image.open(io.BytesIO(opened.part.related_parts[part].blob)) as picture:
            assert picture.width / picture.height == pytest.approx(
                figure.drawing.width / figure.drawing.height, rel=0.03
            )
            assert np.ptp(np.asarray(picture.convert("L"))) > 100


def test_links_lead_to_places_that_are_there(opened: Any) -> None:
    body = opened.element.body
    places = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert len(places) == len(set(places))
    assert links <= set(places)
    assert len(name_bookmark("x" * 90)) <= 40


def test_a_body_paragraph_begins_two_characters_in(opened: Any) -> None:
    first = [
        p._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars"))
        for p in opened.paragraphs
        if p.style.name == "Normal"
        and p._p.pPr is not None
        and p._p.pPr.find(qn("w:ind")) is not None
    ]
    assert first.count("200") > 10


def test_faces_are_those_of_an_office_with_others_beside_them(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        styles = archive.read("word/styles.xml").decode()
        faces = archive.read("word/fontTable.xml").decode()
    for face in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert f'w:eastAsia="{face}"' in styles
        assert f'w:name="{face}"><w:altName' in faces


def test_the_same_release_gives_the_same_file(raw: bytes) -> None:
    assert render_report_word(Release(json.loads(SECOND.read_text("utf-8"))), load("full")) == raw


def test_control_characters_never_break_the_file() -> None:
    content, questionnaire = build_case("odd names")
    content["wave"]["title"] = "甲\x07\u202e乙<w:p>"
    made = docx.Document(io.BytesIO(render_report_word(Release(content), load(questionnaire))))
    assert any("甲" in p.text and "<w:p>" in p.text for p in made.paragraphs)


def test_libreoffice_opens_it(raw: bytes, report: Report, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nobody but python-docx has read the Word file")
    (tmp_path / "report.docx").write_bytes(raw)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    line = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*line, str(tmp_path / "report.docx")], check=True, capture_output=True)
    said = "".join(page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages)
    plain = "".join(said.split())
    for block in report.blocks:
        if isinstance(block, Heading):
            assert "".join(block.text.split()) in plain
    assert "—3—" in plain
