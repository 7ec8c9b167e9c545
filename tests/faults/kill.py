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
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from survey_service.questionnaire import load
from survey_service.service.cards import CodeStack, issue_codes
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage import open_store
from tests.factories import NOTICE, OPENED, make_roster
from tests.faults.clients import Crowd
from tests.faults.ledger import Balance, Ledger, read_marks
from tests.faults.service import Service
from tests.postgresql import run_server

CLIENTS = 16
WAVE = "w1"


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


def prepare(url: str, people: int) -> tuple[str, ...]:
    """Open a wave with cards and return the codes of its largest stratum."""

    def keep(_: tuple[CodeStack, ...]) -> Callable[[], None]:
        return lambda: None

    roster = make_roster({"甲": {"manager": 12, "key_staff": 30, "frontline": people}})
    with closing(open_store(url)) as store:
        wave = create_wave(store, WAVE, load("pulse"), roster, access="codes", notice=NOTICE)
        stacks = issue_codes(store, wave, keep)
        open_wave(store, WAVE, OPENED)
    return stacks[-1].codes


def run(
    place: Place, kills: int, acknowledgements: int, seed: int, report: Callable[[str], None]
) -> Balance:
    """Kill so often, and until so much is acknowledged; return the balance of it."""
    chance = random.Random(seed)
    codes = prepare(place.url, acknowledgements * 2)
    ledger = Ledger()
    service = Service(place.url, place.workers)
    service.start()
    targets = {"worker": service.kill_worker, "master": service.kill_master, **place.kills}
    path = f"/api/v1/waves/{WAVE}/responses"
    items = [item.id for item in load("pulse").closed]
    crowd = Crowd(service.port, path, codes, items, ledger)
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
    return _count(place.url, ledger)


def _wait_for_some(ledger: Ledger, count: int) -> None:
    """Wait until so many more are acknowledged, but not for ever."""
    goal, deadline = len(ledger.receipts) + count, time.monotonic() + 30
    while len(ledger.receipts) < goal and time.monotonic() < deadline:
        time.sleep(0.005)


def _count(url: str, ledger: Ledger) -> Balance:
    """Read everything back and compare; spent codes must be as many as answers."""
    with closing(open_store(url)) as store:
        store.check_writable()
        kept = read_marks(store.answers(WAVE))
        spent = sum(count.spent for count in store.count_codes(WAVE).values())
    if spent != kept.total():
        ledger.strange.append(f"{spent} codes spent for {kept.total()} answers")
    return ledger.balance(kept)


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
