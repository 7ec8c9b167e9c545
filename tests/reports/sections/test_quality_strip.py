"""The panel that says how far the answers can be trusted."""

from collections.abc import Callable
from typing import Any

import pytest

from reports.material import Material
from reports.sections.quality_strip import set_quality

MakeMaterial = Callable[..., Material]


def read(material: Material) -> str:
    return "".join(line.text for _, body in set_quality(material) for line in body.lines)


def test_an_open_link_is_said_to_be_weak(mine: dict[str, Any], make_material: MakeMaterial) -> None:
    assert "公开链接，防不住一人多填。" in read(make_material(mine))
    mine["notes"].remove("open_access")
    assert "公开链接" not in read(make_material(mine))


@pytest.mark.parametrize(
    ("quality", "sentence"),
    [
        ({"identical": 12}, "有12份答卷逐题相同，要慎看。"),
        ({"identical": 12, "crowded": ["甲", "乙"]}, "2个单位的答卷多于在册人数，要慎看。"),
        ({"identical": 0, "crowded": []}, "掘进队有效率不足一半，要慎看。"),
    ],
)
def test_the_most_serious_sign_is_said(
    mine: dict[str, Any], make_material: MakeMaterial, quality: dict[str, Any], sentence: str
) -> None:
    mine["quality"] |= quality
    assert sentence in read(make_material(mine))


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        (["unweighted"], "简单平均，没有按单位和岗位加权"),
        ([], "作答多少不影响各单位的分量"),
        (["weighting_matters"], "有的得分因此变动1分以上"),
        (["exclusion_matters"], "排除使有的维度变动1分以上"),
    ],
)
def test_what_weighting_and_exclusion_did_is_said(
    notes: list[str], sentence: str, mine: dict[str, Any], make_material: MakeMaterial
) -> None:
    mine["notes"] = notes
    assert sentence in read(make_material(mine))
