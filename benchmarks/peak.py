"""The rush of a whole company on one PostgreSQL: 1.2 million employees in 8 hours, ten times that at the peak.

``python -m benchmarks.peak`` starts a PostgreSQL server and two web processes, sends 417
submissions a second for a minute, then twice as many, each counted from when it was due, and then
as many as possible beside the same two processes keeping nothing.
"""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.submissions import Figures, Trial, measure
from tests.postgresql import make_database, run_server

PEAK = 1_200_000 / (8 * 3600) * 10
CLIENTS = 512


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    table = Table("load", "sent/s", "kept/s", "refused", "failed", "p50", "p95", "p99", "CPU ms")
    trials = (
        ("peak", PEAK, CLIENTS),
        ("twice the peak", 2 * PEAK, CLIENTS),
        ("four times the peak", 4 * PEAK, CLIENTS),
        ("as fast as answers come", None, 32),
    )
    with run_server(Path(tempfile.gettempdir()), max_connections="100") as server:
        for name, rate, clients in trials:
            with make_database(server.url()) as url:
                trial = Trial("PostgreSQL", 0, url=url, workers=2)
                found = measure(trial, options.seconds, rate, clients)
            _add(table, name, rate, found)
    ceiling = measure(Trial("nothing kept", 0, "nothing", workers=2), options.seconds / 4)
    _add(table, "nothing kept, as fast", None, ceiling)
    Console(width=120).print(table)


def _add(table: Table, name: str, rate: float | None, found: Figures) -> None:
    table.add_row(
        name,
        "" if rate is None else f"{rate:,.0f}",
        f"{found.rate:,.0f}",
        f"{found.refused:,}",
        f"{found.failed:,}",
        *(f"{each:.0f}" for each in (found.p50, found.p95, found.p99)),
        f"{found.cpu_ms:.2f}",
    )


if __name__ == "__main__":
    main()
