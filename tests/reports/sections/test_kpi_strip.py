"""The box that says how the index moved."""

from collections.abc import Callable
from typing import Any

import pytest

from reports.material import Material
from reports.sections.kpi_strip import Box, build_boxes

MakeMaterial = Callable[..., Material]


def build_change(content: dict[str, Any], make_material: MakeMaterial, questionnaire: str) -> Box:
    return build_boxes(make_material(content, questionnaire))[2]


def moved(**parts: Any) -> dict[str, Any]:
    return {"difference": 0.1, "ci95": [-1.9, 2.2], "direction": "none"} | parts


@pytest.mark.parametrize(
    ("index", "figure", "lines"),
    [
        (moved(), "无明显变化", ("+0.1分，未加权", "在误差范围内")),
        (
            moved(difference=-4, ci95=[-6, -2], direction="down"),
            "−4",
            ("可能范围−6—−2", "未加权", "下降，超出误差范围"),
        ),
        (
            moved(difference=3.0, direction="up"),
            "+3.0",
            ("可能范围−1.9—+2.2", "未加权", "上升，超出误差范围"),
        ),
        (moved(difference=0, ci95=None, direction=None), "0", ("未加权",)),
        ({"reason": "n<10"}, "不能比较", ("人数太少",)),
        ({"suppressed": "privacy"}, "不能比较", ("为保护匿名，不显示",)),
        ({"direction": "up"}, "上升", ("人数略有变动，只说方向",)),
        ({"direction": "none"}, "无明显变化", ("在误差范围内",)),
    ],
)
def test_a_change_is_printed_with_its_range_and_what_it_allows(
    index: dict[str, Any],
    figure: str,
    lines: tuple[str, ...],
    mine: dict[str, Any],
    make_material: MakeMaterial,
) -> None:
    mine["change"] = {
        "basis": "plain",
        "index": index,
        "dimensions": {},
        "left_out": {},
        "units": {},
    }
    box = build_change(mine, make_material, "full")
    assert (box.figure, box.lines) == (figure, lines)
    assert box.is_words is not any(char.isdigit() for char in figure)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"reason": "other_questionnaire"}, "上期问卷不同"),
        ({"reason": "reorganised"}, "单位和岗位有较大调整"),
        ({"index": None, "dimensions": {}, "left_out": {"O1": "x"}}, "上期问卷不同"),
        ({"index": None, "dimensions": {}, "left_out": {}}, "本问卷不设总指数"),
    ],
)
def test_why_nothing_is_compared(
    change: dict[str, Any], why: str, mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["change"] = change
    box = build_change(mine, make_material, "full")
    assert (box.figure, box.lines) == ("不能比较", (why,))


def test_a_deep_dive_shows_its_one_dimension(
    make_case: Callable[[str], tuple[dict[str, Any], str]], make_material: MakeMaterial
) -> None:
    content, questionnaire = make_case("deep dive")
    dimensions = {"M2": moved(difference=5.9, direction="up")}
    content["change"] = {
        "basis": "plain",
        "index": None,
        "dimensions": dimensions,
        "left_out": {},
    }
    assert build_change(content, make_material, questionnaire).figure == "+5.9"


@pytest.mark.parametrize(("notes", "word"), [(["unweighted"], "未加权"), ([], "已加权")])
def test_the_score_says_whether_it_is_weighted(
    notes: list[str], word: str, mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["notes"] = notes
    assert word in build_boxes(make_material(mine))[0].lines[0]
