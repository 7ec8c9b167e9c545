"""Cards: every code scans back to the right address, and no card tells whose group it is from."""

import io
import re
from functools import cache

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from reports import render_cards
from reports.cards import CardSheet, Stack
from reports.typography import PageOverflowError
from survey_service.codes import draw_code

ADDRESS = "https://survey.example.com"
CODES = tuple(draw_code() for _ in range(30))


def make_sheet(**changes: object) -> CardSheet:
    stacks = (
        Stack(("综采一队", "昇堃项目部"), ("manager", "key_staff"), CODES[:17]),
        Stack(("机关科室",), ("frontline",), CODES[17:]),
    )
    plain = {
        "wave_id": "2026-1",
        "title": "2026年第1期党建与生产融合测评",
        "organisation": "示例煤矿",
        "closes": "2026-10-20",
        "base_url": ADDRESS,
        "contact": "工会办公室",
        "stacks": stacks,
    }
    return CardSheet(**(plain | changes))  # type: ignore[arg-type]


@cache
def render() -> bytes:
    return render_cards(make_sheet())


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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_scans_back_to_its_address(lang: str) -> None:
    scanned = scan(render_cards(make_sheet(), lang))
    assert scanned == [f"{ADDRESS}/q/2026-1#c={code}" for code in CODES]


def test_every_code_is_printed_once_to_be_typed() -> None:
    text = "".join(read_pages(render()))
    assert all(text.count(code) == 1 for code in CODES)


def test_only_the_cover_tells_the_group() -> None:
    pages = read_pages(render())
    covers = [page for page in pages if "怎么抽" in page]
    cards = [page for page in pages if "怎么抽" not in page]
    assert (len(covers), len(cards)) == (2, 4)
    assert "第1叠综采一队、昇堃项目部" in covers[0]
    assert "岗位角色：管理者、基层骨干" in covers[0]
    assert "卡片：17张" in covers[0]
    for page in cards:
        assert not re.search("综采|项目部|机关|管理者|骨干|一线|第.叠", page)
        assert "不对应任何人；只能用一次" in page


def test_a_stack_begins_with_its_cover_on_a_new_page() -> None:
    kinds = ["怎么抽" in page for page in read_pages(render())]
    assert kinds == [True, False, False, True, False, False]


def test_fonts_are_embedded_subsets() -> None:
    for page in PdfReader(io.BytesIO(render())).pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            descriptor = font.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor
            assert re.match(r"/[A-Z]{6}\+", descriptor["/FontName"])


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert render_cards(make_sheet()) == render()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "很长的标题" * 30, "organisation": "很长的单位名称" * 20},
        {"title": "<b>&{{7*7}}", "organisation": "</para>"},
        {"base_url": "https://a-long-name.survey.department.example-mining-group.com:8443"},
        {"organisation": "", "closes": "", "contact": ""},
        {"stacks": (Stack(tuple(f"第{n}综采准备队" for n in range(40)), ("frontline",), CODES),)},
    ],
)
def test_hard_cases_still_scan(changes: dict[str, object]) -> None:
    sheet = make_sheet(**changes)
    for lang in ("zh", "en"):
        assert scan(render_cards(sheet, lang)) == [f"{sheet.address}#c={code}" for code in CODES]


def test_markup_in_names_is_printed_as_it_stands() -> None:
    text = "".join(read_pages(render_cards(make_sheet(title="<b>&{{7*7}}"))))
    assert "<b>&{{7*7}}" in text


def test_an_address_that_no_card_can_hold_is_refused_loudly() -> None:
    with pytest.raises(PageOverflowError):
        render_cards(make_sheet(base_url=f"https://{'a' * 500}.example.com"))
