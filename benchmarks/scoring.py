"""``python -m benchmarks.scoring``: how long scoring takes, beside pandas and beside `bincount`."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.answers import make_answers, make_wave
from survey_service.scoring.drivers import drivers
from survey_service.scoring.histograms import answer_histograms
from survey_service.scoring.matrix import score_matrix
from survey_service.service.scoring import make_keying, score_wave

SMALL, LARGE = (10_000, 50), (1_000_000, 500)
DRAWS = 2000


def main() -> None:
    """Measure everything and print one table; each size in a process of its own.

    Seconds of the processor are what a machine with nothing else to do would take.
    """
    small, large = _run("small"), _run("large")
    faster = small["plain"] / small["analysis"]
    slower = large["histograms"] / large["bincount"]
    rows = [
        ("whole analysis, 10,000 x 44, 50 units: s", small["analysis"], "<= 0.5"),
        ("  seconds of the processor", small["analysis_cpu"], ""),
        ("  the same with pandas and pingouin", small["plain"], ""),
        ("  times faster", faster, ">= 20"),
        (f"{DRAWS:,} bootstrap draws at 10,000: s", small["bootstrap"], "<= 5"),
        ("whole analysis, 1,000,000 x 44, 500 units: s", large["analysis"], "<= 6"),
        ("  seconds of the processor", large["analysis_cpu"], ""),
        ("  memory of the process, GB", large["memory"], "<= 2"),
        ("unit x item histograms, 1,000,000 x 44: s", large["histograms"], ""),
        ("  one plain bincount of the same matrix", large["bincount"], ""),
        ("  times slower", slower, "<= 3"),
    ]
    for name, value, target in rows:
        print(f"{name:<48}{value:>9.3f}   {target}")


def measure_small() -> dict[str, float]:
    """Time 10,000 people, beside the straightforward way."""
    from benchmarks.plain import analyse_plainly  # noqa: PLC0415 - pandas only where it is compared

    wave = make_wave(*SMALL)
    table = make_answers(wave, SMALL[0])
    chance = np.random.default_rng(1)
    predictors = chance.normal(size=(SMALL[0], 8))
    outcome = predictors.sum(axis=1) + chance.normal(size=SMALL[0])
    analysis, processor = _time(lambda: score_wave(wave, table, draws=0), 5)
    return {
        "analysis": analysis,
        "analysis_cpu": processor,
        "bootstrap": _time(lambda: drivers(predictors, outcome, draws=DRAWS), 2)[0],
        "plain": _time(lambda: analyse_plainly(wave, table), 1)[0],
    }


def measure_large() -> dict[str, float]:
    """Time a million people, and the memory of the process that scores them."""
    wave = make_wave(*LARGE)
    table = make_answers(wave, LARGE[0])
    keying = make_keying(wave.questionnaire)
    analysis, processor = _time(lambda: score_wave(wave, table, draws=0), 2)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    matrix = score_matrix(table.codes[:, : len(keying.items)], keying)
    units = table.stratum // 3
    shifted = (matrix.codes + 1).ravel(order="K").view(np.uint8)
    return {
        "analysis": analysis,
        "analysis_cpu": processor,
        "memory": memory,
        "histograms": _time(lambda: answer_histograms(matrix.codes, units, LARGE[1], keying), 3)[0],
        "bincount": _time(lambda: np.bincount(shifted), 3)[0],
    }


def _run(size: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scoring", size]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    measured: dict[str, float] = json.loads(output)
    return measured


def _time(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the seconds of the fastest of several runs, by the clock and of the processor."""
    clock, processor = [], []
    for _ in range(times):
        started = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - started[0])
        processor.append(time.process_time() - started[1])
    return min(clock), min(processor)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps({"small": measure_small, "large": measure_large}[sys.argv[1]]()))
    else:
        main()
