"""The full report as a file: its pages, contents and references lead where they say."""

import copy
import io
import re
from collections.abc import Iterator

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from reports import theme
from reports.blocks import Figure, Heading, Table
from reports.punctuation import is_ideograph
from reports.report import render_report
from reports.typography import POINTS_PER_MM
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES
from survey_service.questionnaire import load
from tests.reports.full_reports import (
    ALL,
    SECOND,
    SECTIONS,
    every_case,
    read,
    read_lines,
    render,
    write,
)
from tests.reports.pictures import inked_boxes


@every_case
def test_every_page_number_in_the_contents_is_right(name: str) -> None:
    pages = read(render(name))
    titles = {block.text for block in write(name) if isinstance(block, Heading)}
    found = {}
    for line in read_lines(render(name))[1].splitlines():
        match = re.fullmatch(r"(.+?)\s*(\d+)", line)
        if match and match[1].strip() in titles:
            found[match[1].strip()] = int(match[2])
    assert set(SECTIONS) <= set(found)
    for title, page in found.items():
        assert "".join(title.split()) in pages[page - 1]
        assert f"—{page}—" in pages[page - 1]


def follow(pdf: bytes) -> Iterator[tuple[str, int]]:
    """Yield what stands in the rectangle of every link, without spaces, and the page it leads to."""
    document = pypdfium2.PdfDocument(pdf)
    reader = PdfReader(io.BytesIO(pdf))
    numbers = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    for number, page in enumerate(reader.pages):
        text = document[number].get_textpage()
        for reference in page.get("/Annots", ArrayObject()):
            link = reference.get_object()
            words_in_it = text.get_text_bounded(*(float(end) for end in link["/Rect"]))
            yield "".join(words_in_it.split()), numbers[link["/Dest"][0]]
    document.close()


@every_case
def test_every_reference_leads_to_what_it_names(name: str) -> None:
    pages = read(render(name))
    labels = {
        "".join(label.split()): "".join((label + caption).split())
        for block in write(name)
        if isinstance(block, Heading | Figure | Table)
        for label, caption in [
            (block.text, "") if isinstance(block, Heading) else (block.label, block.caption)
        ]
    }
    followed = 0
    for said, page in follow(render(name)):
        wanted = [label for label in labels if f"见{label}）" in said or said.startswith(label)]
        if wanted:
            followed += 1
            assert labels[max(wanted, key=len)][:30] in pages[page], said
    assert followed >= len(SECTIONS) + 3


def test_the_mine_with_two_waves_has_its_size() -> None:
    assert 20 <= len(read(render("two waves"))) <= 28
    assert len(render("two waves")) < 2_000_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_release_gives_the_same_bytes(lang: str) -> None:
    again = render_report(Release(copy.deepcopy(SECOND)), load("full"), lang)
    assert again == render("two waves", lang)


@pytest.mark.parametrize(
    ("name", "lang"), [*((name, "zh") for name in ALL), ("rich", "en"), ("odd names", "en")]
)
def test_nothing_leaves_the_type_area(name: str, lang: str) -> None:
    for boxes in list(inked_boxes(render(name, lang)))[1:]:
        assert min(box[0] for box in boxes) >= (theme.LEFT - 1.2) * POINTS_PER_MM
        assert max(box[2] for box in boxes) <= (theme.RIGHT + 1.2) * POINTS_PER_MM
        assert min(box[1] for box in boxes) >= 15 * POINTS_PER_MM
        assert max(box[3] for box in boxes) <= (theme.PAGE_HEIGHT - 18) * POINTS_PER_MM


@every_case
def test_no_heading_stands_alone_at_the_foot_of_a_page(name: str) -> None:
    titles = {"".join(b.text.split()) for b in write(name) if isinstance(b, Heading)}
    for text in read_lines(render(name))[2:]:
        lines = ["".join(line.split()) for line in text.splitlines()]
        printed = [line for line in lines if line and not re.fullmatch(r"—\d+—", line)]
        assert printed[-1] not in titles


def test_page_numbers_stand_on_the_outer_side() -> None:
    document = pypdfium2.PdfDocument(render("two waves"))
    for number, page in enumerate(document, 1):
        text = page.get_textpage()
        found = text.search(f"— {number} —")
        place = found.get_next()
        found.close()
        if number > 1:
            assert place is not None
            left = text.get_charbox(place[0])[0]
            assert (left > theme.PAGE_WIDTH / 2 * POINTS_PER_MM) == (number % 2 == 1)
    document.close()


def test_the_file_says_what_it_is() -> None:
    reader = PdfReader(io.BytesIO(render("two waves")))
    assert reader.metadata is not None
    assert reader.metadata.title == "示例煤矿（合成数据）\u30002027年第2期\u3000整体报告"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"  # type: ignore[index]
    outline = [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)]
    assert outline == ["目录", *SECTIONS, "本报告的来历"]


def test_english_pages_hold_no_chinese_but_names() -> None:
    text = "".join(read(render("two waves", "en")))
    previous = SECOND["change"]["previous"]["title"]
    names = SECOND["wave"]["organisation"] + SECOND["wave"]["title"] + previous
    names += "".join(SECOND["unit_order"])
    assert {char for char in text if is_ideograph(char)} <= set(names)


@pytest.mark.parametrize(
    ("name", "lang"), [("rich", "zh"), ("rich", "en"), ("odd names", "en"), ("tiny", "zh")]
)
def test_no_text_is_drawn_over_another(name: str, lang: str) -> None:
    for boxes in inked_boxes(render(name, lang)):
        for number, box in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[0] >= box[2]:
                    break
                wide = min(box[2], other[2]) - other[0]
                high = min(box[3], other[3]) - max(box[1], other[1])
                assert min(wide, high) < 1.5
