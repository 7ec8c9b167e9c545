"""The embedded store: one folder, TinyDB files in segments, one writer at a time.

Layout::

    control.lock                               held by whoever writes
    waves/WAVE/wave.json                       the record of the wave
    waves/WAVE/open/segment-000001.json        tables responses, comments, submissions
    waves/WAVE/closed/segment-000001.json      the same after closing, shuffled, without submissions

Closing writes the folder ``closed`` first; the one commit that counts is the replacement of
``wave.json``. What a crash leaves of the other folder is removed at the next closing or opening.
"""

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from survey_service.errors import Code, SurveyError
from survey_service.response import Comment, Response, Submission, hash_answers
from survey_service.storage.segments import (
    SEGMENT_SIZE,
    ReplacingStorage,
    Tables,
    in_id_order,
    list_segments,
    next_segment,
    random_ids,
    read_documents,
    replace_file,
    sync_folder,
)
from survey_service.store import Receipt
from survey_service.wave import Wave, is_wave_id

_RECEIPT_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OPEN, _CLOSED = "open", "closed"


class TinyDBStore:
    """See ``survey_service.store.Store`` for the promises; for one machine and one web process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = threading.Lock()
        self._receipts: dict[Path, dict[str, str]] = {}

    def create_wave(self, wave: Wave) -> None:
        """Keep a new wave; ``wave_exists`` if its id is taken."""
        with self._writing():
            path = self._wave_folder(wave.id)
            if (path / "wave.json").exists():
                raise SurveyError(Code.WAVE_EXISTS, wave=wave.id)
            _make_folder(path / _OPEN)
            self._write_wave(wave)

    def wave(self, wave_id: str) -> Wave:
        """Return a wave; ``wave_unknown`` if there is none with that id."""
        if not is_wave_id(wave_id):
            raise SurveyError(Code.WAVE_UNKNOWN)
        try:
            raw = (self._wave_folder(wave_id) / "wave.json").read_bytes()
        except OSError:
            raise SurveyError(Code.WAVE_UNKNOWN) from None
        return _parse_wave(raw)

    def waves(self) -> tuple[Wave, ...]:
        """Return every wave, ordered by id."""
        found = sorted((self._folder / "waves").glob("*/wave.json"))
        return tuple(self.wave(path.parent.name) for path in found)

    def change_wave(self, wave_id: str, change: Callable[[Wave], Wave]) -> Wave:
        """Replace a wave by what ``change`` makes of its present record."""
        with self._writing():
            changed = change(self.wave(wave_id))
            self._write_wave(changed)
            return changed

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Keep one submission; a digest already kept returns its receipt and keeps nothing."""
        with self._writing():
            self.wave(wave_id).require_accepting(today)
            number = self._find_receipt(wave_id, submission.digest)
            if number is not None:
                return Receipt(number, is_new=False)
            number = _draw_receipt()
            self._append(wave_id, [submission], number, most=SEGMENT_SIZE)
            return Receipt(number, is_new=True)

    def import_batch(self, wave_id: str, batch: Sequence[Submission], today: date) -> None:
        """Keep all submissions or none: they make one segment of their own, written at once."""
        with self._writing():
            self.wave(wave_id).require_accepting(today)
            if any(self._find_receipt(wave_id, each.digest) for each in batch):
                raise SurveyError(Code.IMPORT_REPEATED)
            self._append(wave_id, batch, _draw_receipt(), most=0)

    def responses(self, wave_id: str) -> tuple[Response, ...]:
        """Return all responses of a wave, in the order of their random ids."""
        return tuple(
            Response(d["stratum"], d["pace"], d["answers"])
            for d in self._documents(self.wave(wave_id), "responses")
        )

    def comments(self, wave_id: str) -> tuple[Comment, ...]:
        """Return all comments of a wave, in the order of their random ids."""
        return tuple(
            Comment(d["item"], d["group"], d["text"])
            for d in self._documents(self.wave(wave_id), "comments")
        )

    def close_wave(self, wave_id: str, today: date, *, now: bool) -> Wave:
        """Close a wave for good: verify, shuffle, freeze, forget the submissions."""
        with self._writing():
            wave = self.wave(wave_id)
            wave.require_closable(today, now=now)
            responses = self.responses(wave_id)
            comments = self.comments(wave_id)
            closed_folder = self._wave_folder(wave_id) / _CLOSED
            _remove_folder(closed_folder)
            _make_folder(closed_folder)
            _write_frozen(closed_folder, responses, comments)
            closed = wave.close(today, hash_answers(responses))
            self._write_wave(closed)
            _remove_folder(self._wave_folder(wave_id) / _OPEN)
            self._receipts.clear()
            return closed

    def check_writable(self) -> None:
        """Write and remove a probe; ``store_unwritable`` if that fails."""
        with self._writing():
            probe = self._folder / f".probe-{secrets.token_hex(4)}"
            replace_file(probe, b"ready")
            probe.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the store against other threads and other processes."""
        with self._threads:
            _make_folder(self._folder / "waves")
            try:
                lock = open(self._folder / "control.lock", "ab", opener=_open_privately)  # noqa: SIM115 - closed below
            except OSError:
                raise SurveyError(Code.STORE_UNWRITABLE) from None
            with lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield

    def _wave_folder(self, wave_id: str) -> Path:
        return self._folder / "waves" / wave_id

    def _write_wave(self, wave: Wave) -> None:
        path = self._wave_folder(wave.id) / "wave.json"
        ReplacingStorage(path).write({"wave": {"1": wave.to_record()}})

    def _documents(self, wave: Wave, table: str) -> list[Any]:
        folder = self._wave_folder(wave.id) / (_CLOSED if wave.closed_on else _OPEN)
        return [d for path in list_segments(folder) for d in read_documents(path, table)]

    def _find_receipt(self, wave_id: str, digest: str) -> str | None:
        """Return the receipt of a digest: full segments are read once, the last one every time."""
        segments = list_segments(self._wave_folder(wave_id) / _OPEN)
        for path in segments[:-1]:
            if path not in self._receipts:
                self._receipts[path] = _read_receipts(path)
        known = [self._receipts[path] for path in segments[:-1]]
        known += [_read_receipts(path) for path in segments[-1:]]
        return next((table[digest] for table in known if digest in table), None)

    def _append(
        self, wave_id: str, batch: Sequence[Submission], receipt: str, *, most: int
    ) -> None:
        """Write a batch into the last segment if that then holds at most ``most``, else into a new one."""
        folder = self._wave_folder(wave_id) / _OPEN
        present = list_segments(folder)
        tables = (ReplacingStorage(present[-1]).read() if present else None) or {}
        path = present[-1] if present else next_segment(folder)
        if len(tables.get("responses", {})) + len(batch) > most:
            tables, path = {}, next_segment(folder)
        comments = [vars(comment) for each in batch for comment in each.comments]
        digests = sorted({each.digest for each in batch})
        _add(tables, "responses", [vars(each.response) for each in batch])
        _add(tables, "comments", comments)
        _add(tables, "submissions", [{"digest": d, "receipt": receipt} for d in digests])
        ReplacingStorage(path).write(tables)


@lru_cache(maxsize=32)
def _parse_wave(raw: bytes) -> Wave:
    try:
        return Wave.from_record(json.loads(raw)["wave"]["1"])
    except (ValueError, KeyError, TypeError):
        raise SurveyError(Code.STORE_DAMAGED, what="wave.json") from None


def _read_receipts(path: Path) -> dict[str, str]:
    return {d["digest"]: d["receipt"] for d in read_documents(path, "submissions")}


def _draw_receipt() -> str:
    symbols = [secrets.choice(_RECEIPT_SYMBOLS) for _ in range(8)]
    return f"{''.join(symbols[:4])}-{''.join(symbols[4:])}"


def _add(tables: Tables, name: str, documents: Sequence[dict[str, Any]]) -> None:
    table = tables.get(name, {})
    new = dict(zip(random_ids(len(documents), table), documents, strict=True))
    tables[name] = in_id_order(table | new)


def _write_frozen(folder: Path, responses: Sequence[Response], comments: Sequence[Comment]) -> None:
    """Write everything in one random order across new segments."""
    shuffled = secrets.SystemRandom().sample(responses, len(responses))
    for start in range(0, len(shuffled), SEGMENT_SIZE):
        tables: Tables = {}
        _add(tables, "responses", [vars(r) for r in shuffled[start : start + SEGMENT_SIZE]])
        ReplacingStorage(next_segment(folder)).write(tables)
    if comments:
        tables = {}
        _add(tables, "comments", [vars(comment) for comment in comments])
        ReplacingStorage(next_segment(folder)).write(tables)


def _open_privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_folder(folder: Path) -> None:
    """Make a folder and what is missing above it, open to its owner only, durably."""
    try:
        for each in (*reversed(folder.parents), folder):
            if not each.exists():
                each.mkdir(mode=0o700, exist_ok=True)
                sync_folder(each.parent)
    except OSError:
        raise SurveyError(Code.STORE_UNWRITABLE) from None


def _remove_folder(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
        sync_folder(folder.parent)
