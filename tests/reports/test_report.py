"""The full report: its numbers are the release's, and what is left out is said."""

import copy
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from reports.blocks import Block, Cell, Figure, Heading, Listing, Paragraph, Table
from reports.report import render_report
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES, words
from survey_service.questionnaire import load
from tests.reports.full_reports import (
    SECOND,
    SECTIONS,
    every_case,
    get_case,
    read,
    read_lines,
    render,
    write,
)

CATALOGUE = " ".join(words("zh")._entries.values())


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


def test_names_are_printed_as_they_stand() -> None:
    text = "".join(read(render("odd names")))
    for name in ("<b>综采&amp;{{7*7}}", "镕喆堃昇赟玥𬭎队", "甲队、😀队", "反转换行", "演练数据"):
        assert name in text
    assert not set(text) & set("\u202e\u200b")


def test_themes_are_printed_without_what_controls_a_line() -> None:
    text = "".join(read(render("rich")))
    assert "<b>班中餐</b>5—9" in text
    assert "会后没有回音23意见没有下文" in text


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
