from typing import cast

import pytest

from reports import theme
from reports.charts.interval_dots import IntervalDots, IntervalRow
from reports.document import Document
from tests.reports.charts.recording import RecordingDocument

ROWS = (
    IntervalRow("甲", 5.9, (3.2, 8.7), "+5.9", is_clear=True),
    IntervalRow("乙", -1.0, (-4.0, 2.0), "−1.0"),
    IntervalRow("丙", None, None, "下降", is_clear=True, direction="down"),
    IntervalRow("丁", None, None, "不显示"),
)
TICKS = ((-10.0, "−10"), (0.0, "0"), (10.0, "+10"))


@pytest.fixture
def drawn() -> RecordingDocument:
    sheet = RecordingDocument()
    chart = IntervalDots(ROWS, TICKS, 0.0, "无变化", 156.0)
    chart.draw(cast("Document", sheet), 28.0, 40.0)
    return sheet


def test_only_what_is_beyond_error_is_solid(drawn: RecordingDocument) -> None:
    ((centre, _, colour),) = drawn.marks["dot"]
    assert colour == theme.BLUE
    ((other, _, grey),) = drawn.marks["ring"]
    assert grey == theme.GREY
    assert other[0] < centre[0]


def test_a_direction_alone_points_and_a_hidden_row_draws_nothing(drawn: RecordingDocument) -> None:
    ((_, _, _, is_up),) = drawn.marks["triangle"]
    assert is_up is False
    assert "不显示" in drawn.words
    assert len(drawn.marks["rule"]) == 2  # the whiskers of the two that have an interval


def test_places_are_in_proportion(drawn: RecordingDocument) -> None:
    dot, ring = drawn.marks["dot"][0][0][0], drawn.marks["ring"][0][0][0]
    low, high = drawn.marks["rule"][0][:2]
    assert (dot - ring) / 6.9 == pytest.approx((high - low) / 5.5)
