"""Long work: shown on a terminal, silent in a pipe, and stopped in an orderly way."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from survey_service.cli.session import Session


@contextmanager
def long_work(session: Session, label: str, steps: int) -> Iterator[Callable[[str], None]]:
    """Yield a function to be called with the name of every step when it begins.

    Ctrl-C and termination end the block alike, and are said in words.
    """
    from rich.console import Console  # noqa: PLC0415 - start-up time
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    shown = Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    )
    task = shown.add_task(label, total=steps)
    begun: list[str] = []

    def begin(name: str) -> None:
        shown.update(task, description=f"{label} {name}", completed=len(begun))
        begun.append(name)

    try:
        with _termination_as_interrupt(), shown:
            yield begin
    except KeyboardInterrupt:
        click.echo(session.words("cli.interrupted"), err=True)
        raise


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does: what was begun is taken back before the program ends."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
