"""How long it takes to read the answers of a wave into the score matrix, and to close it.

``python -m benchmarks.reading`` measures 10,000, 100,000 and 1,000,000 answers: from the segments
of an open wave, closing, and again once they are frozen. ``--url postgresql://…`` measures that
store instead; its database must be empty.
"""

import argparse
import tempfile
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from benchmarks import waves
from benchmarks.stores import DAY
from survey_service.storage import open_store

SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    table = Table("answers", "open: read, s", "close, s", "closed: read, s")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            times = measure(options.url or f"tinydb:{folder}/instance", size)
        table.add_row(f"{size:,}", *(f"{each:.2f}" for each in times))
    Console().print(table)


def measure(url: str, size: int) -> tuple[float, float, float]:
    """Return the seconds of reading an open wave of that size, closing it, and reading it again."""
    store = open_store(url)
    store.restore(waves.make_snapshot(size))
    store.close()
    store = open_store(url)
    times = (
        _time(lambda: store.answers(waves.WAVE)),
        _time(lambda: store.close_wave(waves.WAVE, DAY, now=True)),
        _time(lambda: store.answers(waves.WAVE)),
    )
    store.delete_wave(waves.WAVE, lambda _: None)
    store.close()
    return times


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
