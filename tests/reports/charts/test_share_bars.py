import pytest

from reports.charts.share_bars import ShareBar, ShareBars, ShareGroup


def chart(*favourable: int, name: str = "生产安全") -> ShareBars:
    bars = tuple(
        ShareBar(name, (share, 20, 80 - share), (f"{share}%", "20%", f"{80 - share}%"))
        for share in favourable
    )
    return ShareBars((ShareGroup(bars),), ("符合", "部分符合", "不符合"), 71.0)


def test_numbers_stand_in_the_bars_where_all_of_them_fit() -> None:
    assert not chart(60, 40).is_first_outside


def test_one_short_bar_moves_all_numbers_before_the_bars() -> None:
    assert chart(60, 4).is_first_outside


def test_only_neighbours_with_two_lines_each_need_taller_rows() -> None:
    long = "很长" * 12
    assert chart(60, name=long).least_pitch == chart(60).least_pitch
    assert chart(60, 50, name=long).least_pitch > chart(60, 50).least_pitch


def test_height_grows_with_rows_and_pitch() -> None:
    assert chart(60, 40).height(6.0) - chart(60).height(6.0) == pytest.approx(6.0)
