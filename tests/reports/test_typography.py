import io

import pytest
from pypdf import PdfReader

from reports import theme
from reports.document import Document, Metadata
from reports.typography import (
    POINTS_PER_MM,
    PageOverflowError,
    Span,
    measure_text,
    set_line,
    set_text,
    shorten,
    shorten_to_lines,
    shrink_to_lines,
)

STYLE = theme.Style(10, 15, justify=True)
SENTENCE = "“安全”得67.9分，比镕队（甲、乙）高……65%的人——多数——说“知道”。"


def draw(*sentences: str, style: theme.Style = STYLE) -> str:
    """Draw each sentence as a paragraph and return what a reader gets back."""
    document = Document(Metadata("题目", "单位", "说明", "zh-CN"))
    document.start_page()
    top = 20.0
    for sentence in sentences:
        top = document.text(set_text(sentence, style, 60), 20, top)
    return PdfReader(io.BytesIO(document.finish())).pages[0].extract_text()


@pytest.mark.parametrize("face", [theme.REGULAR, theme.BOLD, theme.SERIF])
def test_a_reader_gets_the_sentence_back_in_order(face: str) -> None:
    text = draw(SENTENCE, style=theme.Style(10, 15, face, justify=True))
    assert "".join(text.split()) == SENTENCE


def test_characters_beyond_the_first_plane_come_back() -> None:
    assert "𬭎" in draw("张𬭎𫖮")


@pytest.mark.parametrize("data", ["<b>粗</b>&amp;", "{{7*7}}", "{0}%s\\n", "<para>", "(括号)\\"])
def test_markup_in_data_is_drawn_as_it_stands(data: str) -> None:
    assert "".join(draw(data).split()) == data


def test_bold_words_stand_in_the_middle_of_a_paragraph() -> None:
    block = set_text((Span("结果可以"), Span("总结", bold=True), Span("成样板。")), STYLE, 60)
    faces = [glyph.face for glyph in block.lines[0].glyphs]
    assert faces == [theme.REGULAR] * 4 + [theme.BOLD] * 2 + [theme.REGULAR] * 4


def test_a_line_too_long_for_its_room_is_an_error() -> None:
    with pytest.raises(PageOverflowError, match="生产安全"):
        set_line("生产安全" * 5, STYLE, 30)


def test_shortening_keeps_both_ends() -> None:
    name = "示例集团有限责任公司煤矿分公司综采一队"
    short = shorten(name, STYLE, 40)
    assert measure_text(short, STYLE) <= 40
    assert short.startswith("示例集团")
    assert short.endswith("一队")
    assert "…" in short


def test_what_fits_is_not_shortened() -> None:
    assert shorten("综采一队", STYLE, 40) == "综采一队"
    assert shorten_to_lines("示例煤矿综采一队", STYLE, 20, 2) == "示例煤矿综采一队"


def test_no_room_at_all_leaves_nothing() -> None:
    assert shorten("综采一队", STYLE, 1) == ""


def test_shrinking_stops_at_the_smallest_size() -> None:
    text = "生产安全最受认可" * 3
    block = shrink_to_lines(text, STYLE, 70, most=1, smallest=6)
    assert len(block.lines) == 1
    assert block.style.size < STYLE.size
    with pytest.raises(PageOverflowError):
        shrink_to_lines(text, STYLE, 70, most=1, smallest=9)


def test_height_is_known_before_drawing() -> None:
    block = set_text(SENTENCE, STYLE, 40)
    assert block.height == pytest.approx(len(block.lines) * 15 / 72 * 25.4)
    assert block.natural_width <= 40 + 1e-6


def test_a_link_covers_its_words_on_every_line() -> None:
    em, step = STYLE.size / POINTS_PER_MM, STYLE.leading / POINTS_PER_MM
    block = set_text((Span("前文"), Span("见图十二和表三", target="figure")), STYLE, 6.2 * em)
    assert [line.text for line in block.lines] == ["前文见图十二", "和表三"]
    first, second = block.links(10, 30)
    assert (first.left, first.top, first.width, first.height) == pytest.approx(
        (10 + 2 * em, 30, 4 * em, step), abs=0.5
    )
    assert (second.left, second.top, second.width) == pytest.approx(
        (10, 30 + step, 3 * em), abs=0.1
    )
    assert {first.target, second.target} == {"figure"}


def test_plain_text_has_no_link() -> None:
    assert not list(set_text(SENTENCE, STYLE, 60).links(0, 0))
