"""Paper forms: every question, every option, nothing that asks who one is."""

import io
from itertools import combinations

import docx
import pypdfium2
import pytest
from pypdf import PdfReader

from reports import render_paper
from reports.paper import LEFT, RIGHT
from survey_service.export.paper_word import write_word
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire, load, shipped
from survey_service.questionnaire.paper import make_paper

MM = 72 / 25.4  # points


def read_pdf(raw: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)


def squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["full", "pulse"])
def test_pdf_and_word_hold_every_question(name: str, lang: str) -> None:
    questionnaire = load(name)
    form = make_paper(questionnaire, lang)
    pdf = squeeze(read_pdf(render_paper(form, lang)))
    document = docx.Document(io.BytesIO(write_word(form, words(lang))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = squeeze("".join([*(p.text for p in document.paragraphs), *cells]))
    for item in questionnaire.items:
        for text in (pdf, word):
            assert squeeze(item.wording(lang)) in text, item.id
            assert item.id in text
    for option in questionnaire.scales["fit"].options:
        assert squeeze(option.label[lang]) in pdf
        assert squeeze(option.label[lang]) in word


def test_numbers_follow_the_order_of_the_phone(small: Questionnaire) -> None:
    form = make_paper(small, "zh")
    listed = [(item.number, item.id) for group in form.groups for item in group.items]
    assert listed == list(enumerate(["A1_1a", "A1_1b", "CHECK", "B1_1a", "B1_1b", "WORDS"], 1))
    assert form.groups[0].options[-1] == (9, "不了解／不适用")


def test_the_same_form_gives_the_same_bytes(small: Questionnaire) -> None:
    form = make_paper(small, "zh")
    assert render_paper(form) == render_paper(form)
    assert write_word(form, words("zh")) == write_word(form, words("zh"))


def test_the_options_stand_on_every_sheet() -> None:
    pages = PdfReader(io.BytesIO(render_paper(make_paper(load("full"), "zh")))).pages
    assert len(pages) == 3
    for page in pages[:2]:
        assert "完全不符合" in squeeze(page.extract_text())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", shipped())
def test_nothing_runs_off_the_sheet_and_no_two_texts_overlap(name: str, lang: str) -> None:
    raw = render_paper(make_paper(load(name), lang), lang)
    for page in pypdfium2.PdfDocument(raw):
        text = page.get_textpage()
        boxes = [text.get_rect(n) for n in range(text.count_rects())]
        assert boxes
        assert min(box[0] for box in boxes) >= (LEFT - 0.5) * MM
        assert max(box[2] for box in boxes) <= (RIGHT + 0.5) * MM
        for one, other in combinations(boxes, 2):
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert wide <= 0.5 or high <= 1.0, (name, one, other)


def test_the_questions_have_the_widest_column_in_word() -> None:
    document = docx.Document(io.BytesIO(write_word(make_paper(load("full"), "zh"), words("zh"))))
    widths = [column.width for column in document.tables[0].columns]
    assert all(width is not None for width in widths)
    assert widths[1] == max(width or 0 for width in widths)
