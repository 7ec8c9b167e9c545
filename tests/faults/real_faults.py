"""Real faults against the real server; the long form, a command of its own::

    python -m tests.faults.real_faults [--only NAME] [--strikes 20]

Needs root for disks of its own (``mount``), ``strace`` and ``faketime``.
"""

import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from json import dumps
from pathlib import Path

import click

from tests.faults.ledger import Ledger, mark
from tests.faults.service import Service
from tests.faults.settings import ITEMS, PATH, count, prepare_codes, prepare_open
from tests.faults.siege import RECOVERY_S, Siege, besiege, ready_within_s
from tests.faults.strikes import (
    Strike,
    crowded,
    full,
    injecting,
    mounted,
    no_descriptors,
    read_only,
)

_OPEN_WAVE = [""] * 1_000_000  # whoever needs no code sends an empty one
_HOLD_S = 0.3
_DAYS = ("2027-11-22", "2025-11-22", "2028-02-29", "2038-01-19", "2040-01-01", "2024-02-29")

Scenario = Callable[[int], str]
"""Takes how often the fault is to strike and returns the figures; raises if a promise is broken."""


@contextmanager
def _disk(kind: str, options: str) -> Iterator[str]:
    if kind:
        with mounted(kind, options) as folder:
            yield f"tinydb:{folder}/instance"
    else:
        with tempfile.TemporaryDirectory() as path:
            yield f"tinydb:{path}/instance"


def _strike(
    make: Callable[[Path], Strike], kind: str = "", options: str = "", *, can_read: bool = True
) -> Scenario:
    """Return a scenario in which nothing can be written for a while, again and again."""

    def run(strikes: int) -> str:
        with _disk(kind, options) as url:
            prepare_open(url)
            strike = make(Path(url.partition(":")[2]).parent)
            with besiege(Service(url, 1), _OPEN_WAVE) as siege:
                for _ in range(strikes):
                    siege.wait_for_more(20)
                    siege.suffer(strike, _HOLD_S, can_read=can_read)
                siege.wait_for_more(20)
            assert max(siege.recovery) <= RECOVERY_S
            assert max(siege.ready) <= ready_within_s()
            if can_read:
                assert max(siege.unready) <= ready_within_s()
            return _settle(siege)

    return run


def _settle(siege: Siege) -> str:
    balance = siege.finish()
    assert balance.is_even, str(balance)
    return f"{balance}; {siege.describe()}"


def now_and_then(strikes: int) -> str:
    """Every 23rd fsync of a thread fails; whoever is refused comes again."""
    with _disk("", "") as url:
        prepare_open(url)
        with besiege(Service(url, 1), _OPEN_WAVE) as siege:
            siege.wait_for_more(20)
            with injecting("fsync:error=EIO:when=7+23")(siege.service.worker):
                siege.wait_for_more(100 * strikes)
            siege.wait_for_more(20)
        assert siege.ledger.statuses[503] > 0
        return _settle(siege)


def slow(strikes: int) -> str:
    """Every fsync takes 0.1 s, with many more clients than threads."""
    with _disk("", "") as url:
        prepare_open(url)
        with besiege(Service(url, 1), _OPEN_WAVE, clients=64) as siege:
            siege.wait_for_more(200)
            before = siege.service.worker.memory_info().rss
            siege.ledger.seconds.clear()
            with injecting("fsync:delay_enter=100000")(siege.service.worker):
                for _ in range(strikes):
                    siege.wait_for_more(50)
            grown = (siege.service.worker.memory_info().rss - before) / 1e6
        assert grown < 100
        assert sorted(siege.ledger.seconds)[int(0.99 * len(siege.ledger.seconds))] < 10
        return f"{_settle(siege)}, memory {grown:+.0f} MB"


def very_slow(strikes: int) -> str:
    """Every fsync takes 2 s, with more clients than can wait that long: some are asked to come again."""
    with _disk("", "") as url:
        prepare_open(url)
        with besiege(Service(url, 1), _OPEN_WAVE, clients=96) as siege:
            siege.wait_for_more(200)
            before = siege.service.worker.memory_info().rss
            siege.ledger.seconds.clear()
            with injecting("fsync:delay_enter=2000000")(siege.service.worker):
                for strike in range(strikes):
                    siege.wait_for_refusals(20 * (strike + 1), 429)
                    siege.wait_for_more(20)
                assert siege.service.ask("/livez") == 200
            grown = (siege.service.worker.memory_info().rss - before) / 1e6
            siege.wait_for_more(100)
        assert grown < 100
        assert sorted(siege.ledger.seconds)[int(0.99 * len(siege.ledger.seconds))] < 10
        return f"{_settle(siege)}, memory {grown:+.0f} MB"


def restarts(strikes: int) -> str:
    """SIGTERM under load, and a new server at the same place."""
    with _disk("", "") as url:
        codes = prepare_codes(url, 4000 + 500 * strikes)
        service, took = Service(url, 1), []
        with besiege(service, codes, clients=16) as siege:
            for _ in range(strikes):
                siege.wait_for_more(60)
                began = time.monotonic()
                service.stop()
                took.append(time.monotonic() - began)
                service.start()
            siege.wait_for_more(60)
        return f"{_settle(siege)}; {strikes} stops, the longest {max(took):.1f} s"


def clock(strikes: int) -> str:
    """The clock jumps while people hand in."""
    with _disk("", "") as url, tempfile.NamedTemporaryFile("w") as file:
        prepare_open(url)
        environment = {
            "FAKETIME_TIMESTAMP_FILE": file.name,
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "LD_PRELOAD": str(find_faketime()),
        }
        _set_clock(file.name, "2026-11-22")
        with besiege(Service(url, 1, environment=environment), _OPEN_WAVE) as siege:
            for number in range(max(strikes, len(_DAYS))):
                siege.wait_for_more(30)
                _set_clock(file.name, _DAYS[number % len(_DAYS)])
                siege.wait_for_more(30)
        times = {p.stat().st_mtime for p in Path(url.partition(":")[2]).rglob("*.json")}
        assert all(each % 86400 == 0 for each in times)
        return f"{_settle(siege)}; {max(strikes, len(_DAYS))} jumps"


def find_faketime() -> Path | None:
    """Return the library that tells a program another time."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return found[0] if found else None


def _set_clock(path: str, day: str) -> None:
    Path(path).write_text(f"@{day} 10:00:00\n")


def duplicates(strikes: int) -> str:
    """200 threads with one code, and 200 with one submission id."""
    with _disk("", "") as url:
        codes = prepare_codes(url, 100)
        service = Service(url, 1)
        service.start()
        try:
            for n in range(strikes):
                _crowd_in(service.port, codes[n], n, one_submission=n % 2 == 1)
        finally:
            service.stop()
        ledger = Ledger(receipts=dict.fromkeys(range(strikes), "x"))
        balance = count(url, ledger)
        assert balance.is_even, str(balance)
        return f"{balance}; {strikes} x 200 threads"


def _crowd_in(port: int, code: str, number: int, *, one_submission: bool) -> None:
    count = 1 if one_submission else 200
    ids = [secrets.token_hex(16) for _ in range(count)] * (200 // count)
    with ThreadPoolExecutor(200) as pool:
        replies = list(pool.map(lambda each: _post(port, each, code, number), ids))
    statuses = Counter(status for status, _ in replies)
    assert statuses[201] == 1, statuses
    assert set(statuses) <= {201, 200 if one_submission else 409, 429, 503}, statuses
    assert len({body.strip() for status, body in replies if status < 300}) == 1


def _post(port: int, submission: str, code: str, number: int) -> tuple[int, bytes]:
    data = {"submission": submission, "code": code, "pace": "ok", "answers": mark(number, ITEMS)}
    for _ in range(20):
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("POST", PATH, dumps(data), {"Content-Type": "application/json"})
                reply = connection.getresponse()
                return reply.status, reply.read()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no connection")


def few_descriptors(strikes: int) -> str:
    """A server that may open 64 files only, with more clients than that."""
    with _disk("", "") as url:
        prepare_open(url)
        service = Service(url, 1, prefix=("prlimit", "--nofile=64"))
        with besiege(service, _OPEN_WAVE, clients=16) as siege:
            siege.wait_for_more(50 * strikes)
        return _settle(siege)


SCENARIOS: Mapping[str, Scenario] = {
    "disk full": _strike(full, "tmpfs", "size=4m"),
    "disk full (ext4)": _strike(full, "ext4", "16"),
    "no inodes": _strike(crowded, "tmpfs", "size=8m,nr_inodes=200"),
    "read-only": _strike(read_only, "tmpfs", "size=8m"),
    "read-only (ext4)": _strike(read_only, "ext4", "16"),
    "fsync fails": _strike(lambda _: injecting("fsync:error=EIO")),
    "fsync fails now and then": now_and_then,
    "rename fails": _strike(lambda _: injecting("rename:error=EIO")),
    "no descriptors": _strike(lambda _: no_descriptors, can_read=False),
    "few descriptors": few_descriptors,
    "fsync is slow": slow,
    "fsync is very slow": very_slow,
    "SIGTERM": restarts,
    "clock jumps": clock,
    "duplicates": duplicates,
}


@click.command()
@click.option("--only", default="", help="Try this fault only.")
@click.option("--strikes", default=20, help="How often each fault strikes.")
def main(only: str, strikes: int) -> None:
    """Try every fault; stop at a broken promise."""
    for name, scenario in SCENARIOS.items():
        if only in {"", name}:
            began = time.monotonic()
            figures = scenario(strikes)
            click.echo(f"{name}: {figures} [{time.monotonic() - began:.0f} s]")


if __name__ == "__main__":
    main()
