"""The same wave gives the same release, whatever order Python keeps its sets in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PUBLISH = """
from tests.disclosure.organisations import Parameters, make_organisation
from tests.disclosure.publishing import publish

for shape in (4, 80, 4), (5, 100, 3):
    print(publish(make_organisation(Parameters(*shape, 0.7, 0.3, 0.4, 3.4, 3))).text)
"""
BOUND = """
from survey_service.disclosure.intervals import find_pinned
from tests.disclosure.test_intervals import make_family

for seed in range(200):
    if family := make_family(seed):
        print(find_pinned(*family, 5, 50.0))
"""


@pytest.mark.parametrize("program", [PUBLISH, BOUND])
def test_the_order_of_sets_changes_nothing(program: str) -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in "123"
    }
    assert len(found) == 1
    assert len(found.pop()) > 1000
