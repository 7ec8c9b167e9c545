import io
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

import reports.brief
from reports import theme
from reports.faces import FALLBACK, MISSING
from reports.punctuation import is_ideograph
from reports.typography import POINTS_PER_MM
from survey_service.i18n import LANGUAGES, Words, words
from tests.reports.pictures import inked_boxes

Content = dict[str, Any]
Case = tuple[Content, str]
Render = Callable[..., bytes]
MakeCase = Callable[[str], Case]

#: Words of the file, and of parts that stand on the page only where there is room.
NOT_ON_EVERY_PAGE = (
    "brief.metadata",
    "brief.outline",
    "brief.reading.signs",
    "brief.reading.small",
    "brief.figure.units.rest",
    "brief.figure.shares",
    "brief.shares_hidden",
    "brief.reading",
    "brief.figure.gaps",
    "brief.gap.",
    "brief.figure.items",
    "brief.reverse_mark",
    "brief.table",
)


def read(pdf: bytes) -> str:
    """Return all text without spaces and line ends, in the order of drawing."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def fonts_of(pdf: bytes) -> Iterator[DictionaryObject]:
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources = page["/Resources"].get_object()
        assert isinstance(resources, DictionaryObject)
        fonts = resources["/Font"].get_object()
        assert isinstance(fonts, DictionaryObject)
        yield from (font.get_object() for font in fonts.values())


class Listener(Words):
    """Words that remember what they were asked for."""

    def __init__(self, inner: Words) -> None:
        self.lang = inner.lang
        self._inner = inner
        self.said: dict[str, set[str]] = {}

    def __call__(self, key: str, **values: object) -> str:
        sentence = self._inner(key, **values)
        self.said.setdefault(key, set()).add(sentence)
        return sentence


def test_every_case_makes_two_sheets(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx(
            [595.28, 841.89], abs=0.1
        )


def test_nothing_leaves_the_type_area(pdf: bytes) -> None:
    for boxes in inked_boxes(pdf):
        assert min(box[0] for box in boxes) >= (theme.LEFT - 1.2) * POINTS_PER_MM
        assert max(box[2] for box in boxes) <= (theme.RIGHT + 1.2) * POINTS_PER_MM
        assert min(box[1] for box in boxes) >= 15 * POINTS_PER_MM
        assert max(box[3] for box in boxes) <= (theme.PAGE_HEIGHT - 18) * POINTS_PER_MM


def test_no_text_is_drawn_over_another(pdf: bytes) -> None:
    for boxes in inked_boxes(pdf):
        for number, box in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[0] >= box[2]:
                    break
                wide = min(box[2], other[2]) - other[0]
                high = min(box[3], other[3]) - max(box[1], other[1])
                assert min(wide, high) < 1.5


def test_every_chinese_sentence_comes_back(
    case: Case, render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener(words("zh"))
    monkeypatch.setattr(reports.brief, "words", lambda _lang: listener)
    text = read(render(*case))
    for key, sentences in listener.said.items():
        if key.startswith(NOT_ON_EVERY_PAGE):
            continue
        printed = ["".join(one.split()) in text for one in sentences]
        assert any(printed), (key, sentences)


def test_the_mine_reads_as_intended(mine: Content, render: Render) -> None:
    text = read(render(mine))
    for sentence in (
        "生产安全最受认可，机制板块得分最低；上下看法在“管理者与基层骨干合作”上差9.9分",
        "可能范围57.4—59.2，已加权",
        "在“部分符合”与“比较符合”之间",
        "有效率65%收回597份，排除32份",
        "首次测评无上期可比",
        "在册870人，收回597份，排除32份（5%）：漏答过半、答得过快、整份同一选项、核对题答错。",
        "掘进队有效率不足一半，要慎看。",
        "地测科—（为保护匿名，不显示）",
        "掘进队、运输队多项较低，建议先了解情况",
        "1载体创新党员责任区挂牌到现场",
        "41%党员干部会到现场和我们一起干活",
        "各维度与成效的关联强度相近，数据不支持排出主次",
        "※反向题，已换算：63%答“不符合”，14%答“符合”。",
        "结果不用于考核个人、党员或班组长；不得追查低分、要截图",
    ):
        assert sentence in text


def test_every_printed_score_is_the_released_one(mine: Content, render: Render) -> None:
    text = read(render(mine))
    for score in (mine["index"], *mine["blocks"].values(), *mine["dimensions"].values()):
        assert str(score["mean"]) in text
    for unit in mine["units"].values():
        for score in unit.get("dimensions", {}).values():
            assert str(score["mean"]) in text


def test_a_hidden_wave_prints_no_score(make_case: MakeCase, render: Render) -> None:
    text = read(render(*make_case("hidden")))
    assert re.findall(r"\d+\.\d", text) == ["0.1"]
    assert re.findall(r"\d+%", text) == ["20%", "20%", "20%"]
    assert text.count("≤20%") == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_release_gives_the_same_bytes(mine: Content, lang: str, render: Render) -> None:
    assert render(mine, "full", lang) == render(mine, "full", lang)


def test_fonts_are_embedded_subsets_and_nothing_else_is_named(
    mine: Content, render: Render
) -> None:
    names = set()
    for font in fonts_of(render(mine)):
        subset, _, name = str(font["/BaseFont"]).removeprefix("/").partition("+")
        assert re.fullmatch("[A-Z]{6}", subset)
        assert "/FontFile2" in font["/FontDescriptor"].get_object()  # type: ignore[operator]
        assert "/ToUnicode" in font
        names.add(name)
    assert names == set(FALLBACK) - {theme.MONO}


def test_a_brief_is_small_enough_to_be_sent(mine: Content, render: Render) -> None:
    assert len(render(mine)) < 250_000


def test_the_file_says_what_it_is(mine: Content, render: Render) -> None:
    reader = PdfReader(io.BytesIO(render(mine)))
    assert reader.metadata is not None
    assert reader.metadata.title == "示例煤矿（合成数据）\u30002026年第1期\u3000领导简报"
    assert reader.metadata.author == "示例煤矿（合成数据）"
    assert "2026-10-20" in (reader.metadata.subject or "")
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"  # type: ignore[index]
    assert [entry["/Title"] for entry in reader.outline] == ["一、主要结论", "二、单位与题目"]  # type: ignore[call-overload]


def test_pages_are_numbered(mine: Content, render: Render) -> None:
    first, second = PdfReader(io.BytesIO(render(mine))).pages
    assert "— 1 —" in first.extract_text()
    assert "— 2 —" in second.extract_text()


def test_names_are_printed_as_they_stand(make_case: MakeCase, render: Render) -> None:
    text = read(render(*make_case("odd names")))
    for name in ("<b>综采&amp;{{7*7}}", "镕喆堃昇赟玥𬭎队", "甲队、😀队", "反转换行", "演练数据"):
        assert name in text
    assert "49" not in text.split("综采&amp;")[1][:12]
    assert MISSING not in text  # its look stands for what no face has, never its code


def test_units_that_do_not_fit_are_counted(make_case: MakeCase, render: Render) -> None:
    text = read(render(*make_case("sixty units")))
    match = re.search(r"这里列出前(\d+)个单位，其余(\d+)个见scores.csv", text)
    assert match is not None
    assert int(match[1]) + int(match[2]) == 60
    assert int(match[1]) == len(set(re.findall(r"综采\d+队", text)))


def test_a_wave_without_roster_says_so_in_place_of_units(
    make_case: MakeCase, render: Render
) -> None:
    text = read(render(*make_case("without roster")))
    assert "本期没有使用花名册" in text
    assert "有效率65%" not in text
    assert "图2" in text
    assert "图4" not in text


def test_the_index_of_a_pulse_has_its_own_name(make_case: MakeCase, render: Render) -> None:
    text = read(render(*make_case("pulse")))
    assert "快测指数" in text
    assert "融合指数" not in text


def test_a_deep_dive_shows_its_items(make_case: MakeCase, render: Render) -> None:
    text = read(render(*make_case("deep dive")))
    assert text.count("有问题时，我知道从哪里反映") >= 2
    assert "融合指数" not in text


def test_a_tiny_wave_gives_bands_and_whole_points(make_case: MakeCase, render: Render) -> None:
    text = read(render(*make_case("tiny")))
    assert "10—19" in text
    assert "仅供参考" in text
    assert "565份" not in text
    assert "565／" not in text
    assert not re.search(r"符合率|\d%答", text)


def test_english_pages_hold_no_chinese_but_names(mine: Content, render: Render) -> None:
    text = read(render(mine, "full", "en"))
    names = mine["wave"]["organisation"] + mine["wave"]["title"] + "".join(mine["unit_order"])
    assert {char for char in text if is_ideograph(char)} <= set(names)


def test_scores_of_a_block_stand_in_order(mine: Content, render: Render) -> None:
    first = PdfReader(io.BytesIO(render(mine))).pages[0].extract_text()
    places = [
        first.rindex(name) for name in ("和谐环境共治", "生产管理共促", "业务难题共克", "资源共享")
    ]
    assert all(before < after for before, after in pairwise(places))
