"""The production server, as a process of its own, under the hands of many."""

import json
import re
import resource
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from survey_service.cli.local_server import run_server
from survey_service.cli.serve import StandingInterrupt
from survey_service.questionnaire import Questionnaire
from survey_service.service.cards import CodeStack, issue_codes
from survey_service.service.waves import create_wave, open_wave
from survey_service.store import Store
from tests.factories import NOTICE, OPENED, make_roster
from tests.faults.service import Service

ROOT = Path(__file__).parents[2]
ROSTER = make_roster({"甲": {"manager": 12, "key_staff": 30, "frontline": 200}})


def post(port: int, wave: str, body: dict[str, object]) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        path = f"/api/v1/waves/{wave}/responses"
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        reply.read()
        return reply.status


def answer(code: str) -> dict[str, object]:
    return {"submission": secrets.token_hex(16), "code": code, "answers": {"A1_1a": 4}}


@pytest.fixture
def codes(store: Store, small: Questionnaire) -> tuple[str, ...]:
    """Open a wave with cards and return the codes of its largest stratum."""

    def keep(stacks: tuple[CodeStack, ...]) -> Callable[[], None]:
        return lambda: None

    wave = create_wave(store, "w1", small, ROSTER, access="codes", notice=NOTICE)
    stacks = issue_codes(store, wave, keep)
    open_wave(store, "w1", OPENED)
    return stacks[-1].codes


@pytest.fixture
def port(store_url: str) -> Iterator[int]:
    with run_server(store_url) as number:
        yield number


def test_one_code_from_two_hundred_phones_at_once_gives_one_answer(
    store: Store, codes: tuple[str, ...], port: int
) -> None:
    with ThreadPoolExecutor(200) as pool:
        statuses = list(pool.map(lambda _: post(port, "w1", answer(codes[0])), range(200)))
    assert sorted(set(statuses)) == [201, 409]
    assert statuses.count(201) == 1
    assert len(store.responses("w1")) == 1


def test_a_guesser_disturbs_nobody_behind_the_same_address(
    store: Store, codes: tuple[str, ...], port: int
) -> None:
    def guess(_: int) -> int:
        return post(port, "w1", answer("0000-0000-0000-0000"))

    with ThreadPoolExecutor(16) as pool:
        guesses = pool.map(guess, range(400))
        answers = list(pool.map(lambda code: post(port, "w1", answer(code)), codes))
    assert answers == [201] * len(codes)
    assert set(guesses) == {403, 429}
    assert len(store.responses("w1")) == len(codes)


def test_every_command_works_while_serving(
    store: Store, store_url: str, codes: tuple[str, ...], port: int
) -> None:
    url = ["--store", store_url]
    assert post(port, "w1", answer(codes[0])) == 201
    for command in (
        ["status"],
        ["wave", "extend", "--closes", "2099-01-01"],
        ["wave", "close", "--now"],
    ):
        line = [sys.executable, "cli.py", *url, *command]
        assert subprocess.run(line, check=False, cwd=ROOT, capture_output=True).returncode == 0
    assert post(port, "w1", answer(codes[1])) == 409
    assert len(store.responses("w1")) == 1


def test_the_server_prints_its_address_and_stops_when_told(tmp_path: Path) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    line = [sys.executable, "cli.py", "--store", f"tinydb:{tmp_path}/i", "serve"]
    line += ["--host", "127.0.0.1", "--port", str(number)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with closing(HTTPConnection("127.0.0.1", number, timeout=5)) as connection:
                    connection.request("GET", "/livez")
                    assert connection.getresponse().status == 200
                break
            except OSError:
                time.sleep(0.1)
        served = subprocess.run(line, check=False, cwd=ROOT, capture_output=True, text=True)
        other = [
            f"tinydb:{tmp_path}/other" if each.startswith("tinydb:") else each for each in line
        ]
        taken = subprocess.run(other, check=False, cwd=ROOT, capture_output=True, text=True)
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{number}/" in out.decode()
    assert b"Traceback" not in err
    assert (served.returncode, "store_served" in served.stderr) == (5, True)
    assert (taken.returncode, "port_taken" in taken.stderr) == (5, True)


def test_a_thousand_idle_connections_lock_nobody_out(tmp_path: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with run_server(f"tinydb:{tmp_path}/i") as port, ExitStack() as stack:
        for number in range(1200):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            if number % 3 == 0:  # one that sends its request byte by byte
                idle.sendall(b"GET /li")
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/livez")
            assert connection.getresponse().status == 200


def test_an_end_that_is_asked_for_while_a_worker_is_replaced_is_not_forgotten() -> None:
    over: list[bool] = []
    event = StandingInterrupt(lambda: bool(over))
    event.set()
    event.clear()
    assert not event.is_set()
    over.append(True)  # the signal has come
    event.set()
    event.clear()  # and granian goes on with what it was doing
    assert event.is_set()


def test_a_server_ends_when_told_right_after_its_worker_was_killed(tmp_path: Path) -> None:
    service = Service(f"tinydb:{tmp_path}/i", 1)
    for pause in (0.0, 0.01, 0.05):
        service.start()
        master = service.worker.parent()
        assert master is not None
        service.kill_worker()
        time.sleep(pause)
        master.terminate()
        began = time.monotonic()
        service.stop()
        assert time.monotonic() - began < 9, "it had to be killed"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_crash_can_write_answers_to_a_disk_and_the_server_does_not_name_itself(
    tmp_path: Path,
) -> None:
    service = Service(f"tinydb:{tmp_path}/i", 1)
    service.start()
    try:
        master = service.worker.parent()
        assert master is not None
        for process in (master, service.worker):
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            assert re.search(r"Max core file size +0 +0 ", limits)
        with closing(HTTPConnection("127.0.0.1", service.port, timeout=10)) as connection:
            connection.request("GET", "/livez")
            assert connection.getresponse().headers["Server"] == ""
    finally:
        service.stop()
