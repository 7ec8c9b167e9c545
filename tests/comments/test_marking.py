"""Marks on what could identify a person: what is found, what is left alone, and that nothing breaks."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey_service.comments.marking import KINDS, mark_identifying, show_marked
from survey_service.comments.names import NO_NAMES, ListedNames

BANK = Path(__file__).parents[2] / "questionnaires" / "bank.toml"

FOUND = {
    "phone": [
        "【13800138000】",
        "打【138 0013 8000】",
        "【１３８－００１３－８０００】",
        "【+86 139-1234-5678】",
        "电话【一三八〇〇一三八〇〇〇】",
        "【幺三八零零幺三八零零零】",
        "【0351-6041234】",
        "【(010)88886666转12】",
        "【03516041234】",
    ],
    "id_number": [
        "【11010519491231002X】",
        "身份证【110105194912310021】",
        "【１１０１０５１９４９１２３１００２ｘ】",
    ],
    "staff_number": [
        "【工号：A023】",
        "【员工号 88】",
        "我的【矿灯号是315】",
        "编号【10234】",
        "找【１０２３４】",
        "【Staff No. 77】",
    ],
    "email": ["【zhang.san@example.com】", "发到【ｚｈａｎｇ＠ｑｑ．ｃｏｍ】"],
    "account": ["【微信号：wang_laowu】", "【QQ 1234567】"],
    "name": [
        "【我叫李建国】",
        "【我是王强】的徒弟",
        "【本人张三】，在综采队",
        "【我叫阿强】",
        "找【王队长】",
        "【李书记】讲得好",
        "【老张】走了",
        "问【小李】",
        "【陈工】",
        "【赵副队长】",
        "【王建国书记】",
        "【班长张三】",
        "【欧阳主任】",
        "【于主任】",
        "【my name is Wang Wei】",
    ],
}

NOTHING_FOUND = [
    "2026年第1期",
    "3—5次",
    "100%",
    "第1部分",
    "2026-10-08",
    "一共12345元",
    "产量10000吨",
    "12345.67元",
    "A1203工作面",
    "24小时、365天",
    "队长、班长和书记都很好",
    "支部书记讲党课",
    "向书记汇报",
    "对于队长的要求",
    "不利于班长开展工作",
    "感谢班长",
    "高级工程师",
    "双方主任",
    "任何班长",
    "担任队长",
    "我是一名普通员工",
    "我是综采队的",
    "我是党员",
    "我是安全员",
    "我是白班的",
    "我是高级工",
    "员工、职工、施工、汇总、总结",
    "老黄牛精神",
    "小范围试点",
    "老工人带小组长",
    "机关书记",
    "工程部长",
    "车间主任",
    "照顾老同志",
    "毛主席",
]

MARKED = [(kind, text) for kind, texts in FOUND.items() for text in texts]


@pytest.mark.parametrize(("kind", "marked"), MARKED, ids=[text for _, text in MARKED])
def test_what_identifies_is_marked(kind: str, marked: str) -> None:
    text = marked.replace("【", "").replace("】", "")
    marks = mark_identifying(text)
    assert show_marked(text, marks) == marked
    assert [mark.kind for mark in marks] == [kind]


@pytest.mark.parametrize("text", NOTHING_FOUND)
def test_what_identifies_nobody_is_left_alone(text: str) -> None:
    assert mark_identifying(text) == ()


def test_no_wording_of_the_questionnaires_is_marked() -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        inner = value.values() if isinstance(value, dict) else value
        return [t for each in inner for t in texts(each)] if isinstance(value, dict | list) else []

    found = texts(tomllib.loads(BANK.read_text(encoding="utf-8")))
    assert len(found) > 200
    assert [text for text in found if mark_identifying(text)] == []


def test_marks_that_touch_become_one_of_the_surer_kind() -> None:
    names = ListedNames.parse("王强")
    (mark,) = mark_identifying("我是王强", names)
    assert (mark.start, mark.end, mark.kind) == (0, 4, "listed_name")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("谭咏春说过", "【谭咏春】说过"),
        ("谭 咏　春说过", "【谭 咏　春】说过"),
        ("Tom Lee and tomlee", "【Tom Lee】 and 【tomlee】"),
        ("ＴＯＭ　ＬＥＥ", "【ＴＯＭ　ＬＥＥ】"),
        ("atomleee", "atomleee"),
        ("谭咏", "谭咏"),
    ],
)
def test_listed_names_are_marked_however_they_are_written(text: str, marked: str) -> None:
    names = ListedNames.parse("姓名\r\n谭咏春\n\nTom Lee\n王\n")
    assert len(names.names) == 2
    marks = mark_identifying(text, names)
    assert show_marked(text, marks) == marked
    assert {mark.kind for mark in marks} <= {"listed_name"}


PIECES = st.sampled_from(
    [
        "1",
        "13800138000",
        "１",
        "Ⅻ",
        "㊀",
        "工号",
        "我叫",
        "王",
        "队长",
        "@",
        ".com",
        "x",
        " ",
        "İ",
        "ﷺ",
        "\ud800",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)), st.booleans())
@example("\u0000" * 3, True)
def test_marking_never_breaks_and_stays_inside_the_text(text: str, listed: bool) -> None:
    names = ListedNames.parse("王强\nİx\n1x") if listed else NO_NAMES
    marks = mark_identifying(text, names)
    done = 0
    for mark in marks:
        assert done <= mark.start < mark.end <= len(text)
        assert mark.kind in KINDS
        done = mark.end
    shown = show_marked(text, marks)
    assert len(shown) == len(text) + 2 * len(marks)


@given(st.text(alphabet="0123456789", min_size=5, max_size=5), st.text(alphabet="的在和，。 "))
def test_five_digits_are_marked_wherever_they_stand(number: str, around: str) -> None:
    text = f"{around}{number}{around}"
    (mark,) = mark_identifying(text)
    assert text[mark.start : mark.end] == number
