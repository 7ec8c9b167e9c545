"""``python -m benchmarks.reports``: how long a brief and a full report take, and 500 unit briefs on all processors.

Needs nothing but the release of the synthetic mine that the tests keep; the group of 500 units is
made of it. Each measurement runs in a process of its own, whose imports are not counted.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from survey_service.disclosure.release import Release
from survey_service.processors import count_processors
from survey_service.questionnaire import load

RELEASE = Path(__file__).parents[1] / "tests" / "reports" / "data" / "mine_second_release.json"
UNITS = 500


def main() -> None:
    """Measure everything and print one table."""
    brief, report, units = _run("brief"), _run("report"), _run("units")
    rows = [
        ("brief, first in a process, after imports: s", brief["first"], "<= 0.4"),
        ("  every later one", brief["later"], ""),
        ("  in English", brief["english"], ""),
        ("  memory of the process, MB", brief["memory"], "<= 200"),
        ("  size of the file, KB", brief["size"], "<= 400"),
        ("full report, first in a process, after imports: s", report["first"], "<= 1.5"),
        ("  every later one", report["later"], ""),
        ("  in English", report["english"], ""),
        (f"  of a group of {UNITS} units", report["group"], ""),
        ("  memory of the process, MB", report["memory"], "<= 300"),
        ("  size of the file, KB", report["size"], "<= 2000"),
        (f"{UNITS} unit briefs, {units['processes']:.0f} processes: s", units["all"], "<= 40"),
        ("  seconds of the processors", units["cpu"], ""),
        ("  memory of the largest process, MB", units["memory"], "<= 200"),
        ("  size of the largest file, KB", units["size"], "<= 400"),
        (f"brief of a group of {UNITS} units: s", units["brief"], ""),
    ]
    for name, value, target in rows:
        print(f"{name:<48}{value:>9.2f}   {target}")


def measure_brief() -> dict[str, float]:
    """Time the brief of the mine: the first reads the fonts."""
    from reports.brief import render_brief  # noqa: PLC0415 - not counted

    return _measure(render_brief)


def measure_report() -> dict[str, float]:
    """Time the full report of the mine with its two waves, then that of a large group."""
    from reports.report import render_report  # noqa: PLC0415 - not counted

    found = _measure(render_report)
    group, questionnaire = make_group(UNITS), load("full")
    started = time.perf_counter()
    render_report(group, questionnaire)
    return {**found, "group": time.perf_counter() - started}


def _measure(render: Callable[..., bytes]) -> dict[str, float]:
    release, questionnaire = _read(), load("full")
    seconds, sizes = [], []
    for lang in ("zh", "zh", "zh", "en", "en"):
        started = time.perf_counter()
        sizes.append(len(render(release, questionnaire, lang)))
        seconds.append(time.perf_counter() - started)
    return {
        "first": seconds[0],
        "later": min(seconds[1:3]),
        "english": min(seconds[3:]),
        "memory": _memory(resource.RUSAGE_SELF),
        "size": max(sizes) / 1000,
    }


def measure_units() -> dict[str, float]:
    """Time all unit briefs of a group, from the release to files."""
    from reports import render_unit_briefs  # noqa: PLC0415 - not counted
    from reports.batch import MOST_PROCESSES  # noqa: PLC0415
    from reports.brief import render_brief  # noqa: PLC0415

    release, questionnaire = make_group(UNITS), load("full")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        names = render_unit_briefs(release, questionnaire, Path(folder))
        seconds = time.perf_counter() - started
        largest = max((Path(folder) / name).stat().st_size for name in names)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    render_brief(release, questionnaire)
    return {
        "all": seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": _memory(resource.RUSAGE_CHILDREN),
        "size": largest / 1000,
        "processes": min(count_processors(), MOST_PROCESSES),
        "brief": time.perf_counter() - started,
    }


def make_group(units: int) -> Release:
    """Return a release of a group of ``units`` units: twenty companies with their teams."""
    content: dict[str, Any] = dict(_read().content)
    kinds = content["unit_order"]
    order: list[str] = []
    for company in range(20):
        order.append(f"第{company + 1}公司")
        order += [f"第{company + 1}公司/第{team + 1}队" for team in range(units // 20 - 1)]
    rates, trends = content["participation"]["units"], content["change"]["units"]
    alike = {unit: kinds[place % len(kinds)] for place, unit in enumerate(order)}
    content |= {
        "unit_order": order,
        "units": {unit: content["units"][kind] for unit, kind in alike.items()},
        "participation": content["participation"]
        | {"units": {unit: rates[kind] for unit, kind in alike.items()}},
        "change": content["change"]
        | {"units": {unit: trends[kind] for unit, kind in alike.items()}},
    }
    return Release(content)


def _read() -> Release:
    return Release.from_json(RELEASE.read_text(encoding="utf-8"))


def _memory(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1000


def _run(part: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reports", part]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    measured: dict[str, float] = json.loads(output)
    return measured


if __name__ == "__main__":
    if sys.argv[1:]:
        parts = {"brief": measure_brief, "report": measure_report, "units": measure_units}
        print(json.dumps(parts[sys.argv[1]]()))
    else:
        main()
