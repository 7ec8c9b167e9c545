"""Phones: each hands in one answer after another and tries again until it is told that it is kept."""

import itertools
import json
import random
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from tests.faults.ledger import Ledger, mark

_PATIENCE_S = 30
_LONGEST_S = 120
_GIVING_UP = 0.1  # of those whose sending failed
_ASKING_AGAIN = 0.02  # of those that are acknowledged


@dataclass
class Crowd:
    """Clients of one server; ``codes`` and ``items`` are those of the wave."""

    port: int
    path: str
    codes: Sequence[str]
    items: Sequence[str]
    ledger: Ledger
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self, clients: int) -> Iterator[None]:
        """Let so many clients send until the block ends; each finishes what it has begun."""
        threads = [threading.Thread(target=self._work) for _ in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _work(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        while not self._over.is_set():
            number = next(self._numbers)
            if number >= len(self.codes):
                return
            connection = self._hand_in(connection, number)
        connection.close()

    def _hand_in(self, connection: HTTPConnection, number: int) -> HTTPConnection:
        """Send one answer until it is acknowledged or given up; return a connection for the next."""
        data = {"submission": secrets.token_hex(16), "code": self.codes[number], "pace": "ok"}
        body = json.dumps(data | {"answers": mark(number, self.items)})
        deadline = time.monotonic() + _LONGEST_S
        while time.monotonic() < deadline:
            try:
                receipt = self._send(connection, body)
            except ConnectionRefusedError:
                connection.close()
                time.sleep(random.uniform(0.02, 0.1))
                continue
            except (OSError, HTTPException) as error:
                self.ledger.note_cut(error)
                connection.close()
                connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
                receipt = ""
            if receipt:
                self.ledger.acknowledge(number, receipt)
                if random.random() >= _ASKING_AGAIN:
                    return connection
            elif number not in self.ledger.receipts and random.random() < _GIVING_UP:
                break
            else:
                time.sleep(random.uniform(0.01, 0.1))
        if number not in self.ledger.receipts:
            self.ledger.give_up(number)
        return connection

    def _send(self, connection: HTTPConnection, body: str) -> str:
        """Return the receipt, or nothing if there is none this time."""
        began = time.monotonic()
        connection.request("POST", self.path, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        content = reply.read()
        seconds = time.monotonic() - began
        self.ledger.note(reply.status, seconds, reply.getheader("Retry-After"))
        if reply.status not in {200, 201}:
            return ""
        receipt: str = json.loads(content)["receipt"]
        return receipt
