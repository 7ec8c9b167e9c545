"""A person with a card, in a real browser on the size of a cheap phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.walking import ANSWERS, WORDS, answer, expect_state, hand_in, path_of, press_on, tap

pytestmark = pytest.mark.browser

OpenPhone = Callable[..., Page]


def test_a_card_leads_to_an_answer_once(site: Any, open_phone: OpenPhone) -> None:
    coded = site.add_coded()
    stratum, (code, *_) = list(coded.codes.items())[3]
    page = open_phone()
    requests: list[tuple[str, str]] = []
    complaints: list[str] = []
    page.on("request", lambda r: requests.append((r.url, r.headers.get("referer", ""))))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for attempt in ("first", "second"):
        page.goto("about:blank")
        page.evaluate("0")
        page.goto(f"{site.url}/q/{coded.wave.id}#c={code}&appinstall=0")
        if attempt == "second":
            page.get_by_role("link", name="下一位同事").tap()
            page.goto("about:blank")
            page.goto(f"{site.url}/q/{coded.wave.id}#c={code}&p=1")
        page.get_by_role("link", name="大字", exact=True).tap()
        page.get_by_role("link", name="隐私说明").tap()
        page.get_by_role("link", name="回到开始页").tap()
        page.get_by_role("link", name="开始作答").tap()
        expect(page.locator("#code")).to_have_value(code)
        press_on(page)
        answer(page, ANSWERS, WORDS)
        assert code not in page.locator("#check").inner_text()
        if attempt == "first":
            hand_in(page)
            assert code not in page.content()
            assert code not in page.url
    press_on(page)
    expect_state(page, "used")
    (kept,) = site.store.responses(coded.wave.id)
    assert (kept.stratum, kept.answers) == (stratum, "4915")
    for address, referrer in requests:
        assert code not in address.partition("#")[0] + referrer
    assert code not in page.title()
    assert complaints == []
    assert page.context.cookies() == []


def test_without_a_script_a_code_is_typed_and_put_right(site: Any, open_phone: OpenPhone) -> None:
    coded = site.add_coded()
    code = coded.codes["s002"][0]
    page = open_phone(java_script_enabled=False)
    page.goto(f"{site.url}/q/{coded.wave.id}#c={code}")
    page.get_by_role("link", name="开始作答").tap()
    expect(page.locator("#code")).to_have_value("")
    for name, value in ANSWERS.items():
        tap(page, name, value)
    page.locator("#T2").fill(WORDS)
    page.locator("#code").fill(code[:-2])
    page.get_by_role("button", name="下一步：检查").tap()
    expect(page.get_by_role("heading", name="卡片上的码不对")).to_be_visible()
    page.get_by_role("link", name="这个码不对").tap()
    expect(page.locator("#code")).to_be_in_viewport()
    page.locator("#code").fill(f" {code.lower().replace('-', ' ')}")
    page.get_by_role("button", name="下一步：检查").tap()
    page.get_by_role("button", name="提交问卷").tap()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    assert [kept.stratum for kept in site.store.responses(coded.wave.id)] == ["s002"]


@pytest.mark.parametrize("size", ["standard", "large", "larger"])
def test_the_whole_code_is_seen_in_a_large_field(
    site: Any, open_phone: OpenPhone, size: str
) -> None:
    coded = site.add_coded()
    page = open_phone()
    page.goto(f"{site.url}{path_of(coded.wave)}?size={size}#c={coded.codes['s001'][0]}")
    field = page.locator("#code")
    assert field.evaluate("e => e.scrollWidth <= e.clientWidth")
    box = field.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert float(field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 16
    field.focus()
    assert "rgb(255, 211, 61)" in field.evaluate("e => getComputedStyle(e).outline")


def test_a_code_that_cannot_be_one_is_said_before_anything_is_sent(
    site: Any, open_phone: OpenPhone
) -> None:
    coded = site.add_coded()
    page = open_phone()
    page.goto(f"{site.url}{path_of(coded.wave)}#c=ABCD")
    press_on(page)
    page.get_by_role("link", name="请填写卡片上的码").tap()
    expect(page.locator("#code")).to_be_focused()
    page.locator("#code").fill("ｅｂｓｐ ac5f 71zq-99v8")
    press_on(page)
    expect(page.locator("#part-1")).to_be_visible()
