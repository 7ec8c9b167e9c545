from collections.abc import Callable
from typing import Any

import pytest

from reports.findings.cautions import list_cautions
from reports.material import Material

Content = dict[str, Any]
MakeMaterial = Callable[..., Material]


@pytest.mark.parametrize(
    ("rate", "warns"),
    [(49, True), (50, False), ("20-40", True), ("<=20", True), ("40-60", False), (">95", False)],
)
def test_low_participation_is_said_near_the_headline(
    rate: int | str, *, warns: bool, mine: Content, make_material: MakeMaterial
) -> None:
    mine["participation"]["valid_rate"] = rate
    found = list_cautions(make_material(mine))
    assert any("多数人没有作答" in one for one in found) is warns


def test_without_a_roster_nobody_knows_how_many_did_not_answer(
    mine: Content, make_material: MakeMaterial
) -> None:
    mine["participation"]["valid_rate"] = None
    assert list_cautions(make_material(mine)) == []


def test_practice_data_come_first(mine: Content, make_material: MakeMaterial) -> None:
    mine["wave"]["rehearsal"] = True
    mine["participation"]["valid_rate"] = 30
    mine["notes"].append("many_excluded")
    found = list_cautions(make_material(mine))
    assert len(found) == 2
    assert "演练" in found[0]
    assert "30%" in found[1]
