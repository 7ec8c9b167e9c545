"""The pages that people open: what they say, in which state, and with which headers."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave
from survey_service.web import create_app

MakeWave = Callable[..., Wave]
ReadPage = Callable[[str], Any]


def test_home_lists_open_waves_and_no_others(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage
) -> None:
    make_wave("running", title="正在进行")
    make_wave("later", state="draft", title="以后再说")
    make_wave("over", state="closed", title="已经过去")
    links = [a["href"] for a in read_page(client.get("/").text).all("a")]
    assert [link for link in links if link.startswith("/q/")] == ["/q/running"]


def test_home_says_when_nothing_is_open(client: FlaskClient) -> None:
    assert "没有正在进行的问卷" in client.get("/").text


def test_landing_tells_what_is_recorded_and_leads_to_the_document(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage
) -> None:
    make_wave(title="试点问卷")
    page = read_page(client.get("/q/w").text)
    for words in (
        "试点问卷",
        "约1分钟，共5题",
        "2026年12月15日",
        "我们记录什么",
        "我们不记录什么",
        "每组至少10人",
        "不足5人的群体",
        "示例矿业集团",
        "组织部",
        "内线 8023",
        "12个月",
    ):
        assert words in page.text
    links = [a["href"] for a in page.all("a")]
    assert {"/q/w/v3/zh", "/q/w/decline", "/q/w/help"} <= set(links)


def test_a_rehearsal_says_so_on_every_page(client: FlaskClient, make_wave: MakeWave) -> None:
    make_wave("practice", rehearsal=True)
    make_wave("real")
    for path in ("", "/v3/zh", "/help"):
        assert "演练，不计入结果" in client.get(f"/q/practice{path}").text
        assert "演练" not in client.get(f"/q/real{path}").text


def test_landing_of_a_wave_without_roster_promises_no_group(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    make_wave(has_roster=False)
    assert "分组" not in client.get("/q/w").text
    assert "为什么要选单位" not in client.get("/q/w/help").text


def test_landing_after_the_closing_date_says_that_one_can_still_hand_in(
    store: TinyDBStore, make_wave: MakeWave
) -> None:
    late = (make_wave().closes or date.max) + timedelta(days=1)
    response = create_app(store, lambda: late).test_client().get("/q/w")
    assert response.status_code == 200
    assert "现在仍可提交" in response.text


@pytest.mark.parametrize("query", ["lang=en", "lang=en-GB"])
def test_english_and_size_travel_in_the_address(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage, query: str
) -> None:
    make_wave()
    page = read_page(client.get(f"/q/w?{query}&size=large").text)
    assert page.all("html", lang="en", **{"data-size": "large"})
    links = [a["href"] for a in page.all("a")]
    assert "/q/w/v3/en?size=large" in links
    assert "/q/w/help?lang=en&size=large" in links


@pytest.mark.parametrize("query", ["lang=fr", "size=huge", "size=", "lang=%00"])
def test_odd_ways_of_reading_count_as_not_said(
    client: FlaskClient, make_wave: MakeWave, query: str
) -> None:
    make_wave()
    assert client.get(f"/q/w?{query}").data == client.get("/q/w").data


def test_document_holds_every_item_with_nothing_chosen(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage
) -> None:
    wave = make_wave(questionnaire="full")
    page = read_page(client.get("/q/w/v1/zh").text)
    asked = {a["name"] for a in page.all("input", type="radio")} - {"role", "phone-kind"}
    assert asked == {item.id for item in wave.questionnaire.closed}
    written = {a["name"] for a in page.all("textarea")}
    assert written == {item.id for item in wave.questionnaire.open_ended}
    assert [a["value"] for a in page.all("input", checked="")] == ["own"]
    assert not page.all("option", selected="")
    assert page.all("form", method="post", autocomplete="off", novalidate="")
    assert len(page.all("fieldset")) == len(wave.questionnaire.closed) + 2


def test_document_offers_the_units_with_staff_by_key(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage
) -> None:
    wave = make_wave()
    page = read_page(client.get("/q/w/v3/zh").text)
    assert [o["value"] for o in page.all("option")] == ["", *(wave.unit_keys or {})]
    assert page.all("optgroup", label="甲矿")
    assert [r["value"] for r in page.all("input", name="role")] == [
        "manager",
        "key_staff",
        "frontline",
    ]
    for words in ("综采一队", "副队级及以上", "班组长、技术骨干、党小组长"):
        assert words in page.text


def test_document_without_roster_asks_neither_unit_nor_role(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage
) -> None:
    make_wave(has_roster=False)
    page = read_page(client.get("/q/w/v3/zh").text)
    assert not page.all("select")
    assert "js-only" in page.all("fieldset", id="role")[0]["class"]  # for the wording, never sent


def test_only_english_warns_that_its_wording_is_not_validated(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    make_wave()
    assert "has not been validated" in client.get("/q/w/v3/en").text
    assert "没有经过验证" not in client.get("/q/w/v3/zh").text


def test_a_questionnaire_without_english_is_offered_in_chinese_only(
    client: FlaskClient, make_wave: MakeWave, read_page: ReadPage, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text((tmp_path / "tiny.toml").read_text("utf-8") + '[languages]\nzh = "source"\n')
    make_wave(questionnaire=str(own))
    landing = read_page(client.get("/q/w?lang=en").text)
    assert "/q/w/v3/zh" in [a["href"] for a in landing.all("a")]
    assert client.get("/q/w/v3/en").status_code == 404
    form = read_page(client.get("/q/w/v3/zh").text)
    assert not [b for b in form.all("button") if "formaction" in b]


def test_halves_have_neutral_names(client: FlaskClient, make_wave: MakeWave) -> None:
    wave = make_wave(questionnaire="m1")
    page = client.get("/q/w/v1/zh").text
    assert "第一部分" in page
    assert "第二部分" in page
    assert wave.questionnaire.dimensions[0].name["zh"] not in page


def test_document_is_cacheable_small_and_answered_by_304(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    make_wave(questionnaire="full")
    plain = client.get("/q/w/v1/zh")
    packed = client.get("/q/w/v1/zh", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) <= 14_000
    for response in (plain, packed):
        assert response.headers["Cache-Control"] == "private, max-age=86400"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["ETag"] == f'"{hashlib.sha256(response.data).hexdigest()}"'
        encoding = response.headers.get("Content-Encoding", "identity")
        headers = {"If-None-Match": response.headers["ETag"], "Accept-Encoding": encoding}
        again = client.get("/q/w/v1/zh", headers=headers)
        assert again.status_code == 304
        assert not again.data
        assert again.headers["Cache-Control"] == "private, max-age=86400"


def test_other_pages_travel_compressed_where_the_browser_takes_it(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    make_wave()
    plain = client.get("/q/w", headers={"Accept-Encoding": "gzip;q=0"})
    packed = client.get("/q/w", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) <= 8000


@pytest.mark.parametrize("path", ["/q/w", "/q/w/v3/zh"])
def test_what_is_made_once_follows_a_changed_wave(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore, path: str
) -> None:
    make_wave(title="旧名")
    assert "旧名" in client.get(path).text
    store.change_wave("w", lambda wave: Wave.from_record({**wave.to_record(), "title": "新名"}))
    assert "新名" in client.get(path).text


def test_receipt_page_shows_number_and_day_and_is_not_kept(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    make_wave(state="closed")
    response = client.get("/q/w/done?r=ABCD-2345")
    assert response.status_code == 200
    assert "ABCD-2345" in response.text
    assert "2026年11月22日" in response.text
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["", "?r=", "?r=hello", "?r=ABCD-23456", "?r=<b>x</b>"])
def test_receipt_page_shows_nothing_but_a_receipt(
    client: FlaskClient, make_wave: MakeWave, query: str
) -> None:
    make_wave()
    response = client.get(f"/q/w/done{query}")
    assert response.status_code == 404
    assert "hello" not in response.text
    assert "<b>x" not in response.text


def test_declining_records_nothing(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore
) -> None:
    make_wave()
    assert "什么也没有记录" in client.get("/q/w/decline").text
    assert store.responses("w") == ()


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("draft", 409, ("还没有开始", "2026年12月1日", "内线 8023")),
        ("closed", 409, ("已经结束", "2026年11月22日", "内线 8023")),
    ],
)
@pytest.mark.parametrize("path", ["/q/w", "/q/w/v3/zh"])
def test_wave_that_takes_no_answers_says_so(
    client: FlaskClient,
    make_wave: MakeWave,
    path: str,
    state: str,
    status: int,
    words: tuple[str, ...],
) -> None:
    make_wave(state=state, opens=date(2026, 12, 1) if state == "draft" else None)
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    for each in words:
        assert each in response.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/q/nowhere", "没有这份问卷"),
        ("/q/w/v9/zh", "问卷已经更新"),
        ("/q/w/v03/zh", "问卷已经更新"),
        ("/q/w/v3/fr", "没有这个页面"),
        ("/nowhere", "没有这个页面"),
        ("/q/nowhere/done", "没有这个页面"),
        ("/q/..%2fw", "没有这个页面"),
        ("/q/W", "没有这个页面"),
        ("/q/w%00", "没有这个页面"),
        ("/q/w/v99999999999/zh", "没有这个页面"),
    ],
)
def test_unknown_addresses_get_a_plain_page(
    client: FlaskClient, make_wave: MakeWave, path: str, words: str
) -> None:
    make_wave()
    response = client.get(path)
    assert response.status_code == 404
    assert words in response.text


def test_error_page_speaks_english_too(client: FlaskClient) -> None:
    assert "no such questionnaire" in client.get("/q/nowhere?lang=en").text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/q/w",
        "/q/w/v3/zh",
        "/q/w/decline",
        "/q/w/help",
        "/q/w/done?r=ABCD-2345",
        "/nowhere",
        "/api/v1/waves",
        "/api/v1/nowhere",
        "/livez",
    ],
)
def test_headers_of_every_reply(client: FlaskClient, make_wave: MakeWave, path: str) -> None:
    make_wave()
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for part in (
        "script-src 'sha256-",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "connect-src 'self'",
        "img-src data:",
    ):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


def test_shared_address_of_the_form_leads_to_the_beginning(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    make_wave()
    for step in ("review", "submit"):
        response = client.get(f"/q/w/v3/{step}?lang=en")
        assert response.status_code == 303
        assert response.headers["Location"] == "/q/w?lang=en"
        assert not response.data
