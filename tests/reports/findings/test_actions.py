import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.findings.actions import RETEST, choose_actions
from reports.material import Material
from survey_service.i18n import words
from survey_service.questionnaire import load

Content = dict[str, Any]
MakeMaterial = Callable[..., Material]
PAPER = Path(__file__).parents[4] / "shared" / "paper.txt"


def chosen(material: Material) -> list[str]:
    return [one.dimension for one in choose_actions(material)]


def test_the_lowest_mechanism_the_lowest_path_and_the_widest_gap(
    mine: Content, make_material: MakeMaterial
) -> None:
    assert chosen(make_material(mine)) == ["M2", "P1", "M1"]


def test_what_fell_goes_before_a_gap(mine: Content, make_material: MakeMaterial) -> None:
    moved = {"difference": -4.0, "ci95": [-7.0, -1.0], "direction": "down"}
    mine["change"] = {"basis": "plain", "dimensions": {"P4": moved}, "index": None}
    assert chosen(make_material(mine)) == ["M2", "P1", "P4"]


def test_a_fall_within_error_is_none(calm: Content, make_material: MakeMaterial) -> None:
    moved = {"difference": -4.0, "ci95": [-9.0, 1.0], "direction": "none"}
    calm["change"] = {"basis": "plain", "dimensions": {"P4": moved}, "index": None}
    assert chosen(make_material(calm)) == ["M2", "M4", "P1"]


def test_outcomes_are_proposed_only_for_a_gap_or_a_fall(
    calm: Content, make_material: MakeMaterial
) -> None:
    calm["dimensions"]["O2"]["mean"] = 20.0
    assert "O2" not in chosen(make_material(calm))
    calm["gaps"]["O2"] |= {"difference": 9.0, "direction": "up"}
    assert chosen(make_material(calm))[0] == "O2"


def test_nothing_is_proposed_where_too_few_answered(
    mine: Content, make_material: MakeMaterial
) -> None:
    mine["participation"]["valid"] = "10-19"
    assert chosen(make_material(mine)) == []
    mine["participation"]["valid"] = "20-49"
    assert len(chosen(make_material(mine))) == 3


def test_hidden_dimensions_are_never_proposed(mine: Content, make_material: MakeMaterial) -> None:
    mine["dimensions"]["M2"] = {"suppressed": "privacy"}
    assert "M2" not in chosen(make_material(mine))


def test_items_asked_again_are_those_of_the_pulse() -> None:
    pulse = {item.dimension: item.id for item in load("pulse").scored}
    assert RETEST.items() <= pulse.items()


def test_quotes_stand_in_the_paper() -> None:
    """Every clause quoted is part of a phrase that the questionnaire quotes, or of the paper."""
    phrases = [text["zh"] for facet in load("full").facets for text in facet.phrases]
    if PAPER.exists():
        phrases.append("".join(PAPER.read_text("utf-8").split()))
    for dimension in RETEST:
        quote = words("zh")(f"action.{dimension}.quote")
        for clause in re.split("、", quote):
            assert any(clause in phrase for phrase in phrases), (dimension, clause)


@pytest.mark.parametrize("part", ["do", "quote", "owner", "30", "60", "90"])
def test_every_action_is_complete(part: str) -> None:
    for dimension in RETEST:
        assert words("zh")(f"action.{dimension}.{part}")
        assert words("en")(f"action.{dimension}.{part}")
