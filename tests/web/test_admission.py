"""Few work at once, some wait, and the rest is told to come again; nobody's form is taken away."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_service.errors import Code, SurveyError
from survey_service.web import admission
from survey_service.web.admission import Admission


class Busy:
    """An application whose only page lasts until it is let go."""

    def __init__(self, working: int, waiting: int, patience_s: float = 60) -> None:
        self.go = threading.Event()
        self.entered = threading.Semaphore(0)
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self.app = Flask(__name__)
        admission.install(self.app, Admission(working, waiting, patience_s))
        self.app.add_url_rule("/", view_func=self.work, methods=["GET", "POST"])
        self.app.add_url_rule("/livez", endpoint="livez", view_func=lambda: "alive")
        self.app.register_error_handler(SurveyError, lambda error: (str(error.code), 429))

    def work(self) -> str:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.entered.release()
        assert self.go.wait(10)
        with self._lock:
            self._now -= 1
        return "done"

    @contextmanager
    def filled(self, people: int) -> Iterator[list[int]]:
        """Fill all places, and give the statuses of those who came after everybody was let go."""
        statuses: list[int] = []
        with ThreadPoolExecutor(people) as pool:
            asked = [pool.submit(lambda: self.client().get("/").status_code) for _ in range(people)]
            assert self.entered.acquire(timeout=10)
            assert self.entered.acquire(timeout=10)
            while sum(not each.done() for each in asked) > 5:
                pass
            yield statuses
            self.go.set()
            statuses += [each.result() for each in asked]

    def client(self) -> FlaskClient:
        return self.app.test_client()


def test_a_bounded_number_works_and_waits_and_the_rest_is_refused_at_once() -> None:
    busy = Busy(working=2, waiting=3)
    with busy.filled(12) as statuses:
        refused = busy.client().get("/")
        assert (refused.status_code, refused.text) == (429, str(Code.STORE_BUSY))
        assert busy.client().get("/livez").text == "alive"
    assert sorted(statuses) == [200] * 5 + [429] * 7
    assert busy.most == 2


def test_whoever_was_refused_is_served_later() -> None:
    busy = Busy(working=2, waiting=3)
    with busy.filled(9):
        assert busy.client().get("/").status_code == 429
    assert [busy.client().get("/").status_code for _ in range(9)] == [200] * 9


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_waits_instead_of_being_refused(kind: str) -> None:
    busy = Busy(working=2, waiting=3)
    with busy.filled(9), ThreadPoolExecutor(1) as pool:
        sent = pool.submit(lambda: busy.client().post("/", content_type=kind).status_code)
        assert not sent.done()
        busy.go.set()
        assert sent.result(10) == 200


def test_whoever_has_waited_for_long_is_refused_and_leaves_the_place_to_others() -> None:
    busy = Busy(working=2, waiting=3, patience_s=0.2)
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(lambda: busy.client().get("/").status_code) for _ in range(5)]
        refused = [each for each in asked if _ends_soon(each)]
        assert [each.result() for each in refused] == [429] * 3
        busy.go.set()
        assert sorted(each.result() for each in asked) == [200] * 2 + [429] * 3
    assert [busy.client().get("/").status_code for _ in range(9)] == [200] * 9


def _ends_soon(asked: Future[int]) -> bool:
    try:
        asked.result(3)
    except TimeoutError:
        return False
    return True
