"""Answering without a script: check, go back, hand in once."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey_service.response import Comment
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave
from survey_service.web import create_app

MakeWave = Callable[..., Wave]
ReadPage = Callable[[str], Any]

SHEET = {
    "role": "frontline",
    "O1_1a": "4",
    "O1_2a": "9",
    "P1_1a": "1",
    "G1": "5",
    "T2": "第一行\r\n第二行",
}


@pytest.fixture
def wave(make_wave: MakeWave) -> Wave:
    return make_wave()


@pytest.fixture
def sheet(wave: Wave) -> dict[str, str]:
    return {"unit": next(iter(wave.unit_keys or {})), **SHEET}


def test_from_form_to_receipt(
    client: FlaskClient, sheet: dict[str, str], store: TinyDBStore, wave: Wave, read_page: ReadPage
) -> None:
    review = client.post("/q/w/v3/review", data=sheet)
    assert review.status_code == 200
    assert store.responses("w") == ()
    done = client.post("/q/w/v3/submit", data=read_page(review.text).fields)
    assert done.status_code == 303
    assert not done.data
    assert re.fullmatch(r"/q/w/done\?r=[0-9A-Z]{4}-[0-9A-Z]{4}", done.headers["Location"])
    assert client.get(done.headers["Location"]).status_code == 200
    (kept,) = store.responses("w")
    assert kept.answers == "4915"
    assert kept.stratum == wave.stratum(sheet["unit"], "frontline")
    assert kept.pace == "unknown"
    (comment,) = store.comments("w")
    assert isinstance(comment, Comment)
    assert comment.text == "第一行\n第二行"


def test_review_shows_progress_and_own_words_verbatim(
    client: FlaskClient, sheet: dict[str, str], read_page: ReadPage
) -> None:
    sheet |= {"T2": "<script>alert(1)</script>\n{{ 7*7 }} \u202e反"}
    response = client.post("/q/w/v3/review", data=sheet)
    page = read_page(response.text)
    assert "2/2 已答" in page.text
    assert "没有作答" not in page.text
    assert sheet["T2"] in page.text
    assert "<script>alert" not in response.text
    assert "提交问卷" in page.text
    assert response.headers["Cache-Control"] == "no-store"


def test_review_lists_what_is_unanswered_and_lets_it_pass(
    client: FlaskClient, sheet: dict[str, str], store: TinyDBStore, read_page: ReadPage
) -> None:
    del sheet["O1_2a"]
    sheet["G1"] = ""
    asked = client.post("/q/w/v3/review", data=sheet)
    assert asked.status_code == 422
    assert {a["href"] for a in read_page(asked.text).all("a")} >= {"#O1_2a", "#G1"}
    response = client.post("/q/w/v3/review", data={**sheet, "skip-missing": "1"})
    page = read_page(response.text)
    assert "还有 2 题没有作答" in page.text
    assert "仍然提交" in page.text
    places = [b["formaction"] for b in page.all("button") if "formaction" in b]
    assert "/q/w/v3/review?edit=1#O1_2a" in places
    assert "/q/w/v3/review?edit=1#G1" in places
    assert client.post("/q/w/v3/submit", data=page.fields).status_code == 303
    assert store.responses("w")[0].answers == "4-1-"


@pytest.mark.parametrize(
    ("left_out", "sentences"),
    [
        ({"unit"}, ["请选择您的单位。"]),
        ({"role"}, ["请选择您的岗位。"]),
        ({"unit", "role"}, ["请选择您的单位。", "请选择您的岗位。"]),
    ],
)
def test_missing_unit_or_role_gives_the_form_back_with_everything_else(
    client: FlaskClient,
    sheet: dict[str, str],
    read_page: ReadPage,
    left_out: set[str],
    sentences: list[str],
) -> None:
    rest = {name: value for name, value in sheet.items() if name not in left_out}
    response = client.post("/q/w/v3/review", data=rest)
    page = read_page(response.text)
    assert response.status_code == 422
    assert "<title>有遗漏：小问卷</title>" in response.text
    assert page.all("div", id="summary", tabindex="-1")
    links = {a["href"] for a in page.all("a")}
    for name in left_out:
        assert f"#{name}" in links
        (field,) = page.all("select", id=name) or page.all("fieldset", id=name)
        assert field["aria-invalid"] == "true"
        assert field["aria-describedby"] == f"{name}-said"
    for sentence in sentences:
        assert page.text.count(sentence) == 2
    kept = {**page.fields, "T2": "第一行\n第二行"}
    assert {name: kept[name] for name in rest if name != "unit"} == {
        name: value.replace("\r\n", "\n") for name, value in rest.items() if name != "unit"
    }
    assert "第一行\n第二行" in page.text
    if "unit" in rest:
        assert page.all("option", value=rest["unit"], selected="")


def test_a_unit_that_is_not_on_the_list_is_asked_again(
    client: FlaskClient, sheet: dict[str, str]
) -> None:
    response = client.post("/q/w/v3/review", data={**sheet, "unit": "ZZZZZZ"})
    assert response.status_code == 422
    assert "请从列表里选择您的单位。" in response.text
    assert "ZZZZZZ" not in response.text


def test_nothing_answered_is_said_kindly(
    client: FlaskClient, sheet: dict[str, str], read_page: ReadPage
) -> None:
    only = {"unit": sheet["unit"], "role": "manager"}
    response = client.post("/q/w/v3/review", data=only)
    page = read_page(response.text)
    assert response.status_code == 422
    assert "请至少回答一题" in page.text
    assert {a["href"] for a in page.all("a")} >= {"#part-1"}


def test_long_text_is_kept_and_its_limit_told(
    client: FlaskClient, sheet: dict[str, str], store: TinyDBStore
) -> None:
    sheet["T2"] = "煤" * 501
    response = client.post("/q/w/v3/review", data=sheet)
    assert response.status_code == 422
    assert "第5题：这段话有点长，请缩短到500字以内。" in response.text
    assert "煤" * 501 in response.text
    sheet["T2"] = "煤\r\n" * 250
    assert client.post("/q/w/v3/review", data=sheet).status_code == 200
    assert store.responses("w") == ()


def test_going_back_gives_the_form_with_all_values(
    client: FlaskClient, sheet: dict[str, str], read_page: ReadPage
) -> None:
    review = read_page(client.post("/q/w/v3/review", data=sheet).text)
    form = client.post("/q/w/v3/review?edit=1", data=review.fields)
    page = read_page(form.text)
    assert form.status_code == 200
    assert page.fields["submission-id"] == review.fields["submission-id"]
    for name in ("role", "O1_1a", "O1_2a", "P1_1a", "G1"):
        assert page.fields[name] == sheet[name]
    assert page.all("option", value=sheet["unit"], selected="")
    again = read_page(
        client.post("/q/w/v3/review", data={**page.fields, "unit": sheet["unit"]}).text
    )
    assert again.fields["submission-id"] == review.fields["submission-id"]


def test_language_can_be_changed_without_losing_an_answer(
    client: FlaskClient, sheet: dict[str, str], read_page: ReadPage
) -> None:
    page = read_page(client.get("/q/w/v3/zh").text)
    (switch,) = [b for b in page.all("button") if "formaction" in b]
    english = read_page(client.post(switch["formaction"], data=sheet).text)
    assert english.all("html", lang="en")
    assert english.fields["O1_1a"] == "4"
    (form,) = english.all("form")
    assert form["action"] == "/q/w/v3/review?lang=en"


def test_handing_in_twice_gives_one_response_and_one_receipt(
    client: FlaskClient, sheet: dict[str, str], store: TinyDBStore, read_page: ReadPage
) -> None:
    fields = read_page(client.post("/q/w/v3/review", data=sheet).text).fields
    first = client.post("/q/w/v3/submit", data=fields)
    second = client.post("/q/w/v3/submit", data={**fields, "O1_1a": "1"})
    assert first.headers["Location"] == second.headers["Location"]
    assert [kept.answers for kept in store.responses("w")] == ["4915"]


def test_two_reviews_have_two_submission_ids(
    client: FlaskClient, sheet: dict[str, str], read_page: ReadPage
) -> None:
    pages = [read_page(client.post("/q/w/v3/review", data=sheet).text) for _ in range(2)]
    ids = {page.fields["submission-id"] for page in pages}
    assert len(ids) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in ids)


def test_full_disk_keeps_everything_on_the_page_for_another_try(
    client: FlaskClient,
    sheet: dict[str, str],
    store: TinyDBStore,
    read_page: ReadPage,
    full_disk: Callable[[], Any],
) -> None:
    fields = read_page(client.post("/q/w/v3/review", data=sheet).text).fields
    with full_disk():
        refused = client.post("/q/w/v3/submit", data=fields)
    assert refused.status_code == 503
    assert 15 <= int(refused.headers["Retry-After"]) <= 45
    page = read_page(refused.text)
    assert "没有提交成功" in page.text
    assert page.fields == fields
    assert store.responses("w") == ()
    assert client.post("/q/w/v3/submit", data=page.fields).status_code == 303
    assert len(store.responses("w")) == 1


def test_wave_closed_meanwhile_keeps_nothing_and_says_so(
    client: FlaskClient, sheet: dict[str, str], store: TinyDBStore, read_page: ReadPage
) -> None:
    fields = read_page(client.post("/q/w/v3/review", data=sheet).text).fields
    store.close_wave("w", date(2026, 11, 22), now=True)
    response = client.post("/q/w/v3/submit", data=fields)
    assert response.status_code == 409
    assert "问卷已经结束" in response.text
    assert store.responses("w") == ()


def test_wave_that_stops_taking_answers_during_the_request(
    store: TinyDBStore, make_wave: MakeWave
) -> None:
    make_wave("soon", has_roster=False, opens=date(2026, 11, 21))
    days = iter([date(2026, 11, 22), date(2026, 11, 20)])
    client = create_app(store, lambda: next(days)).test_client()
    sheet = {"O1_1a": "4", "submission-id": "0" * 32}
    response = client.post("/q/soon/v3/submit", data=sheet)
    assert response.status_code == 409
    assert "问卷还没有开始" in response.text
    assert store.responses("soon") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"O1_1a": "6"},
        {"O1_1a": "x"},
        {"O1_1a": "４"},
        {"O1_1a": " 4"},
        {"O1_1a": "-1"},
        {"O1_1a": "4.0"},
        {"O1_1a": "9" * 5000},
        {"O1_1a": ["4", "5"]},
        {"T2": ["a", "b"]},
        {"nobody": "1"},
        {"answers": "1"},
        {"pace": "ok"},
        {"unit": "ZZZZZZ"},
        {"role": "director"},
        {"role": ""},
        {"submission-id": "A" * 32},
        {"submission-id": ""},
    ],
)
def test_forged_forms_are_given_back_readable_and_keep_nothing(
    client: FlaskClient,
    sheet: dict[str, str],
    store: TinyDBStore,
    change: dict[str, Any],
) -> None:
    good = {**sheet, "submission-id": "0" * 32}
    response = client.post("/q/w/v3/submit", data={**good, **change})
    assert response.status_code == 422
    assert response.mimetype == "text/html"
    assert "有遗漏" in response.text
    assert store.responses("w") == ()


def test_other_bodies_are_refused(client: FlaskClient, wave: Wave, store: TinyDBStore) -> None:
    for path in ("/q/w/v3/review", "/q/w/v3/submit"):
        assert client.post(path, json={"O1_1a": 4}).status_code == 415
        assert client.post(path, data={"T2": "x" * 70_000}).status_code == 413
        assert client.put(path).status_code == 405
        assert client.post(path.replace("v3", "v2"), data={}).status_code == 404
    assert store.responses(wave.id) == ()


def test_wave_without_roster_needs_no_unit(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore, read_page: ReadPage
) -> None:
    make_wave("free", has_roster=False)
    review = client.post("/q/free/v3/review", data={"O1_1a": "2", "skip-missing": "1"})
    assert review.status_code == 200
    assert client.post("/q/free/v3/submit", data=read_page(review.text).fields).status_code == 303
    assert store.responses("free")[0].answers == "2---"
