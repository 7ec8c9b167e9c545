import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts.diverging_bars import NUMBER_ROOM, DivergingBar, DivergingBars

KEY = ("符合", "部分符合", "不符合")
SHARES = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
    lambda pair: (min(pair), max(pair) - min(pair), 100 - max(pair))
)


def bar(lengths: tuple[int, int, int]) -> DivergingBar:
    first, second, third = (f"{length}%" for length in lengths)
    return DivergingBar("题", lengths, (first, second, third))


@given(st.lists(SHARES, min_size=1, max_size=6), st.sampled_from([80.0, 94.0, 156.0]))
def test_all_parts_keep_inside_whatever_the_shares(
    shares: list[tuple[int, int, int]], width: float
) -> None:
    chart = DivergingBars(tuple(bar(one) for one in shares), KEY, width)
    outside = 0.0 if chart._is_inside else NUMBER_ROOM
    for favourable, neutral, unfavourable in shares:
        assert chart._zero - unfavourable * chart._step >= chart._name_width - 0.01
        assert chart._zero + favourable * chart._step + outside < chart._middle
        assert chart._middle + neutral * chart._step + outside <= width + 0.01


def test_numbers_stand_inside_only_where_every_bar_holds_its_own() -> None:
    wide = DivergingBars((bar((60, 20, 20)), bar((50, 30, 20))), KEY, 156.0)
    assert wide._is_inside
    narrow = DivergingBars((bar((60, 20, 20)), bar((2, 30, 68))), KEY, 156.0)
    assert not narrow._is_inside


@pytest.mark.parametrize("lengths", [(100, 0, 0), (0, 100, 0), (0, 0, 100)])
def test_ends_do_not_divide_by_nothing(lengths: tuple[int, int, int]) -> None:
    assert DivergingBars((bar(lengths),), KEY, 94.0)._step > 0
