import pytest

from reports.charts.dot_whisker import DotGroup, DotRow, DotScale, DotWhisker
from reports.typography import PageOverflowError

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
