"""Cards: every code scans back to the right address, and no card tells whose group it is from."""

import io
import re
from collections.abc import Iterator
from functools import cache

import pypdfium2
import pytest
import zxingcpp
from PIL import ImageOps
from pypdf import PdfReader

from reports import render_cards
from reports.cards import CardSheet, Stack
from reports.cards.face import HEIGHT, STRIP, WIDTH
from reports.cards.rendering import A_PAGE, LEFT, TOP
from reports.theme import PAGE_HEIGHT
from reports.typography import POINTS_PER_MM, PageOverflowError
from survey_service.codes import draw_code
from survey_service.i18n import LANGUAGES

Box = tuple[float, float, float, float]

ADDRESS = "https://survey.example.com"
CODES = tuple(draw_code() for _ in range(30))
#: What no office printer reaches.
UNPRINTABLE_MM = 5

CASES: list[dict[str, object]] = [
    {},
    {"title": "很长的标题" * 12, "organisation": "很长的单位名称" * 8, "contact": "电话" * 30},
    {"title": "A long title of a survey " * 5, "closes": "20 October 2026, at noon " * 3},
    {"title": "<b>&{{7*7}}", "organisation": "</para>"},
    {"base_url": "https://a-long-name.survey.department.example-mining-group.com:8443"},
    {"organisation": "", "closes": "", "contact": ""},
    {"stacks": (Stack(tuple(f"第{n}综采准备队" for n in range(40)), ("frontline",), CODES),)},
]


def make_sheet(**changes: object) -> CardSheet:
    stacks = (
        Stack(("综采一队", "昇堃项目部"), ("manager", "key_staff"), CODES[:17]),
        Stack(("机关科室",), ("frontline",), CODES[17:]),
    )
    plain = {
        "wave_id": "2026-1",
        "title": "2026年第1期党建与生产融合测评",
        "organisation": "示例煤矿",
        "closes": "2026年10月20日",
        "base_url": ADDRESS,
        "contact": "工会办公室",
        "stacks": stacks,
    }
    return CardSheet(**(plain | changes))  # type: ignore[arg-type]


@cache
def render(lang: str = "zh", case: int = 0) -> bytes:
    return render_cards(make_sheet(**CASES[case]), lang)


def read_pages(pdf: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def scan(pdf: bytes) -> list[str]:
    """Read every QR code of a print at 200 dots an inch, page by page, row by row."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=200 / 72).to_pil().convert("L")
        codes = zxingcpp.read_barcodes(picture)
        codes.sort(key=lambda c: (round(c.position.top_left.y / 100), c.position.top_left.x))
        found += [code.text for code in codes]
    return found


def place_characters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """Yield the characters of a page with left, top, right, bottom in millimetres."""
    text = page.get_textpage()
    for number in range(text.count_chars()):
        left, bottom, right, top = (side / POINTS_PER_MM for side in text.get_charbox(number))
        if right > left:
            box = (left, PAGE_HEIGHT - top, right, PAGE_HEIGHT - bottom)
            yield text.get_text_range(number, 1), box


def card_pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    for page in pypdfium2.PdfDocument(pdf):
        if "/q/" in page.get_textpage().get_text_range():
            yield page


@pytest.mark.parametrize("case", range(len(CASES)))
def test_every_code_scans_back_to_its_address_in_order(case: int) -> None:
    base = CASES[case].get("base_url", ADDRESS)
    assert scan(render("zh", case)) == [f"{base}/q/2026-1#c={code}" for code in CODES]


def test_every_code_is_printed_once_to_be_typed() -> None:
    text = "".join(read_pages(render()))
    assert all(text.count(code) == 1 for code in CODES)


def test_a_stack_begins_with_its_cover_on_a_new_page() -> None:
    numbers = [sum(page.count(code) for code in CODES) for page in read_pages(render())]
    assert A_PAGE == 8
    assert numbers == [0, 8, 8, 1, 0, 8, 5]


def test_a_cover_tells_the_group_and_how_to_draw() -> None:
    first, second = (page for page in read_pages(render()) if "抽卡的时候" in page)
    for sentence in (
        "第1叠共2叠17张",
        "单位综采一队、昇堃项目部",
        "岗位角色管理者（副队级及以上）基层骨干（班组长、技术骨干、党小组长）",
        "每人自己动手抽一张",
        "任何人都不得记录",
        "坏卡交回，当场撕毁",
        "各叠不能混在一起",
        "在两名见证人面前当场销毁",
        "作答截止：2026年10月20日",
    ):
        assert "".join(sentence.split()) in first.replace("\u3000", "")
    assert "单位机关科室岗位角色一线员工" in second
    assert "第2叠共2叠13张" in second


def test_no_card_tells_its_group() -> None:
    pages = [page for page in read_pages(render()) if ADDRESS in page]
    assert len(pages) == 5
    for page in pages:
        assert not re.search("综采|项目部|机关|管理者|骨干|一线", page)
        assert page.count("本卡随机抽取，不对应任何人；只能用一次。") == page.count(
            "折叠后放入袋中"
        )


def test_only_the_title_shows_when_a_card_is_folded() -> None:
    for page in card_pages(render()):
        shown = [""] * A_PAGE
        for char, (left, top, _, _) in place_characters(page):
            row, inside = divmod(top - TOP, HEIGHT)
            if row < A_PAGE / 2 and inside < STRIP:
                shown[int(row) * 2 + int((left - LEFT) // WIDTH)] += char
        strips = {"".join(strip.split()) for strip in shown}
        assert strips <= {"2026年第1期党建与生产融合测评折叠后放入袋中", ""}
        assert len(strips) == (1 if all(shown) else 2)


@pytest.mark.parametrize("case", range(len(CASES)))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_character_leaves_its_card(case: int, lang: str) -> None:
    for page in card_pages(render(lang, case)):
        for char, (left, top, right, bottom) in place_characters(page):
            if bottom > TOP + 4 * HEIGHT:
                continue
            assert (left - LEFT) // WIDTH == (right - LEFT) // WIDTH, char
            assert (top - TOP) // HEIGHT == (bottom - TOP) // HEIGHT, char


@pytest.mark.parametrize("case", range(len(CASES)))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printer_reaches_everything(case: int, lang: str) -> None:
    for page in pypdfium2.PdfDocument(render(lang, case)):
        picture = page.render(scale=1).to_pil().convert("L")
        ink = ImageOps.invert(picture).getbbox()
        assert ink is not None
        edges = (ink[0], ink[1], picture.width - ink[2], picture.height - ink[3])
        assert min(edges) >= UNPRINTABLE_MM * POINTS_PER_MM


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("number", "length", "lists"), [(6, 2, 0), (40, 6, 2), (40, 120, 4)])
def test_every_unit_is_named_before_the_cards(
    number: int, length: int, lists: int, lang: str
) -> None:
    units = tuple(f"<b>第{n}{'综' * length}队" for n in range(number))
    stack = Stack(units, ("manager", "key_staff", "frontline"), CODES[:1])
    *covers, cards = read_pages(render_cards(make_sheet(stacks=(stack,)), lang))
    assert CODES[0] in cards
    assert all("".join(covers).count(unit) == 1 for unit in units)
    assert len(covers) == 1 + lists


def test_fonts_are_embedded_subsets() -> None:
    for page in PdfReader(io.BytesIO(render())).pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            descriptor = font.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor
            assert re.match(r"/[A-Z]{6}\+", descriptor["/FontName"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_sheet_gives_the_same_bytes(lang: str) -> None:
    assert render_cards(make_sheet(), lang) == render(lang)


def test_the_file_says_what_it_is_and_how_to_print_it() -> None:
    reader = PdfReader(io.BytesIO(render()))
    assert reader.metadata is not None
    assert reader.metadata.title == "示例煤矿\u30002026年第1期党建与生产融合测评\u3000一次性作答卡"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"  # type: ignore[index]
    wishes = root["/ViewerPreferences"]  # type: ignore[index]
    assert (wishes["/Duplex"], wishes["/PrintScaling"]) == ("/Simplex", "/None")
    assert [entry["/Title"] for entry in reader.outline] == ["第1叠", "第2叠"]  # type: ignore[call-overload]


def test_markup_in_names_is_printed_as_it_stands() -> None:
    text = "".join(read_pages(render_cards(make_sheet(title="<b>&{{7*7}}"))))
    assert text.count("<b>&{{7*7}}") == 2 + len(CODES)


def test_a_slash_at_the_end_of_the_address_does_no_harm() -> None:
    assert make_sheet(base_url=f"{ADDRESS}/").address == f"{ADDRESS}/q/2026-1"


def test_an_address_that_no_card_can_hold_is_refused_loudly() -> None:
    with pytest.raises(PageOverflowError):
        render_cards(make_sheet(base_url=f"https://{'a' * 500}.example.com"))
