import pytest

from reports.document import Document
from reports.stacking import LEAST_GAP, MOST_GAP, Part, stack
from reports.typography import PageOverflowError


def draw_nothing(_document: Document, _top: float, _height: float) -> None:
    """Draw nothing: only places are looked at."""


def part(least: float, most: float) -> Part:
    return Part(least, most, draw_nothing)


def test_parts_grow_before_gaps_do() -> None:
    first, second = stack([part(20, 40), part(20, 20)], 0, 60)
    assert first.height == pytest.approx(60 - 20 - LEAST_GAP)
    assert second.top == pytest.approx(first.height + LEAST_GAP)


def test_the_last_part_stands_on_the_bottom_of_a_nearly_full_page() -> None:
    placed = stack([part(20, 20), part(20, 20), part(20, 20)], 0, 90)
    assert placed[-1].top + placed[-1].height == pytest.approx(90)


def test_no_gap_becomes_a_hole_on_an_empty_page() -> None:
    first, second = stack([part(20, 20), part(20, 20)], 0, 200)
    assert second.top - first.height == pytest.approx(MOST_GAP)


def test_parts_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(PageOverflowError):
        stack([part(50, 50), part(50, 50)], 0, 100)
