import pytest

from survey_service.scoring.drivers import Driver, Drivers, Level
from survey_service.scoring.priorities import PriorityPoint, priority_matrix


def part(percent: float, level: Level) -> Driver:
    return Driver(0.1, percent, (percent - 3, percent + 3), 0.1, level)


def place(*parts: Driver, ranked: bool = True) -> Drivers:
    return Drivers(500, 0.4, 2.0, parts, 25.0, ranked, 1.0, frozenset(), None, None)


FOUR = (part(30, "strong"), part(31, "strong"), part(18, "weak"), part(21, "weak"))


def test_quadrants() -> None:
    intervals = [(48, 52), (59, 81), (45, 59.9), (65, 75)]
    assert priority_matrix(place(*FOUR), [50.0, 70, 50, 70], intervals) == (
        PriorityPoint(30, 50.0, "improve", True),
        PriorityPoint(31, 70.0, "keep", False),  # its score may lie on either side
        PriorityPoint(18, 50.0, "watch", True),
        PriorityPoint(21, 70.0, "maintain", True),
    )


def test_an_association_on_the_line_is_uncertain() -> None:
    found = place(*FOUR[:3], part(24.9, "similar"))
    point = priority_matrix(found, [50.0, 70, 50, 90], [(x - 1, x + 1) for x in (50, 70, 50, 90)])
    assert point[3] == PriorityPoint(24.9, 90.0, "maintain", False)
    assert [x.certain for x in point[:3]] == [True] * 3


def test_no_order_no_matrix() -> None:
    assert priority_matrix(place(*FOUR, ranked=False), [50.0] * 4, [(45, 55)] * 4) == ()


def test_every_dimension_needs_a_score() -> None:
    with pytest.raises(ValueError, match="zip"):
        priority_matrix(place(*FOUR), [50.0], [(45, 55)])
