"""Posters: every code scans from the rendered sheet, none is lost, and nothing lies over anything."""

import io
import re

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from reports import render_posters
from reports.posters import Poster, PosterSheet
from reports.posters.face import FOOT_BOTTOM, LEFT, RIGHT
from reports.posters.sheet import PAPERS
from reports.theme import PAGE_HEIGHT, PAGE_WIDTH
from reports.typography import POINTS_PER_MM
from survey_service.i18n import LANGUAGES

ADDRESS = "https://survey.example.com"
LONG_UNIT = "机电安装与设备维修保障中心井下变电所及主排水泵房运行维护第二项目部"

CASES: dict[str, dict[str, object]] = {
    "plain": {},
    "long": {
        "title": "党建与生产经营深度融合情况职工匿名问卷调查" * 3,
        "organisation": "示例矿业集团有限责任公司" * 6,
        "contact": "电话" * 60,
        "posters": (Poster(LONG_UNIT * 2, "示例矿业集团／第二煤矿" * 8, "ABC234"),),
    },
    "long words": {"title": "A long title of a survey " * 6, "closes": "20 October 2026, at noon"},
    "hostile": {"title": "<b>&{{7*7}}", "organisation": "</para>", "posters": (Poster("<i>%s"),)},
    "far": {"base_url": "https://a-long-name.survey.department.example-mining-group.com:8443/x/y"},
    "bare": {"organisation": "", "closes": "", "contact": "", "posters": (Poster(),)},
    "cards": {"has_cards": True, "posters": (Poster(),)},
    "rehearsal": {"is_rehearsal": True, "lang": "en"},
}


def make_sheet(**changes: object) -> PosterSheet:
    plain: dict[str, object] = {
        "wave_id": "2026-1",
        "title": "2026年第1期党建与生产融合测评",
        "organisation": "示例煤矿",
        "closes": "2026年10月20日",
        "base_url": ADDRESS,
        "contact": "工会办公室",
        "length": "约8分钟，共48题。",
        "recorded": ("您选的答案", "一个分组名，每组至少10人", "答题快慢的大致档次"),
        "unrecorded": ("姓名、工号", "电话号码、微信号", "IP地址、手机型号", "几点几分作答"),
        "smallest": "不足5人的群体，不公布结果。",
        "voluntary": "填不填由您决定，不填没有任何影响。",
        "posters": (Poster("综采一队", "示例煤矿", "ABC234"), Poster("机关", "", "DEF567")),
    }
    return PosterSheet(**(plain | changes))  # type: ignore[arg-type]


def scan(page: pypdfium2.PdfPage, scale: float = 1.0) -> str:
    """Read the one QR code of a sheet; a scale of 1 is 72 dots an inch."""
    picture = page.render(scale=scale).to_pil().convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    text: str = code.text
    return text


def read_pages(pdf: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("case", CASES)
def test_every_code_scans_from_the_rendered_sheet(case: str, paper: str, lang: str) -> None:
    sheet = make_sheet(**CASES[case])
    pages = list(pypdfium2.PdfDocument(render_posters(sheet, lang, paper)))
    assert [scan(page) for page in pages] == [sheet.link(poster) for poster in sheet.posters]
    wanted = (
        PAGE_WIDTH * POINTS_PER_MM * PAPERS[paper],
        PAGE_HEIGHT * POINTS_PER_MM * PAPERS[paper],
    )
    assert all(page.get_size() == pytest.approx(wanted, abs=0.1) for page in pages)


def test_the_link_tells_the_unit_where_no_server_sees_it() -> None:
    sheet = make_sheet(lang="en")
    assert sheet.link(sheet.posters[0]) == f"{ADDRESS}/q/2026-1?lang=en#u=ABC234"
    assert make_sheet().link(Poster()) == f"{ADDRESS}/q/2026-1"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_nothing_lies_over_anything_or_leaves_the_sheet(case: str, lang: str) -> None:
    """Characters of two lines never touch, none stands in the QR code, and all within the margins."""
    for page in pypdfium2.PdfDocument(render_posters(make_sheet(**CASES[case]), lang)):
        text = page.get_textpage()
        boxes = []
        for number in range(text.count_chars()):
            left, bottom, right, top = (side / POINTS_PER_MM for side in text.get_charbox(number))
            if right > left and text.get_text_range(number, 1).strip():
                boxes.append((left, PAGE_HEIGHT - top, right, PAGE_HEIGHT - bottom))
        assert min(left for left, *_ in boxes) >= LEFT - 0.5
        assert max(right for _, _, right, _ in boxes) <= RIGHT + 0.5
        assert max(bottom for *_, bottom in boxes) <= FOOT_BOTTOM + 0.5
        slack = 0.35  # the strokes of some characters reach a little out of their square
        boxes = [(x + slack, y + slack, r - slack, b - slack) for x, y, r, b in boxes]
        boxes.sort(key=lambda box: box[1])
        for place, (left, _, right, bottom) in enumerate(boxes):
            for other in boxes[place + 1 :]:
                if other[1] >= bottom:
                    break
                assert other[0] >= right or other[2] <= left, (other, left, right)


def test_a_poster_says_whose_it_is_and_what_is_not_recorded() -> None:
    first, second = read_pages(render_posters(make_sheet()))
    assert "综采一队" in first
    assert "综采一队" not in second
    for sentence in (
        "这张海报只给这个单位",
        "微信扫左边的码",
        "约8分钟，共48题。",
        "看到“已收到”就好了",
        "姓名、工号",
        "每组至少10人",
        "不足5人的群体",
        f"{ADDRESS}/q/2026-1",
        "作答截止：2026年10月20日",
        "有疑问请联系：工会办公室",
    ):
        assert sentence in first.replace("\u3000", ""), sentence
    assert "演练" not in first
    assert "演练" in "".join(read_pages(render_posters(make_sheet(is_rehearsal=True))))


def test_long_names_are_not_cut_short() -> None:
    (page,) = read_pages(render_posters(make_sheet(posters=(Poster(LONG_UNIT, "", "ABC234"),))))
    assert LONG_UNIT in page


def test_five_hundred_posters_keep_their_units() -> None:
    posters = tuple(
        Poster(f"第{n:03}号采掘机运通地测防治水综合队", "矿", f"{n:06}") for n in range(500)
    )
    sheet = make_sheet(posters=posters)
    pdf = render_posters(sheet)
    pages = list(pypdfium2.PdfDocument(pdf))
    assert [scan(page, 0.8) for page in pages] == [sheet.link(poster) for poster in posters]
    names = [
        page.get_textpage().get_text_range().count(p.unit)
        for page, p in zip(pages, posters, strict=True)
    ]
    assert names == [1] * len(posters)
    assert len(pdf) < 6_000_000


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert render_posters(make_sheet()) == render_posters(make_sheet())
