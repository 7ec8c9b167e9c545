"""How many answers a second are durably kept, and how long each takes, as the store fills.

``python -m benchmarks.submissions`` measures in one run, with one server process: our store empty
and with 1,000, 10,000 and 100,000 answers in it, the same server keeping nothing (the ceiling), and
stock TinyDB behind it; then complete journeys (landing page, questionnaire, submission).
``--servers`` compares server programs instead, ``--url postgresql://…`` measures that store.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import load, servers, waves
from survey_service.storage import open_store

CLIENTS = 32
LIMESURVEY_JOURNEYS = 10.5  # a second: LimeSurvey 6.14 on a 2-core machine
_PATH = f"/api/v1/waves/{waves.WAVE}/responses"


@dataclass(frozen=True)
class Trial:
    """One line of the table."""

    name: str
    stored: int
    kind: str = ""
    program: str = ""
    url: str = ""
    workers: int = 1
    journeys: bool = False


@dataclass(frozen=True)
class Figures:
    """What one trial has shown; times in milliseconds, sizes in bytes for each answer kept."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    written: float
    resident_mb: float
    refused: int
    failed: int


def measure(
    trial: Trial, seconds: float, rate: float | None = None, clients: int = CLIENTS
) -> Figures:
    """Fill a store, serve it, send answers for some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        url = trial.url or f"tinydb:{folder}/instance"
        snapshot = waves.make_snapshot(0 if trial.kind == "stock" else trial.stored)
        store = open_store(url)
        store.restore(snapshot)
        if trial.kind == "stock":
            answers = waves.make_answers(snapshot.wave, trial.stored)
            waves.write_stock(Path(folder) / "instance" / "stock.json", answers)
        with servers.run(url, trial.kind, trial.program, trial.workers, 32) as running:
            body = waves.write_body(snapshot.wave)
            requests = load.submissions(_PATH, body)
            if trial.journeys:
                pages = [
                    f"/q/{waves.WAVE}",
                    f"/q/{waves.WAVE}/v{snapshot.wave.questionnaire.version}/zh",
                ]
                requests = load.journeys(pages, requests)
            load.fire(running.port, requests, clients, 1.0)  # warm
            before = running.usage()
            outcome = load.fire(running.port, requests, clients, seconds, rate)
            after = running.usage()
        if trial.url:
            store.delete_wave(waves.WAVE, lambda _: None)
        store.close()
    kept = max(1, outcome.statuses[201])
    return Figures(
        outcome.rate(),
        outcome.quantile(0.5),
        outcome.quantile(0.95),
        outcome.quantile(0.99),
        1000 * (after.cpu_s - before.cpu_s) / kept,
        (after.written - before.written) / kept,
        after.resident / 1e6,
        outcome.statuses[429],
        sum(n for status, n in outcome.statuses.items() if status >= 500),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--servers", action="store_true")
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    table = Table(
        "store", "stored", "answers/s", "of ceiling", "p50", "p95", "p99", "CPU ms", "bytes", "MB"
    )
    ceiling = 0.0
    rates: dict[tuple[str, int], float] = {}
    for trial in _choose(options):
        found = measure(trial, options.seconds)
        ceiling = ceiling or found.rate
        rates[trial.name, trial.stored] = found.rate
        table.add_row(
            trial.name,
            f"{trial.stored:,}",
            f"{found.rate:,.0f}",
            f"{found.rate / ceiling:.0%}",
            *(f"{each:.0f}" for each in (found.p50, found.p95, found.p99)),
            f"{found.cpu_ms:.2f}",
            f"{found.written:,.0f}",
            f"{found.resident_mb:.0f}",
        )
    console = Console(width=120)
    console.print(table)
    if ("ours", 10_000) in rates and ("stock TinyDB", 10_000) in rates:
        ratio = rates["ours", 10_000] / rates["stock TinyDB", 10_000]
        console.print(f"at 10,000 stored: {ratio:,.0f} x stock TinyDB")
        console.print(
            f"100,000 stored against none: {rates['ours', 100_000] / rates['ours', 0]:.0%}"
        )
    if ("journeys", 0) in rates:
        console.print(f"journeys: {rates['journeys', 0] / LIMESURVEY_JOURNEYS:.0f} x LimeSurvey")


def _choose(options: argparse.Namespace) -> list[Trial]:
    ceiling = Trial("nothing kept", 0, "nothing")
    if options.servers:
        programs = ("granian", "gunicorn", "waitress")
        return [
            Trial(f"{program}, {name}", 0, kind, program)
            for program in programs
            for name, kind in (("nothing kept", "nothing"), ("ours", ""))
        ]
    if options.url:
        return [
            Trial("nothing kept", 0, "nothing", workers=1),
            *(
                Trial("PostgreSQL", n, url=options.url, workers=2)
                for n in (0, 1000, 10_000, 100_000)
            ),
        ]
    return [
        ceiling,
        *(Trial("ours", stored) for stored in (0, 1000, 10_000, 100_000)),
        Trial("ours", 0),
        *(Trial("stock TinyDB", stored, "stock") for stored in (0, 1000, 10_000)),
        Trial("nothing kept", 0, "nothing"),
        Trial("journeys", 0, journeys=True),
    ]


if __name__ == "__main__":
    main()
