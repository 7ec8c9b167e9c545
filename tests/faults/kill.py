"""Kill the server, or the database, again and again while clients hand in; then count.

The long form, a command of its own::

    python -m tests.faults.kill --store postgresql --kills 500 --acknowledgements 50000

What it shows is that no process may die at a wrong moment; a machine that loses power is another
matter (the files of a killed process stay in the memory of the system).
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.clients import Crowd
from tests.faults.ledger import Balance, Ledger
from tests.faults.service import Service
from tests.faults.settings import ITEMS, PATH, count, prepare_codes
from tests.postgresql import run_server

CLIENTS = 16


@dataclass
class Place:
    """Where the answers are kept, how many may serve it, and what of it can be killed."""

    url: str
    workers: int
    kills: dict[str, Callable[[], None]] = field(default_factory=dict)


@contextmanager
def make_place(store: str) -> Iterator[Place]:
    """Make an empty store of a kind."""
    if store == "tinydb":
        with tempfile.TemporaryDirectory() as folder:
            yield Place(f"tinydb:{folder}/instance", 1)
        return
    with run_server(max_connections="100") as server:
        kills = {"database": server.kill_and_start, "backend": server.kill_one}
        yield Place(server.url(), 2, kills)


def run(
    place: Place, kills: int, acknowledgements: int, seed: int, report: Callable[[str], None]
) -> Balance:
    """Kill so often, and until so much is acknowledged; return the balance of it."""
    chance = random.Random(seed)
    codes = prepare_codes(place.url, acknowledgements * 2)
    ledger = Ledger()
    service = Service(place.url, place.workers)
    service.start()
    targets = {"worker": service.kill_worker, "master": service.kill_master, **place.kills}
    crowd = Crowd(service.port, PATH, codes, ITEMS, ledger)
    done: Counter[str] = Counter()
    try:
        with crowd.at_work(CLIENTS):
            while done.total() < kills or len(ledger.receipts) < acknowledgements:
                _wait_for_some(ledger, chance.randrange(150))
                time.sleep(chance.uniform(0, 0.05))
                if done.total() < kills:
                    target = chance.choice(sorted(targets))
                    targets[target]()
                    done[target] += 1
                service.wait()
                if done.total() % 25 == 0:
                    report(f"{dict(done)}, {len(ledger.receipts)} acknowledged")
    finally:
        service.stop()
    report(f"kills {dict(done)}, statuses {dict(ledger.statuses)}")
    return count(place.url, ledger)


def _wait_for_some(ledger: Ledger, count: int) -> None:
    """Wait until so many more are acknowledged, but not for ever."""
    goal, deadline = len(ledger.receipts) + count, time.monotonic() + 30
    while len(ledger.receipts) < goal and time.monotonic() < deadline:
        time.sleep(0.005)


def main() -> int:
    """Run the long form; 0 if nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", choices=("tinydb", "postgresql"), required=True)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--acknowledgements", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    chosen = parser.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")

    def report(line: str) -> None:
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
        sys.stdout.flush()

    with make_place(chosen.store) as place:
        balance = run(place, chosen.kills, chosen.acknowledgements, chosen.seed, report)
    report(f"{chosen.store}: {balance}")
    return 0 if balance.is_even else 1


if __name__ == "__main__":
    sys.exit(main())
