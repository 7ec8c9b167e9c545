"""Pages are readable in a grey print and for people who do not tell red from green."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray

from reports import theme
from tests.reports.conftest import render_case

#: Machado, Oliveira & Fernandes (2009), table 1, deuteranomaly of severity 1, on linear RGB.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
PARTS = {"favourable": theme.BLUE, "middle": theme.MIDDLE, "unfavourable": theme.LIGHT_ORANGE}
Colours = NDArray[np.float64]
See = Callable[[Colours], Colours]


def read_colour(text: str) -> Colours:
    return np.array([int(text[place : place + 2], 16) / 255 for place in (1, 3, 5)])


def linear(colour: Colours) -> Colours:
    curved = ((colour + 0.055) / 1.055) ** 2.4
    return np.asarray(np.where(colour <= 0.04045, colour / 12.92, curved), np.float64)


def lightness(colour: Colours) -> Colours:
    """Return CIE L* of sRGB colours, 0 to 100."""
    y = linear(colour) @ np.array([0.2126, 0.7152, 0.0722])
    return np.asarray(np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y), np.float64)


def contrast(one: Colours, other: Colours) -> float:
    """Return the contrast of WCAG 2."""
    high, low = sorted(
        (float(linear(c) @ np.array([0.2126, 0.7152, 0.0722])) for c in (one, other)), reverse=True
    )
    return (high + 0.05) / (low + 0.05)


def as_seen(colour: Colours) -> Colours:
    """Return colours as a deuteranope sees them."""
    seen = np.clip(linear(colour) @ DEUTERANOPIA.T, 0, 1)
    curved = 1.055 * seen ** (1 / 2.4) - 0.055
    return np.asarray(np.where(seen <= 0.0031308, seen * 12.92, curved), np.float64)


def render_colours(case: str, page: int) -> Colours:
    document = pypdfium2.PdfDocument(render_case(case, "zh"))
    picture = document[page].render(scale=1.5).to_pil().convert("RGB")
    document.close()
    return np.asarray(picture).reshape(-1, 3) / 255


def has(colours: Colours, wanted: Colours, least: int = 30) -> bool:
    return int((np.abs(colours - wanted).max(axis=1) < 0.02).sum()) >= least


@pytest.mark.parametrize("see", [lambda c: c, as_seen], ids=["colour", "deuteranopia"])
def test_the_parts_of_a_bar_differ_in_lightness_alone(see: See) -> None:
    """Blue is dark, orange light and hatched, the middle lightest and plain: grey keeps the order."""
    page = see(render_colours("full", 1))
    found = {name: see(read_colour(colour)[None])[0] for name, colour in PARTS.items()}
    for name, colour in found.items():
        assert has(page, colour), name
    steps = sorted(float(lightness(colour)) for colour in found.values())
    assert steps[1] - steps[0] > 20
    assert steps[2] - steps[1] > 8


@pytest.mark.parametrize("see", [lambda c: c, as_seen], ids=["colour", "deuteranopia"])
def test_every_number_on_the_heat_map_can_be_read(see: See) -> None:
    for step, colour in enumerate(theme.HEAT_STEPS):
        first = theme.HEAT_FIRST + (step - 1) * theme.HEAT_WIDTH
        text = theme.WHITE if first >= theme.HEAT_WHITE_FROM else theme.INK
        assert contrast(see(read_colour(colour)), see(read_colour(text))) >= 4.5


def test_heat_grows_darker_in_even_steps_also_in_grey() -> None:
    steps = [float(lightness(read_colour(colour))) for colour in theme.HEAT_STEPS]
    assert all(one - other >= 4 for one, other in pairwise(steps))


@pytest.mark.parametrize("case", ["full", "second wave", "deep dive", "hidden", "tiny"])
def test_red_is_only_the_rule_under_the_head(case: str) -> None:
    """Nothing bad is ever red: all red of a page lies in one line of dots."""
    document = pypdfium2.PdfDocument(render_case(case, "zh"))
    for page in document:
        red, green, blue = np.moveaxis(np.asarray(page.render(scale=1.5).to_pil()) / 255, 2, 0)[:3]
        rows = np.where(
            ((red > green + 0.3) & (red > blue + 0.3) & (green < blue + 0.08)).any(axis=1)
        )[0]
        assert len(rows)
        assert rows.max() - rows.min() <= 3
    document.close()
