"""The API: what a program may rely on, and what it gets when it sends nonsense."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave
from survey_service.web import create_app, from_environment

MakeWave = Callable[..., Wave]

ANSWERS = {"O1_1a": 4, "O1_2a": 9, "P1_1a": None, "T2": "好"}
PATH = "/api/v1/waves/w/responses"


@pytest.fixture
def wave(make_wave: MakeWave) -> Wave:
    return make_wave()


@pytest.fixture
def body(wave: Wave) -> dict[str, Any]:
    unit = next(iter(wave.unit_keys or {}))
    return {
        "submission": "a" * 32,
        "unit": unit,
        "role": "manager",
        "answers": ANSWERS,
        "pace": "ok",
    }


def test_waves_are_listed_while_open(client: FlaskClient, make_wave: MakeWave) -> None:
    make_wave("b", title="二期")
    make_wave("a")
    make_wave("closed", state="closed")
    listed = client.get("/api/v1/waves").get_json()["waves"]
    assert [wave["id"] for wave in listed] == ["a", "b"]
    assert listed[0]["title"] == {"zh": "小问卷", "en": "Small questionnaire"}
    assert listed[1]["title"] == {"zh": "二期", "en": "二期"}


def test_a_wave_tells_units_and_roles(client: FlaskClient, wave: Wave) -> None:
    shown = client.get("/api/v1/waves/w").get_json()
    assert shown["questionnaire"] == {"id": "tiny", "version": 3}
    assert shown["languages"] == ["zh", "en"]
    assert shown["units"] == [{"key": k, "path": p} for k, p in (wave.unit_keys or {}).items()]
    assert shown["roles"] == ["manager", "key_staff", "frontline"]
    assert (shown["state"], shown["opens"], shown["closes"]) == ("open", None, "2026-12-15")


def test_questionnaire_tells_what_is_asked_and_nothing_about_scoring(
    client: FlaskClient, make_wave: MakeWave
) -> None:
    wave = make_wave("y", questionnaire="full")
    response = client.get("/api/v1/waves/y/questionnaire?lang=en")
    shown = response.get_json()
    items = [item for section in shown["sections"] for item in section["items"]]
    assert [item["id"] for item in items] == [item.id for item in wave.questionnaire.items]
    assert shown["scales"]["fit"]["options"][0] == {"code": 1, "label": "Not true at all"}
    assert shown["scales"]["fit"]["not_applicable"]["code"] == 9
    for word in ("reverse", "expected", "facet", "weight", "attention"):
        assert word not in response.text
    again = client.get(
        "/api/v1/waves/y/questionnaire?lang=en", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_submission_is_kept_once(
    client: FlaskClient, body: dict[str, Any], store: TinyDBStore, wave: Wave
) -> None:
    first, second = client.post(PATH, json=body), client.post(PATH, json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert first.headers["Cache-Control"] == "no-store"
    (kept,) = store.responses("w")
    assert kept.answers == "49--"
    assert kept.pace == "ok"
    assert kept.stratum == wave.stratum(body["unit"], "manager")


def test_every_faulty_field_is_named_in_both_languages(
    client: FlaskClient, body: dict[str, Any]
) -> None:
    body |= {"role": "boss", "answers": {"O1_1a": 7, "T2": 5, "zz": 1}, "extra": 1}
    response = client.post(PATH, json=body)
    problem = response.get_json()
    assert response.status_code == 422
    assert {"role", "O1_1a", "T2"} <= {fault["field"] for fault in problem["faults"]}
    assert all(fault["zh"] and fault["en"] and fault["code"] for fault in problem["faults"])
    assert {"field_unknown", "answer_value", "answer_text"} <= {
        fault["code"] for fault in problem["faults"]
    }
    for sent in ("boss", "zz", "extra"):
        assert sent not in response.text


def dump(**changes: object) -> Callable[[dict[str, Any]], bytes]:
    return lambda body: json.dumps({**body, **changes}).encode()


def answer(value: str) -> Callable[[dict[str, Any]], bytes]:
    """Return a body whose first answer is this piece of raw JSON."""
    return lambda body: (
        json.dumps({**body, "answers": {"O1_1a": "@"}}).replace('"@"', value).encode()
    )


def raw(content: bytes) -> Callable[[dict[str, Any]], bytes]:
    return lambda _: content


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (raw(b""), 400, "body_malformed"),
        (raw(b"{"), 400, "body_malformed"),
        (raw(b"null"), 422, None),
        (raw(b"[]"), 422, None),
        (raw(b"7"), 422, None),
        (raw(b'"x"'), 422, None),
        (raw(b"{}"), 422, None),
        (raw(b'{"a":1,"a":1}'), 400, "body_malformed"),
        (raw("{}".encode("utf-16")), 400, "body_malformed"),
        (raw(b"\xef\xbb\xbf{}"), 400, "body_malformed"),
        (raw(b'{"a":"\xff"}'), 400, "body_malformed"),
        (raw(b'{"a":"\xc0\xaf"}'), 400, "body_malformed"),
        (raw(b'{"a":"\\ud800"}'), 400, "body_malformed"),
        (raw(b'{"\\ud800":1}'), 400, "body_malformed"),
        (raw(b"[" * 30_000), 400, "body_malformed"),
        (raw(b"[" * 500 + b"]" * 500), 422, None),
        (raw(b'{"a":' + b"9" * 5000 + b"}"), 400, "body_malformed"),
        (raw(b" " * 70_000), 413, "body_large"),
        (answer("NaN"), 400, "body_malformed"),
        (answer("Infinity"), 400, "body_malformed"),
        (answer("-Infinity"), 400, "body_malformed"),
        (answer("1e400"), 422, "answer_value"),
        (answer("true"), 422, "answer_value"),
        (answer('"3"'), 422, "answer_value"),
        (answer("3.0"), 422, "answer_value"),
        (answer("[3]"), 422, "answer_value"),
        (answer("{}"), 422, "answer_value"),
        (answer("0"), 422, "answer_value"),
        (answer("6"), 422, "answer_value"),
        (answer("-1"), 422, "answer_value"),
        (answer("9" * 400), 422, "answer_value"),
        (dump(answers={}), 422, "answers_none"),
        (dump(answers={"O1_1a": None}), 422, "answers_none"),
        (dump(answers={"T2": "煤" * 501}), 422, "answer_long"),
        (dump(answers={"O1_1a": 3, "nobody": 1}), 422, "field_unknown"),
        (dump(answers=[3]), 422, None),
        (dump(answers=None), 422, None),
        (dump(unit=""), 422, "unit_needed"),
        (dump(unit="nowhere"), 422, "unit_unknown"),
        (dump(unit=7), 422, None),
        (dump(unit="Z" * 5000), 422, "unit_unknown"),
        (dump(role=""), 422, "role_needed"),
        (dump(role="boss"), 422, "role_unknown"),
        (dump(pace="fast"), 422, "pace_unknown"),
        (dump(submission="A" * 32), 422, "submission_id"),
        (dump(submission="a" * 31), 422, "submission_id"),
        (dump(submission="a" * 32 + "\n"), 422, "submission_id"),
        (dump(submission="ａ" * 32), 422, "submission_id"),
        (dump(submission=None), 422, "submission_id"),
        (dump(submission=["a" * 32]), 422, "submission_id"),
        (dump(admin=True), 422, "field_unknown"),
        (dump(__proto__={}), 422, "field_unknown"),
    ],
)
def test_bad_bodies(
    client: FlaskClient,
    body: dict[str, Any],
    store: TinyDBStore,
    make: Callable[[dict[str, Any]], bytes],
    status: int,
    code: str | None,
) -> None:
    response = client.post(PATH, data=make(body), content_type="application/json")
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == status
    assert problem["zh"]
    assert problem["en"]
    assert "Traceback" not in response.text
    if code is not None:
        assert problem["code"] == code
    assert ("faults" in problem) == (status == 422)
    assert store.responses("w") == ()
    assert store.comments("w") == ()


@pytest.mark.parametrize("text", ["煤" * 500, "👷‍♀️⛏️", "a\u200bb", "=1+1", "<script>"])
def test_own_words_are_kept_as_written(
    client: FlaskClient, body: dict[str, Any], store: TinyDBStore, text: str
) -> None:
    body["answers"] = {"T2": text}
    assert client.post(PATH, json=body).status_code == 201
    assert store.comments("w")[0].text == text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json; charset=utf-8"}, 201),
    ],
)
def test_types_of_body(
    client: FlaskClient, body: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    assert client.post(PATH, data=json.dumps(body), headers=headers).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "page_unknown"),
        ("GET", "/api/v1/waves/nowhere", 404, "wave_unknown"),
        ("POST", "/api/v1/waves/nowhere/responses", 404, "wave_unknown"),
        ("GET", "/api/v1/waves/..%2fw", 404, "page_unknown"),
        ("GET", "/api/v1/waves/w/responses", 405, "method_unknown"),
        ("DELETE", "/api/v1/waves/w", 405, "method_unknown"),
        ("POST", "/livez", 405, "method_unknown"),
    ],
)
def test_wrong_addresses(
    client: FlaskClient, wave: Wave, method: str, path: str, status: int, code: str
) -> None:
    response = client.open(path, method=method, json={} if method == "POST" else None)
    assert response.status_code == status
    assert response.get_json()["code"] == code
    assert "nowhere" not in response.text
    assert ("Allow" in response.headers) == (status == 405)
    assert wave.id == "w"


@pytest.mark.parametrize(("state", "code"), [("draft", "wave_draft"), ("closed", "wave_closed")])
def test_waves_that_take_no_answers(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore, state: str, code: str
) -> None:
    make_wave("x", state=state)
    for response in (
        client.post("/api/v1/waves/x/responses", json={}),
        client.get("/api/v1/waves/x/questionnaire"),
    ):
        assert response.status_code == 409
        assert response.get_json()["code"] == code
    assert client.get("/api/v1/waves/x").get_json()["state"] == state
    assert store.responses("x") == ()


def test_a_full_disk_is_told_and_nothing_is_kept(
    client: FlaskClient, body: dict[str, Any], store: TinyDBStore, full_disk: Callable[[], Any]
) -> None:
    with full_disk():
        refused, unready = client.post(PATH, json=body), client.get("/readyz")
    for response in (refused, unready):
        assert response.status_code == 503
        assert response.get_json()["code"] == "store_unwritable"
        assert 15 <= int(response.headers["Retry-After"]) <= 45
    assert store.responses("w") == ()
    assert client.get("/readyz").get_json() == {"status": "ready"}
    assert client.post(PATH, json=body).status_code == 201


def test_live_does_not_need_the_store(client: FlaskClient, full_disk: Callable[[], Any]) -> None:
    with full_disk():
        assert client.get("/livez").get_json() == {"status": "alive"}


def test_the_unforeseen_shows_and_logs_nothing_that_was_sent(
    store: TinyDBStore, wave: Wave, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    def stopped() -> Any:
        raise RuntimeError(body["unit"])

    client = create_app(store, stopped).test_client()
    with caplog.at_level(logging.DEBUG):
        response = client.post(PATH, json=body)
        page = client.get("/q/w?secret=1")
    assert response.status_code == page.status_code == 500
    assert response.get_json()["code"] == "service_fault"
    assert "系统暂时打不开" in page.text
    assert "RuntimeError in stopped" in caplog.text
    for text in (response.text, page.text, caplog.text):
        assert body["unit"] not in text
        assert "secret" not in text
        assert "Traceback" not in text
    assert store.responses(wave.id) == ()


def test_nothing_about_a_person_is_logged_or_kept(
    client: FlaskClient,
    body: dict[str, Any],
    store: TinyDBStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    canaries = {
        "User-Agent": "CanaryPhone",
        "X-Forwarded-For": "203.0.113.77",
        "Cookie": "c=CanaryC",
    }
    with caplog.at_level(logging.DEBUG):
        assert client.post(PATH, json=body, headers=canaries).status_code == 201
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    for canary in ("CanaryPhone", "203.0.113.77", "CanaryC", body["submission"]):
        assert canary not in caplog.text
        assert canary.encode() not in kept
    assert len(store.responses("w")) == 1


def test_from_environment_opens_the_store_that_it_names(
    wave: Wave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_STORE", f"tinydb:{tmp_path / 'store'}")
    shown = from_environment().test_client().get(f"/api/v1/waves/{wave.id}").get_json()
    assert shown["id"] == "w"
