"""How the service stands before the world: names, HTTPS, logs, counts, sizes."""

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey_service.codes import draw_code
from survey_service.exposure import Exposure
from survey_service.storage.tinydb import TinyDBStore
from survey_service.web import create_app
from survey_service.web.evenness import SIZE
from survey_service.web.metrics import RENEWED_S, STEP, Meter
from tests.web.conftest import TODAY

PATH = "/api/v1/waves/w/responses"
NAMES = Exposure(("Survey.example.com", "10.0.0.7"))


@pytest.fixture
def expose(store: TinyDBStore) -> Callable[..., FlaskClient]:
    """Return a function that gives a client of a service exposed in one way."""

    def make(exposure: Exposure) -> FlaskClient:
        return create_app(store, lambda: TODAY, exposure=exposure).test_client()

    return make


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("survey.example.com", 200),
        ("SURVEY.EXAMPLE.COM:8443", 200),
        ("survey.example.com.", 200),
        ("10.0.0.7:8000", 200),
        ("evil.example", 421),
        ("survey.example.com.evil.example", 421),
        ("xsurvey.example.com", 421),
        ("[::1]:80", 421),
        ("a, b", 400),
        ("survey.example.com/path", 400),
        ("user@survey.example.com", 400),
        ("", 400),
    ],
)
def test_only_requests_to_its_own_names_are_answered(
    expose: Callable[..., FlaskClient], host: str, status: int
) -> None:
    reply = expose(NAMES).get("/api/v1/waves", environ_overrides={"HTTP_HOST": host})
    assert reply.status_code == status
    if status != 200:
        assert reply.mimetype == "application/problem+json"
        assert reply.get_json()["code"] in {"host_unknown", "request_malformed"}
        assert "evil" not in reply.text


def test_a_page_says_so_in_words_and_probes_answer_to_any_name(
    expose: Callable[..., FlaskClient],
) -> None:
    client, other = expose(NAMES), {"HTTP_HOST": "10.9.9.9"}
    page = client.get("/", environ_overrides=other)
    assert (page.status_code, "这里没有这个网站" in page.text) == (421, True)
    for probe in ("/livez", "/readyz", "/metrics"):
        assert client.get(probe, environ_overrides=other).status_code == 200


def test_without_names_any_name_is_answered(client: FlaskClient) -> None:
    assert client.get("/", environ_overrides={"HTTP_HOST": "192.168.1.20:8000"}).status_code == 200
    old = {"HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1.0"}
    assert client.get("/livez", environ_overrides=old).status_code == 200


def test_browsers_are_kept_to_https_only_where_it_is_there(
    expose: Callable[..., FlaskClient],
) -> None:
    host = {"HTTP_HOST": "survey.example.com"}
    secure = expose(Exposure(("survey.example.com",), is_https=True))
    for path in ("/", "/nowhere", "/api/v1/waves", "/api/v1/docs", "/livez"):
        plain, kept = (
            client.get(path, environ_overrides=host) for client in (expose(NAMES), secure)
        )
        assert "Strict-Transport-Security" not in plain.headers
        found = re.fullmatch(r"max-age=(\d+)", kept.headers["Strict-Transport-Security"])
        assert found is not None
        assert int(found[1]) >= 365 * 24 * 3600


def test_the_access_log_says_what_was_asked_and_nothing_of_who_asked(
    expose: Callable[..., FlaskClient],
    make_coded: Callable[..., Any],
    tmp_path: Path,
) -> None:
    log = tmp_path / "access.log"
    code = make_coded().codes["s001"][0]
    client = expose(Exposure(access_log=log))
    said = {
        "User-Agent": "canary-agent",
        "Referer": "http://canary/",
        "X-Forwarded-For": "203.0.113.9",
    }
    client.get(f"/q/w?c={code}", headers=said)
    client.get(f"/nowhere/{code}", headers=said)
    body = {"submission": "a" * 32, "code": code, "answers": {"O1_1a": 4}}
    client.post(PATH, json=body, headers=said)
    client.open("/", method="CANARY", headers=said)
    client.get("/readyz")
    lines = log.read_text().splitlines()
    assert [line.partition(" ")[2] for line in lines] == [
        "GET /q/<wave_id> 200 <0.1s",
        "GET - 404 <0.1s",
        "POST /api/v1/waves/<wave_id>/responses 201 <0.1s",
        "- - 405 <0.1s",
    ]
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\dZ ", line) for line in lines)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_keeps_nobody_from_answering(
    expose: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    client = expose(Exposure(access_log=tmp_path / "missing" / "access.log"))
    assert client.get("/").status_code == 200


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_one_persons_requests_never_show_in_the_counts() -> None:
    """T18: whoever looks before and after one submission sees the same bytes."""
    clock = Clock()
    meter = Meter(clock)
    for _ in range(STEP * 3):
        meter.count(200, 0.01)
    clock.now += RENEWED_S
    before = meter.publish()
    for status in (200, 200, 200, 201, 303, 403, 409):
        meter.count(status, 0.02)
    assert meter.publish() == before
    clock.now += RENEWED_S
    assert meter.publish() == before
    assert 'status="2xx"} 60' in before


def test_counts_are_text_that_prometheus_reads(client: FlaskClient) -> None:
    reply = client.get("/metrics")
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    sample = re.compile(r'[a-z_]+\{[a-z]+="[^"]+"(,[a-z]+="[^"]+")?\} \d+')
    lines = [line for line in reply.text.splitlines() if not line.startswith("#")]
    assert lines
    assert all(sample.fullmatch(line) for line in lines)


def test_faults_of_the_server_are_counted_one_by_one() -> None:
    clock = Clock()
    meter = Meter(clock)
    for status in (500, 503, 429):
        meter.count(status, 20)
    clock.now += RENEWED_S
    text = meter.publish()
    assert 'status="5xx"} 2' in text
    assert 'status="429"} 1' in text
    assert 'le="10.0"} 0' in text


def test_the_counts_name_no_wave_and_no_unit(
    client: FlaskClient, make_wave: Callable[..., Any]
) -> None:
    make_wave("secret-wave")
    client.get("/q/secret-wave")
    text = client.get("/metrics").text
    assert "secret" not in text
    assert "矿" not in text


def size_on_the_wire(reply: Any) -> int:
    """Return the bytes of a reply as HTTP/1.1 writes them, without what the server adds to all."""
    head = sum(len(name) + len(value) + 4 for name, value in reply.headers)
    return len(reply.status) + head + len(reply.data)


def test_successes_and_failures_of_a_code_have_one_size(
    client: FlaskClient, make_coded: Callable[..., Any]
) -> None:
    codes = make_coded().codes["s001"]
    replies = []
    for number, code in enumerate(
        [*codes[:4], codes[0], draw_code(), "x", "0000-0000-0000-0000", "", codes[4]]
    ):
        answers = {"O1_1a": 1 + number % 5, "T2": "字" * number}
        body = {"submission": f"{number:032x}", "code": code, "answers": answers}
        for accept in ("gzip, br", "identity"):
            reply = client.post(PATH, json=body, headers={"Accept-Encoding": accept})
            assert reply.get_json()
            replies.append(reply)
    assert {reply.status_code for reply in replies} == {200, 201, 403, 409}
    assert {size_on_the_wire(reply) for reply in replies} == {SIZE}
    assert {len(reply.headers["Content-Length"]) for reply in replies} == {4}


def test_refusals_for_too_many_failures_and_a_closed_wave_have_the_same_size(
    client: FlaskClient, make_coded: Callable[..., Any], make_wave: Callable[..., Any]
) -> None:
    make_coded()
    make_wave("c", state="closed")
    body = {"submission": "a" * 32, "code": draw_code(), "answers": {"O1_1a": 4}}
    many = [client.post(PATH, json=body) for _ in range(102)][-1]
    closed = client.post("/api/v1/waves/c/responses", json=body)
    assert (many.status_code, closed.status_code) == (429, 409)
    assert size_on_the_wire(many) == size_on_the_wire(closed) == SIZE
