"""Pages look as they did when somebody looked at them."""

import numpy as np
import pytest
from PIL import Image

from survey_service.i18n import LANGUAGES
from tests.reports.conftest import render_case
from tests.reports.pictures import CASES, Picture, draw_unit, name_picture, picture_pages

#: Mean difference of two pages on a scale of 255, and the part of dots that differ clearly.
MOST_MEAN, MOST_MOVED = 1.2, 0.012
CLEARLY = 80


def differ(one: Picture, other: Picture) -> bool:
    """Say whether two pages look unlike beyond what another renderer does to edges."""
    if one.shape != other.shape:
        return True
    apart = np.abs(one.astype(np.int16) - other.astype(np.int16))
    return bool(apart.mean() > MOST_MEAN or (apart > CLEARLY).mean() > MOST_MOVED)


def compare(case: str, lang: str, pdf: bytes) -> None:
    for number, page in enumerate(picture_pages(pdf), 1):
        with Image.open(name_picture(case, lang, number)) as kept:
            assert not differ(page, np.asarray(kept.convert("L"))), (case, lang, number)


@pytest.mark.parametrize(("case", "lang"), CASES)
def test_a_brief_looks_as_it_did(case: str, lang: str) -> None:
    compare(case, lang, render_case(case, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_brief_looks_as_it_did(lang: str) -> None:
    compare("unit", lang, draw_unit(lang))


def test_a_picture_that_moved_by_two_millimetres_is_noticed() -> None:
    page = picture_pages(render_case("full", "zh"))[0]
    assert not differ(page, page)
    assert differ(page, np.roll(page, 4, axis=0))
