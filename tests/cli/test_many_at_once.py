"""Many people behind one address, and many connections that never finish their request."""

import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from benchmarks.load import Outcome, fire, journeys, submissions
from survey_service.cli.local_server import run_server
from survey_service.questionnaire import load
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage import open_store
from tests.factories import NOTICE, OPENED

PEOPLE = 1000
IN_SECONDS = 10.0
IDLE = 1000
ROUND_S = 1.5
ROUNDS = 3
RATE = 60.0
PATH = "/api/v1/waves/w/responses"
PAGES = ["/q/w", "/q/w/v1/zh"]


@pytest.fixture
def port(tmp_path: object) -> Iterator[int]:
    url = f"tinydb:{tmp_path}/instance"
    store = open_store(url)
    asked = load("pulse")
    create_wave(store, "w", asked, notice=NOTICE)
    open_wave(store, "w", OPENED)
    with run_server(url) as number:
        yield number


def answers() -> str:
    return json.dumps({item.id: 4 for item in load("pulse").closed})


def test_a_thousand_people_behind_one_address_are_all_served(port: int) -> None:
    """Each opens two pages and hands in, all within ten seconds and from one address, of a server that just started."""
    requests = journeys(PAGES, submissions(PATH, answers()))
    steps = len(PAGES) + 1
    outcome = fire(port, requests, 200, IN_SECONDS, rate=PEOPLE * steps / IN_SECONDS)
    assert outcome.statuses[201] >= PEOPLE - steps, outcome.statuses
    assert set(outcome.statuses) == {200, 201}, outcome.statuses


def test_a_thousand_slow_connections_slow_nobody_else(port: int) -> None:
    """Calm and besieged rounds in turn; of each kind the best 99th percentile counts."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    requests = submissions(PATH, answers())
    calm, besieged = [], []
    fire(port, requests, 8, ROUND_S, rate=RATE)
    for _ in range(ROUNDS):
        calm.append(_measure(fire(port, requests, 8, ROUND_S, rate=RATE)))
        with slow_connections(port):
            besieged.append(_measure(fire(port, requests, 8, ROUND_S, rate=RATE)))
    assert min(besieged) <= 2 * min(calm), (calm, besieged)


def _measure(outcome: Outcome) -> float:
    assert set(outcome.statuses) == {201}
    return outcome.quantile(0.99)


@contextmanager
def slow_connections(port: int) -> Iterator[None]:
    """Hold a thousand connections open, each with half a request."""
    with ExitStack() as stack:
        for _ in range(IDLE):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            idle.sendall(b"GET /q/w HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        time.sleep(0.2)
        yield
