from collections.abc import Callable
from typing import Any

import pytest

from reports.findings.headline import find_lowest_block, write_headline
from reports.material import Material

Content = dict[str, Any]
MakeMaterial = Callable[..., Material]


def test_strongest_dimension_and_lowest_block(mine: Content, make_material: MakeMaterial) -> None:
    assert write_headline(make_material(mine)) == (
        "生产安全最受认可，机制板块得分最低；",
        "上下看法在“管理者与基层骨干合作”上差9.9分",
    )


def test_without_a_gap_beyond_error_both_ends_get_a_line(
    calm: Content, make_material: MakeMaterial
) -> None:
    assert write_headline(make_material(calm)) == (
        "生产安全最受认可，得67.9分；",
        "机制板块得分最低，其中载体创新50.5分",
    )


@pytest.mark.parametrize("change", [{"direction": "none"}, {"difference": 4.9}])
def test_a_gap_within_error_or_of_few_points_is_no_headline(
    change: Content, mine: Content, make_material: MakeMaterial
) -> None:
    for gap in mine["gaps"].values():
        gap.update(change)
    assert "上下看法" not in "".join(write_headline(make_material(mine)))


@pytest.mark.parametrize(
    ("dimensions", "blocks", "line"),
    [
        ({"O2": [60.0, 77.0]}, {}, "生产安全得分居前，机制板块得分最低；"),
        ({}, {"M": [50.0, 60.0]}, "生产安全最受认可，载体创新得分最低；"),
        (
            {"M2": [45.0, 56.0]},
            {"M": [50.0, 60.0]},
            "生产安全最受认可，载体创新得分较低；",
        ),
    ],
)
def test_both_ends_are_said_as_firmly_as_intervals_allow(
    dimensions: Content, blocks: Content, line: str, mine: Content, make_material: MakeMaterial
) -> None:
    for level, intervals in (("dimensions", dimensions), ("blocks", blocks)):
        for name, interval in intervals.items():
            mine[level][name]["ci95"] = interval
    if "M2" not in dimensions:
        mine["dimensions"]["M2"]["ci95"] = [49.3, 51.0]
    assert write_headline(make_material(mine))[0] == line


def test_the_headline_is_short_and_breaks_at_the_semicolon(
    case: tuple[Content, str], make_material: MakeMaterial
) -> None:
    first, second = write_headline(make_material(*case))
    assert first.endswith("；")
    assert len(first + second) <= 42


def test_two_that_cannot_be_told_apart_lead_together(
    calm: Content, make_material: MakeMaterial
) -> None:
    calm["dimensions"]["O3"] |= {"mean": 67.8, "ci95": [66.6, 69.0]}
    assert write_headline(make_material(calm))[0] == "生产安全和核心竞争力最受认可；"


def test_a_leader_that_touches_many_is_only_among_the_highest(
    calm: Content, make_material: MakeMaterial
) -> None:
    calm["dimensions"]["O2"]["ci95"] = [60.0, 77.0]
    assert write_headline(make_material(calm))[0] == "生产安全得分居前，为67.9分；"


def test_no_block_is_called_lowest_when_its_interval_touches_another(
    calm: Content, make_material: MakeMaterial
) -> None:
    calm["blocks"]["M"]["ci95"] = [52.0, 58.0]
    calm["dimensions"]["M2"]["ci95"] = [49.3, 51.0]
    material = make_material(calm)
    assert find_lowest_block(material) is None
    assert write_headline(material)[1] == "载体创新得分最低，为50.5分"


def test_no_block_is_called_lowest_when_another_is_hidden(
    mine: Content, make_material: MakeMaterial
) -> None:
    mine["blocks"]["P"] = {"suppressed": "privacy"}
    assert find_lowest_block(make_material(mine)) is None


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("level", ("各维度之间分不出高低；", "平均60.0—60.0分，可能范围有重叠")),
        ("hidden", ("有效答卷太少，本期不显示得分；", "这样做是为了保护每个人的匿名")),
        (
            "deep dive",
            ("载体创新50.5分，在“部分符合”上下；", "各题符合率在28%—66%之间"),
        ),
    ],
)
def test_headlines_where_there_is_nothing_to_rank(
    name: str,
    headline: tuple[str, str],
    make_case: Callable[[str], tuple[Content, str]],
    make_material: MakeMaterial,
) -> None:
    content, questionnaire = make_case(name)
    first, second = write_headline(make_material(content, questionnaire))
    assert first == headline[0]
    assert name == "deep dive" or second == headline[1]


def test_a_single_shown_dimension_is_not_compared(
    mine: Content, make_material: MakeMaterial
) -> None:
    shown = mine["dimensions"]["O1"]
    mine["dimensions"] = {one: {"suppressed": "privacy"} for one in mine["dimensions"]}
    mine["dimensions"]["O1"] = shown
    assert write_headline(make_material(mine))[0] == "只有“经营效益”可以显示，为58.1分；"
