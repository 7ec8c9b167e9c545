"""A person with a card, in a real browser on the size of a cheap phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from survey_service.storage.tinydb import TinyDBStore

pytestmark = pytest.mark.browser

OpenPhone = Callable[..., Page]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WORDS = "希望班前会再短一点。"


@pytest.fixture
def coded(make_coded: Callable[..., Any]) -> Any:
    return make_coded(background=False)


def tap(page: Page, name: str, code: int) -> None:
    """Tap one option of one item."""
    page.locator(f'label:has(> input[name="{name}"][value="{code}"])').tap()


def fill_in(page: Page) -> None:
    """Answer by tapping, and write something."""
    for item, code in (("O1_1a", 4), ("O1_2a", 9), ("P1_1a", 1), ("G1", 5)):
        tap(page, item, code)
    page.locator("#T2").fill(WORDS)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="下一步：检查").tap()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="提交").tap()


def refill(page: Page, code: str) -> None:
    """Type another code and hand in."""
    page.locator("#code").fill(code)
    go_on(page)
    hand_in(page)


def test_a_card_leads_to_an_answer_once(
    served: str, store: TinyDBStore, coded: Any, open_phone: OpenPhone
) -> None:
    stratum, (code, *_) = list(coded.codes.items())[3]
    page = open_phone()
    requests: list[tuple[str, str]] = []
    complaints: list[str] = []
    page.on("request", lambda r: requests.append((r.url, r.headers.get("referer", ""))))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for attempt in ("first", "second"):
        page.goto("about:blank")
        page.goto(f"{served}/q/w#c={code}&appinstall=0")
        page.get_by_role("link", name="大字", exact=True).tap()
        page.get_by_role("link", name="隐私说明").tap()
        page.get_by_role("link", name="回到开始页").tap()
        page.get_by_role("link", name="开始作答").tap()
        expect(page.get_by_label("卡片上的码")).to_have_value(code)
        fill_in(page)
        go_on(page)
        expect(page.get_by_role("heading", name="检查一下")).to_be_visible()
        assert code not in page.inner_text("body")
        hand_in(page)
        if attempt == "first":
            expect(page.get_by_role("heading", name="已收到")).to_be_visible()
            assert code not in page.content()
    expect(page.get_by_role("heading", name="这张卡片已经用过了")).to_be_visible()
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator('input[name="O1_1a"][value="4"]')).to_be_checked()
    assert page.locator("#T2").input_value() == WORDS
    (kept,) = store.responses("w")
    assert (kept.stratum, kept.answers) == (stratum, "4915")
    for address, referrer in requests:
        assert code not in address.partition("#")[0] + referrer
    assert code not in page.title()
    assert complaints == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_without_a_script_a_code_is_typed_and_put_right(
    served: str, store: TinyDBStore, coded: Any, open_phone: OpenPhone
) -> None:
    code = coded.codes["s002"][0]
    page = open_phone(java_script_enabled=False)
    page.goto(f"{served}/q/w#c={code}")
    page.get_by_role("link", name="开始作答").tap()
    expect(page.locator("#code")).to_have_value("")
    fill_in(page)
    page.locator("#code").fill(code[:-2])
    go_on(page)
    expect(page.get_by_role("heading", name="卡片上的码不对")).to_be_visible()
    page.get_by_role("link", name="这个码不对").tap()
    expect(page.locator("#code")).to_be_in_viewport()
    refill(page, f" {code.lower().replace('-', ' ')}")
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    assert [kept.stratum for kept in store.responses("w")] == ["s002"]


def test_a_code_that_was_corrected_is_not_filled_over(
    served: str, coded: Any, open_phone: OpenPhone
) -> None:
    page = open_phone()
    page.goto(f"{served}/q/w/v3/zh#c=WRONG")
    fill_in(page)
    page.locator("#code").fill("OTHER")
    go_on(page)
    expect(page.locator("#code")).to_have_value("OTHER")
    assert coded.wave.id == "w"


STATES = ("landing", "help", "decline", "document", "unknown", "used", "review", "receipt")


def go_to(page: Page, url: str, codes: tuple[str, ...], state: str, lang: str) -> None:
    """Bring a page into one of its states."""
    query = "" if lang == "zh" else "?lang=en"
    simple = {"landing": "", "help": "/help", "decline": "/decline"}
    if state in simple:
        page.goto(f"{url}/q/w{simple[state]}{query}#c={codes[0]}")
        return
    page.goto(f"{url}/q/w/v3/{lang}#c={codes[0]}")
    if state == "document":
        return
    fill_in(page)
    if state == "unknown":
        page.locator("#code").fill("ABCD-EFGH")
    page.locator("form button").first.tap()
    if state == "unknown":
        page.wait_for_selector("#summary")
        return
    page.wait_for_selector(".row")
    if state == "review":
        return
    page.locator("button.primary").tap()
    page.wait_for_selector(".receipt")
    if state == "used":
        page.goto("about:blank")
        go_to(page, url, codes, "review", lang)
        page.locator("button.primary").tap()
        page.wait_for_selector("#summary")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_in_light_and_dark_and_fits(
    served: str, make_coded: Callable[..., Any], open_phone: OpenPhone, state: str, lang: str
) -> None:
    codes = make_coded(background=True).codes["all"]
    # the policy of the page would refuse the script of axe; what axe judges is the same
    page = open_phone(bypass_csp=True)
    go_to(page, served, codes, state, lang)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES).response
        assert "color-contrast" in [rule["id"] for rule in found["passes"]]
        for verdict in ("violations", "incomplete"):
            assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found[verdict]] == []
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", ["standard", "large", "larger"])
def test_the_whole_code_is_seen_in_a_large_field(
    served: str, coded: Any, open_phone: OpenPhone, size: str
) -> None:
    page = open_phone()
    page.goto(f"{served}/q/w/v3/zh?size={size}#c={coded.codes['s001'][0]}")
    field = page.locator("#code")
    assert field.evaluate("e => e.scrollWidth <= e.clientWidth")
    box = field.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert float(field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 16
    field.focus()
    assert "rgb(255, 211, 61)" in field.evaluate("e => getComputedStyle(e).outline")


def test_the_journey_with_a_card_is_light(served: str, coded: Any, open_phone: OpenPhone) -> None:
    page = open_phone()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{served}/q/w#c={coded.codes['s001'][0]}")
    assert sum(sizes) <= 8000
    page.get_by_role("link", name="开始作答").tap()
    fill_in(page)
    go_on(page)
    hand_in(page)
    expect(page.locator(".receipt")).to_be_visible()
    assert sum(sizes) <= 30_000
    assert len(sizes) <= 5
