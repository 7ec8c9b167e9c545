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
    strongest, weakest, items = write_conclusions(make_material(mine))
    assert strongest.head == "生产安全最受认可"
    assert "68.7分，11项中最高" in strongest.fact
    assert "62%" in strongest.fact
    assert weakest.head == "机制得分最低"
    assert "低于路径58.7、成效64.4；其中载体创新51.8分" in weakest.fact
    assert "65%的人认为“发生险情时，我知道自己第一步该做什么”符合，44题中最高" in items.fact
    assert "35%的人认为“有问题时，我知道从哪里反映”符合，最低" in items.fact


def test_no_sentence_uses_a_forbidden_word(
    case: tuple[Content, str], make_material: MakeMaterial
) -> None:
    for one in write_conclusions(make_material(*case)):
        assert not FORBIDDEN.search(one.head + one.fact + one.so_what)


def test_equal_shares_are_called_shared(mine: Content, make_material: MakeMaterial) -> None:
    mine["items"]["O2_1c"] |= {"favourable": 65, "neutral": 22}
    assert "44题中并列最高" in write_conclusions(make_material(mine))[2].fact


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
        ("deep dive", ["总体在“部分符合”与“比较符合”之间", "得分最高的一题", "得分最低的一题"]),
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
        "对“任务紧的时候，安全规定会被放到一边”，64%的人答“不符合”"
    )
    coarse = {"n": "10-19", "mean": 69, "ci95": [60, 80]}
    assert say_item(material, item, coarse).endswith("（反向题，已换算）69分")
