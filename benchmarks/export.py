"""``python -m benchmarks.export``: how long rows for analysts take; auditing and writing apart.

Whether rows may stand beside the release is worked out first: the wave is scored and cleared anew.
That grows with units and measures; what the targets speak of, writing, grows with cells.
"""

import csv
import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks.answers import make_answers, make_wave
from survey_service.export.codebook import BLOCK, DataSet, Variable
from survey_service.export.row_csv import write_rows
from survey_service.export.row_parquet import write_parquet
from survey_service.export.row_spss import write_spss
from survey_service.export.row_workbook import write_workbook
from survey_service.i18n import words
from survey_service.response import BLANK_CODE
from survey_service.service.rows import make_rows
from survey_service.snapshot import Snapshot
from survey_service.storage import open_store

CLOSED = date(2026, 10, 20)
COLUMNS = 54
SMALL, LARGE = (10_000, 50), (100_000, 500)
_W = words("zh")


def main() -> None:
    """Measure and print one table."""
    _print("", "seconds", "target")
    small, large = _make(SMALL[0], COLUMNS), _make(LARGE[0], COLUMNS)
    plain = _time(lambda: _write_plainly(large))
    for name, work, target in (
        ("10,000 x 54: CSV", lambda: write_rows(small), "<= 1"),
        ("  XLSX, codes and words", lambda: write_workbook(small, _W), "<= 4"),
        ("  SPSS", lambda: write_spss(small), ""),
        ("  Parquet", lambda: write_parquet(small), ""),
        ("100,000 x 54: CSV", lambda: write_rows(large), "<= 10"),
        ("  CSV, raw", lambda: write_rows(large, raw=True), ""),
        ("  SPSS", lambda: write_spss(large), ""),
        ("  Parquet", lambda: write_parquet(large), ""),
    ):
        _print(name, f"{_time(work):.2f}", target)
    _print("  one plain csv.writer of the same codes", f"{plain:.2f}", "")
    for people, units in (SMALL, LARGE):
        _print(f"{people:,} people, {units} units: audit", f"{_time_audit(people, units):.2f}", "")


def _time_audit(people: int, units: int) -> float:
    """Time what comes before writing: reading, scoring, clearing, auditing, choosing rows."""
    wave = make_wave(people, units)
    with tempfile.TemporaryDirectory(prefix="survey-benchmark-") as folder:
        store = open_store(f"tinydb:{folder}/store")
        store.restore(Snapshot(replace(wave, closed_on=None), make_answers(wave, people)))
        store.close_wave(wave.id, CLOSED, now=True)
        return _time(lambda: make_rows(store, wave.id))


def _print(name: str, value: str, target: str) -> None:
    print(f"{name:<48}{value:>9}   {target}")


def _make(people: int, columns: int) -> DataSet:
    """Return rows of so many people and items, answered by chance, in blocks of 200."""
    chance = np.random.default_rng(1)
    scale = {
        1: "完全不符合",
        2: "不太符合",
        3: "部分符合",
        4: "比较符合",
        5: "完全符合",
        9: "不了解／不适用",
    }
    variables = (
        Variable(f"A1_{number}", "本单位今年的任务讲得清楚。", scale, 9)
        for number in range(columns)
    )
    codes = chance.choice(np.array([*scale, BLANK_CODE], np.int8), (people, columns))
    names = {number: f"示例煤矿/综采{number}队" for number in range(1, people // 200 + 1)}
    blocks = chance.integers(1, len(names) + 1, people)
    return DataSet(
        "2026年第1期", Variable(BLOCK, "单位块", names), tuple(variables), blocks, codes, ()
    )


def _write_plainly(data: DataSet) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows(data.codes.tolist())
    return stream.getvalue()


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
