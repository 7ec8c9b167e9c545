"""The way of a person through the page, in a real browser on the size of a cheap phone."""

import re
from collections.abc import Callable, Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from survey_service.response import encode_answers
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave

pytestmark = pytest.mark.browser

MakeWave = Callable[..., Wave]
OpenPhone = Callable[..., Page]

RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ]
}
WORDS = "希望班前会再短一点，\n把当天的危险讲清楚。"


@pytest.fixture
def wave(make_wave: MakeWave) -> Wave:
    return make_wave(questionnaire="full", title="党建与生产融合问卷")


@pytest.fixture
def small_wave(make_wave: MakeWave) -> Wave:
    return make_wave()


def tap(page: Page, name: str, code: object) -> None:
    """Tap one option of one item."""
    page.locator(f'label:has(> input[name="{name}"][value="{code}"])').tap()


def fill_in(page: Page, answers: Mapping[str, int]) -> None:
    """Answer by tapping, and write something."""
    for item, code in answers.items():
        tap(page, item, code)
    page.locator("#T2").fill(WORDS)


def choose_answers(wave: Wave) -> dict[str, int]:
    """Return an answer for every closed item, every code of the scale among them."""
    codes = (1, 2, 3, 4, 5, 9)
    return {item.id: codes[n * 5 % 6] for n, item in enumerate(wave.questionnaire.closed)}


@pytest.mark.parametrize("has_script", [True, False])
def test_a_person_answers_everything_by_tapping(
    served: str, store: TinyDBStore, wave: Wave, open_phone: OpenPhone, *, has_script: bool
) -> None:
    page = open_phone(java_script_enabled=has_script)
    key, path = list((wave.unit_keys or {}).items())[1]
    page.goto(f"{served}/q/w#u={key}&appinstall=0")
    page.get_by_role("link", name="开始作答").tap()
    unit = page.get_by_label("您的单位")
    if has_script:
        expect(unit).to_have_value(key)
    else:
        expect(unit).to_have_value("")
        unit.select_option(label=path.rpartition("/")[2])
    tap(page, "role", "key_staff")
    answers = choose_answers(wave)
    fill_in(page, answers)
    page.get_by_role("button", name="下一步：检查").tap()
    expect(page.get_by_role("heading", name="检查一下")).to_be_visible()
    assert "没有作答" not in page.inner_text("main")
    assert store.responses("w") == ()
    page.get_by_role("button", name="提交问卷").tap()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator(".receipt").inner_text())
    page.reload()
    (kept,) = store.responses("w")
    assert kept.answers == encode_answers(wave.questionnaire, answers)
    assert kept.stratum == wave.stratum(key, "key_staff")
    assert [comment.text for comment in store.comments("w")] == [WORDS]


def test_one_can_go_back_to_change_but_not_after_handing_in(
    served: str, store: TinyDBStore, wave: Wave, open_phone: OpenPhone
) -> None:
    page = open_phone()
    page.goto(f"{served}{document_of(wave)}#u={next(iter(wave.unit_keys or {}))}")
    tap(page, "role", "manager")
    fill_in(page, {"O1_1a": 4})
    page.get_by_role("button", name="下一步：检查").tap()
    page.get_by_role("button", name="修改 经营效益").tap()
    expect(page.locator('input[name="O1_1a"][value="4"]')).to_be_checked()
    tap(page, "O1_1a", 2)
    page.get_by_role("button", name="下一步：检查").tap()
    page.get_by_role("button", name="仍然提交").tap()
    expect(page.locator(".receipt")).to_be_visible()
    (kept,) = store.responses("w")
    assert kept.answers.startswith("2-")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    expect(page.get_by_text(WORDS.splitlines()[0])).to_have_count(0)


def document_of(wave: Wave, lang: str = "zh") -> str:
    return f"/q/{wave.id}/v{wave.questionnaire.version}/{lang}"


def go_to(page: Page, url: str, wave: Wave, state: str, lang: str) -> None:
    """Bring a page into one of its states."""
    query = "" if lang == "zh" else "?lang=en"
    simple = {
        "home": f"/{query}",
        "landing": f"/q/w{query}",
        "help": f"/q/w/help{query}",
        "decline": f"/q/w/decline{query}",
        "unknown": f"/q/nowhere{query}",
    }
    if state in simple:
        page.goto(url + simple[state])
        return
    page.goto(url + document_of(wave, lang))
    if state == "document":
        return
    tap(page, "O1_1a", 4)
    tap(page, "P1_1a", 9)
    page.locator("#T2").fill(WORDS)
    if state != "error":
        page.locator("#unit").select_option(index=1)
        tap(page, "role", "frontline")
    page.locator("form button").first.tap()
    page.wait_for_selector("#summary" if state == "error" else ".row")
    if state == "receipt":
        page.locator("button.primary").tap()
        page.wait_for_selector(".receipt")


STATES = ("home", "landing", "help", "decline", "unknown", "document", "error", "review", "receipt")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_in_light_and_dark(
    served: str, small_wave: Wave, open_phone: OpenPhone, state: str, lang: str
) -> None:
    # the policy of the page would refuse the script of axe; what axe judges is the same
    page = open_phone(bypass_csp=True)
    go_to(page, served, small_wave, state, lang)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES).response
        assert "color-contrast" in [rule["id"] for rule in found["passes"]]
        for verdict in ("violations", "incomplete"):
            assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found[verdict]] == []


@pytest.mark.parametrize(
    ("width", "query", "zoom"),
    [
        (320, "", "100%"),
        (360, "", "200%"),
        (320, "?size=large", "100%"),
        (320, "?size=larger", "100%"),
        (640, "", "100%"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_scrolls_sideways_or_is_cut(
    served: str, wave: Wave, open_phone: OpenPhone, width: int, query: str, zoom: str, lang: str
) -> None:
    page = open_phone(width=width)
    for path in (f"/q/w{query}", document_of(wave, lang) + query, f"/q/w/help{query}"):
        page.goto(served + path)
        page.evaluate("zoom => document.documentElement.style.webkitTextSizeAdjust = zoom", zoom)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = page.evaluate(
            """() => [...document.querySelectorAll("label > span, button, a, td, legend, h1, h2")]
                .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != "inline")
                .map(e => e.outerHTML)"""
        )
        assert cut == []


def measure(page: Page, selector: str) -> list[tuple[float, float]]:
    """Return the width and height of every element."""
    boxes = page.eval_on_selector_all(
        selector,
        "found => found.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])",
    )
    return [(width, height) for width, height in boxes]


@pytest.mark.parametrize(
    ("width", "query", "least"),
    [(360, "", (60, 76)), (320, "", (53, 76)), (360, "?size=large", (60, 60))],
)
def test_targets_are_large(
    served: str,
    wave: Wave,
    open_phone: OpenPhone,
    width: int,
    query: str,
    least: tuple[float, float],
) -> None:
    page = open_phone(width=width)
    page.goto(served + document_of(wave) + query)
    cells = measure(page, ".bar input")
    assert len(cells) == 5 * 46
    assert min(w for w, _ in cells) >= least[0]
    assert min(h for _, h in cells) >= least[1]
    for size in measure(page, ".apart input, select, textarea, button, .options input"):
        assert min(size) >= 44
    page.goto(f"{served}/q/w{query}")
    for size in measure(page, "main a, summary"):
        assert min(size) >= 44


def test_choosing_moves_nothing(served: str, wave: Wave, open_phone: OpenPhone) -> None:
    page = open_phone()
    page.goto(served + document_of(wave))
    before = measure(page, "fieldset, label > span")
    for code in (5, 9, 1):
        tap(page, "O1_1a", code)
        assert measure(page, "fieldset, label > span") == before


def test_the_keyboard_reaches_options_with_a_visible_ring(
    served: str, wave: Wave, open_phone: OpenPhone
) -> None:
    page = open_phone()
    page.goto(served + document_of(wave))
    page.locator('input[name="O1_1a"]').first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        focused = page.locator("input:focus")
        expect(focused).to_be_checked()
        style = focused.evaluate("e => getComputedStyle(e.nextElementSibling)['outline']")
        assert "rgb(255, 211, 61)" in style
        assert "3px" in style


def test_the_summary_has_the_focus_and_leads_to_the_field(
    served: str, wave: Wave, open_phone: OpenPhone
) -> None:
    page = open_phone()
    go_to(page, served, wave, "error", "zh")
    expect(page.locator("#summary")).to_be_focused()
    page.get_by_role("link", name="请选择您的岗位").tap()
    expect(page.locator("#role")).to_be_in_viewport()


def test_one_request_no_third_party_no_storage_no_error(
    served: str, wave: Wave, open_phone: OpenPhone
) -> None:
    page = open_phone()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served + document_of(wave))
    fill_in(page, {"O1_1a": 4, "O1_2a": 9})
    assert [url for url in requests if not url.startswith("data:")] == [served + document_of(wave)]
    assert complaints == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.querySelectorAll('*').length") <= 1500


def test_the_whole_journey_is_light(served: str, wave: Wave, open_phone: OpenPhone) -> None:
    page = open_phone()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{served}/q/w")
    assert sum(sizes) <= 8000
    page.get_by_role("link", name="开始作答").tap()
    page.locator("#unit").select_option(index=1)
    tap(page, "role", "frontline")
    fill_in(page, choose_answers(wave))
    page.get_by_role("button", name="下一步：检查").tap()
    page.get_by_role("button", name="提交问卷").tap()
    expect(page.locator(".receipt")).to_be_visible()
    assert sum(sizes) <= 30_000
    assert len(sizes) <= 5


def test_the_print_is_a_paper_form(served: str, wave: Wave, open_phone: OpenPhone) -> None:
    page = open_phone()
    page.goto(served + document_of(wave))
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="下一步：检查")).to_be_hidden()
    expect(page.locator("select")).to_be_hidden()
    expect(page.locator(".blank-line")).to_be_visible()
    expect(page.locator("footer")).to_contain_text("w · full 第1版")
    ring = page.locator(".bar span").first.evaluate(
        "e => getComputedStyle(e, '::before').borderTopStyle"
    )
    assert ring == "solid"
