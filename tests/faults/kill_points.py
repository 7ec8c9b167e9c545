"""Kill a process at every system call of one submission; a command of its own::

    python -m tests.faults.kill_points [--calls write,fsync] [--server]

Each attempt hands in one answer in a process that dies at the n-th call of a kind, for every n
until one survives. With ``--server`` it is the real server that dies, and comes back by itself.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from json import dumps
from pathlib import Path

import click
import psutil

from survey_service.service.collection import accept
from survey_service.storage import open_store
from tests.factories import OPENED
from tests.faults.crash import small_segments
from tests.faults.ledger import Ledger, mark
from tests.faults.service import Service
from tests.faults.settings import ITEMS, PATH, WAVE, count, prepare_codes
from tests.faults.strikes import traced

CALLS = ("write", "fsync", "/^rename", "openat", "/^utimensat", "close", "flock", "lseek")
_PEOPLE = 3000

Attempt = Callable[[str, int, str, int], bool]
"""Hand in with a code as a number, to be killed at the n-th call; whether it survived."""


class Points:
    """A store, what was acknowledged, and how often somebody died."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.codes = prepare_codes(url, _PEOPLE)
        self.ledger = Ledger()
        self.deaths: dict[str, int] = {}
        self._number = 0

    def go_through(self, call: str, attempt: Attempt) -> None:
        """Die at every call of a kind; twice as far as a submission goes, so that some seal."""
        place, survivals = 1, 0
        while survivals < 2:
            number, self._number = self._number, self._number + 1
            self.ledger.given_up.add(number)
            if attempt(call, place, self.codes[number], number):
                survivals += 1
            else:
                survivals = 0
                self.deaths[call] = self.deaths.get(call, 0) + 1
            place += 1
        click.echo(f"{call}: {self.deaths.get(call, 0)} deaths", err=True)

    def balance(self) -> str:
        """Count, and raise if anything was lost or doubled."""
        self.ledger.given_up -= self.ledger.receipts.keys()
        found = count(self.url, self.ledger)
        if not found.is_even:
            raise AssertionError(str(found))
        return f"{sum(self.deaths.values())} deaths {self.deaths}: {found}"


def die_alone(points: Points) -> Attempt:
    """Return attempts in a process that only hands in."""

    def attempt(call: str, place: int, code: str, number: int) -> bool:
        store = open_store(points.url)
        wave = store.wave(WAVE)
        data = {"submission": secrets.token_hex(16), "code": code, "pace": "ok"}
        data |= {"answers": mark(number, ITEMS)}  # type: ignore[dict-item]
        go, ready = os.pipe()
        heard, said = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ready)
            os.read(go, 1)
            os.write(said, accept(store, wave, data, OPENED).number.encode())
            os._exit(0)
        os.close(said)
        with traced(psutil.Process(child), f"{call}:signal=KILL:when={place}"):
            os.write(ready, b"x")
            receipt = os.read(heard, 100).decode()
            _, status = os.waitpid(child, 0)
        for descriptor in (go, ready, heard):
            os.close(descriptor)
        if receipt:
            points.ledger.acknowledge(number, receipt)
        again = accept(open_store(points.url), wave, data, OPENED)
        assert receipt in {"", again.number}, "acknowledged and not kept"
        points.ledger.acknowledge(number, again.number)
        return os.WIFEXITED(status)

    return attempt


def die_serving(points: Points, service: Service) -> Attempt:
    """Return attempts in the real server."""

    def attempt(call: str, place: int, code: str, number: int) -> bool:
        data = {"submission": secrets.token_hex(16), "code": code, "pace": "ok"}
        body = dumps(data | {"answers": mark(number, ITEMS)})
        worker = service.worker
        with suppress(AssertionError), traced(worker, f"{call}:signal=KILL:when={place}"):
            first = _post(service.port, body)
        service.wait()
        again = _post(service.port, body)
        assert again, "not kept although the server is ready"
        assert first in {"", again}, "acknowledged and not kept"
        points.ledger.acknowledge(number, again)
        return bool(first) and worker.is_running()

    return attempt


def _post(port: int, body: str) -> str:
    with (
        suppress(OSError, HTTPException, KeyError),
        closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection,
    ):
        connection.request("POST", PATH, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read().decode()
        return text.partition('"receipt":"')[2].partition('"')[0]
    return ""


@click.command()
@click.option("--calls", default=",".join(CALLS), help="Kinds of system calls, by their names.")
@click.option("--server", is_flag=True, help="Let the real server die.")
def main(calls: str, *, server: bool) -> None:
    """Die at every call; exit 1 at a broken promise."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        points = Points(f"tinydb:{Path(folder)}/instance")
        if server:
            service = Service(points.url, 1)
            service.start()
            try:
                for call in calls.split(","):
                    points.go_through(call, die_serving(points, service))
            finally:
                service.stop()
        else:
            # a new process reads every ledger: many would let the calls grow with the attempts
            with small_segments(ledger=5000):
                for call in calls.split(","):
                    points.go_through(call, die_alone(points))
        click.echo(f"{points.balance()} [{time.monotonic() - began:.0f} s]")


if __name__ == "__main__":
    main()
