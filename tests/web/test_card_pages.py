"""The pages of a wave with cards: what they ask, what they say, what happens to a wrong code."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey_service.codes import SYMBOLS, draw_code
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave

ReadPage = Callable[[str], Any]
MakeCoded = Callable[..., Any]

SHEET = {"O1_1a": "4", "O1_2a": "9", "P1_1a": "1", "G1": "5", "T2": "第一行\r\n第二行"}


@pytest.fixture
def coded(make_coded: MakeCoded) -> Any:
    return make_coded()


@pytest.fixture
def code(coded: Any) -> str:
    """Return a code that was printed for the second stratum."""
    return str(coded.codes["s002"][0])


def spoil(code: str) -> str:
    """Return a code with one wrong symbol."""
    return code[:-1] + SYMBOLS[SYMBOLS.index(code[-1]) - 1]


def test_the_form_asks_for_the_code_and_for_no_unit(
    client: FlaskClient, coded: Wave, read_page: ReadPage
) -> None:
    page = read_page(client.get("/q/w/v3/zh").text)
    (field,) = page.all("input", name="code")
    assert field["id"] == "code"
    expected = {
        "type": "text",
        "autocapitalize": "characters",
        "autocomplete": "off",
        "spellcheck": "false",
        "inputmode": "text",
        "value": "",
    }
    assert expected.items() <= field.items()
    assert "pattern" not in field
    assert int(field["maxlength"]) >= 100
    assert page.all("label", **{"for": "code"})
    assert page.all("p", id=field["aria-describedby"])
    assert "大小写、空格都不要紧" in page.text
    assert not page.all("select")
    assert "js-only" in page.all("fieldset", id="role")[0]["class"]


def test_an_open_wave_asks_for_no_code(
    client: FlaskClient, make_wave: Callable[..., Wave], read_page: ReadPage
) -> None:
    make_wave("free")
    assert not read_page(client.get("/q/free/v3/zh").text).all("input", name="code")
    for path in ("", "/help", "/decline", "/done?r=ABCD-2345"):
        assert "卡片" not in client.get(f"/q/free{path}").text


@pytest.mark.parametrize("step", ["review", "submit"])
@pytest.mark.parametrize("make", [lambda _: "", spoil, lambda _: "<b>"])
def test_a_wrong_code_gives_the_form_back_with_everything(
    client: FlaskClient,
    code: str,
    store: TinyDBStore,
    read_page: ReadPage,
    step: str,
    make: Callable[[str], str],
) -> None:
    wrong = make(code)
    response = client.post(f"/q/w/v3/{step}", data={**SHEET, "code": wrong})
    page = read_page(response.text)
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "no-store"
    assert "<title>卡片上的码不对 · 小问卷</title>" in response.text
    assert page.all("div", id="summary", tabindex="-1")
    assert "#code" in {a["href"] for a in page.all("a")}
    (field,) = page.all("input", name="code")
    assert field["value"] == wrong
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "code-help code-said"
    assert page.all("p", id="code-said")
    for words in (
        "这个码不对，请照着卡片再输一遍",
        "其他内容都还在",
        "第一行\n第二行",
        "内线 8023",
    ):
        assert words in page.text
    assert {name: page.fields[name] for name in ("O1_1a", "O1_2a", "P1_1a", "G1")} == {
        name: SHEET[name] for name in ("O1_1a", "O1_2a", "P1_1a", "G1")
    }
    fields = {**page.fields, "T2": SHEET["T2"], "code": code}
    assert client.post("/q/w/v3/submit", data=fields).status_code == 303
    assert len(store.responses("w")) == 1


def test_the_page_does_not_tell_a_misprint_from_a_guess(
    client: FlaskClient, code: str, read_page: ReadPage
) -> None:
    pages = []
    for wrong in (spoil(code), draw_code(), "x", ""):
        text = client.post(
            "/q/w/v3/review", data={**SHEET, "code": wrong, "submission-id": "0" * 32}
        ).text
        pages.append(text.replace(f'value="{wrong}" inputmode', 'value="" inputmode'))
    assert len(set(pages)) == 1


def test_a_used_card_gets_its_own_words_and_another_card_goes_on(
    client: FlaskClient, coded: Any, code: str, store: TinyDBStore, read_page: ReadPage
) -> None:
    body = {"submission": "f" * 32, "code": code, "answers": {"O1_1a": 4}}
    client.post("/api/v1/waves/w/responses", json=body)
    review = read_page(client.post("/q/w/v3/review", data={**SHEET, "code": code}).text)
    refused = client.post("/q/w/v3/submit", data=review.fields)
    page = read_page(refused.text)
    assert refused.status_code == 409
    assert "这张卡片已经用过了 · 小问卷" in refused.text
    for words in ("自己交的，不用再交", "换一张没用过的卡片", "其他内容都还在", "内线 8023"):
        assert words in page.text
    (field,) = page.all("input", name="code")
    assert field["aria-invalid"] == "true"
    fields = {**page.fields, "T2": "", "code": coded.codes["s003"][0]}
    assert client.post("/q/w/v3/submit", data=fields).status_code == 303
    assert sorted(kept.stratum for kept in store.responses("w")) == ["s002", "s003"]


def test_fifty_slips_do_not_hurt(client: FlaskClient, code: str, store: TinyDBStore) -> None:
    for _ in range(50):
        sheet = {**SHEET, "code": spoil(code)}
        assert client.post("/q/w/v3/review", data=sheet).status_code == 403
    for _ in range(50):
        sheet = {**SHEET, "code": code, "submission-id": "0" * 32}
        assert client.post("/q/w/v3/review", data=sheet).status_code == 200
    assert store.count_codes("w")["s002"].spent == 0
    assert client.post("/q/w/v3/submit", data=sheet).status_code == 303
    assert store.count_codes("w")["s002"].spent == 1


def test_the_code_stands_in_a_hidden_field_and_nowhere_else(
    client: FlaskClient, code: str, read_page: ReadPage
) -> None:
    review = client.post("/q/w/v3/review", data={**SHEET, "code": code})
    assert review.text.count(code) == 1
    page = read_page(review.text)
    assert page.fields["code"] == code
    assert code not in page.text
    back = client.post("/q/w/v3/review?edit=1", data=page.fields)
    assert read_page(back.text).all("input", name="code", value=code)
    assert back.text.count(code) == 1
    done = client.post("/q/w/v3/submit", data=page.fields)
    assert re.fullmatch(r"/q/w/done\?r=[0-9A-Z]{4}-[0-9A-Z]{4}", done.headers["Location"])
    assert code not in str(done.headers)
    receipt = client.get(done.headers["Location"])
    assert code not in receipt.text
    assert "卡片用完了，请撕掉" in receipt.text


def test_a_full_disk_keeps_the_code_on_the_page(
    client: FlaskClient, code: str, read_page: ReadPage, full_disk: Callable[[], Any]
) -> None:
    review = client.post("/q/w/v3/review", data={**SHEET, "code": code})
    fields = read_page(review.text).fields
    with full_disk():
        refused = client.post("/q/w/v3/submit", data=fields)
    assert refused.status_code == 503
    assert read_page(refused.text).fields == fields
    assert client.post("/q/w/v3/submit", data=fields).status_code == 303


def test_the_pages_say_what_a_card_is_and_what_it_does_not_protect(
    client: FlaskClient, coded: Any
) -> None:
    landing, help_page = client.get("/q/w").text, client.get("/q/w/help").text
    for words in ("随手抽", "不代表任何人", "码用过没有", "谁抽到哪张卡片", "每组至少10人"):
        assert words in landing
    for words in ("码不代表您", "至少10人的分组", "看到了您卡片上的码", "码全部删掉"):
        assert words in help_page
    assert "一个链接谁都能填" not in help_page
    assert "为什么要选单位" not in help_page
    assert "请把卡片撕掉" in client.get("/q/w/decline").text


def test_the_help_of_an_open_wave_says_that_anybody_can_answer(
    client: FlaskClient, make_wave: Callable[..., Wave]
) -> None:
    make_wave()
    page = client.get("/q/w/help").text
    assert "一个链接谁都能填" in page
    assert "只能事后从异常的答案里发现" in page


@pytest.mark.parametrize("access", ["open", "codes"])
def test_a_wave_that_asks_about_the_person_asks_for_no_unit(
    client: FlaskClient,
    make_wave: Callable[..., Wave],
    make_coded: MakeCoded,
    store: TinyDBStore,
    read_page: ReadPage,
    access: str,
) -> None:
    sheet = {**SHEET, "party": "1", "tenure": "9"}
    if access == "codes":
        sheet["code"] = make_coded(background=True).codes["all"][0]
    else:
        make_wave(background=True)
    landing, help_page = client.get("/q/w").text, client.get("/q/w/help").text
    assert "共7题" in landing
    assert "政治面貌，工龄在哪一档" in landing
    assert "分组名" not in landing
    assert "为什么问政治面貌和工龄" in help_page
    assert "为什么要选单位" not in help_page
    assert "分组名" not in help_page
    document = read_page(client.get("/q/w/v3/zh").text)
    assert not document.all("select")
    assert "js-only" in document.all("fieldset", id="role")[0]["class"]
    for words in ("关于您", "这份问卷不问单位", "您的政治面貌", "不愿透露"):
        assert words in document.text
    review = client.post("/q/w/v3/review", data=sheet)
    assert review.status_code == 200
    fields = read_page(review.text).fields
    assert client.post("/q/w/v3/submit", data=fields).status_code == 303
    (kept,) = store.responses("w")
    assert (kept.stratum, kept.answers) == ("all", "491519")
