"""The limit on failures: what it counts, and whom it never touches."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey_service.codes import draw_code
from survey_service.errors import Code, SurveyError
from survey_service.roster import Roster, Unit
from survey_service.service.collection import judge
from survey_service.storage.tinydb import TinyDBStore
from survey_service.web import create_app
from survey_service.web.limits import MOST_AT_ONCE, REFILL_PER_S, FailureLimit
from tests.factories import OPENED

PATH = "/api/v1/waves/w/responses"
RIGHT = 1000


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def roster() -> Roster:
    return Roster((Unit("甲矿", None, {"frontline": RIGHT}),))


@pytest.fixture
def client(store: TinyDBStore, clock: Clock) -> FlaskClient:
    return create_app(store, lambda: OPENED, clock).test_client()


def answer(code: object, number: int = 0) -> dict[str, Any]:
    return {"submission": f"{number:032x}", "code": code, "answers": {"O1_1a": 4}}


def test_a_bucket_empties_and_refills(clock: Clock) -> None:
    limit = FailureLimit(clock)
    assert [limit.admit("w") for _ in range(MOST_AT_ONCE + 2)] == [True] * MOST_AT_ONCE + [
        False,
        False,
    ]
    clock.now += 0.5 / REFILL_PER_S
    assert not limit.admit("w")
    clock.now += 0.5 / REFILL_PER_S
    assert [limit.admit("w"), limit.admit("w")] == [True, False]
    clock.now += 10 * MOST_AT_ONCE / REFILL_PER_S
    assert sum(limit.admit("w") for _ in range(3 * MOST_AT_ONCE)) == MOST_AT_ONCE


def test_each_wave_has_a_bucket_of_its_own(clock: Clock) -> None:
    limit = FailureLimit(clock)
    while limit.admit("a"):
        pass
    assert limit.admit("b")
    assert not limit.admit("a")


def test_right_codes_pass_from_anywhere_while_wrong_ones_are_refused(
    client: FlaskClient, clock: Clock, store: TinyDBStore, make_coded: Callable[..., Any]
) -> None:
    (codes,) = make_coded().codes.values()
    wrong = [client.post(PATH, json=answer(draw_code())) for _ in range(MOST_AT_ONCE + 20)]
    assert [r.status_code for r in wrong] == [403] * MOST_AT_ONCE + [429] * 20
    for number, code in enumerate(codes):
        guesser = {"REMOTE_ADDR": f"192.0.2.{number % 250}"}
        if number % 10 == 0:
            refused = client.post(PATH, json=answer(draw_code()), environ_base=guesser)
            assert refused.status_code == 429
            assert refused.get_json()["code"] == "failures_many"
            assert refused.headers["Retry-After"] == "60"
        response = client.post(PATH, json=answer(code, number), environ_base=guesser)
        assert response.status_code == 201
    assert len(store.responses("w")) == RIGHT
    clock.now += 1 / REFILL_PER_S
    last = [client.post(PATH, json=answer("")).status_code for _ in range(2)]
    assert last == [403, 429]


def test_only_codes_that_open_nothing_are_counted(
    client: FlaskClient, make_coded: Callable[..., Any]
) -> None:
    code = next(iter(make_coded().codes.values()))[0]
    assert client.post(PATH, json=answer(code)).status_code == 201
    harmless = [
        (answer(code, 1), 409),
        (answer(code), 200),
        ({**answer(code, 2), "answers": {}}, 422),
        ({**answer(code, 3), "pace": "fast"}, 422),
    ]
    for body, status in harmless * MOST_AT_ONCE:
        assert client.post(PATH, json=body).status_code == status
    assert client.post(PATH, data=b"{", content_type="application/json").status_code == 400
    assert client.post(PATH, json=answer("x")).status_code == 403


def test_the_page_says_to_wait_and_keeps_everything(
    client: FlaskClient, make_coded: Callable[..., Any], read_page: Callable[[str], Any]
) -> None:
    code = next(iter(make_coded().codes.values()))[0]
    sheet = {"code": "我的码", "O1_1a": "4", "T2": "一句话"}
    for step in ("review", "submit"):
        for _ in range(MOST_AT_ONCE):
            client.post(PATH, json=answer("x"))
        refused = client.post(f"/q/w/v3/{step}", data=sheet)
        page = read_page(refused.text)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "60"
        assert "请过一分钟再试" in page.text
        assert page.fields["O1_1a"] == "4"
        assert "一句话" in page.text
        assert page.all("input", name="code", value="我的码", **{"aria-invalid": "true"})
    assert (
        client.post("/q/w/v3/review", data={**sheet, "code": code, "skip-missing": "1"}).status_code
        == 200
    )


def test_of_many_random_codes_none_opens_anything(
    store: TinyDBStore, make_coded: Callable[..., Any]
) -> None:
    wave = make_coded().wave
    for _ in range(2000):
        with pytest.raises(SurveyError) as caught:
            judge(store, wave, answer(draw_code()))
        assert caught.value.code is Code.CODE_UNKNOWN
