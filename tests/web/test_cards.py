"""Coming in with a card: what a code opens, what it does not, and what either reply gives away."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_service.codes import SYMBOLS, draw_code
from survey_service.service.waves import close_wave
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave

ReadPage = Callable[[str], Any]
MakeCoded = Callable[..., Any]

PATH = "/api/v1/waves/w/responses"
SHEET = {"O1_1a": "4", "O1_2a": "9", "P1_1a": "1", "G1": "5", "T2": "第一行\r\n第二行"}
ANSWERS = {"O1_1a": 4, "T2": "好"}


@pytest.fixture
def coded(make_coded: MakeCoded) -> Any:
    return make_coded()


@pytest.fixture
def code(coded: Any) -> str:
    """Return a code that was printed for the second stratum."""
    return str(coded.codes["s002"][0])


def answer(code: object, number: int = 1) -> dict[str, Any]:
    return {"submission": f"{number:032x}", "code": code, "answers": ANSWERS}


def widen(text: str) -> str:
    """Write a text in full-width letters, digits and dashes."""
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


def misread(text: str) -> str:
    """Write the letters that people take for digits."""
    return text.replace("0", "O").replace("1", "l")


WAYS: dict[str, Callable[[str], str]] = {
    "as printed": str,
    "small": str.lower,
    "in one": lambda code: code.replace("-", ""),
    "with blanks": lambda code: " " + code.replace("-", " ") + "\n",
    "with long dashes": lambda code: code.replace("-", "—"),
    "full width": widen,
    "full width and small": lambda code: widen(code.lower()),
    "O for 0 and l for 1": misread,
    "with what a messenger appends": lambda code: f"{code}&appinstall=0",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_code_opens_however_it_is_written(
    client: FlaskClient, store: TinyDBStore, code: str, way: str, read_page: ReadPage
) -> None:
    review = client.post("/q/w/v3/review", data={**SHEET, "code": WAYS[way](code)})
    assert review.status_code == 200
    done = client.post("/q/w/v3/submit", data=read_page(review.text).fields)
    assert done.status_code == 303
    again = client.post(PATH, json=answer(WAYS[way](code)))
    assert again.status_code == 409
    (kept,) = store.responses("w")
    assert (kept.stratum, kept.answers) == ("s002", "4915")


def spoil(code: str) -> str:
    """Return a code with one wrong symbol."""
    return code[:-1] + SYMBOLS[SYMBOLS.index(code[-1]) - 1]


@pytest.fixture
def refusals(client: FlaskClient, code: str, make_coded: MakeCoded) -> list[Any]:
    """Return the replies to everything that is no code of this wave."""
    other = make_coded("other").codes["s002"][0]
    texts = ["", " ", "x", "煤矿", "\x00", "A" * 60_000, "ABCD-EFGH-JKMN-PQRS", code[:-1], code * 2]
    codes: list[object] = [*texts, spoil(code), draw_code(), other]
    codes += [None, True, 7, 1.5, [], [code], {}, {"code": code}]
    bodies: list[object] = [answer(each) for each in codes]
    bodies += [{**answer(draw_code()), "answers": {"O1_1a": 77}, "pace": "x", "extra": 1}]
    bodies += [{"submission": "f" * 32, "answers": ANSWERS}, {}, [], None, 7, "x"]
    return [client.post(PATH, data=json.dumps(b), content_type="application/json") for b in bodies]


def test_whatever_opens_nothing_gets_the_same_bytes(
    refusals: list[Any], store: TinyDBStore
) -> None:
    first = refusals[0]
    assert first.status_code == 403
    assert first.mimetype == "application/problem+json"
    problem = first.get_json()
    assert problem["code"] == "code_unknown"
    assert {"type", "title", "status", "code", "zh", "en"} == set(problem)
    for each in refusals:
        assert each.data == first.data
        assert each.status == first.status
        assert each.headers.to_wsgi_list() == first.headers.to_wsgi_list()
    assert store.responses("w") == ()


def test_successes_are_alike_in_size(client: FlaskClient, coded: Any) -> None:
    pairs = enumerate(code for stack in coded.codes.values() for code in stack[:5])
    replies = []
    for number, code in pairs:
        body = {**answer(code, number), "answers": {"O1_1a": 4, "T2": "煤" * min(500, 15 * number)}}
        replies.append([client.post(PATH, json=body) for _ in range(2)])
    assert [(a.status_code, b.status_code) for a, b in replies] == [(201, 200)] * len(replies)
    assert {a.get_json() == b.get_json() for a, b in replies} == {True}
    sizes = {len(r.status) + len(str(r.headers)) + len(r.data) for pair in replies for r in pair}
    assert len(sizes) == 1
    forms = [
        client.post("/q/w/v3/submit", data={**SHEET, "code": stack[6], "submission-id": f"{n:032}"})
        for n, stack in enumerate(coded.codes.values())
    ]
    assert {form.status_code for form in forms} == {303}
    assert len({len(str(form.headers)) for form in forms}) == 1


def test_one_card_gives_one_answer(client: FlaskClient, code: str, store: TinyDBStore) -> None:
    first = client.post(PATH, json=answer(code, 1))
    retry = client.post(PATH, json=answer(code, 1))
    other = client.post(PATH, json=answer(code, 2))
    assert (first.status_code, retry.status_code, other.status_code) == (201, 200, 409)
    assert retry.get_json() == first.get_json()
    assert other.get_json()["code"] == "code_used"
    assert "faults" not in other.get_json()
    assert len(store.responses("w")) == 1


def test_of_two_phones_with_one_card_one_comes_first(
    app: Flask, coded: Any, store: TinyDBStore
) -> None:
    for number, code in enumerate(coded.codes["s001"]):
        together = threading.Barrier(2)

        def send(submission: int, code: str = code, gate: threading.Barrier = together) -> int:
            gate.wait()
            return app.test_client().post(PATH, json=answer(code, submission)).status_code

        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(send, (2 * number, 2 * number + 1)))
        assert statuses == [201, 409]
    assert len(store.responses("w")) == len(coded.codes["s001"])


def test_a_card_does_not_care_what_unit_is_sent(
    client: FlaskClient, code: str, store: TinyDBStore
) -> None:
    body = {**answer(code), "unit": "机关", "role": "manager"}
    assert client.post(PATH, json=body).status_code == 201
    assert [kept.stratum for kept in store.responses("w")] == ["s002"]


def test_faults_of_answers_are_told_once_the_code_is_right(client: FlaskClient, code: str) -> None:
    wrong = {**answer(code), "answers": {"O1_1a": 77}}
    problem = client.post(PATH, json=wrong).get_json()
    assert problem["status"] == 422
    assert [fault["field"] for fault in problem["faults"]] == ["O1_1a"]
    assert client.post(PATH, json=answer(code)).status_code == 201


def test_after_closing_no_code_opens_anything(
    client: FlaskClient, coded: Any, code: str, store: TinyDBStore
) -> None:
    close_wave(store, "w", coded.wave.closes, now=True)
    replies = [client.post(PATH, json=answer(each)) for each in (code, draw_code(), "x")]
    assert {reply.status_code for reply in replies} == {409}
    assert {reply.get_json()["code"] for reply in replies} == {"wave_closed"}
    assert len({reply.data for reply in replies}) == 1
    page = client.post("/q/w/v3/submit", data={**SHEET, "code": code})
    assert page.status_code == 409
    assert "问卷已经结束" in page.text
    assert code not in page.text
    assert store.responses("w") == ()


@pytest.mark.parametrize(("access", "background"), [("codes", False), ("open", True)])
def test_the_api_describes_only_what_is_asked(
    client: FlaskClient,
    make_wave: Callable[..., Wave],
    make_coded: MakeCoded,
    access: str,
    background: bool,
) -> None:
    if access == "codes":
        make_coded(background=background)
    else:
        make_wave(background=background)
    shown = client.get("/api/v1/waves/w").get_json()
    assert shown["access"] == access
    assert (shown["units"], shown["roles"]) == ([], [])
    (listed,) = client.get("/api/v1/waves").get_json()["waves"]
    assert listed["access"] == access
