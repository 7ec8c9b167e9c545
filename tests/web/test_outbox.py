"""What happens to a submission when the network fails, lies or comes late."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from survey_service.sealing import Sealed, unseal
from survey_service.wave import Wave
from tests.web.walking import (
    ANSWERS,
    CODE,
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
RESPONSES = "**/responses*"


def fill_in(page: Page, site: Any, wave: Wave, *, is_shared: bool = False) -> None:
    """Answer everything, up to the button that hands in."""
    enter(page, site.url, wave, is_shared=is_shared)
    answer(page, ANSWERS, WORDS)


def entries(page: Page) -> list[dict[str, Any]]:
    """Return what waits on the phone for a signal."""
    kept = kept_on_phone(page)
    return [json.loads(value) for key, value in kept.items() if key.startswith("o:")]


def answers_in(site: Any, wave: Wave) -> list[str]:
    """Return the answers of a wave as they are stored."""
    return [kept.answers for kept in site.store.responses(wave.id)]


def refuse(status: int, body: str = "{}", **headers: str) -> Callable[[Route], None]:
    """Return what answers instead of the service."""
    return lambda route: route.fulfill(status=status, body=body, headers=headers)


def test_without_a_signal_the_answers_wait_sealed(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    fill_in(page, site, wave)
    page.context.set_offline(True)
    press_on(page)
    expect_state(page, "waiting")
    expect(page.get_by_role("heading", name="尚未送达")).to_be_focused()
    assert "已收到" not in page.inner_text("main")
    (entry,) = entries(page)
    assert not [key for key in kept_on_phone(page) if not key.startswith("o:")]
    everything = json.dumps(entry, ensure_ascii=False)
    for secret in ("O1_1a", WORDS[:6], unit_of(wave), "frontline"):
        assert secret not in everything
    body = entry["body"]
    assert len(json.dumps(body)) <= 6144
    bound_to = f"{wave.id}|{wave.questionnaire.version}|{body['submission']}"
    plain = unseal(wave.sealing_key, Sealed.read(body), bound_to)
    assert len(plain) == 4096
    opened = json.loads(plain)
    assert opened["answers"] == {**ANSWERS, "T2": WORDS}
    assert (opened["unit"], opened["role"]) == (unit_of(wave), "frontline")
    assert opened["pace"] in {"under_1s", "under_2s", "ok"}
    page.context.set_offline(False)
    expect_state(page, "received")
    assert entries(page) == []
    assert answers_in(site, wave) == ["4915"]


@pytest.mark.parametrize("place", ["", "/help", "document", "home"])
def test_what_waits_is_sent_from_any_page(site: Any, open_phone: OpenPhone, place: str) -> None:
    wave = site.add_wave()
    page = open_phone()
    fill_in(page, site, wave)
    page.context.set_offline(True)
    press_on(page)
    expect_state(page, "waiting")
    page.close()
    page.context.set_offline(False)
    page = page.context.new_page()
    paths = {"home": "/", "document": path_of(wave)}
    page.goto(site.url + paths.get(place, f"/q/{wave.id}{place}"))
    expect_state(page, "received")
    expect(page.locator(".receipt:visible")).to_be_visible()
    assert answers_in(site, wave) == ["4915"]
    assert entries(page) == []


def test_a_lost_reply_gives_the_same_receipt(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    replies: list[str] = []

    def lose(route: Route) -> None:
        replies.append(route.fetch().json()["receipt"])
        route.abort()

    page.route(RESPONSES, lose, times=2)
    fill_in(page, site, wave)
    press_on(page)
    expect_state(page, "waiting")
    page.get_by_role("button", name="现在再试").tap()
    expect_state(page, "waiting")
    page.wait_for_timeout(100)
    page.get_by_role("button", name="现在再试").tap()
    expect_state(page, "received")
    assert replies == [page.locator(".receipt:visible").inner_text()] * 2
    assert answers_in(site, wave) == ["4915"]


def attempts_by_second(page: Page, seconds: int, made: list[int]) -> list[int]:
    """Let time pass second by second and return in which ones there was an attempt."""
    at = []
    for second in range(1, seconds + 1):
        before = len(made)
        page.clock.run_for(1000)
        page.wait_for_timeout(15)
        at += [second] * (len(made) - before)
    return at


def test_attempts_become_rarer_and_the_page_stays_usable(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    made: list[int] = []

    def fail(route: Route) -> None:
        made.append(503)
        route.fulfill(status=503, body="{}")

    page.route(RESPONSES, fail, times=4)
    fill_in(page, site, wave)
    press_on(page)
    expect_state(page, "waiting")
    at = attempts_by_second(page, 30, made)
    assert len(at) == 3
    first, second, third = at[0], at[1] - at[0], at[2] - at[1]
    assert 2 <= first <= 5
    assert 4 <= second <= 9
    assert 8 <= third <= 17
    expect(page.get_by_role("button", name="现在再试")).to_be_enabled()
    page.get_by_role("button", name="现在再试").tap()
    expect_state(page, "received")
    assert answers_in(site, wave) == ["4915"]


def test_too_many_requests_means_waiting_as_long_as_asked(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    made: list[int] = []

    def fail(route: Route) -> None:
        made.append(429)
        route.fulfill(status=429, body="{}", headers={"Retry-After": "7"})

    page.route(RESPONSES, fail, times=1)
    fill_in(page, site, wave)
    press_on(page)
    expect_state(page, "waiting")
    page.clock.run_for(5000)
    page.get_by_role("button", name="现在再试").tap()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(100)
    expect_state(page, "waiting")
    assert answers_in(site, wave) == []
    page.clock.run_for(3000)
    expect_state(page, "received")
    assert answers_in(site, wave) == ["4915"]


LIES = {
    "portal": refuse(200, "<h1>Wi-Fi</h1>", **{"Content-Type": "text/html"}),
    "portal json": refuse(200, '{"ok": true}', **{"Content-Type": "application/json"}),
    "proxy 404": refuse(404, "<h1>nginx</h1>", **{"Content-Type": "text/html"}),
    "proxy 403": refuse(403, "{}", **{"Content-Type": "application/json"}),
    "redirect": lambda route: route.fulfill(
        status=302, headers={"Location": "https://portal.test/"}
    ),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_only_our_own_server_is_believed(
    site: Any, open_phone: OpenPhone, lie: Callable[[Route], None]
) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.route(RESPONSES, lie, times=1)
    fill_in(page, site, wave)
    press_on(page)
    expect_state(page, "waiting")
    assert len(entries(page)) == 1
    page.get_by_role("button", name="现在再试").tap()
    expect_state(page, "received")
    assert answers_in(site, wave) == ["4915"]


def test_a_server_that_never_answers_is_given_up_for_now(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    page.route(RESPONSES, lambda _: None, times=1)
    fill_in(page, site, wave)
    press_on(page)
    expect_state(page, "sending")
    page.clock.run_for(21_000)
    expect_state(page, "waiting")


def test_after_the_closing_date_answers_are_still_taken(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    fill_in(page, site, wave)
    site.today = wave.closes + timedelta(days=2)
    hand_in(page)
    assert answers_in(site, wave) == ["4915"]


def test_once_a_wave_is_closed_the_page_says_so(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    fill_in(page, site, wave)
    page.context.set_offline(True)
    press_on(page)
    expect_state(page, "waiting")
    site.store.close_wave(wave.id, site.today, now=True)
    assert site.store.wave(wave.id).sealing_key == ""
    page.context.set_offline(False)
    expect_state(page, "closed")
    assert "已收到" not in page.inner_text("main")
    page.goto(f"{site.url}/q/{wave.id}")
    expect_state(page, "closed")
    assert len(entries(page)) == 1
    page.locator('[data-state="closed"]').get_by_role("button", name="知道了").tap()
    expect(page.locator("#out-box")).to_be_hidden()
    assert entries(page) == []
    assert answers_in(site, wave) == []


def test_a_mistyped_code_is_replaced_while_the_answers_stay_sealed(
    site: Any, open_phone: OpenPhone
) -> None:
    coded = site.add_coded()
    stratum, (used, good, *_) = list(coded.codes.items())[2]
    site.app.test_client().post(
        f"/api/v1/waves/{coded.wave.id}/responses",
        json={"submission": "0" * 32, "code": used, "answers": {"O1_1a": 1}},
    )
    page = open_phone()
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(json.loads(request.post_data or ""))

    page.on("request", note)
    page.goto(f"{site.url}{path_of(coded.wave)}#c={CODE}")
    press_on(page)
    answer(page, ANSWERS)
    press_on(page)
    expect_state(page, "code")
    assert used not in json.dumps(kept_on_phone(page))
    panel = page.locator('[data-state="code"]')
    panel.get_by_label("卡片上的码").fill("ABCD")
    panel.get_by_role("button").tap()
    expect(panel.get_by_label("卡片上的码")).to_be_focused()
    panel.get_by_label("卡片上的码").fill(used.lower())
    panel.get_by_role("button").tap()
    expect_state(page, "used")
    page.reload()
    expect_state(page, "used")
    panel = page.locator('[data-state="used"]')
    panel.get_by_label("卡片上的码").fill(good)
    panel.get_by_role("button").tap()
    expect_state(page, "received")
    assert len({body["submission"] for body in sent}) == 1
    assert len({body["body"] for body in sent}) == 1
    assert all(isinstance(body["code"], dict) for body in sent)
    kept = [k for k in site.store.responses(coded.wave.id) if k.answers == "4915"]
    assert [k.stratum for k in kept] == [stratum]


def test_two_people_on_one_phone_see_nothing_of_each_other(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()
    fill_in(page, site, wave)
    first = hand_in(page)
    page.get_by_role("link", name="下一位同事").tap()
    expect(page.locator("#out-box")).to_be_hidden()
    page.get_by_role("link", name="开始作答").tap()
    page.wait_for_selector("html.js")
    expect(page.locator("#unit")).to_have_value("")
    expect(page.locator('[value="shared"]')).to_be_checked()
    assert page.locator(".item input:checked").count() == 0
    assert page.locator("#T2").input_value() == ""
    assert first not in page.content()
    page.locator("#unit").select_option(label="机关")
    tap(page, "role", "manager")
    press_on(page)
    answer(page, {"O1_1a": 1})
    page.reload()
    expect(page.locator("#resume-box")).to_be_hidden()
    assert page.locator(".item input:checked").count() == 0
    page.locator("#unit").select_option(label="机关")
    tap(page, "role", "manager")
    press_on(page)
    answer(page, {"O1_1a": 2})
    assert hand_in(page) != first
    assert sorted(answers_in(site, wave)) == ["2---", "4915"]


def test_two_people_without_a_signal_wait_in_one_phone(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    landing = f"/q/{wave.id}"
    page.goto(site.url + landing)
    for code in (1, 2):
        page.context.set_offline(False)
        page.route(RESPONSES, lambda route: route.abort())
        enter(page, site.url, wave, is_shared=True) if code == 1 else None
        if code == 2:
            page.get_by_role("link", name="下一位同事").tap()
            page.get_by_role("link", name="开始作答").tap()
            page.locator("#unit").select_option(label="机关")
            expect(page.locator("#out-box")).to_be_hidden()
            tap(page, "role", "manager")
            press_on(page)
        answer(page, {"O1_1a": code})
        expect(page.locator("#out-box")).to_be_hidden()
        press_on(page)
        expect_state(page, "waiting")
    assert len(entries(page)) == 2
    page.unroute(RESPONSES)
    page.goto(site.url + landing)
    expect_state(page, "received")
    page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('o:'))")
    assert sorted(answers_in(site, wave)) == ["1---", "2---"]


def test_the_landing_page_knows_that_this_phone_answered(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    fill_in(page, site, wave)
    number = hand_in(page)
    page.goto(f"{site.url}/q/{wave.id}")
    expect(page.locator('[data-state="answered"]')).to_contain_text(number)
    expect(page.get_by_role("link", name="开始作答")).to_be_visible()
    other = site.add_wave()
    page.goto(f"{site.url}/q/{other.id}")
    expect(page.locator("#out-box")).to_be_hidden()


def test_what_cannot_be_sealed_is_sent_but_never_kept(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    fill_in(page, site, wave)
    page.route(RESPONSES, lambda route: route.abort(), times=1)
    press_on(page)
    expect_state(page, "unkept")
    expect(page.locator('[data-state="unkept"]')).to_contain_text("请不要关闭这一页")
    assert entries(page) == []
    page.get_by_role("button", name="现在再试").tap()
    expect_state(page, "received")
    assert answers_in(site, wave) == ["4915"]
    assert list(kept_on_phone(page)) == [key for key in kept_on_phone(page) if key[:2] == "n:"]


def test_what_the_server_cannot_read_leads_back_to_the_questionnaire(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()

    def spoil(route: Route) -> None:
        body = json.loads(route.request.post_data or "")
        body["iv"] = "AAAAAAAAAAAAAAAA"
        route.continue_(post_data=json.dumps(body))

    page.route(RESPONSES, spoil, times=1)
    fill_in(page, site, wave)
    press_on(page)
    expect_state(page, "refused")
    assert answers_in(site, wave) == []
    page.locator('[data-state="refused"]').get_by_role("button").tap()
    expect(page.locator("#check")).to_be_visible()
    hand_in(page)
    assert answers_in(site, wave) == ["4915"]


def test_two_tabs_with_one_draft(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    one = open_phone()
    enter(one, site.url, wave)
    tap(one, "O1_1a", 4)
    two = one.context.new_page()
    two.goto(f"{site.url}{path_of(wave)}#u={unit_of(wave)}")
    two.get_by_role("button", name="继续").tap()
    tap(two, "O1_1a", 2)
    tap(one, "O1_2a", 9)
    assert '"O1_1a":4' in "".join(kept_on_phone(one).values())
    tap(two, "role", "frontline") if two.locator("#role").is_visible() else None
    answer(two, {"P1_1a": 1})
    hand_in(two)
    expect(one.locator("#sheet-title")).to_be_visible()
    assert one.locator(".item input:checked").count() == 0
    assert answers_in(site, wave) == ["2-1-"]
