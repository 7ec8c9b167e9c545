"""The full report: its numbers are the release's, its pages and references lead where they say."""

import copy
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from reports import theme
from reports.blocks import Block, Cell, Figure, Heading, Listing, Paragraph, Table
from reports.full.writing import write_report
from reports.material import Material
from reports.punctuation import is_ideograph
from reports.report import render_report
from reports.typography import POINTS_PER_MM
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES, words
from survey_service.questionnaire import load
from tests.reports.conftest import CASES, build_case
from tests.reports.pictures import inked_boxes

Content = dict[str, Any]

SECOND = json.loads(
    (Path(__file__).parent / "data" / "mine_second_release.json").read_text("utf-8")
)
CATALOGUE = " ".join(words("zh")._entries.values())
SECTIONS = (
    "读前须知",
    "一、主要结论",
    "二、参与情况",
    "三、总体得分",
    "四、单位比较",
    "五、题目表现",
    "六、管理者与一线的看法差距",
    "七、与成效的关联",
    "八、与上期比较",
    "九、专题：生产安全",
    "十、专题：四项机制",
    "十一、员工意见",
    "十二、改进建议",
    "附录",
)


@cache
def render(name: str, lang: str = "zh") -> bytes:
    content, questionnaire = get_case(name)
    return render_report(Release(content), load(questionnaire), lang)


def get_case(name: str) -> tuple[Content, str]:
    if name == "two waves":
        return copy.deepcopy(SECOND), "full"
    if name == "rich":
        return enrich(copy.deepcopy(SECOND)), "full"
    return build_case(name)


def enrich(content: Content) -> Content:
    """Let everything be there that the mine lacks: an order of drivers, three ranks, comments."""
    levels = ("strong", "weak", "similar", "similar")
    quadrants = ("improve", "maintain", "keep", "watch")
    for number, one in enumerate(content["drivers"]["dimensions"].values()):
        one |= {"level": levels[number % 4], "quadrant": quadrants[number % 4]}
        one |= {"certain": number % 4 < 2}
    content["drivers"] |= {"ranked": True, "disagrees": True}
    for key in ("manager", "key_staff"):
        content["roles"][key] = copy.deepcopy(content["roles"]["manager+key_staff"])
    content["comments"] = [
        {"item": "T1", "theme": "会后没有回音", "mentions": 23, "paraphrases": ["意见没有下文"]},
        {"item": "T2", "theme": "<b>班中餐</b>\u202e", "mentions": "5-9", "paraphrases": []},
    ]
    content["quality"]["unfamiliar"]["frontline"] = ["P3_3d"]
    changes = content["change"]["dimensions"]
    changes["P1"], changes["P2"] = {"direction": "down"}, {"suppressed": "privacy"}
    return content


@cache
def write(name: str, lang: str = "zh") -> tuple[Block, ...]:
    content, questionnaire = get_case(name)
    return tuple(write_report(Material(content, load(questionnaire), words(lang))).blocks)


@cache
def read(pdf: bytes) -> list[str]:
    """Return the text of each page without any space."""
    return ["".join(text.split()) for text in read_lines(pdf)]


@cache
def read_lines(pdf: bytes) -> list[str]:
    """Return the text of each page as it stands."""
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return found


ALL = ["two waves", "rich", *sorted(CASES)]
every_case = pytest.mark.parametrize("name", ALL)


@every_case
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_case_has_every_section_and_something_in_it(name: str, lang: str) -> None:
    blocks = write(name, lang)
    heads = [block for block in blocks if isinstance(block, Heading)]
    assert len({head.anchor for head in heads}) == len(heads)
    assert sum(head.level == 1 for head in heads) == len(SECTIONS)
    if lang == "zh":
        assert [head.text for head in heads if head.level == 1] == list(SECTIONS)
    for before, after in pairwise(blocks):
        if isinstance(before, Heading) and isinstance(after, Heading):
            assert after.level == before.level + 1
    assert not isinstance(blocks[-1], Heading)


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


def test_what_a_reference_says_is_the_label_of_its_aim() -> None:
    labels = {
        block.anchor: block.text if isinstance(block, Heading) else block.label
        for block in write("two waves")
        if isinstance(block, Heading | Figure | Table)
    }
    runs = [run for block in write("two waves") for run in list_runs(block) if run.target]
    assert len(runs) > 10
    for run in runs:
        assert run.text == f"（见{labels[run.target]}）"


def list_runs(block: Block) -> Iterator[Any]:
    if isinstance(block, Paragraph):
        yield from block.runs
    if isinstance(block, Listing):
        for point in block.points:
            yield from point


def list_numbers(value: object) -> Iterator[str]:
    """Yield every number of a release as it may be printed."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from list_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from list_numbers(inner)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        yield str(abs(value))
    elif isinstance(value, float):
        yield from (f"{abs(value):.{places}f}" for places in (1, 2, 3))
        yield f"{abs(value):g}"
    elif isinstance(value, str) and re.fullmatch(r"[<>=]*[\d.]+(-\d+)?", value):
        yield from re.findall(r"\d+(?:\.\d+)?", value)


#: The ends and anchors of the scale, and the days of an action.
OWN_NUMBERS = {"0", "25", "50", "75", "100", "30", "60", "90"}
#: Tables whose numbers are the questionnaire's or the program's own.
WORDS_ONLY = {"table-form", "table-glossary", "table-blocks", "table-days", "table-own"}


@every_case
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_of_a_table_or_figure_is_released(name: str, lang: str) -> None:
    content, questionnaire = get_case(name)
    known = set(list_numbers(content))
    spoken = " ".join(words(lang)._entries.values())
    asked = " ".join(item.wording(lang) for item in load(questionnaire).items)
    names = " ".join(content["unit_order"])
    count = 0
    for block in write(name, lang):
        table = block.data if isinstance(block, Figure) else block
        if not isinstance(table, Table) or table.anchor in WORDS_ONLY:
            continue
        for cell in (cell for row in table.rows for cell in row):
            if cell.text in asked or cell.text in names or cell.text in spoken:
                continue
            for number in re.findall(r"\d+(?:\.\d+)?", strip_words(cell, spoken, names)):
                count += 1
                assert number in known or number in OWN_NUMBERS, (
                    table.anchor,
                    cell,
                )
    assert count > (20 if name != "hidden" else 1)


def strip_words(cell: Cell, spoken: str, names: str) -> str:
    """Return a cell without the names in it, such as a unit's, which may hold digits."""
    parts = re.split(r"[：、；/|（]", cell.text)
    return " ".join(part for part in parts if part not in names and part not in spoken)


@pytest.mark.parametrize("name", ["two waves", "full", "without roster", "pulse"])
def test_every_score_in_the_file_is_released(name: str) -> None:
    content, questionnaire = get_case(name)
    asked = " ".join(item.wording("zh") for item in load(questionnaire).items)
    own = CATALOGUE + asked + " ".join(f"{b.weight:.2f}" for b in load(questionnaire).blocks)
    allowed = set(list_numbers(content)) | set(re.findall(r"\d+(?:\.\d+)?", own))
    for page in read_lines(render(name))[2:-1]:
        for number in re.findall(r"\d+\.\d+|\d+(?=%)|\d+(?=[分份人])", page):
            assert number in allowed, (number, page)


def test_a_hidden_wave_prints_no_score() -> None:
    own = set(re.findall(r"\d+\.\d+", CATALOGUE)) | {"0.30", "0.40"}
    for page in read(render("hidden"))[2:-1]:
        assert set(re.findall(r"\d+\.\d+", page)) <= own


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("without roster", "本期没有使用花名册"),
        ("full", "首次测评，无上期可比"),
        ("reorganised", "单位和岗位有较大调整，两期的人不是一回事，不作比较"),
        ("tiny", "人数较少，各题只印平均分"),
        ("tiny", "各单位人数都太少，本期只看全局"),
        ("hidden", "有效答卷太少，本期不显示任何得分"),
        ("deep dive", "本问卷没有单列的生产安全题"),
        ("deep dive", "人数或数据不足以计算各维度与成效的关联"),
        ("full", "没有提到5次以上的主题"),
        ("full", "发布文件里没有，本报告不自行计算"),
        ("two waves", "管理者与基层骨干合在一起看"),
        ("two waves", "八个维度与成效的关联强度相近，数据不支持排出主次"),
    ],
)
def test_what_is_left_out_is_said(name: str, sentence: str) -> None:
    assert sentence in "".join(read(render(name)))


def test_another_questionnaire_before_is_said() -> None:
    content = copy.deepcopy(SECOND)
    previous = {**content["change"]["previous"], "title": "\u202e上期<b>\n"}
    content["change"] = {"previous": previous, "reason": "other_questionnaire"}
    text = "".join(read(render_report(Release(content), load("full"))))
    assert "上期（上期<b>）用的是另一份问卷，题目不同，不作比较" in text


def test_the_mine_with_two_waves_reads_as_agreed() -> None:
    text = "".join(read(render("two waves")))
    for sentence in (
        "融合指数58.9分（0—100分；若全员作答，结果很可能在58.2—59.7分之间）",
        "0.30×成效64.4＋0.40×路径58.2＋0.30×机制54.3＝58.9分",
        "融合指数较上期+0.1分，在误差范围内，不能判断为上升或下降",
        "管理者与基层骨干合作较上期高5.9分，超出误差范围（校正多次比较后）",
        "管理者和骨干评分比一线员工高8.6分（可能范围4.5—12.8分），差距较小；其中管理者部分为自评",
        "内部看法分歧大，平均分代表性有限",
        "得分较低、建议先了解情况的：掘进队",
        "“任务紧的时候，安全规定会被放到一边”※反向题，已换算",
        "不用于考核个人、党员或班组长",
        "不得要求截图证明作答",
        "不得追查低分来源",
        "单位负责人只看到本单位和全局",
        "安全隐患线索按匿名渠道转交",
        SECOND["data_sha256"][:30],
        SECOND["rules_sha256"][:30],
    ):
        assert "".join(sentence.split()) in text, sentence
    for never in ("垫底", "倒数", "不及格", "影响最大", "贡献率", "p值", "显著"):
        assert never not in text


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


def test_names_are_printed_as_they_stand() -> None:
    text = "".join(read(render("odd names")))
    for name in ("<b>综采&amp;{{7*7}}", "镕喆堃昇赟玥𬭎队", "甲队、😀队", "反转换行", "演练数据"):
        assert name in text
    assert not set(text) & set("\u202e\u200b")


def test_themes_are_printed_without_what_controls_a_line() -> None:
    text = "".join(read(render("rich")))
    assert "<b>班中餐</b>5—9" in text
    assert "会后没有回音23意见没有下文" in text


def test_english_pages_hold_no_chinese_but_names() -> None:
    text = "".join(read(render("two waves", "en")))
    previous = SECOND["change"]["previous"]["title"]
    names = SECOND["wave"]["organisation"] + SECOND["wave"]["title"] + previous
    names += "".join(SECOND["unit_order"])
    assert {char for char in text if is_ideograph(char)} <= set(names)


def test_the_ledger_has_rows_for_a_pen() -> None:
    (ledger,) = [b for b in write("two waves") if getattr(b, "anchor", "") == "table-ledger"]
    assert isinstance(ledger, Table)
    filled = [row for row in ledger.rows if row[0].text]
    assert [row[0].text for row in filled] == [
        "合作共赢常态制度",
        "资源共享",
        "管理者与基层骨干合作",
    ]
    assert all(row[3].text == "" for row in ledger.rows)
    assert sum(not row[0].text for row in ledger.rows) >= 3
