"""Real faults against the real server; the short form of ``real_faults`` and ``kill_points``."""

import subprocess
import sys

import pytest

from tests.faults import real_faults
from tests.faults.privileges import require
from tests.faults.real_faults import SCENARIOS

LONG = {"no descriptors", "fsync is very slow"}


@pytest.mark.parametrize(
    ("name", "programs", "mounting"),
    [
        ("disk full", (), True),
        ("no inodes", (), True),
        ("read-only", (), True),
        ("fsync fails", ("strace",), False),
        ("fsync is very slow", ("strace",), False),
        ("no descriptors", (), False),
        ("SIGTERM", (), False),
        ("duplicates", (), False),
    ],
)
def test_a_fault_costs_no_answer(name: str, programs: tuple[str, ...], mounting: bool) -> None:
    require(*programs, mounting=mounting)
    assert " 0 lost, 0 doubled" in SCENARIOS[name](1 if name in LONG else 2)


def test_a_clock_that_jumps_costs_no_answer() -> None:
    if real_faults.find_faketime() is None:
        require("faketime")
    assert " 0 lost, 0 doubled" in SCENARIOS["clock jumps"](6)


def test_a_kill_at_any_call_costs_no_answer() -> None:
    """In a process of its own, for it forks."""
    require("strace")
    command = [sys.executable, "-m", "tests.faults.kill_points", "--calls", "fsync,/^rename"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert " 0 lost, 0 doubled" in done.stdout
