"""The screens as they were last looked at and found good; kept in ``pictures/``, compared loosely.

To renew them after a change that was looked at: ``SURVEY_RENEW_PICTURES=1`` in the environment.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page

from tests.web.walking import ANSWERS, answer, expect_state, path_of, press_on, tap, unit_of

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parent / "pictures"
SMALL = (90, 160)
MOST_MEAN, MOST_SPREAD = 3.0, 0.02
"""Of 255 grey levels on average; share of points that may differ by more than 40."""

SCREENS: dict[str, dict[str, Any]] = {
    "landing": {},
    "section": {},
    "dark": {"color_scheme": "dark"},
    "larger": {},
    "narrow-gaps": {"width": 320},
    "english": {},
    "waiting": {},
    "receipt": {},
}


def go_to(page: Page, site: Any, name: str) -> None:
    """Bring the page to one screen."""
    wave = site.add_wave("full", title="党建与生产融合问卷")
    if name == "landing":
        page.goto(f"{site.url}/q/{wave.id}")
        return
    lang = "en" if name == "english" else "zh"
    query = "?size=larger" if name == "larger" else ""
    page.goto(f"{site.url}{path_of(wave, lang)}{query}#u={unit_of(wave)}")
    tap(page, "role", "frontline")
    press_on(page)
    tap(page, "O1_1a", 4)
    if name == "narrow-gaps":
        press_on(page)
    if name in {"waiting", "receipt"}:
        answer(page, ANSWERS)
        page.context.set_offline(name == "waiting")
        press_on(page)
        expect_state(page, "waiting" if name == "waiting" else "received")
    page.evaluate(
        """for (const e of document.querySelectorAll("[data-receipt]")) e.textContent = "ABCD-2345";
        for (const e of document.querySelectorAll("[data-today]")) e.textContent = "2026年11月22日";
        document.querySelector("footer").hidden = true; scrollTo(0, 0)"""
    )


def shrink(raw: bytes) -> Any:
    """Return a picture in grey, blurred and small: edges of letters do not matter."""
    picture = Image.open(io.BytesIO(raw)).convert("L").filter(ImageFilter.GaussianBlur(3))
    return np.asarray(picture.resize(SMALL), dtype=float)


@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_looks_as_it_did(site: Any, open_phone: Callable[..., Page], name: str) -> None:
    page = open_phone(**SCREENS[name])
    go_to(page, site, name)
    page.wait_for_timeout(150)
    seen = page.screenshot(scale="css")
    kept = PICTURES / f"{name}.png"
    if os.environ.get("SURVEY_RENEW_PICTURES"):
        picture = Image.open(io.BytesIO(seen)).quantize(32)
        picture.save(kept, optimize=True)
    difference = np.abs(shrink(seen) - shrink(kept.read_bytes()))
    assert difference.mean() <= MOST_MEAN
    assert (difference > 40).mean() <= MOST_SPREAD


def test_another_screen_would_be_noticed() -> None:
    one, other = (shrink((PICTURES / f"{n}.png").read_bytes()) for n in ("section", "larger"))
    assert np.abs(one - other).mean() > MOST_MEAN
