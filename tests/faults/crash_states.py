"""Every crash of short lives of a wave; the long form, a command of its own::

python -m tests.faults.crash_states [--every 1] [--life answers]
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.factories import make_questionnaire
from tests.faults.crash import Examiner, scratch, small_segments, try_crashes, try_faults
from tests.faults.lives import Life, lives
from tests.faults.recording import Stopped


@click.command()
@click.option("--every", default=1, help="Let only every n-th call fail.")
@click.option("--life", "only", default="", help="Examine this life only.")
def main(every: int, only: str) -> None:
    """Examine a loss of power, a kill and an error at every step; stops at a broken promise."""
    with tempfile.TemporaryDirectory() as folder, small_segments():
        for name, life in lives(make_questionnaire(Path(folder))).items():
            if only in {"", name}:
                _examine(name, life, every)


def _examine(name: str, life: Life, every: int) -> None:
    with _examiner(f"{name}: power", life) as examiner:
        try_crashes(examiner, life.commands)
    for fault in (Stopped(), OSError(5, "EIO"), OSError(28, "ENOSPC")):
        with _examiner(f"{name}: {fault!r}, then power", life, quick=True) as examiner:
            try_faults(examiner, life.commands, fault, every)


@contextmanager
def _examiner(title: str, life: Life, *, quick: bool = False) -> Iterator[Examiner]:
    began = time.monotonic()
    with scratch() as folder:
        examiner = Examiner(life.wave, folder, quick=quick)
        yield examiner
    click.echo(f"{title}: {examiner.report}, none broken, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
