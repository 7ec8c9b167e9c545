"""Where the answers of one wave are taken in: its lock, its line of waiting people, its memory.

Two locks let every command work while a server runs. Whoever writes holds ``control.lock``: the
server for one batch, a command for as long as it takes. A command that wants it holds
``request.lock`` meanwhile, and the server passes through that one before each batch: so it steps
aside for the wave, however many people hand in, and takes it up again afterwards.

``control.lock`` holds the mark of its last writer. A writer that finds another's mark there has
been overtaken and reads everything again; so even a second server could do no harm.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from survey_service.response import Submission
from survey_service.storage.files import guard_disk, sync_folder
from survey_service.storage.group_commit import GroupCommit, Ticket
from survey_service.storage.locking import hold
from survey_service.storage.open_answers import OpenAnswers
from survey_service.store import Receipt

LARGEST_BATCH = 64
MOST_WAITING = 512
SERVER_PATIENCE_S = 5.0
COMMAND_PATIENCE_S = 120.0
_MARK_BYTES = 16


class Handed(NamedTuple):
    """A submission and the day on which it was handed in."""

    submission: Submission
    today: date


Line = GroupCommit[Handed, Receipt]
Waiting = Ticket[Handed, Receipt]


class Desk:
    """One for each wave in each process."""

    def __init__(self, folder: Path, commit: Callable[["Desk", Sequence[Waiting]], None]) -> None:
        self.folder = folder
        self.line = Line(lambda batch: commit(self, batch), LARGEST_BATCH, MOST_WAITING)
        self.needs_recovery = False
        self._answers: tuple[str, OpenAnswers] | None = None
        self._mark = secrets.token_bytes(_MARK_BYTES)
        self._threads = threading.Lock()

    def answers(self, salt: str) -> OpenAnswers:
        """Return what is known of the wave with that salt, read now if need be; only while held."""
        if self._answers is None or self._answers[0] != salt:
            for each in (self.folder, self.folder.parent):  # the wave may be younger than a sync
                sync_folder(each)
            self._answers = salt, OpenAnswers(self.folder / "open")
            self.needs_recovery = False
        return self._answers[1]

    def forget(self) -> None:
        """Drop what is known of the answers: they were rewritten, or a write has failed."""
        self._answers = None

    def recover(self) -> None:
        """Have everything read again before the next answer is taken."""
        self.forget()
        self.needs_recovery = True

    @contextmanager
    def serve(self) -> Iterator[None]:
        """Hold the wave for one batch; ``store_locked`` if a command holds it for long."""
        with self._threads, ExitStack() as stack:
            with hold(self.folder / "request.lock", SERVER_PATIENCE_S):
                pass
            stack.enter_context(guard_disk())
            stack.enter_context(self._hold(SERVER_PATIENCE_S))
            try:
                yield
            except BaseException:
                self.recover()
                raise

    @contextmanager
    def command(self) -> Iterator[None]:
        """Hold the wave for a command, with nobody else writing."""
        with self._threads, ExitStack() as stack:
            stack.enter_context(guard_disk())
            with hold(self.folder / "request.lock", COMMAND_PATIENCE_S):
                stack.enter_context(self._hold(COMMAND_PATIENCE_S))
            try:
                yield
            except BaseException:
                self.forget()
                raise

    @contextmanager
    def _hold(self, patience_s: float) -> Iterator[None]:
        with hold(self.folder / "control.lock", patience_s) as stream:
            stream.seek(0)
            if stream.read(_MARK_BYTES) != self._mark:
                self.forget()
                stream.seek(0)
                stream.write(self._mark)
            yield
