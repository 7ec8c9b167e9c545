"""Send things that occur nowhere else, and look for them everywhere afterwards."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from survey_service.storage.tinydb import TinyDBStore

HEADERS = {
    "User-Agent": "CanaryPhone/7",
    "X-Forwarded-For": "203.0.113.77",
    "Referer": "https://canary-referer.example/",
    "Cookie": "c=CanaryCookie",
}
SUBMISSIONS = ["c0ffee" * 5 + "00", "decade" * 5 + "00", "facade" * 5 + "00"]
QUERY = "CanaryQuery"
WRONG = "CANA-RYWR-0NGC-0DE0"
COMMENT = "CanaryComment"
PATIENCE_S = 30.0


@contextmanager
def serve(store: Path, log: Path, scratch: Path) -> Iterator[HTTPConnection]:
    """Run the real server, everything it prints going into one file; give a connection to it."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "survey_service.cli", "--store", f"tinydb:{store}"]
    command += ["serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--access-log", str(log.with_name("access.log"))]
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": root, "TMPDIR": str(scratch)}
    with log.open("wb") as printed:
        server = subprocess.Popen(
            command, stdout=printed, stderr=subprocess.STDOUT, env=environment
        )
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
            wait_until_live(connection, server)
            yield connection
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)


def wait_until_live(connection: HTTPConnection, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            connection.close()
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not come up")


def send(connection: HTTPConnection, path: str, body: Any = None) -> tuple[int, str]:
    """Send a request with every canary in its headers; return the status and all of the reply."""
    if body is None:
        connection.request("GET", path, headers=HEADERS)
    elif path.startswith("/api/"):
        headers = {**HEADERS, "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body), headers)
    else:
        headers = {**HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(body), headers)
    reply = connection.getresponse()
    return reply.status, f"{reply.headers}\n{reply.read().decode()}"


def test_a_real_server_keeps_and_prints_nothing_about_anybody(
    make_coded: Callable[..., Any], store: TinyDBStore, tmp_path: Path
) -> None:
    codes = make_coded().codes["s003"][:3]
    scratch, log = tmp_path / "scratch", tmp_path / "log"
    scratch.mkdir()
    responses = "/api/v1/waves/w/responses"
    sheet = {"code": codes[1], "submission-id": SUBMISSIONS[1], "O1_1a": "4", "T2": COMMENT}
    sheet["skip-missing"] = "1"
    answer = {"submission": SUBMISSIONS[0], "code": codes[0], "answers": {"T2": COMMENT}}
    with serve(tmp_path / "store", log, scratch) as connection:
        statuses = [
            send(connection, path, body)
            for path, body in (
                (f"/q/w?c={codes[2]}", None),
                (f"/q/w?from={QUERY}&isappinstalled=0", None),
                (f"/nowhere/{codes[2]}", None),
                (responses, {**answer, "code": WRONG}),
                (responses, answer),
                (responses, answer),
                (responses, {**answer, "submission": SUBMISSIONS[2]}),
                (responses, {**answer, "submission": SUBMISSIONS[2], "code": 7}),
                ("/q/w/v3/review", sheet),
                ("/q/w/v3/submit", sheet),
                ("/q/w/v3/submit", {**sheet, "submission-id": SUBMISSIONS[2]}),
                ("/q/w/v3/submit", {**sheet, "code": WRONG}),
            )
        ]
        kept = read_everything(tmp_path)
    assert [status for status, _ in statuses] == [
        *(200, 200, 404, 403, 201, 200, 409, 403, 200, 303, 409, 403)
    ]
    assert all(codes[0] not in reply and codes[2] not in reply for _, reply in statuses)
    assert len(store.responses("w")) == 2
    for text in (kept, read_everything(tmp_path)):
        for canary in (*forms_of([*codes, WRONG]), *SUBMISSIONS, *HEADERS.values(), QUERY):
            assert canary.encode() not in text
        assert COMMENT.encode() in text
    for path in (tmp_path / "store").rglob("*.json"):
        tables = json.loads(path.read_bytes())
        tables.pop("comments", None)
        assert COMMENT not in json.dumps(tables)
    assert COMMENT.encode() not in log.read_bytes()
    assert b"http://127.0.0.1" in log.read_bytes()
    assert list(scratch.rglob("*")) == []
    asked = (tmp_path / "access.log").read_text().splitlines()
    assert len(asked) == len(statuses)
    assert "/api/v1/waves/<wave_id>/responses 201" in "\n".join(asked)
    done = [
        json.loads(line) for line in (tmp_path / "store" / "admin.jsonl").read_text().splitlines()
    ]
    assert [(line["command"], line["result"]) for line in done] == [
        ("serve", "started"),
        ("serve", 0),
    ]


def forms_of(codes: Any) -> Iterator[str]:
    """Yield every way in which a code could be lying about: as typed, in one, hashed without key."""
    for code in codes:
        plain = code.replace("-", "")
        for text in (code, plain):
            yield from (text, text.lower(), hashlib.sha256(text.encode()).hexdigest())


def read_everything(folder: Path) -> bytes:
    """Return the bytes of every file below a folder, with the names of the files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in files)


def test_nothing_of_a_code_is_logged_even_when_everything_is(
    store: TinyDBStore,
    make_coded: Callable[..., Any],
    client: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    code = make_coded().codes["s001"][0]
    body = {"submission": SUBMISSIONS[0], "code": code, "answers": {"T2": COMMENT}}
    with caplog.at_level(0):
        for each in (code, code, WRONG):
            client.post("/api/v1/waves/w/responses", json={**body, "code": each}, headers=HEADERS)
            client.post("/q/w/v3/submit", data={"code": each, "O1_1a": "4"}, headers=HEADERS)
        client.get(f"/q/w/{code}", headers=HEADERS)
    assert len(store.responses("w")) == 1
    for canary in (*forms_of([code, WRONG]), *SUBMISSIONS, *HEADERS.values(), COMMENT):
        assert canary not in caplog.text
