from collections.abc import Callable
from typing import Any

import pytest

from reports.material import Material

MakeMaterial = Callable[..., Material]


@pytest.mark.parametrize(
    ("unit", "words_zh"),
    [
        ("示例煤矿/综采一队", "综采一队"),
        ("综采一队", "综采一队"),
        ("示例煤矿/*", "其他单位（合并）"),
        ("示例煤矿/-", "示例煤矿本级"),
        ("示例煤矿/甲队+乙队", "甲队、乙队"),
        ("示例煤矿/<b>&\n队", "<b>& 队"),
    ],
)
def test_units_are_named_by_the_last_part_of_their_path(
    unit: str, words_zh: str, mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["unit_order"] = [unit]
    assert make_material(mine).unit_words(unit) == words_zh


def test_units_of_one_name_are_told_apart_by_their_parents(
    mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["unit_order"] = ["集团/一矿/机电队", "集团/二矿/机电队", "集团/二矿/通风队"]
    material = make_material(mine)
    assert [material.unit_words(unit) for unit in mine["unit_order"]] == [
        "一矿／机电队",
        "二矿／机电队",
        "通风队",
    ]


def test_a_unit_that_holds_all_others_is_the_whole(
    mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["unit_order"] = ["示例煤矿", "示例煤矿/综采一队", "示例煤矿/机关", "示例煤矿/机关/党办"]
    assert make_material(mine).units == ("示例煤矿/综采一队", "示例煤矿/机关", "示例煤矿/机关/党办")


def test_the_only_unit_stays(mine: dict[str, Any], make_material: MakeMaterial) -> None:
    mine["unit_order"] = ["示例煤矿"]
    assert make_material(mine).units == ("示例煤矿",)


def test_dimensions_that_were_not_asked_are_left_out(
    mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["dimensions"]["O1"] = {"not_asked": True}
    material = make_material(mine)
    assert "O1" not in {dimension.id for dimension in material.dimensions}
    assert len(material.dimensions) == 10


def test_a_wave_without_a_title_goes_by_its_id(
    mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["wave"]["title"] = ""
    assert make_material(mine).wave_title == "mine-1"
