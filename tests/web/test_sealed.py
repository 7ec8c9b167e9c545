"""The sealed form of a submission: opened at the door, then judged like every other."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey_service.sealing import public_key, seal
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Wave

MakeWave = Callable[..., Wave]
SUBMISSION = "0123456789abcdef" * 2
ANSWERS = {"O1_1a": 4, "T2": "看法"}


def body_for(wave: Wave, inner: Any, submission: str = SUBMISSION, **more: Any) -> dict[str, Any]:
    """Return what a phone sends."""
    bound_to = f"{wave.id}|{wave.questionnaire.version}|{submission}"
    text = inner if isinstance(inner, str) else json.dumps(inner)
    sealed = seal(public_key(wave.sealing_key), text, bound_to).write()
    return {"submission": submission, **sealed, **more}


def inner_for(wave: Wave, **more: Any) -> dict[str, Any]:
    unit = next(iter(wave.unit_keys or {}), "")
    return {"unit": unit, "role": "frontline", "pace": "ok", "answers": ANSWERS, **more}


def post(client: FlaskClient, wave: Wave, body: Any) -> Any:
    return client.post(f"/api/v1/waves/{wave.id}/responses", json=body)


def test_a_sealed_submission_is_kept_once(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore
) -> None:
    wave = make_wave()
    first = post(client, wave, body_for(wave, inner_for(wave)))
    again = post(client, wave, body_for(wave, inner_for(wave)))
    plain = post(client, wave, {"submission": SUBMISSION, **inner_for(wave)})
    assert [r.status_code for r in (first, again, plain)] == [201, 200, 200]
    assert first.json == again.json == plain.json
    (kept,) = store.responses("w")
    assert (kept.answers, kept.pace) == ("4---", "ok")
    assert kept.stratum == wave.stratum(next(iter(wave.unit_keys or {})), "frontline")
    assert [comment.text for comment in store.comments("w")] == ["看法"]


def test_the_code_stands_in_clear_or_is_sealed_by_itself(
    client: FlaskClient, make_coded: Callable[..., Any], store: TinyDBStore
) -> None:
    coded = make_coded()
    wave, (one, two, *_) = coded.wave, coded.codes["s002"]
    for code, submission in ((one, "1" * 32), (two, "2" * 32)):
        bound_to = f"w|{wave.questionnaire.version}|{submission}|code"
        sealed = seal(public_key(wave.sealing_key), json.dumps(code), bound_to).write()
        given = code if code is one else sealed
        reply = post(client, wave, body_for(wave, inner_for(wave), submission, code=given))
        assert reply.status_code == 201
    assert [kept.stratum for kept in store.responses("w")] == ["s002", "s002"]


WRONG: dict[str, Any] = {
    "other submission": lambda b: {**b, "submission": "f" * 32},
    "no submission": lambda b: {k: v for k, v in b.items() if k != "submission"},
    "part missing": lambda b: {k: v for k, v in b.items() if k != "iv"},
    "part is a list": lambda b: {**b, "body": [b["body"]]},
    "answers beside it": lambda b: {**b, "answers": {"O1_1a": 1}},
    "not base 64": lambda b: {**b, "epk": "ÿ"},
    "huge": lambda b: {**b, "body": b["body"] * 7},
    "code of another seal": lambda b: {**b, "code": {k: b[k] for k in ("epk", "iv", "body")}},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_does_not_open_is_refused(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore, change: Any
) -> None:
    wave = make_wave()
    reply = post(client, wave, change(body_for(wave, inner_for(wave))))
    assert (reply.status_code, reply.json["code"]) == (422, "sealed_unreadable")
    assert store.responses("w") == ()


@pytest.mark.parametrize("inner", ["not json", "[1]", '"text"', '{"a": 1, "a": 2}', "NaN"])
def test_what_opens_to_nonsense_is_refused(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore, inner: str
) -> None:
    wave = make_wave()
    reply = post(client, wave, body_for(wave, inner))
    assert (reply.status_code, reply.json["code"]) == (422, "sealed_unreadable")
    assert store.responses("w") == ()


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"answers": {"O1_1a": 7}}, "O1_1a", "answer_value"),
        ({"answers": {"X9": 1}}, "answers", "field_unknown"),
        ({"answers": {"O1_1a": [4]}}, "O1_1a", "answer_value"),
        ({"answers": {}}, "", "answers_none"),
        ({"unit": "NOWHERE"}, "unit", "unit_unknown"),
        ({"role": ""}, "role", "role_needed"),
        ({"pace": "fast"}, "pace", "pace_unknown"),
        ({"extra": 1}, "", "field_unknown"),
    ],
)
def test_what_was_sealed_is_judged_like_everything(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore, more: Any, field: str, code: str
) -> None:
    wave = make_wave()
    reply = post(client, wave, body_for(wave, inner_for(wave, **more)))
    assert reply.status_code == 422
    assert [(f["field"], f["code"]) for f in reply.json["faults"]] == [(field, code)]
    assert store.responses("w") == ()


def test_the_seal_does_not_choose_submission_or_code(
    client: FlaskClient, make_coded: Callable[..., Any], store: TinyDBStore
) -> None:
    coded = make_coded()
    code = coded.codes["s001"][0]
    inner = inner_for(coded.wave, code=code, submission="e" * 32)
    assert post(client, coded.wave, body_for(coded.wave, inner)).status_code == 403
    assert store.responses("w") == ()


def test_the_key_is_made_with_the_wave_and_forgotten_at_closing(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore
) -> None:
    wave, other = make_wave(), make_wave("v")
    assert wave.sealing_key != other.sealing_key
    assert wave.sealing_key not in client.get("/q/w/v3/zh").text
    assert public_key(wave.sealing_key) in client.get("/q/w/v3/zh").text
    closed = store.close_wave("w", date(2026, 11, 22), now=True)
    assert closed.sealing_key == ""
    reply = post(client, wave, body_for(wave, inner_for(wave)))
    assert (reply.status_code, reply.json["code"]) == (409, "wave_closed")


def test_a_record_from_before_there_were_keys_is_read(make_wave: MakeWave) -> None:
    record = make_wave().to_record()
    del record["sealing_key"]
    assert Wave.from_record(record).sealing_key == ""


def test_forged_submissions_leave_nothing(
    client: FlaskClient, make_wave: MakeWave, store: TinyDBStore
) -> None:
    wave = make_wave()
    good = {"submission": SUBMISSION, **inner_for(wave)}
    forged: list[tuple[Any, int]] = [
        ({**good, "answers": {"O1_1a": 8}}, 422),
        ({**good, "answers": {"O9_9z": 1}}, 422),
        ({**good, "answers": [1, 2]}, 422),
        ([good], 422),
        ({**good, "answers": {"T2": "x" * 2_000_000}}, 413),
        ({**good, "submission": "../" * 10 + "ab"}, 422),
    ]
    for body, status in forged:
        assert post(client, wave, body).status_code == status
    for path, status in (("/q/w/v9/submit", 404), ("/api/v1/waves/v/responses", 404)):
        assert client.post(path, data={"O1_1a": "4"}).status_code == status
    assert store.responses("w") == ()


def test_a_stored_row_tells_neither_time_nor_order_nor_submission(
    client: FlaskClient, make_wave: MakeWave, tmp_path: Any
) -> None:
    wave = make_wave()
    assert post(client, wave, body_for(wave, inner_for(wave))).status_code == 201
    (segment,) = (tmp_path / "store" / "waves" / "w" / "open").glob("*.json")
    tables = json.loads(segment.read_text("utf-8"))
    ((number, row),) = tables["responses"].items()
    assert set(row) == {"stratum", "pace", "answers"}
    assert int(number) > 1 << 20
    assert SUBMISSION not in segment.read_text("utf-8")
