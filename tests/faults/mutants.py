"""Stores with one care left out each; the examination must find every one of them."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from survey_service.storage import files
from survey_service.storage.contents import name_ledger, name_segment
from survey_service.storage.files import put_file, sync_folder
from survey_service.storage.open_answers import OpenAnswers
from survey_service.storage.segments import join_texts
from survey_service.storage.sweeping import sweep
from survey_service.storage.tinydb import TinyDBStore
from survey_service.storage.wave_file import WaveFiles
from survey_service.wave import Wave


@dataclass(frozen=True)
class Mutant:
    """``ignored`` syncs are taken for left out; ``patch`` puts the mutated code in place.

    ``is_after_kill``: only found if a process is killed first and the power goes later.
    """

    name: str
    ignored: str = ""
    patch: Callable[[], AbstractContextManager[Any]] = nullcontext
    is_after_kill: bool = False
    life: str = "answers"


def _seal_live_first() -> AbstractContextManager[Any]:
    def seal(self: OpenAnswers) -> None:
        count = (len(self._responses) - 2) // 2
        if count <= 0:
            return
        drawn = secrets.SystemRandom().sample(list(self._responses), count * 2)
        sealed = {key: self._responses.pop(key) for key in drawn}
        ledgers = list(self._extend_ledger())
        first, self._sealed, self._submissions = self._sealed, self._sealed + count, {}
        self.commit()
        for n in range(count):
            part = {key: sealed[key] for key in drawn[n * 2 :][:2]}
            put_file(name_segment(self._folder, first + n + 1), join_texts({"responses": part}))
        for path, ledger in ledgers:
            put_file(path, join_texts({"submissions": ledger}))
        sync_folder(self._folder)

    return mock.patch.object(OpenAnswers, "seal", seal)


def _seal_without_sync() -> AbstractContextManager[Any]:
    def put(contents: Mapping[Path, bytes]) -> None:
        for path, content in contents.items():
            put_file(path, content)

    return mock.patch("survey_service.storage.open_answers.put_files", put)


def _close_record_first() -> AbstractContextManager[Any]:
    original = TinyDBStore.close_wave

    def close_wave(self: TinyDBStore, wave_id: str, today: date, *, now: bool) -> Wave:
        answers = self.answers(wave_id)
        with self._command(wave_id) as (wave, _):
            wave.require_closable(today, now=now)
            self._files.write(wave.close(today, answers.hash_sorted()))
            self._files.write(wave)
        return original(self, wave_id, today, now=now)

    return mock.patch.object(TinyDBStore, "close_wave", close_wave)


def _close_sweep_first() -> AbstractContextManager[Any]:
    original = WaveFiles.write

    def write(self: WaveFiles, wave: Wave) -> None:
        if wave.closed_on:
            sweep(self._folder / wave.id, wave)
        original(self, wave)

    return mock.patch.object(WaveFiles, "write", write)


@contextmanager
def _no_rewrite() -> Iterator[None]:
    """After a crash the live segment is taken as it is."""
    original = OpenAnswers.__init__

    def start(self: OpenAnswers, folder: Path) -> None:
        with mock.patch.object(OpenAnswers, "commit", return_value=None):
            original(self, folder)

    with mock.patch.object(OpenAnswers, "__init__", start):
        yield


def _write_in_place() -> AbstractContextManager[Any]:
    def put(path: Path, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())

    return mock.patch.object(files, "put_file", put)


def _forget_ledger() -> AbstractContextManager[Any]:
    def extend(self: OpenAnswers) -> Iterator[tuple[Path, dict[int, str]]]:
        yield name_ledger(self._folder, 1), dict(self._submissions)

    return mock.patch.object(OpenAnswers, "_extend_ledger", extend)


def _sweep_at_once() -> AbstractContextManager[Any]:
    """A command sweeps by a record that a killed process may not have synced."""
    return mock.patch("survey_service.storage.tinydb.sync_folder", return_value=None)


def _trust_names() -> AbstractContextManager[Any]:
    """A server takes answers for a wave that a killed process may not have synced."""
    return mock.patch("survey_service.storage.desk.sync_folder", return_value=None)


MUTANTS: Sequence[Mutant] = (
    Mutant("files are not synced", ignored="file"),
    Mutant("folders are not synced", ignored="folder"),
    Mutant("files are written in place", patch=_write_in_place),
    Mutant("sealing writes the live segment first", patch=_seal_live_first),
    Mutant("sealing does not sync the names of segments", patch=_seal_without_sync),
    Mutant("sealing forgets older receipts", patch=_forget_ledger),
    Mutant("closing writes the record first", patch=_close_record_first, life="beginning"),
    Mutant("closing sweeps before the record", patch=_close_sweep_first, life="beginning"),
    Mutant(
        "live is not written again after a crash",
        patch=_no_rewrite,
        is_after_kill=True,
        life="first answer",
    ),
    Mutant(
        "commands trust what they see", patch=_sweep_at_once, is_after_kill=True, life="beginning"
    ),
    Mutant(
        "the server trusts what it sees",
        patch=_trust_names,
        is_after_kill=True,
        life="first answer",
    ),
)
