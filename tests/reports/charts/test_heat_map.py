import math
from itertools import pairwise

import pytest

from reports import theme
from reports.charts.heat_map import (
    LEAST_NAMES,
    MOST_NAMES,
    HeatCell,
    HeatGroup,
    HeatMap,
    HeatRow,
    choose_colour,
)


def luminance(colour: str) -> float:
    """Return relative luminance (WCAG 2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else pow((c + 0.055) / 1.055, 2.4) for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def lightness(colour: str) -> float:
    return 116 * math.cbrt(luminance(colour)) - 16


def contrast(colour: str, other: str) -> float:
    dark, light = sorted((luminance(colour), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("value", "step"),
    [
        (0, 0),
        (44.9, 0),
        (45, 1),
        (49.9, 1),
        (50, 2),
        (64.9, 4),
        (65, 5),
        (74.9, 6),
        (75, 7),
        (100, 7),
    ],
)
def test_a_step_holds_five_points(value: float, step: int) -> None:
    assert choose_colour(value) == theme.HEAT_STEPS[step]


def test_steps_grow_darker_and_can_be_told_apart_in_a_grey_print() -> None:
    for light, dark in pairwise(theme.HEAT_STEPS):
        assert lightness(light) - lightness(dark) > 4


def test_numbers_can_be_read_on_every_step() -> None:
    for value in range(101):
        number = theme.WHITE if value >= theme.HEAT_WHITE_FROM else theme.INK
        assert contrast(choose_colour(value), number) >= 4.5


def test_the_parts_of_a_bar_can_be_told_apart_in_a_grey_print() -> None:
    shades = sorted(lightness(c) for c in (theme.BLUE, theme.LIGHT_ORANGE, theme.MIDDLE))
    assert all(light - dark > 10 for dark, light in pairwise(shades))


@pytest.mark.parametrize("colour", [theme.INK, theme.TEXT, theme.GREY, theme.BLUE, theme.ORANGE])
@pytest.mark.parametrize("paper", [theme.WHITE, theme.TINT])
def test_text_can_be_read_on_paper_and_panels(colour: str, paper: str) -> None:
    assert contrast(colour, paper) >= 4.5


def test_a_long_name_widens_its_column_but_leaves_cells_readable() -> None:
    def make(name: str) -> HeatMap:
        cells = (HeatCell(60.0, "60.0", "up"),) * 11
        return HeatMap((HeatGroup("块", ("列",) * 11),), (HeatRow(name, "", cells),), "率", 156.0)

    assert make("甲队").name_width == LEAST_NAMES
    assert make("综合机械化采煤队").name_width > LEAST_NAMES
    assert make("综合机械化采煤第一工区" * 4).name_width == MOST_NAMES
    assert make("综合机械化采煤第一工区" * 4).cell_width > 9.0
