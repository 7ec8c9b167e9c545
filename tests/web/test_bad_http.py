"""Whatever arrives over the wire is answered with the right problem: the matrix of bad requests.

Bytes over a socket to the production server, for a client library would not send most of these.
Every line expects one status; nothing that was sent may come back, and the server goes on.
"""

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from survey_service.cli.local_server import run_server
from survey_service.codes import draw_code
from survey_service.questionnaire import load
from survey_service.service.cards import issue_codes
from survey_service.service.waves import close_wave, create_wave, open_wave
from survey_service.storage.tinydb import TinyDBStore
from tests.factories import NOTICE
from tests.web.conftest import OPENED, TINY, TODAY, make_roster

CANARY = "kanarienvogel"
ID = "5" * 32
PATIENCE_S = 1.5
TOO_LARGE = 64 * 1024 + 1
CRLF = b"\r\n"


@dataclass(frozen=True)
class Line:
    """One line of the matrix: what is sent and the status that it deserves."""

    name: str
    request: bytes
    status: int


@dataclass(frozen=True)
class Reply:
    """What came back: status 0 means that nothing was said."""

    status: int
    head: bytes
    body: bytes


@dataclass(frozen=True)
class Place:
    """A running server: its port, its store, and codes of its wave with cards."""

    port: int
    store: TinyDBStore
    codes: tuple[str, ...]
    others: tuple[str, ...]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("wire")
    tiny = folder / "tiny.toml"
    tiny.write_text(TINY, "utf-8")
    asked, roster = load(str(tiny)), make_roster()
    store = TinyDBStore(folder / "store")
    for name in ("open", "closed", "draft"):
        create_wave(store, name, asked, None, notice=NOTICE)
    codes = {}
    for name in ("cards", "others"):
        wave = create_wave(store, name, asked, roster, access="codes", notice=NOTICE)
        codes[name] = issue_codes(store, wave, lambda _: lambda: None)[-1].codes
    for name in ("open", "closed", "cards", "others"):
        open_wave(store, name, OPENED)
    close_wave(store, "closed", TODAY, now=True)
    with run_server(f"tinydb:{folder}/store") as port:
        yield Place(port, store, codes["cards"], codes["others"])


def talk(port: int, request: bytes) -> Reply:
    """Send bytes and return everything that comes back."""
    received = b""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection,
        suppress(OSError),  # it has heard enough, or waits for more
    ):
        connection.sendall(request)
        while part := connection.recv(65536):
            received += part
    head, _, body = received.partition(CRLF * 2)
    return Reply(int(head[9:12] or 0), head, body)


def post(
    body: bytes,
    *headers: str,
    wave: str = "open",
    kind: str = "application/json",
    length: int | None = None,
) -> bytes:
    """Return a request that hands in a body."""
    lines = [f"POST /api/v1/waves/{wave}/responses HTTP/1.1", "Host: survey.example.com"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-Length: {len(body) if length is None else length}"] if length != -1 else []
    return "\r\n".join([*lines, "Connection: close", *headers, "", ""]).encode() + body


def sheet(answers: Any = None, **fields: Any) -> bytes:
    """Return a submission that is right but for what is given."""
    whole = {"submission": ID, "answers": {"O1_1a": 4} if answers is None else answers, **fields}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")


def get(path: str, *headers: str, version: str = "1.1") -> bytes:
    lines = [f"GET {path} HTTP/{version}", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("utf-8")


HOST = "Host: survey.example.com"
CHUNKED = b"Transfer-Encoding: chunked"
BAD_BODIES = [
    Line("empty", post(b""), 400),
    Line("null", post(b"null"), 422),
    Line("array", post(b"[]"), 422),
    Line("number", post(b"7"), 422),
    Line("not JSON", post(CANARY.encode()), 400),
    Line("cut short", post(sheet()[:-3]), 400),
    Line("a key twice", post(b'{"answers":{},"answers":{}}'), 400),
    Line("a key twice inside", post(b'{"answers":{"O1_1a":1,"O1_1a":5}}'), 400),
    Line("NaN", post(b'{"answers":{"O1_1a":NaN}}'), 400),
    Line("Infinity", post(b'{"answers":{"O1_1a":-Infinity}}'), 400),
    Line("1e400", post(b'{"submission":"%s","answers":{"O1_1a":1e400}}' % ID.encode()), 422),
    Line("true for 1", post(sheet({"O1_1a": True})), 422),
    Line("text for 3", post(sheet({"O1_1a": "3"})), 422),
    Line("3.0 for 3", post(sheet({"O1_1a": 3.0})), 422),
    Line("ten thousand deep", post(b"[" * 10_000 + b"]" * 10_000), 400),
    Line("deep objects", post(b'{"a":' * 9_000 + b"1" + b"}" * 9_000), 400),
    Line("one byte too large", post(b" " * TOO_LARGE), 413),
    Line("ten megabytes", post(b"a" * 10_000_000), 413),
    Line("ten megabytes said", post(b"", length=10_000_000), 413),
    Line(
        "a bomb in gzip",
        post(gzip.compress(b"0" * 10_000_000), "Content-Encoding: gzip"),
        415,
    ),
    Line("UTF-16", post(sheet().decode().encode("utf-16")), 400),
    Line("byte order mark", post(b"\xef\xbb\xbf" + sheet()), 400),
    Line("half a surrogate pair", post(b'{"answers":{"T2":"\\ud83d"}}'), 400),
    Line("half a surrogate, raw", post(sheet({"T2": "\ud83d"})), 400),
    Line("overlong UTF-8", post(b'{"answers":{"T2":"\xc0\xaf"}}'), 400),
    Line("unknown item", post(sheet({CANARY: 1})), 422),
    Line("unknown field", post(sheet(**{CANARY: 1})), 422),
    Line("no answers", post(b'{"submission":"%s"}' % ID.encode()), 422),
    Line("no submission", post(b'{"answers":{"O1_1a":4}}'), 422),
    Line("no answer among the answers", post(sheet({})), 422),
    Line("choice out of range", post(sheet({"O1_1a": 6})), 422),
    Line("a huge number", post(sheet({"O1_1a": 10**400})), 422),
    Line("two choices", post(sheet({"O1_1a": [1, 2]})), 422),
    Line("an object for a choice", post(sheet({"O1_1a": {"$gt": 0}})), 422),
    Line("one character too many", post(sheet({"T2": "煤" * 501})), 422),
    Line("one astral character too many", post(sheet({"T2": "𬭎" * 501})), 422),
    Line("a submission id in capitals", post(sheet(submission="A" * 32)), 422),
    Line("a submission id with a new line", post(sheet(submission=ID + "\n")), 422),
    Line("unknown role", post(sheet(role=CANARY)), 422),
    Line("wrong type of body", post(sheet(), kind="text/plain"), 415),
    Line("no type of body", post(sheet(), kind=""), 415),
    Line("a form for the API", post(b"a=b", kind="application/x-www-form-urlencoded"), 415),
    Line("sealed rubbish", post(sheet(epk=CANARY, iv="", body="")), 422),
]
BAD_ENVELOPES = [
    Line("no length", post(b"", length=-1), 400),
    Line("a length that is no number", post(b"{}", "Content-Length: 1x", length=-1), 400),
    Line("a negative length", post(b"{}", length=-2), 400),
    Line("two lengths", post(b"{}", "Content-Length: 3"), 400),
    Line("two lengths in one", post(b"{}", "Content-Length: 2, 3", length=-1), 400),
    # what was announced and did not come is waited for
    Line("a chunk that lies", post(b"20\r\n{}\r\n0\r\n\r\n", CHUNKED.decode(), length=-1), 0),
    Line("a body cut short", post(b"{}", length=30), 0),
    Line("a chunk of no size", post(b"x\r\n{}\r\n0\r\n\r\n", CHUNKED.decode(), length=-1), 400),
    Line("an unknown coding", post(b"{}", "Transfer-Encoding: cow", length=-1), 400),
    Line("no host", get("/api/v1/waves"), 400),
    Line("two hosts", get("/api/v1/waves", HOST, "Host: evil.example"), 400),
    Line("a host that is none", get("/api/v1/waves", f"Host: {CANARY}/x@y"), 400),
    Line("a bare line feed in a header", get("/", HOST, f"Idempotency-Key: a\n{CANARY}"), 400),
    Line("a carriage return in a header", get("/", HOST, f"Idempotency-Key: a\r{CANARY}"), 400),
    Line("a NUL in a header", get("/", HOST, "Idempotency-Key: a\0b"), 400),
    Line("a hundred and more headers", get("/", HOST, *["Cookie: a=b"] * 120), 431),
    Line("a header of 64 KB", get("/", HOST, "X-Long: " + "a" * 65_536), 431),
    Line("an address of 64 KB", get("/" + "a" * 65_536, HOST), 431),
    Line("climbing out", get("/..%2f..%2fetc/passwd", HOST), 404),
    Line("climbing out in clear", get("/../../etc/passwd", HOST), 404),
    Line("an address with a NUL", get("/q/a%00b", HOST), 404),
    Line("an address that is no UTF-8", get("/q/%ff%fe", HOST), 404),
    Line("TRACE", b"TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
    Line("CONNECT", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    Line("a method of its own", b"KANARI / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
    Line("DELETE", b"DELETE /q/open HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
    Line("TLS to a plain port", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    Line("HTTP/2 without asking", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0),
    Line("HTTP/3.7", get("/", HOST, version="3.7"), 400),
    Line("nothing but line ends", CRLF * 50, 0),
]
GOOD_THOUGH_ODD = [
    Line("chunked", post(b"2\r\n{}\r\n0\r\n\r\n", CHUNKED.decode(), length=-1), 422),
    Line("the same length twice", post(b"{}", "Content-Length: 2"), 422),
    Line("chunked with a length", post(b"2\r\n{}\r\n0\r\n\r\n", CHUNKED.decode(), length=3), 422),
    Line("HTTP/1.0", get("/api/v1/waves", version="1.0"), 200),
    Line("a whole address", get("http://evil.example/api/v1/waves", HOST), 200),
    Line("a hundred cookies", get("/", HOST, "Cookie: " + "a=b; " * 100), 200),
    Line("what WeChat adds", get("/q/open?from=singlemessage&isappinstalled=0", HOST), 200),
    Line("what a share removes", get("/q/open?appinstall=0", HOST), 200),
]


def name_of(line: Line) -> str:
    return line.name


@pytest.mark.parametrize("line", BAD_BODIES, ids=name_of)
def test_a_bad_body_is_answered_with_the_right_problem(place: Place, line: Line) -> None:
    reply = talk(place.port, line.request)
    # where the server stops listening in the middle, the system may tell the sender first
    assert reply.status in ({413, 0} if line.name.startswith("ten mega") else {line.status})
    if reply.status:
        problem = json.loads(reply.body)
        assert b"application/problem+json" in reply.head
        assert problem["status"] == line.status
        assert problem["zh"]
        assert problem["en"]
    check_silence(place, reply)


@pytest.mark.parametrize("line", BAD_ENVELOPES, ids=name_of)
def test_a_bad_envelope_is_refused(place: Place, line: Line) -> None:
    reply = talk(place.port, line.request)
    assert reply.status == line.status
    check_silence(place, reply)


@pytest.mark.parametrize("line", GOOD_THOUGH_ODD, ids=name_of)
def test_what_is_odd_and_allowed_is_read_in_one_way(place: Place, line: Line) -> None:
    reply = talk(place.port, line.request)
    assert reply.status == line.status
    check_silence(place, reply)


def check_silence(place: Place, reply: Reply) -> None:
    """Nothing of the request comes back, nothing of the program shows, nothing is kept."""
    whole = reply.head + reply.body
    for secret in (CANARY.encode(), b"Traceback", b"granian", b"Werkzeug", b".py", b"evil.example"):
        assert secret not in whole
    assert len(place.store.responses("open")) == 0
    assert talk(place.port, get("/livez", HOST)).status == 200


def spoil(code: str) -> Iterator[tuple[str, str]]:
    """Yield codes that are not quite one."""
    yield "too short", code[:-1]
    yield "too long", code + "0"
    yield "empty", ""
    yield "of another length", code * 2
    yield "never issued", draw_code()
    yield "with the letter U", "U" + code[1:]
    yield "with markup", "<b>" + code
    yield "with a quote", code + "' OR '1'='1"


def test_every_wrong_code_gets_the_very_same_bytes(place: Place) -> None:
    before, replies = len(place.store.responses("cards")), {}
    for name, code in (*spoil(place.codes[0]), ("another wave's", place.others[0])):
        request = post(sheet(code=code), wave="cards")
        replies[name] = talk(place.port, request)
    assert {reply.status for reply in replies.values()} == {403}
    assert len({reply.body for reply in replies.values()}) == 1
    for odd in (7, None, ["a"], {"a": 1}, True):
        assert talk(place.port, post(sheet(code=odd), wave="cards")).status == 403
    assert len(place.store.responses("cards")) == before


def test_a_right_code_is_taken_however_it_is_typed(place: Place) -> None:
    before, codes = len(place.store.responses("cards")), place.codes[1:6]
    typed = [
        codes[0].lower(),
        codes[1].replace("-", ""),
        codes[2].replace("0", "O").replace("1", "I"),
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in codes[3]),
        f" {codes[4]} ",
    ]
    for number, code in enumerate(typed):
        body = sheet(code=code, submission=f"{number:032x}")
        assert talk(place.port, post(body, wave="cards")).status == 201, code
    assert len(place.store.responses("cards")) == before + len(typed)


@pytest.mark.parametrize(("wave", "status"), [("closed", 409), ("draft", 409), ("nowhere", 404)])
def test_a_wave_that_takes_nothing_says_so(place: Place, wave: str, status: int) -> None:
    assert talk(place.port, post(sheet(), wave=wave)).status == status


def test_two_requests_in_one_are_answered_as_two(place: Place) -> None:
    """A second request hidden behind a body is no part of the first."""
    first = post(b"{}").replace(b"Connection: close\r\n", b"")
    both = first + get("/livez", HOST)
    with socket.create_connection(("127.0.0.1", place.port), timeout=20) as connection:
        connection.sendall(both)
        received = b""
        while part := connection.recv(65536):
            received += part
    assert received.count(b"HTTP/1.1 ") == 2
    assert b"422" in received.partition(CRLF)[0]
    assert received.endswith(b'{"status":"alive"}\n')
