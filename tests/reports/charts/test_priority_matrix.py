from itertools import combinations
from typing import cast

import pytest

from reports.charts.priority_matrix import HEIGHT, PriorityDot, PriorityMatrix
from reports.document import Document
from tests.reports.charts.recording import RecordingDocument

DOTS = (
    PriorityDot("优先的", 20.0, 45.0, is_certain=True),
    PriorityDot("保持的", 18.0, 70.0, is_certain=True),
    PriorityDot("不确定的", 12.5, 58.0, is_certain=False),
    PriorityDot("挨着的", 12.4, 58.1, is_certain=False),
    PriorityDot("维持的", 5.0, 69.0, is_certain=True),
)


@pytest.fixture
def drawn() -> RecordingDocument:
    sheet = RecordingDocument()
    chart = PriorityMatrix(
        DOTS, (12.5, 58.0), ("维持", "保持优势", "一般关注", "优先改进"), ("关联", "得分"), 156.0
    )
    chart.draw(cast("Document", sheet), 28.0, 40.0)
    return sheet


def test_a_place_that_is_not_certain_is_hollow(drawn: RecordingDocument) -> None:
    assert len(drawn.marks["ring"]) == 2
    assert len(drawn.marks["dot"]) == 3


def test_strong_and_low_is_at_the_lower_right(drawn: RecordingDocument) -> None:
    x, y = max((centre for centre, *_ in drawn.marks["dot"]), key=lambda one: one[0])
    assert y == max(centre[1] for centre, *_ in drawn.marks["dot"])
    assert x < 28.0 + 156.0
    assert y < 40.0 + HEIGHT


def test_no_name_touches_another(drawn: RecordingDocument) -> None:
    names = {dot.name for dot in DOTS}
    boxes = [
        (left, top, left + block.width, top + block.height)
        for block, left, top in drawn.marks["text"]
        if block.lines[0].text in names
    ]
    assert len(boxes) == len(DOTS)
    for one, other in combinations(boxes, 2):
        wide = min(one[2], other[2]) - max(one[0], other[0])
        high = min(one[3], other[3]) - max(one[1], other[1])
        assert wide <= 0 or high <= 0.5
