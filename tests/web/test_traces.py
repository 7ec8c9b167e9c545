"""What a phone keeps, tells and repeats, to the letter: where a slip would harm somebody silently."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from survey_service.sealing import Sealed, unseal
from survey_service.wave import Wave
from tests.web.walking import (
    ANSWERS,
    answer,
    enter,
    expect_state,
    hand_in,
    kept_on_phone,
    path_of,
    press_on,
    tap,
)

pytestmark = pytest.mark.browser

OpenPhone = Callable[..., Page]
RESPONSES = "**/responses*"


def paces_in(site: Any, wave: Wave) -> list[str]:
    return [kept.pace for kept in site.store.responses(wave.id)]


def test_a_draft_goes_once_the_phone_is_said_to_be_shared(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    assert kept_on_phone(page) != {}
    page.go_back()
    tap(page, "phone-kind", "shared")
    assert kept_on_phone(page) == {}
    press_on(page)
    expect(page.locator('[name="O1_1a"][value="4"]')).to_be_checked()
    answer(page, ANSWERS)
    number = hand_in(page)
    assert page.evaluate("Object.keys(localStorage)") == []
    assert list(kept_on_phone(page).values()) == [f'"{number}"']
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]


def test_a_card_sends_neither_unit_nor_role(site: Any, open_phone: OpenPhone) -> None:
    coded = site.add_coded("pulse")
    page = open_phone()
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(json.loads(request.post_data or ""))

    page.on("request", note)
    page.goto(f"{site.url}{path_of(coded.wave)}#c={coded.codes['s001'][0]}")
    tap(page, "role", "manager")
    press_on(page)
    answer(page, {"O1_4b": 3})
    hand_in(page)
    (body,) = sent
    assert body.keys() == {"submission", "epk", "iv", "body", "code"}
    bound_to = f"{coded.wave.id}|{coded.wave.questionnaire.version}|{body['submission']}"
    inner = json.loads(unseal(coded.wave.sealing_key, Sealed.read(body), bound_to))
    assert (inner["unit"], inner["role"]) == ("", "")
    assert "manager" not in json.dumps(inner)
    assert [kept.stratum for kept in site.store.responses(coded.wave.id)] == ["s001"]


@pytest.mark.parametrize(("gap_ms", "pace"), [(300, "under_1s"), (1500, "under_2s"), (4000, "ok")])
def test_the_pace_is_that_of_the_hand(
    site: Any, open_phone: OpenPhone, gap_ms: int, pace: str
) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    enter(page, site.url, wave)
    for name, code in ANSWERS.items():
        if not page.locator(f'.now [name="{name}"]').count():
            press_on(page)
        page.clock.fast_forward(gap_ms)
        tap(page, name, code)
    answer(page, {})
    hand_in(page)
    assert paces_in(site, wave) == [pace]


def test_the_time_before_a_break_counts_too(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    enter(page, site.url, wave)
    for name in ("O1_1a", "O1_2a"):
        page.clock.fast_forward(20_000)
        tap(page, name, ANSWERS[name])
    page.reload()
    page.get_by_role("button", name="继续").tap()
    answer(page, ANSWERS)
    hand_in(page)
    assert paces_in(site, wave) == ["ok"]


def test_a_long_pause_does_not_make_a_fast_hand_slow(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave("full")
    page = open_phone()
    page.clock.install()
    enter(page, site.url, wave)
    tap(page, "O1_1a", 4)
    page.clock.fast_forward("01:00:00")
    answer(page, {item.id: 4 for item in wave.questionnaire.closed})
    hand_in(page)
    assert paces_in(site, wave) == ["under_2s"]  # a minute at most counts for one item


@pytest.mark.parametrize(("chance", "seconds"), [(0, 2), (0.999, 4)])
def test_phones_do_not_come_back_all_at_once(
    site: Any, open_phone: OpenPhone, chance: float, seconds: int
) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    page.add_init_script(f"Math.random = () => {chance}")
    made: list[Route] = []

    def fail(route: Route) -> None:
        made.append(route)
        route.fulfill(status=503, body="{}")

    page.route(RESPONSES, fail)
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    page.clock.pause_at("2040-01-01")
    press_on(page)
    expect_state(page, "waiting")
    page.clock.run_for(seconds * 1000 - 100)
    page.wait_for_timeout(50)
    assert len(made) == 1
    page.clock.run_for(200)
    page.wait_for_timeout(100)
    assert len(made) == 2


def test_no_server_can_keep_a_phone_waiting_for_ever(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.clock.install()
    headers = {"Retry-After": "999999"}
    page.route(RESPONSES, lambda r: r.fulfill(status=429, body="{}", headers=headers), times=1)
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    press_on(page)
    expect_state(page, "waiting")
    page.clock.run_for(601_000)
    expect_state(page, "received")
    assert len(site.store.responses(wave.id)) == 1


def test_answers_that_could_not_be_sealed_count_once_even_after_a_crash(
    site: Any, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")

    def lose(route: Route) -> None:
        assert route.fetch().status == 201
        route.abort()

    page.route(RESPONSES, lose, times=1)
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    press_on(page)
    expect_state(page, "unkept")
    page.reload()
    page.get_by_role("button", name="继续").tap()
    if not page.locator("#check.now").count():
        answer(page, {})
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]


def test_a_wave_that_is_gone_is_not_asked_for_for_ever(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    page.route(
        RESPONSES,
        lambda r: r.fulfill(
            status=404, body='{"code": "wave_unknown"}', content_type="application/json"
        ),
    )
    press_on(page)
    expect_state(page, "closed")


def test_a_code_may_be_typed_in_any_width(site: Any, open_phone: OpenPhone) -> None:
    coded = site.add_coded()
    page = open_phone()
    code = coded.codes["s001"][0].replace("-", " ").lower()
    wide = "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in code)
    page.goto(site.url + path_of(coded.wave))
    page.locator("#code").fill(wide)
    press_on(page)
    answer(page, ANSWERS)
    hand_in(page)
    assert [kept.answers for kept in site.store.responses(coded.wave.id)] == ["4915"]


def test_the_receipt_of_one_is_not_shown_to_the_next(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    number = hand_in(page)
    page.goto(f"{site.url}/q/{wave.id}#p=1")
    page.reload()
    expect(page.locator("#out-box")).to_be_hidden()
    assert number not in page.locator("main").inner_text()


def test_a_wrong_code_of_one_wave_says_nothing_on_the_page_of_another(
    site: Any, open_phone: OpenPhone
) -> None:
    coded, other = site.add_coded(), site.add_wave()
    page = open_phone()
    page.goto(f"{site.url}{path_of(coded.wave)}#c={'0' * 16}")
    press_on(page)
    answer(page, ANSWERS)
    press_on(page)
    expect_state(page, "code")
    page.goto(f"{site.url}/q/{other.id}")
    page.wait_for_timeout(200)
    expect(page.locator("#out-box")).to_be_hidden()
    enter(page, site.url, other, is_shared=True)
    page.goto(f"{site.url}/q/{coded.wave.id}")
    expect_state(page, "code")
    assert len([key for key in kept_on_phone(page) if key.startswith("o:")]) == 1


def test_only_one_delivery_is_under_way(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    page = open_phone()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(RESPONSES, hold)
    enter(page, site.url, wave)
    answer(page, ANSWERS)
    press_on(page)
    expect_state(page, "sending")
    page.evaluate("for (const name of ['online', 'pageshow']) dispatchEvent(new Event(name))")
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()
    expect_state(page, "received")
    assert [kept.answers for kept in site.store.responses(wave.id)] == ["4915"]


def test_a_resumed_draft_has_the_wording_of_its_role(site: Any, open_phone: OpenPhone) -> None:
    wave = site.add_wave("pulse")
    page = open_phone()
    page.goto(f"{site.url}{path_of(wave)}#u={next(iter(wave.unit_keys or {}))}")
    tap(page, "role", "manager")
    press_on(page)
    tap(page, "O1_4b", 3)
    page.reload()
    page.get_by_role("button", name="继续").tap()
    expect(page.locator("#O1_4b legend")).to_contain_text("班组干同样的活")
    answer(page, {})
    hand_in(page)
    (kept,) = site.store.responses(wave.id)
    assert kept.stratum == wave.stratum(next(iter(wave.unit_keys or {})), "manager")
