from collections.abc import Callable
from typing import Any

from reports.findings.titles import title_gaps, title_units
from reports.material import Material

Content = dict[str, Any]
MakeMaterial = Callable[..., Material]


def title(material: Material) -> str:
    return title_units(material, material.units)


def test_units_are_named_only_where_tested(mine: Content, make_material: MakeMaterial) -> None:
    assert title(make_material(mine)) == (
        "3个单位多项高于其他单位；掘进队、运输队多项较低，建议先了解情况"
    )
    for unit in mine["units"].values():
        for score in unit.get("dimensions", {}).values():
            score.pop("mark", None)
    assert title(make_material(mine)) == "各单位得分：没有一处差别超出误差范围"


def test_no_unit_is_ever_called_best_or_last(mine: Content, make_material: MakeMaterial) -> None:
    for word in ("最高", "最低", "第一", "倒数", "排名"):
        assert word not in title(make_material(mine))


def test_the_number_of_gaps_beyond_error_is_the_finding(
    mine: Content, make_material: MakeMaterial
) -> None:
    assert title_gaps(make_material(mine)) == "上下看法有6项超出误差"
    mine["gaps"] = {"M1": {"difference": 9.9, "direction": "none", "ci95": [-1.0, 20.0]}}
    assert title_gaps(make_material(mine)) == "上下看法没有明显差别"
