from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from reports.charts.dot_whisker import LEAST_PITCH, DotGroup, DotRow, DotScale, DotWhisker
from reports.document import Document, Metadata
from reports.material import Material
from reports.sections.score_figure import build_score_chart
from reports.typography import Block, PageOverflowError
from tests.reports.conftest import build_case

SCALE = DotScale(((0, "完全不符合"), (50, "部分符合"), (100, "完全符合")), (50,))


def chart(*rows: DotRow) -> DotWhisker:
    return DotWhisker((DotGroup("", "", rows),), SCALE, 100.0)


def test_names_stand_on_the_scale_where_they_fit() -> None:
    assert not chart(DotRow("生产安全", 60.0, "60.0", (58.0, 62.0))).is_beside


def test_names_stand_beside_the_scale_where_a_dot_would_cover_them() -> None:
    assert chart(DotRow("生产安全", 12.0, "12.0", (10.0, 14.0))).is_beside
    assert chart(DotRow("管理者与基层骨干一起合作的情况", 48.0, "48")).is_beside


def test_a_hidden_row_never_moves_the_names() -> None:
    assert not chart(DotRow("很长很长很长很长很长的名称", None, "—")).is_beside


def test_a_row_reaches_from_the_first_to_the_last_mark_of_its_drawing() -> None:
    row = DotRow("甲", 60.0, "60.0", (58.0, 63.0))
    assert (row.start, row.end) == (58.0, 63.0)
    assert DotRow("甲", 60.0, "60").start == 60.0


def test_too_many_rows_are_an_error() -> None:
    rows = [DotRow("甲", 60.0, "60.0") for _ in range(30)]
    with pytest.raises(PageOverflowError):
        chart(*rows).fit_pitch(100.0, 7.0)


class Recorder(Document):
    """A document that remembers where words at the left edge stand: top and bottom."""

    def __init__(self) -> None:
        super().__init__(Metadata("", "", "", "en"))
        self.start_page()
        self.places: list[tuple[float, float]] = []

    def text(self, block: Block, left: float, top: float) -> float:
        if left == 0:
            self.places.append((top, top + block.height))
        return super().text(block, left, top)


@pytest.mark.parametrize("name_lines", [1, 2])
@pytest.mark.parametrize("case", ["full", "odd names", "second wave"])
def test_long_names_never_reach_into_the_next_row(
    case: str, name_lines: int, make_material: Callable[..., Material]
) -> None:
    material = make_material(*build_case(case), "en")
    chart = replace(build_score_chart(material, 100.0), name_lines=name_lines)
    document = Recorder()
    chart.draw(document, 0, 20, LEAST_PITCH)
    rows = sorted(document.places)
    assert len(rows) > len(material.dimensions)
    assert all(end <= start + 0.9 for (_, end), (start, _) in pairwise(rows))
