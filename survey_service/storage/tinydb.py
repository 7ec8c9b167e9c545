"""The embedded store: one folder, TinyDB files in segments, one writer at a time.

Layout::

    control.lock                               held by whoever writes
    waves/WAVE/wave.json                       the record of the wave
    waves/WAVE/codes-000001.json               hashes of the codes as issued the last time
    waves/WAVE/open/segment-000001.json        tables responses, comments, submissions, spent
    waves/WAVE/closed/segment-000000.json      after closing: comments
    waves/WAVE/closed/segment-000001.json      after closing: responses, shuffled

Closing writes the folder ``closed`` first; the one commit that counts is the replacement of
``wave.json``. What a crash leaves of the other folder is removed by the next write to the wave.
"""

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tinydb.table import Document

from survey_service.errors import Code, SurveyError
from survey_service.response import (
    Comment,
    Response,
    Submission,
    count_by_stratum,
    hash_answers,
)
from survey_service.storage.ledger import Ledger
from survey_service.storage.segments import (
    SEGMENT_SIZE,
    ReplacingStorage,
    Tables,
    hash_ids,
    in_id_order,
    list_segments,
    next_segment,
    random_ids,
    read_documents,
    read_tables,
    replace_file,
    sync_folder,
)
from survey_service.store import CodeCount, Receipt
from survey_service.wave import Wave, is_wave_id

_RECEIPT_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OPEN, _CLOSED = "open", "closed"
_COMMENTS = "segment-000000.json"
_DELETED = ".deleted-"


class TinyDBStore:
    """See ``survey_service.store.Store`` for the promises; for one machine and one web process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = threading.Lock()
        self._ledger = Ledger()
        self._codes: dict[tuple[str, int], dict[str, str]] = {}

    def create_wave(self, wave: Wave) -> None:
        """Keep a new wave; ``wave_exists`` if its id is taken."""
        with self._writing():
            path = self._wave_folder(wave.id)
            if (path / "wave.json").exists():
                raise SurveyError(Code.WAVE_EXISTS, wave=wave.id)
            _remove_folder(path)
            _make_folder(path / _OPEN)
            self._write_wave(wave)

    def wave(self, wave_id: str) -> Wave:
        """Return a wave; ``wave_unknown`` if there is none with that id."""
        if not is_wave_id(wave_id):
            raise SurveyError(Code.WAVE_UNKNOWN)
        try:
            raw = (self._wave_folder(wave_id) / "wave.json").read_bytes()
        except FileNotFoundError:
            raise SurveyError(Code.WAVE_UNKNOWN) from None
        except OSError:
            raise SurveyError(Code.STORE_UNREADABLE) from None
        return _parse_wave(raw)

    def waves(self) -> tuple[Wave, ...]:
        """Return every wave, ordered by id."""
        names = sorted(path.parent.name for path in (self._folder / "waves").glob("*/wave.json"))
        return tuple(self.wave(name) for name in names if is_wave_id(name))

    def change_wave(self, wave_id: str, change: Callable[[Wave], Wave]) -> Wave:
        """Replace a wave by what ``change`` makes of its present record."""
        with self._writing():
            wave = self.wave(wave_id)
            self._sweep(wave)
            changed = change(wave)
            self._write_wave(changed)
            return changed

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Keep one submission; a digest already kept returns its receipt and keeps nothing."""
        with self._writing():
            wave = self.wave(wave_id)
            wave.require_accepting(today)
            folder = self._wave_folder(wave_id) / _OPEN
            number = self._ledger.find_receipt(wave.salt, folder, submission.digest)
            if number is not None:
                return Receipt(number, is_new=False)
            if submission.code:
                if submission.code not in self._read_codes(wave):
                    raise SurveyError(Code.CODE_UNKNOWN)
                if self._ledger.is_spent(wave.salt, folder, submission.code):
                    raise SurveyError(Code.CODE_USED)
            number = _draw_receipt()
            _append(folder, [submission], number)
            return Receipt(number, is_new=True)

    def import_batch(self, wave_id: str, batch: Sequence[Submission], today: date) -> None:
        """Keep all submissions or none: they go into one segment, written at once."""
        with self._writing():
            wave = self.wave(wave_id)
            wave.require_accepting(today)
            folder = self._wave_folder(wave_id) / _OPEN
            if any(self._ledger.find_receipt(wave.salt, folder, each.digest) for each in batch):
                raise SurveyError(Code.IMPORT_REPEATED)
            _append(folder, batch, _draw_receipt())

    def issue_codes(
        self, wave_id: str, codes: Mapping[str, Sequence[str]], *, replace: bool
    ) -> None:
        """Keep the hashes of new codes for some strata, all or none."""
        with self._writing():
            wave = self.wave(wave_id)
            wave.require_codes()
            present = self._read_codes(wave)
            spent = self._ledger.spent(wave.salt, self._wave_folder(wave_id) / _OPEN)
            if not replace and any(stratum in codes for stratum in present.values()):
                raise SurveyError(Code.CODES_ISSUED, wave=wave.id)
            kept = {c: s for c, s in present.items() if s not in codes or c in spent}
            kept |= {code: stratum for stratum, new in codes.items() for code in new}
            counts = count_by_stratum(kept.values())
            if any(counts.get(s.id, 0) > s.headcount for s in wave.strata.strata):
                raise SurveyError(Code.CODES_MANY, wave=wave.id)
            changed = wave.count_issue()
            self._write_codes(changed, kept)
            self._write_wave(changed)
            self._sweep(changed)

    def count_codes(self, wave_id: str) -> dict[str, CodeCount]:
        """Return for every stratum with codes how many there are and how many are spent."""
        wave = self.wave(wave_id)
        codes = self._read_codes(wave)
        spent = self._ledger.spent(wave.salt, self._wave_folder(wave_id) / _OPEN)
        issued = count_by_stratum(codes.values())
        used = count_by_stratum(codes[code] for code in spent if code in codes)
        return {name: CodeCount(n, used.get(name, 0)) for name, n in issued.items()}

    def find_code(self, wave_id: str, code: str) -> str | None:
        """Return the stratum of an issued code, spent or not; None if it opens nothing."""
        return self._read_codes(self.wave(wave_id)).get(code)

    def responses(self, wave_id: str) -> tuple[Response, ...]:
        """Return all responses of a wave, in the order of their random ids."""
        return tuple(
            Response(d["stratum"], d["pace"], d["answers"])
            for d in self._documents(wave_id, "responses")
        )

    def comments(self, wave_id: str) -> tuple[Comment, ...]:
        """Return all comments of a wave, in the order of their random ids."""
        return tuple(Comment(**d, id=str(d.doc_id)) for d in self._documents(wave_id, "comments"))

    def review_comments(self, wave_id: str, reviewed: Sequence[Comment]) -> None:
        """Keep theme and paraphrase of comments of a closed wave, all or none."""
        with self._writing():
            if self.wave(wave_id).closed_on is None:
                raise SurveyError(Code.WAVE_STILL_OPEN, wave=wave_id)
            path = self._wave_folder(wave_id) / _CLOSED / _COMMENTS
            tables = read_tables(path)
            documents = tables.get("comments", {})
            for comment in reviewed:
                if comment.id not in documents:
                    raise SurveyError(Code.COMMENT_UNKNOWN)
                documents[comment.id] |= {"theme": comment.theme, "paraphrase": comment.paraphrase}
            ReplacingStorage(path).write(tables)

    def close_wave(self, wave_id: str, today: date, *, now: bool) -> Wave:
        """Close a wave for good: verify, shuffle, freeze, forget the submissions."""
        with self._writing():
            wave = self.wave(wave_id)
            self._sweep(wave)
            wave.require_closable(today, now=now)
            responses = self.responses(wave_id)
            comments = self.comments(wave_id)
            closed_folder = self._wave_folder(wave_id) / _CLOSED
            _make_folder(closed_folder)
            _write_frozen(closed_folder, responses, comments)
            closed = wave.close(today, hash_answers(responses))
            self._write_wave(closed)
            self._sweep(closed)
            self._ledger.forget()
            return closed

    def delete_wave(self, wave_id: str, check: Callable[[Wave], None]) -> None:
        """Remove every trace of a wave, unless ``check`` raises for its present record."""
        with self._writing():
            check(self.wave(wave_id))
            doomed = self._folder / "waves" / f"{_DELETED}{secrets.token_hex(8)}"
            self._wave_folder(wave_id).rename(doomed)
            sync_folder(doomed.parent)
            _remove_folder(doomed)
            self._ledger.forget()

    def stored_files(self, wave_id: str) -> Iterator[tuple[str, bytes]]:
        """Yield the files of a wave: names and contents."""
        folder = self._wave_folder(self.wave(wave_id).id)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_bytes()

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
                for doomed in (self._folder / "waves").glob(f"{_DELETED}*"):
                    _remove_folder(doomed)
                yield

    def _sweep(self, wave: Wave) -> None:
        """Remove what the state of a wave no longer needs, also what an earlier crash left."""
        folder = self._wave_folder(wave.id)
        for path in folder.rglob(".new-*"):
            path.unlink(missing_ok=True)
        for path in folder.glob("codes-*.json"):
            if wave.closed_on or path != self._codes_path(wave):
                path.unlink()
        _remove_folder(folder / (_OPEN if wave.closed_on else _CLOSED))

    def _wave_folder(self, wave_id: str) -> Path:
        return self._folder / "waves" / wave_id

    def _write_wave(self, wave: Wave) -> None:
        path = self._wave_folder(wave.id) / "wave.json"
        ReplacingStorage(path).write({"wave": {"1": wave.to_record()}})

    def _documents(self, wave_id: str, table: str) -> list[Document]:
        """Read a table of all segments; again, if the wave was closed meanwhile."""
        while True:
            wave = self.wave(wave_id)
            folder = self._wave_folder(wave_id) / (_CLOSED if wave.closed_on else _OPEN)
            found = [d for path in list_segments(folder) for d in read_documents(path, table)]
            if self.wave(wave_id).closed_on == wave.closed_on:
                return found

    def _read_codes(self, wave: Wave) -> dict[str, str]:
        """Return the issued codes of a wave, hash -> stratum; every issue makes a new file."""
        key = (wave.salt, wave.codes_issued)
        if key not in self._codes:
            table = read_tables(self._codes_path(wave)).get("codes", {})
            self._codes[key] = {d["code"]: d["stratum"] for d in table.values()}
        return self._codes[key]

    def _write_codes(self, wave: Wave, codes: Mapping[str, str]) -> None:
        documents = [{"code": code, "stratum": stratum} for code, stratum in codes.items()]
        ids = hash_ids(codes)
        table = in_id_order(dict(zip(ids, documents, strict=True)))
        ReplacingStorage(self._codes_path(wave)).write({"codes": table})

    def _codes_path(self, wave: Wave) -> Path:
        return self._wave_folder(wave.id) / f"codes-{wave.codes_issued:06d}.json"


@lru_cache(maxsize=32)
def _parse_wave(raw: bytes) -> Wave:
    try:
        return Wave.from_record(json.loads(raw)["wave"]["1"])
    except (ValueError, KeyError, TypeError):
        raise SurveyError(Code.STORE_DAMAGED, what="wave.json") from None


def _draw_receipt() -> str:
    symbols = [secrets.choice(_RECEIPT_SYMBOLS) for _ in range(8)]
    return f"{''.join(symbols[:4])}-{''.join(symbols[4:])}"


def _append(folder: Path, batch: Sequence[Submission], receipt: str) -> None:
    """Write a whole batch into the last segment, or into a new one if that is full.

    A small batch never makes a segment of its own: its answers would stand there alone.
    """
    present = list_segments(folder)
    tables = read_tables(present[-1]) if present else {}
    path = present[-1] if present else next_segment(folder)
    if len(tables.get("responses", {})) >= SEGMENT_SIZE:
        tables, path = {}, next_segment(folder)
    _add(tables, "responses", [vars(each.response) for each in batch])
    _add(tables, "comments", [_write_comment(c) for each in batch for c in each.comments])
    digests = sorted({each.digest for each in batch})
    _enter(tables, "submissions", {d: {"digest": d, "receipt": receipt} for d in digests})
    _enter(tables, "spent", {each.code: {"code": each.code} for each in batch if each.code})
    ReplacingStorage(path).write(tables)


def _add(tables: Tables, name: str, documents: Sequence[dict[str, Any]]) -> None:
    """Add documents under random ids."""
    table = tables.get(name, {})
    new = dict(zip(random_ids(len(documents), table), documents, strict=True))
    tables[name] = in_id_order(table | new)


def _enter(tables: Tables, name: str, documents: Mapping[str, dict[str, Any]]) -> None:
    """Add documents under ids made of the hashes by which they are looked up."""
    table = tables.get(name, {})
    new = dict(zip(hash_ids(documents, table), documents.values(), strict=True))
    tables[name] = in_id_order(table | new)


def _write_comment(comment: Comment) -> dict[str, str]:
    return {key: value for key, value in vars(comment).items() if key != "id"}


def _write_frozen(folder: Path, responses: Sequence[Response], comments: Sequence[Comment]) -> None:
    """Write everything in one random order across new segments, the comments apart."""
    shuffled = secrets.SystemRandom().sample(responses, len(responses))
    for start in range(0, len(shuffled), SEGMENT_SIZE):
        tables: Tables = {}
        _add(tables, "responses", [vars(r) for r in shuffled[start : start + SEGMENT_SIZE]])
        ReplacingStorage(next_segment(folder)).write(tables)
    tables = {}
    _add(tables, "comments", [_write_comment(comment) for comment in comments])
    ReplacingStorage(folder / _COMMENTS).write(tables)


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
