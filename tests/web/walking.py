"""How a person walks through the phone page: what several tests of it do alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from survey_service.wave import Wave

WORDS = "希望班前会再短一点，\n把当天的危险讲清楚。"
ANSWERS = {"O1_1a": 4, "O1_2a": 9, "P1_1a": 1, "G1": 5}
"""An answer for every closed item of the small questionnaire; they are stored as ``4915``."""

CODE = "ABCD-EFGH-JKMN-PQRS"
"""Looks like a code, and is none."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def path_of(wave: Wave, lang: str = "zh") -> str:
    """Return the address of the questionnaire document."""
    return f"/q/{wave.id}/v{wave.questionnaire.version}/{lang}"


def unit_of(wave: Wave) -> str:
    """Return the key of the first unit."""
    return next(iter(wave.unit_keys or {}))


def tap(page: Page, name: str, code: object) -> None:
    """Tap one option of one item."""
    page.locator(f'label:has(> input[name="{name}"][value="{code}"])').tap()


def enter(page: Page, url: str, wave: Wave, lang: str = "zh", *, is_shared: bool = False) -> None:
    """Open the document by the QR code of a unit and get past the first screen."""
    page.goto(f"{url}{path_of(wave, lang)}#u={unit_of(wave)}")
    page.wait_for_selector("html.js")
    tap(page, "role", "frontline")
    if is_shared:
        tap(page, "phone-kind", "shared")
    press_on(page)
    expect(page.locator("#part-1")).to_be_visible()


def press_on(page: Page) -> None:
    """Press the button that leads on."""
    page.locator("#next-button").tap()


def answer(page: Page, answers: Mapping[str, int], words: str = "") -> None:
    """Answer screen by screen, as far as the check; what is left out is left out on purpose.

    In one go, for speed; that real fingers do the same is for other tests to prove.
    """
    page.evaluate(
        """([answers, words]) => {
            for (let tries = 0; !document.querySelector("#check.now"); tries++) {
                if (tries > 60) throw new Error("the way does not lead to the check");
                for (const [name, code] of Object.entries(answers)) {
                    const option = document.querySelector(`.now [name="${name}"][value="${code}"]`);
                    if (option) option.click();
                }
                const area = document.querySelector(".now #T2");
                if (area && words) {
                    area.value = words;
                    area.dispatchEvent(new Event("input", {bubbles: true}));
                }
                document.getElementById("next-button").click();
            }
        }""",
        [dict(answers), words],
    )
    expect(page.locator("#check")).to_be_visible()


def hand_in(page: Page) -> str:
    """Hand in and return the number of the receipt."""
    press_on(page)
    expect(page.locator(".receipt:visible")).to_be_visible()
    return page.locator(".receipt:visible").inner_text()


def expect_state(page: Page, state: str) -> None:
    """Wait until the page says what became of the submission."""
    expect(page.locator(f'[data-state="{state}"]')).to_be_visible()


def kept_on_phone(page: Page) -> dict[str, str]:
    """Return everything that the phone keeps for the site, beyond this page or only for it."""
    found: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    return found


def measure(page: Page, selector: str) -> list[tuple[float, float]]:
    """Return the width and height of every element that is seen."""
    boxes = page.eval_on_selector_all(
        selector,
        """found => found.map(e => e.getBoundingClientRect()).filter(b => b.width)
            .map(b => [b.width, b.height])""",
    )
    return [(width, height) for width, height in boxes]


def find_overflow(page: Page) -> list[str]:
    """Return what is wider than the screen or than its own box."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("html, label > span, button, a, td, legend, h1, h2, p")]
            .filter(e => e.getClientRects().length && getComputedStyle(e).display != "inline"
                && !e.classList.contains("unseen")
                && e.scrollWidth > (e.tagName == "HTML" ? innerWidth : e.clientWidth + 1))
            .map(e => e.tagName + " " + e.className + " " + e.textContent.slice(0, 40))"""
    )
    return found


def judge_accessibility(page: Page, where: str, schemes: Iterable[Any] = ("light", "dark")) -> None:
    """Let axe judge what is seen; the page must have been opened with ``bypass_csp``."""
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": _RULES}).response
        assert "color-contrast" in [rule["id"] for rule in found["passes"]]
        for verdict in ("violations", "incomplete"):
            faults = [(where, scheme, r["id"], r["nodes"][0]["html"]) for r in found[verdict]]
            assert faults == []
