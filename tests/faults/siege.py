"""A server under load while faults come and go; afterwards everything is counted."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.faults.clients import Crowd
from tests.faults.ledger import Balance, Ledger
from tests.faults.service import Service
from tests.faults.settings import ITEMS, PATH, count
from tests.faults.strikes import Strike

RECOVERY_S = 10.0
_READY_S = 2.0
_PATIENCE_S = 60.0


def ready_within_s() -> float:
    """Return how soon ``readyz`` has to turn; longer where more is running than can run."""
    return _READY_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass
class Siege:
    """A running server with a crowd, and what was seen."""

    service: Service
    ledger: Ledger
    url: str
    recovery: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    unready: list[float] = field(default_factory=list)
    strikes: int = 0

    def wait_for_more(self, more: int = 1) -> float:
        """Wait until so many more are acknowledged; return how long that took."""
        goal, began = len(self.ledger.receipts) + more, time.monotonic()
        while len(self.ledger.receipts) < goal:
            assert time.monotonic() - began < _PATIENCE_S, "nothing is acknowledged any more"
            time.sleep(0.002)
        return time.monotonic() - began

    def wait_for_refusals(self, count: int, status: int) -> None:
        """Wait until so many replies in all had a status."""
        self._wait_until(lambda: self.ledger.statuses[status] >= count)

    def suffer(self, strike: Strike, hold_s: float, *, can_read: bool = True) -> None:
        """Let a fault strike that lets no write pass: nothing is acknowledged, reading goes on."""
        worker = self.service.worker
        with strike(worker):
            began = time.monotonic()
            refused = self.ledger.statuses[503]
            # where nothing can be opened, a new connection cannot either
            self._wait_until(
                lambda: self.service.ask("/readyz") in ({503} if can_read else {503, 0})
            )
            self.unready.append(time.monotonic() - began)
            self._wait_until(lambda: self.ledger.statuses[503] > refused + 8)
            before = len(self.ledger.receipts)
            time.sleep(hold_s)
            if can_read:
                assert self.service.ask("/livez") == 200
                assert self.service.ask("/api/v1/waves") == 200
            assert self.service.ask("/readyz") != 200
            assert len(self.ledger.receipts) == before, "acknowledged in spite of the fault"
        watch = threading.Thread(target=self._watch_ready)
        watch.start()
        self.recovery.append(self.wait_for_more())
        watch.join()
        assert worker.is_running(), "the server was started anew"
        self.strikes += 1

    def _watch_ready(self) -> None:
        began = time.monotonic()
        self._wait_until(lambda: self.service.ask("/readyz") == 200)
        self.ready.append(time.monotonic() - began)

    def _wait_until(self, check: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not check():
            assert time.monotonic() < deadline, "it does not happen"
            time.sleep(0.01)

    def finish(self) -> Balance:
        """Stop the server and count what was kept."""
        self.service.stop()
        return count(self.url, self.ledger)

    def describe(self) -> str:
        """Return the figures in one line."""
        seconds = sorted(self.ledger.seconds) or [0.0]
        p99 = seconds[int(0.99 * (len(seconds) - 1))]
        figures = [f"statuses {dict(self.ledger.statuses)}", f"cut {dict(self.ledger.cuts)}"]
        figures.append(f"p99 {p99:.2f} s")
        if self.strikes:
            figures.append(f"{self.strikes} strikes, recovered in {max(self.recovery):.2f} s")
            figures.append(f"not ready after {max(self.unready):.2f} s")
            figures.append(f"ready again in {max(self.ready):.2f} s")
        return ", ".join(figures)


@contextmanager
def besiege(service: Service, codes: Sequence[str], clients: int = 8) -> Iterator[Siege]:
    """Start a server and let a crowd hand in until the block ends; the server still runs then."""
    ledger = Ledger()
    with ExitStack() as stack:
        service.start()
        stack.callback(service.stop)
        crowd = Crowd(service.port, PATH, codes, ITEMS, ledger)
        with crowd.at_work(clients):
            yield Siege(service, ledger, service.url)
