"""A person answers: with and without a script, with gaps, going back, on a shared phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Request, expect

from survey_service.response import encode_answers
from tests.web.walking import (
    ANSWERS,
    WORDS,
    answer,
    enter,
    expect_state,
    hand_in,
    kept_on_phone,
    path_of,
    press_on,
    tap,
    unit_of,
)

pytestmark = pytest.mark.browser

OpenPhone = Callable[..., Page]

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def watch(page: Page) -> list[Request]:
    """Return a list that fills with the requests of a page."""
    requests: list[Request] = []
    page.on("request", lambda r: requests.append(r) if not r.url.startswith("data:") else None)
    return requests


def test_all_items_on_a_slow_phone_in_few_bytes(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave("full")
    codes = (1, 2, 3, 4, 5, 9)
    answers = {item.id: codes[n * 5 % 6] for n, item in enumerate(wave.questionnaire.closed)}
    page = open_phone()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    session = page.context.new_cdp_session(page)
    sizes: list[float] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{site.url}/q/{wave.id}#u={unit_of(wave)}")
    assert sum(sizes) <= 8000
    page.get_by_role("link", name="开始作答").tap()
    page.wait_for_selector("html.js")
    requests = watch(page)
    tap(page, "role", "key_staff")
    press_on(page)
    answer(page, answers, WORDS)
    assert requests == []
    assert site.store.responses(wave.id) == ()
    assert "没有作答" not in page.locator("#check").inner_text()
    hand_in(page)
    assert [request.method for request in requests] == ["POST"]
    assert sum(sizes) <= 30_000
    assert len(sizes) <= 5
    (kept,) = site.store.responses(wave.id)
    assert kept.answers == encode_answers(wave.questionnaire, answers)
    assert kept.stratum == wave.stratum(unit_of(wave), "key_staff")
    assert kept.pace in {"under_1s", "under_2s", "ok"}
    assert [comment.text for comment in site.store.comments(wave.id)] == [WORDS]
    assert complaints == []
    assert page.context.cookies() == []


def test_without_a_script_the_long_form_leads_to_the_receipt(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone(java_script_enabled=False)
    page.goto(f"{site.url}/q/{wave.id}#u={unit_of(wave)}")
    page.get_by_role("link", name="开始作答").tap()
    expect(page.locator("#unit")).to_have_value("")
    page.locator("#unit").select_option(label="综采一队")
    for name, code in {"role": "frontline", **ANSWERS}.items():
        tap(page, name, code)
    page.locator("#T2").fill(WORDS)
    page.get_by_role("button", name="下一步：检查").tap()
    expect(page.get_by_role("heading", name="检查一下")).to_be_visible()
    assert site.store.responses(wave.id) == ()
    page.get_by_role("button", name="提交问卷").tap()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    page.reload()
    (kept,) = site.store.responses(wave.id)
    assert (kept.answers, kept.pace) == ("4915", "unknown")
    assert [comment.text for comment in site.store.comments(wave.id)] == [WORDS]


def test_without_a_script_gaps_are_asked_for_once(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone(java_script_enabled=False)
    page.goto(site.url + path_of(wave))
    page.locator("#unit").select_option(label="机关")
    for name, code in {"role": "manager", "O1_1a": 4, "G1": 9}.items():
        tap(page, name, code)
    page.locator("#T2").fill(WORDS)
    with page.expect_response("**/review") as replied:
        page.get_by_role("button", name="下一步：检查").tap()
    assert replied.value.status == 422
    summary = page.locator("#summary")
    expect(summary.locator("h2")).to_have_text("还有 2 题没有作答")
    assert page.title().startswith("有遗漏：")
    hrefs = [link.get_attribute("href") for link in summary.get_by_role("link").all()]
    assert hrefs == ["#O1_2a", "#P1_1a"]
    gap = page.locator('[name="O1_2a"]').first
    expect(gap).to_have_accessible_description("第2题：还没有作答。")
    expect(page.locator("#O1_2a")).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[name="O1_1a"][value="4"]')).to_be_checked()
    expect(page.locator("#T2")).to_have_value(WORDS)
    page.get_by_role("button", name="仍然跳过，继续").tap()
    expect(page.get_by_role("heading", name="检查一下")).to_be_visible()
    page.get_by_role("button", name="返回修改").tap()
    page.get_by_role("button", name="下一步：检查").tap()
    expect(page.get_by_role("heading", name="检查一下")).to_be_visible()
    page.get_by_role("button", name="仍然提交").tap()
    expect(page.locator(".receipt:visible")).to_be_visible()
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4--9"]


def test_gaps_of_a_section_are_asked_for_once(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave("full")
    page = open_phone()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    tap(page, "O1_3b", 2)
    press_on(page)
    box = page.locator("#missing-box")
    expect(box).to_be_focused()
    assert page.title().startswith("还有 2 题没有作答")
    box.get_by_role("link").last.tap()
    first = page.locator('[name="O1_4b"]').first
    expect(first).to_be_focused()
    bar, card = (page.locator(s).bounding_box() for s in ("#progress-bar", "#O1_4b"))
    assert bar is not None
    assert card is not None
    assert 0 <= bar["y"] <= 1  # it stays on top while the page scrolls
    assert card["y"] >= bar["y"] + bar["height"]
    tap(page, "O1_4b", 3)
    assert "wrong" not in (page.locator("#O1_4b").get_attribute("class") or "")
    expect(page.locator("#next-button")).to_have_text("仍然跳过，继续")
    press_on(page)
    expect(page.locator("#part-2 h2")).to_be_focused()
    page.go_back()
    press_on(page)
    expect(page.locator("#part-2")).to_be_visible()
    assert site.store.responses(wave.id) == ()


def test_unit_and_role_cannot_be_skipped(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.goto(site.url + path_of(wave))
    for _ in range(2):
        press_on(page)
        expect(page.locator("#missing-box h2")).to_have_text("还有 2 处请您补充")
    page.get_by_role("link", name="请选择您的单位").tap()
    expect(page.locator("#unit")).to_be_focused()
    page.locator("#unit").select_option(index=1)
    tap(page, "role", "manager")
    press_on(page)
    expect(page.locator("#part-1")).to_be_visible()


def test_an_answer_replaces_not_applicable_and_the_other_way_round(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    for name, code in (("O1_1a", 9), ("O1_1a", 4), ("O1_2a", 2), ("O1_2a", 9)):
        tap(page, name, code)
    answer(page, {})
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["49--"]


def test_tapping_twice_does_nothing_twice(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    page.evaluate("window.changes = 0; addEventListener('change', () => changes++)")
    tap(page, "O1_1a", 4)
    tap(page, "O1_1a", 4)
    assert page.evaluate("changes") == 1
    assert page.evaluate("visualViewport.scale") == 1
    answer(page, ANSWERS)
    requests = watch(page)
    page.evaluate("for (let n = 0; n < 3; n++) document.getElementById('next-button').click()")
    expect_state(page, "received")
    assert len(requests) == 1
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]


def test_going_back_and_forward_loses_nothing(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    answer(page, ANSWERS, WORDS)
    for part in ("part-4", "part-3", "part-2", "part-1"):
        page.go_back()
        expect(page.locator(f"#{part} h2")).to_be_focused()
    page.locator("#back-button").tap()
    expect(page.locator("#sheet-title")).to_be_focused()
    for part in ("part-1", "part-2", "part-3", "part-4", "check"):
        page.go_forward()
        expect(page.locator(f"#{part} h2")).to_be_focused()
    page.get_by_role("button", name="修改 资源共享").tap()
    expect(page.locator('[name="P1_1a"][value="1"]')).to_be_checked()
    tap(page, "P1_1a", 2)
    answer(page, {})
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4925"]


def test_back_after_the_receipt_shows_the_receipt(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    number = hand_in(page)
    assert page.url.endswith(f"/done?r={number}")
    for _ in range(2):
        page.go_back()
        expect(page.locator(".receipt:visible")).to_have_text(number)
        expect(page.locator("#answer-form")).to_be_hidden()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator(".receipt:visible")).to_have_text(number)
    page.reload()  # the phone forgot the page: the receipt is still known
    expect(page.locator(".receipt:visible")).to_have_text(number)
    expect(page.locator("#answer-form")).to_be_hidden()
    assert len(site.store.responses(wave.id)) == 1


def test_without_a_script_back_after_the_receipt_sends_nothing_again(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone(java_script_enabled=False)
    page.goto(site.url + path_of(wave))
    page.locator("#unit").select_option(index=1)
    for name, code in {"role": "frontline", **ANSWERS}.items():
        tap(page, name, code)
    page.get_by_role("button", name="下一步：检查").tap()
    page.get_by_role("button", name="提交问卷").tap()
    expect(page.locator(".receipt:visible")).to_be_visible()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    assert len(site.store.responses(wave.id)) == 1


def test_a_killed_page_asks_before_it_shows_anything(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    for name in ("O1_1a", "O1_2a"):
        tap(page, name, ANSWERS[name])
    press_on(page)
    tap(page, "P1_1a", 1)
    press_on(page)
    page.close()
    page = page.context.new_page()
    page.goto(f"{site.url}{path_of(wave)}#u={unit_of(wave)}")
    expect(page.get_by_role("heading", name="有一份未完成的答卷")).to_be_visible()
    expect(page.locator("#answer-form")).to_be_hidden()
    page.get_by_role("button", name="继续").tap()
    expect(page.locator("#part-3")).to_be_visible()
    expect(page.locator("#progress-bar")).to_contain_text("第 3/4 部分 · 已答 3/4")
    answer(page, {"G1": 5})
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]
    assert not [key for key in kept_on_phone(page) if not key.startswith("n:")]


def test_a_draft_can_be_thrown_away(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    page.reload()
    page.get_by_role("button", name="删除并重新开始").tap()
    expect(page.locator("#sheet-title")).to_be_visible()
    expect(page.locator("#unit")).to_have_value(unit_of(wave))
    assert kept_on_phone(page) == {}
    assert page.locator("#part-1 input:checked").count() == 0


def test_a_draft_holds_neither_unit_nor_code(site: Any, open_phone: OpenPhone) -> None:
    coded = site.add_coded()
    page = open_phone()
    code = coded.codes["s001"][0]
    page.goto(f"{site.url}{path_of(coded.wave)}#c={code}")
    press_on(page)
    tap(page, "O1_1a", 4)
    kept = "".join(kept_on_phone(page).values())
    assert '"O1_1a":4' in kept
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert code not in page.url


def test_on_a_shared_phone_nothing_is_kept(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.add_init_script(
        """window.writes = [];
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (...given) { writes.push(given); set.apply(this, given); };"""
    )
    enter(page, site.url, wave, is_shared=True)
    tap(page, "O1_1a", 4)
    expect(page.locator("#page-status")).to_have_text("不保存，请一次填完")
    assert page.evaluate("writes") == []
    page.reload()
    expect(page.locator("#sheet-title")).to_be_visible()
    expect(page.locator("#resume-box")).to_be_hidden()
    assert page.locator("#part-1 input:checked").count() == 0
    assert site.store.responses(wave.id) == ()


def test_a_draft_is_forgotten_after_a_day(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    page.clock.run_for(1000)
    page.clock.fast_forward("23:59:00")
    page.reload()
    expect(page.locator("#resume-box")).to_be_visible()
    page.clock.fast_forward("00:02:00")
    page.reload()
    expect(page.locator("#sheet-title")).to_be_visible()
    assert kept_on_phone(page) == {}


BROKEN = {
    "full": "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
    "forbidden": """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, {get() { throw new DOMException('', 'SecurityError') }})""",
    "missing": """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, {value: undefined})""",
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_a_phone_that_keeps_nothing_can_still_answer(
    site: Any, open_phone: OpenPhone, script: str
) -> None:
    wave = site.add_wave()
    page = open_phone()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(script)
    page.goto(f"{site.url}/q/{wave.id}#u={unit_of(wave)}")
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    expect(page.locator("#page-status")).to_have_text("这部手机存不了，请一次填完")
    answer(page, ANSWERS)
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]
    assert errors == []


def test_wording_follows_the_role(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave("pulse")
    page = open_phone()
    enter(page, site.url, wave)
    legend = page.locator("#O1_4b legend")
    expect(legend).to_have_text("1. 与半年前相比，我们干同样的活更省时间了。")
    page.go_back()
    tap(page, "role", "manager")
    press_on(page)
    expect(legend).to_have_text("1. 与半年前相比，班组干同样的活更省时间了。")
    page.reload()
    answers = {"O1_4b": 3}
    tap(page, "role", "manager")
    press_on(page)
    answer(page, answers)
    hand_in(page)
    (kept,) = site.store.responses(wave.id)
    assert kept.stratum == wave.stratum(unit_of(wave), "manager")


def test_with_a_card_the_role_only_chooses_the_wording(site: Any, open_phone: OpenPhone) -> None:
    coded = site.add_coded("pulse")
    page = open_phone()
    page.goto(f"{site.url}{path_of(coded.wave)}#c={coded.codes['s001'][0]}")
    tap(page, "role", "manager")
    press_on(page)
    expect(page.locator("#O1_4b legend")).to_contain_text("班组干同样的活")
    answer(page, {"O1_4b": 3})
    hand_in(page)
    assert [kept.stratum for kept in site.store.responses(coded.wave.id)] == ["s001"]


@pytest.mark.parametrize("script", ["?.broken(", "throw new Error()"])
def test_an_engine_that_cannot_read_the_script_has_the_form(
    site: Any, open_phone: OpenPhone, script: str
) -> None:
    wave = site.add_wave()
    page = open_phone(bypass_csp=True)

    def break_script(route: Any) -> None:
        body = route.fetch().text()
        start = body.rindex("<script>") + len("<script>")
        route.fulfill(body=body[:start] + script + body[body.rindex("</script>") :])

    page.route(f"**{path_of(wave)}", break_script)
    page.goto(site.url + path_of(wave))
    page.locator("#unit").select_option(index=1)
    for name, code in {"role": "frontline", **ANSWERS}.items():
        tap(page, name, code)
    page.get_by_role("button", name="下一步：检查").tap()
    page.get_by_role("button", name="提交问卷").tap()
    expect(page.locator(".receipt:visible")).to_be_visible()
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]
