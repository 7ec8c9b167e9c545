"""How the page looks and behaves for different eyes, hands, languages and papers."""

import io
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

from survey_service.wave import Wave
from tests.web.walking import (
    ANSWERS,
    WORDS,
    answer,
    enter,
    expect_state,
    find_overflow,
    hand_in,
    judge_accessibility,
    measure,
    path_of,
    press_on,
    tap,
    unit_of,
)

pytestmark = pytest.mark.browser

OpenPhone = Callable[..., Page]
RING = "rgb(255, 211, 61)"


@pytest.mark.parametrize("is_shared", [False, True])
def test_changing_the_language_keeps_answers_and_place(
    site: Any, open_phone: OpenPhone, *, is_shared: bool
) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave, is_shared=is_shared)
    tap(page, "O1_1a", 4)
    tap(page, "O1_2a", 9)
    press_on(page)
    for lang, other, words in (("en", "English", "Part 2 of 4"), ("zh-CN", "中文", "第 2/4 部分")):
        page.get_by_role("button", name=other).tap()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator("#part-2")).to_be_visible()
        expect(page.locator("#progress-bar")).to_contain_text(words)
    answer(page, {"P1_1a": 1, "G1": 5})
    hand_in(page)
    (kept,) = site.store.responses(wave.id)
    assert (kept.answers, kept.stratum) == ("4915", wave.stratum(unit_of(wave), "frontline"))
    if is_shared:
        assert page.evaluate("localStorage.length") == 0


def test_without_a_network_the_language_stays_and_nothing_is_lost(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    page.context.set_offline(True)
    page.get_by_role("button", name="English").tap()
    expect(page.locator("#page-status")).to_have_text("未连接网络，可继续作答")
    expect(page.locator('[name="O1_1a"][value="4"]')).to_be_checked()


def test_a_phone_that_keeps_nothing_changes_the_language_by_the_form(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error() }")
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    press_on(page)
    expect(page.locator('[name="O1_1a"][value="4"]')).to_be_checked()


def test_without_a_script_changing_the_language_keeps_answers(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone(java_script_enabled=False)
    page.goto(site.url + path_of(wave))
    tap(page, "O1_1a", 4)
    page.locator("#T2").fill(WORDS)
    for lang, other in (("en", "English"), ("zh-CN", "中文")):
        page.get_by_role("button", name=other).tap()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator('[name="O1_1a"][value="4"]')).to_be_checked()
        expect(page.locator("#T2")).to_have_value(WORDS)


def test_from_right_to_left_the_page_is_mirrored(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()

    def turn(route: Route) -> None:
        route.fulfill(body=route.fetch().text().replace('dir="ltr"', 'dir="rtl"'))

    page = open_phone(width=320, bypass_csp=True)
    page.route(f"**{path_of(wave)}", turn)
    enter(page, site.url, wave)
    lefts = page.eval_on_selector_all(
        "#O1_1a .bar label", "found => found.map(e => e.getBoundingClientRect().left)"
    )
    assert lefts == sorted(lefts, reverse=True)
    bar = page.locator("#part-1 h2").evaluate("e => getComputedStyle(e, '::before').right")
    assert bar == "0px"
    assert find_overflow(page) == []
    tap(page, "O1_1a", 5)
    answer(page, {"O1_2a": 1})
    assert find_overflow(page) == []
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["51--"]


VIEWS = {
    "320": (320, 568, "", "100%"),
    "large": (320, 568, "?size=large", "100%"),
    "larger": (320, 568, "?size=larger", "100%"),
    "zoomed": (360, 640, "", "200%"),
    "landscape": (640, 360, "", "100%"),
    "larger landscape": (640, 360, "?size=larger", "100%"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_nothing_scrolls_sideways_or_is_cut(
    site: Any, open_phone: OpenPhone, view: tuple[int, int, str, str], lang: str
) -> None:
    width, height, query, zoom = view
    wave = site.add_wave("full")
    page = open_phone(width=width, height=height)

    def look() -> None:
        page.evaluate("zoom => document.documentElement.style.webkitTextSizeAdjust = zoom", zoom)
        assert find_overflow(page) == []

    others = f"{query}{'&' if query else '?'}lang={lang}"
    for path in (f"/q/{wave.id}{others}", f"/q/{wave.id}/help{others}"):
        page.goto(site.url + path)
        look()
    page.goto(site.url + path_of(wave, lang) + query + f"#u={unit_of(wave)}")
    look()
    press_on(page)
    look()
    tap(page, "role", "manager")
    press_on(page)
    look()
    page.evaluate("scrollTo(0, 500)")
    bar = page.locator("#progress-bar").bounding_box()
    assert bar is not None
    assert bar["y"] < 0 or bar["height"] <= height / 5
    press_on(page)
    look()
    answer(page, {}, WORDS * 3)
    look()
    page.route("**/responses*", lambda route: route.abort(), times=1)
    press_on(page)
    expect_state(page, "waiting")
    look()
    page.locator('[data-state="waiting"] [data-act="retry"]').tap()
    expect_state(page, "received")
    look()


@pytest.mark.parametrize(
    ("width", "query", "least"),
    [(360, "", (60, 76)), (320, "", (53, 76)), (360, "?size=large", (60, 60))],
)
def test_targets_are_large(
    site: Any, open_phone: OpenPhone, width: int, query: str, least: tuple[float, float]
) -> None:
    wave = site.add_wave("full")
    page = open_phone(width=width)
    page.goto(f"{site.url}/q/{wave.id}{query}")
    for size in measure(page, "main a, main summary, main button"):
        assert min(size) >= 44
    page.goto(site.url + path_of(wave) + query)
    targets = ".apart input, select, textarea, button, .options input, main a"
    for size in measure(page, targets):
        assert min(size) >= 44
    page.evaluate("document.documentElement.className = ''")
    ways = page.eval_on_selector_all(
        ".options label, .apart, button", "found => found.map(e => getComputedStyle(e).touchAction)"
    )
    assert set(ways) == {"manipulation"}  # tapping twice does not zoom
    cells = measure(page, ".bar input")
    assert len(cells) == 5 * 46
    assert min(w for w, _ in cells) >= least[0]
    assert min(h for _, h in cells) >= least[1]
    for size in measure(page, targets):
        assert min(size) >= 44


def test_choosing_moves_nothing(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave("full")
    page = open_phone()
    page.add_init_script(
        """window.shifts = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) shifts += entry.value;
        }).observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(f"{site.url}{path_of(wave)}#u={unit_of(wave)}")
    page.wait_for_selector("html.js")
    page.wait_for_timeout(200)
    assert page.evaluate("shifts") <= 0.01
    tap(page, "role", "frontline")
    press_on(page)
    before = measure(page, "fieldset, label > span, #progress-bar")
    for code in (5, 9, 1):
        tap(page, "O1_1a", code)
        assert measure(page, "fieldset, label > span, #progress-bar") == before
    assert page.evaluate("document.querySelectorAll('*').length") <= 1500


def test_the_size_of_the_text_changes_at_once(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    for size in ("large", "larger", None):
        page.get_by_role("button", name="字号").tap()
        assert page.locator("html").get_attribute("data-size") == size
        assert (f"size={size}" in page.url) == bool(size)
        expect(page.locator('[name="O1_1a"][value="4"]')).to_be_checked()


def ring_of(page: Page) -> str:
    """Return the outline of what has the focus, or of what stands for it."""
    outline: str = page.evaluate(
        """() => {
            const e = document.activeElement, seen = e.type == "radio" ? e.nextElementSibling : e;
            return getComputedStyle(seen).outline + getComputedStyle(seen).boxShadow;
        }"""
    )
    return outline


def test_the_keyboard_alone_is_enough(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.goto(f"{site.url}{path_of(wave)}#u={unit_of(wave)}")
    page.wait_for_selector("html.js")
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.name || document.activeElement.id"))
        assert RING in ring_of(page)
    assert seen[:4] == ["unit", "role", "phone-kind", "next-button"]
    page.locator('[name="role"]').first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[value="key_staff"]')).to_be_checked()
    page.locator("#next-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#part-1 h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator('[name="O1_1a"][value="1"]')).to_be_checked()
    assert RING in ring_of(page)
    for code in (2, 3):
        page.keyboard.press("ArrowRight")
        expect(page.locator(f'[name="O1_1a"][value="{code}"]')).to_be_checked()
        assert RING in ring_of(page)
        assert "inset" in ring_of(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator('[name="O1_1a"][value="9"]')).to_be_checked()
    assert RING in ring_of(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "O1_2a"


def test_the_chosen_option_differs_by_more_than_colour(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone(forced_colors="active")
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)

    def style(code: int) -> list[str]:
        found: list[str] = page.locator(f'[name="O1_1a"][value="{code}"] + span').evaluate(
            "e => [getComputedStyle(e).fontWeight, getComputedStyle(e, '::before').borderTopWidth]"
        )
        return found

    assert style(4) == ["600", "7px"]
    assert style(3) == ["400", "2px"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_state_is_accessible_in_light_and_dark(
    site: Any, open_phone: OpenPhone, lang: str
) -> None:
    coded = site.add_coded()
    wave, closed = site.add_wave(), site.add_wave()
    site.store.close_wave(closed.id, site.today, now=True)
    query = "" if lang == "zh" else "?lang=en"
    # the policy of the page would refuse the script of axe; what axe judges is the same
    page = open_phone(bypass_csp=True)
    for path in (
        "/",
        f"/q/{wave.id}",
        f"/q/{wave.id}/help",
        f"/q/{wave.id}/decline",
        f"/q/{closed.id}",
    ):
        page.goto(site.url + path + query)
        judge_accessibility(page, path)
    page.goto(f"{site.url}{path_of(wave, lang)}#u={unit_of(wave)}")
    judge_accessibility(page, "start")
    press_on(page)
    judge_accessibility(page, "start with gaps")
    tap(page, "role", "frontline")
    press_on(page)
    tap(page, "O1_1a", 4)
    judge_accessibility(page, "section")
    press_on(page)
    judge_accessibility(page, "section with gaps")
    page.reload()
    judge_accessibility(page, "resume")
    page.locator('[data-act="resume"]').tap()
    answer(page, {"P1_1a": 9}, "我叫张三 13812345678")
    judge_accessibility(page, "check")
    page.go_back()
    judge_accessibility(page, "own words")
    page.go_forward()
    page.context.set_offline(True)
    press_on(page)
    expect_state(page, "waiting")
    judge_accessibility(page, "waiting")
    page.context.set_offline(False)
    expect_state(page, "received")
    judge_accessibility(page, "receipt")
    page.goto(f"{site.url}/q/{wave.id}{query}")
    judge_accessibility(page, "answered before")
    page.goto(f"{site.url}{path_of(coded.wave, lang)}#c={'0' * 16}")
    judge_accessibility(page, "card")
    press_on(page)
    answer(page, ANSWERS)
    press_on(page)
    expect_state(page, "code")
    judge_accessibility(page, "code error")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_without_a_script_is_accessible(
    site: Any, open_phone: OpenPhone, lang: str
) -> None:
    wave = site.add_wave()
    page = open_phone(bypass_csp=True)
    page.add_init_script(
        "delete window.AbortController"
    )  # axe needs scripts, ours then does nothing
    page.goto(site.url + path_of(wave, lang))
    judge_accessibility(page, "document")
    page.locator("#next-button").tap()
    page.wait_for_selector("#summary")
    judge_accessibility(page, "faults")
    page.locator("#unit").select_option(index=1)
    tap(page, "role", "frontline")
    tap(page, "O1_1a", 4)
    page.locator("#T2").fill(WORDS)
    page.locator("#next-button").tap()
    page.wait_for_selector("#summary")
    judge_accessibility(page, "gaps")
    page.locator('[name="skip-missing"]').tap()
    page.wait_for_selector(".row")
    judge_accessibility(page, "check")
    page.locator("form button.primary").tap()
    page.wait_for_selector(".receipt:visible")
    judge_accessibility(page, "receipt")


STRANGE = "我叫张三，电话13812345678。<script>alert(1)</script>👨‍👩‍👧\u202e反\u202c"


def test_strange_words_are_counted_hinted_at_and_kept(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    page.go_back()
    area, left = page.locator("#T2"), page.locator("#T2-left")
    area.fill("字" * 499 + "👍👍")
    expect(left).to_have_text("多了1字，请缩短。")
    press_on(page)
    expect(page.locator("#missing-box")).to_be_focused()
    expect(page.locator("#next-button")).to_have_text("下一步：检查")
    page.get_by_role("link", name="请缩短到500字以内").tap()
    expect(area).to_be_focused()
    expect(area).to_have_value("字" * 499 + "👍👍")
    area.fill("字" * 499 + "👍")
    expect(left).to_have_text("还可以写0字。")
    expect(page.locator("#T2-hint")).to_be_hidden()
    area.fill(STRANGE)
    expect(page.locator("#T2-hint")).to_be_visible()
    press_on(page)
    expect(page.locator("#T2-told .written")).to_have_text(STRANGE)
    hand_in(page)
    (comment,) = site.store.comments(wave.id)
    assert comment.text == STRANGE.replace("\u202e", "").replace("\u202c", "")


def read_pdf(page: Page) -> str:
    """Return the text of a page as it is printed."""
    reader = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("has_script", [True, False])
def test_the_print_is_the_paper_form(site: Any, open_phone: OpenPhone, *, has_script: bool) -> None:
    wave: Wave = site.add_wave("full")
    page = open_phone(java_script_enabled=has_script)
    if has_script:
        enter(page, site.url, wave)
    else:
        page.goto(site.url + path_of(wave))
    text = read_pdf(page)
    assert f"{wave.id}·full第1版" in text
    for words in ("下一步", "字号", "English", "这部手机", "检查一下", "已收到"):
        assert words not in text
    page.emulate_media(media="print")
    for legend in page.locator(".item legend, .asked").all():
        expect(legend).to_be_visible()
    expect(page.locator("select")).to_be_hidden()
    expect(page.locator(".blank-line")).to_be_visible()
    ring = page.locator(".bar span").first.evaluate(
        "e => getComputedStyle(e, '::before').borderTopStyle"
    )
    assert ring == "solid"


def test_the_receipt_prints(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    number = hand_in(page)
    text = read_pdf(page)
    assert number in text
    assert "下一位" not in text
    assert "我清楚" not in text
