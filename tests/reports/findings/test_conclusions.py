import re
from collections.abc import Callable
from typing import Any

import pytest

from reports.findings.conclusions import write_conclusions
from reports.findings.items import say_item
from reports.material import Material

Content = dict[str, Any]
MakeMaterial = Callable[..., Material]
MakeCase = Callable[[str], tuple[Content, str]]

FORBIDDEN = re.compile(r"优秀|良好|不及格|及格|倒数|垫底|最差|显著|p值|影响最大|效益提高|略有提升")


def test_the_mine_gets_three_conclusions_with_their_numbers(
    mine: Content, make_material: MakeMaterial
) -> None:
    strongest, weakest, gap = write_conclusions(make_material(mine))
    assert strongest.head == "生产安全最受认可"
    assert "67.9分，11项中最高" in strongest.fact
    assert "61%" in strongest.fact
    assert weakest.head == "机制得分最低"
    assert "低于路径57.6、成效63.4；其中载体创新50.5分" in weakest.fact
    assert gap.fact == (
        "管理者与基层骨干合作一项，管理者和骨干评65.5分，一线员工评55.7分，相差9.9分，程度较小；"
        "管理者部分为自评。"
    )


def test_a_gap_the_other_way_round_names_the_higher_side_first(
    mine: Content, make_material: MakeMaterial
) -> None:
    ends = (
        mine["roles"]["frontline"]["dimensions"],
        mine["roles"]["manager+key_staff"]["dimensions"],
    )
    ends[0]["M1"], ends[1]["M1"] = ends[1]["M1"], ends[0]["M1"]
    mine["gaps"]["M1"] |= {"difference": -9.9, "ci95": [-14.3, -5.4], "direction": "down"}
    fact = write_conclusions(make_material(mine))[2].fact
    assert "一线员工评65.5分，管理者和骨干评55.7分，相差9.9分" in fact


def test_without_a_gap_the_items_at_both_ends_are_named(
    calm: Content, make_material: MakeMaterial
) -> None:
    items = write_conclusions(make_material(calm))[2]
    assert "64%的人认为“发生险情时，我知道自己第一步该做什么”符合，44题中最高" in items.fact


def test_no_sentence_uses_a_forbidden_word(
    case: tuple[Content, str], make_material: MakeMaterial
) -> None:
    for one in write_conclusions(make_material(*case)):
        assert not FORBIDDEN.search(one.head + one.fact + one.so_what)


def test_equal_shares_are_called_shared(calm: Content, make_material: MakeMaterial) -> None:
    calm["items"]["O2_1c"] |= {"favourable": 64, "neutral": 22}
    assert "44题中并列最高" in write_conclusions(make_material(calm))[2].fact


def test_intervals_that_overlap_are_not_put_in_order(
    mine: Content, make_material: MakeMaterial
) -> None:
    mine["dimensions"]["O2"]["ci95"] = [60.0, 77.0]
    mine["blocks"]["M"]["ci95"] = [52.0, 58.0]
    mine["dimensions"]["M2"]["ci95"] = [48.0, 56.0]
    strong, weak, _ = write_conclusions(make_material(mine))
    assert "可能范围有重叠，不分先后" in strong.fact
    assert "可能范围有重叠，不分先后" in weak.fact
    assert "最" not in strong.head + weak.head


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        ("hidden", ["本期不下结论", "匿名的承诺没有打折", "下期先讲清、再发动"]),
        ("tiny", ["各维度分不出高低", "人数少，仅供参考"]),
        ("level", ["各维度分不出高低", "得分最高的一题", "得分最低的一题"]),
        ("deep dive", ["总体在“部分符合”上下", "得分最高的一题", "得分最低的一题"]),
    ],
)
def test_other_waves_get_conclusions_of_their_own(
    name: str, heads: list[str], make_case: MakeCase, make_material: MakeMaterial
) -> None:
    content, questionnaire = make_case(name)
    conclusions = write_conclusions(make_material(content, questionnaire))
    assert [one.head for one in conclusions] == heads


def test_nothing_hidden_is_said(make_case: MakeCase, make_material: MakeMaterial) -> None:
    content, questionnaire = make_case("hidden")
    for one in write_conclusions(make_material(content, questionnaire)):
        assert not re.search(r"\d", one.fact)


def test_a_reverse_item_is_said_in_the_answers_given(
    mine: Content, make_material: MakeMaterial
) -> None:
    material = make_material(mine)
    item = material.questionnaire.item("O2_1c")
    assert say_item(material, item, mine["items"]["O2_1c"]) == (
        "对“任务紧的时候，安全规定会被放到一边”，63%的人答“不符合”"
    )
    coarse = {"n": "10-19", "mean": 69, "ci95": [60, 80]}
    assert say_item(material, item, coarse).endswith("（反向题，已换算）69分")
