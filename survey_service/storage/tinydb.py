"""The embedded store: one folder of small TinyDB files, for one machine and one server.

Layout::

    control.lock                        held while waves are made
    server.lock                         held by the server that is running
    waves/WAVE/wave.json                the record of the wave
    waves/WAVE/control.lock             held by whoever writes (see ``desk``)
    waves/WAVE/codes-000001.json        hashes of the codes as issued the last time
    waves/WAVE/open/                    answers of an open wave (see ``open_answers``)
    waves/WAVE/closed/                  answers of a closed one (see ``frozen``)

Closing writes the folder ``closed`` first; the one commit that counts is the replacement of
``wave.json``. What a crash leaves of the other folder is removed by the next write to the wave.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from survey_service.answers import AnswerTable
from survey_service.errors import Code, SurveyError
from survey_service.response import Comment, Response, Submission, count_by_stratum
from survey_service.snapshot import Snapshot
from survey_service.storage.code_book import EMPTY, CodeBook, read_book, write_book
from survey_service.storage.contents import (
    read_closed,
    read_files,
    read_head,
    read_open,
    read_receipts,
)
from survey_service.storage.desk import Desk, Handed, Waiting
from survey_service.storage.files import (
    UNFINISHED,
    guard_disk,
    make_folder,
    move_folder,
    remove_folder,
    replace_file,
    sync_folder,
)
from survey_service.storage.frozen import read_comments, read_frozen, write_comments, write_frozen
from survey_service.storage.location import require_local
from survey_service.storage.locking import hold
from survey_service.storage.open_answers import OpenAnswers
from survey_service.storage.segments import number_documents
from survey_service.storage.sweeping import CLOSED, OPEN, sweep
from survey_service.storage.wave_file import WaveFiles, write_wave
from survey_service.store import CodeCount, Receipt
from survey_service.wave import Wave, is_wave_id

_T = TypeVar("_T")
_UNPLACED = ".unplaced-"
_PATIENCE_S = 30.0
_SERVER_PATIENCE_S = 2.0
_STORAGE_FAULT = 6  # the exit code of everything that is wrong with the disk


class TinyDBStore:
    """See ``survey_service.store.Store`` for the promises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waves = folder / "waves"
        self._files = WaveFiles(self._waves)
        self._desks: dict[str, Desk] = {}
        self._books: dict[str, tuple[tuple[str, int], CodeBook]] = {}
        self._book_lock = threading.Lock()

    def create_wave(self, wave: Wave) -> None:
        """Keep a new wave; ``wave_exists`` if its id is taken."""
        self._place(wave, lambda folder: make_folder(folder / "open"))

    def wave(self, wave_id: str) -> Wave:
        """Return a wave; ``wave_unknown`` if there is none with that id."""
        return self._files.read(wave_id)

    def waves(self) -> tuple[Wave, ...]:
        """Return every wave, ordered by id."""
        with guard_disk():
            names = sorted(path.parent.name for path in self._waves.glob("*/wave.json"))
        return tuple(self.wave(name) for name in names if is_wave_id(name))

    def change_wave(self, wave_id: str, change: Callable[[Wave], Wave]) -> Wave:
        """Replace a wave by what ``change`` makes of its present record."""
        with self._command(wave_id) as (wave, _):
            changed = change(wave)
            self._files.write(changed)
            return changed

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Keep one submission, in one commit with all others that wait."""
        self.wave(wave_id)
        return self._desk(wave_id).line.submit(Handed(submission, today))

    def import_batch(self, wave_id: str, batch: Sequence[Submission], today: date) -> None:
        """Keep all submissions or none: they become durable in one commit."""
        with self._command(wave_id) as (wave, desk):
            wave.require_accepting(today)
            answers = desk.answers(wave.salt)
            if any(each.digest in answers.receipts for each in batch):
                raise SurveyError(Code.IMPORT_REPEATED)
            answers.stage(batch)
            answers.commit()
            answers.seal()

    def issue_codes(
        self, wave_id: str, codes: Mapping[str, Sequence[str]], *, replace: bool
    ) -> None:
        """Keep the hashes of new codes for some strata, all or none."""
        with self._command(wave_id) as (wave, desk):
            wave.require_codes()
            book = self._book(wave)
            issued = book.strata()
            if not replace and any(stratum in codes for stratum in issued.values()):
                raise SurveyError(Code.CODES_ISSUED, wave=wave.id)
            spent = book.spent(desk.answers(wave.salt).spent)
            kept = [
                code for code, stratum in issued.items() if stratum not in codes or code in spent
            ]
            book = book.extend(
                {code: stratum for stratum, new in codes.items() for code in new}, kept
            )
            counts = count_by_stratum(book.strata().values())
            if any(counts.get(s.id, 0) > s.headcount for s in wave.strata.strata):
                raise SurveyError(Code.CODES_MANY, wave=wave.id)
            changed = wave.count_issue()
            write_book(desk.folder, changed, book)
            self._files.write(changed)
            sweep(desk.folder, changed)

    def count_codes(self, wave_id: str) -> dict[str, CodeCount]:
        """Return for every stratum with codes how many there are and how many are spent."""
        wave = self.wave(wave_id)
        book = self._book(wave)
        issued = book.strata()
        spent = book.spent(read_head(self._waves / wave_id / "open").spent)
        used = count_by_stratum(issued[code] for code in spent)
        return {
            name: CodeCount(n, used.get(name, 0))
            for name, n in count_by_stratum(issued.values()).items()
        }

    def find_code(self, wave_id: str, code: str) -> str | None:
        """Return the stratum of an issued code, spent or not; None if it opens nothing."""
        entry = self._book(self.wave(wave_id)).entries.get(code)
        return None if entry is None else entry.stratum

    def answers(self, wave_id: str) -> AnswerTable:
        """Return all responses of a wave as columns, in canonical order."""
        return self._read(wave_id, self._read_answers)

    def responses(self, wave_id: str) -> tuple[Response, ...]:
        """Return the same one by one."""
        return tuple(self.answers(wave_id).responses())

    def comments(self, wave_id: str) -> tuple[Comment, ...]:
        """Return all comments of a wave, in the order of their random ids."""
        return self._read(wave_id, self._read_comments)

    def review_comments(self, wave_id: str, reviewed: Sequence[Comment]) -> None:
        """Keep theme and paraphrase of comments of a closed wave, all or none."""
        with self._command(wave_id) as (wave, desk):
            if wave.closed_on is None:
                raise SurveyError(Code.WAVE_STILL_OPEN, wave=wave_id)
            documents = read_comments(desk.folder / CLOSED)
            for comment in reviewed:
                if int(comment.id) not in documents:
                    raise SurveyError(Code.COMMENT_UNKNOWN)
                documents[int(comment.id)] |= {
                    "theme": comment.theme,
                    "paraphrase": comment.paraphrase,
                }
            write_comments(desk.folder / CLOSED, documents)

    def close_wave(self, wave_id: str, today: date, *, now: bool) -> Wave:
        """Close a wave for good: verify, shuffle, freeze, forget the submissions."""
        with self._command(wave_id) as (wave, desk):
            wave.require_closable(today, now=now)
            answers, comments = read_open(
                desk.folder / OPEN, read_head(desk.folder / OPEN), _width(wave)
            )
            renamed = [replace(c, id=str(n)) for n, c in number_documents(comments).items()]
            make_folder(desk.folder / CLOSED)
            write_frozen(desk.folder / CLOSED, answers, renamed)
            closed = wave.close(today, answers.hash_sorted())
            self._files.write(closed)
            sweep(desk.folder, closed)
            desk.forget()
            return closed

    def delete_wave(self, wave_id: str, check: Callable[[Wave], None]) -> None:
        """Remove every trace of a wave, unless ``check`` raises for its present record."""
        with self._making():
            with self._command(wave_id) as (wave, desk):
                check(wave)
                self._files.remove(wave_id)
                desk.forget()
            remove_folder(desk.folder)

    def snapshot(self, wave_id: str) -> Snapshot:
        """Return everything kept of a wave at one instant; submissions wait only for a moment."""
        return self._read(wave_id, self._read_snapshot)

    def restore(self, snapshot: Snapshot) -> None:
        """Keep a wave with everything of it, all or nothing; ``wave_exists`` if its id is taken."""
        wave = snapshot.wave

        def fill(folder: Path) -> None:
            if wave.closed_on:
                make_folder(folder / CLOSED)
                write_frozen(folder / CLOSED, snapshot.answers, snapshot.comments)
                return
            make_folder(folder / OPEN)
            book = EMPTY.extend(snapshot.codes, ())
            write_book(folder, wave, book)
            answers = OpenAnswers(folder / OPEN)
            places = (book.entries[code].place for code in snapshot.spent)
            answers.take_over(snapshot.answers, snapshot.comments, snapshot.receipts, places)

        self._place(wave, fill)

    def stored_files(self, wave_id: str) -> Iterator[tuple[str, bytes]]:
        """Yield the files of a wave: names and contents."""
        yield from self._read(wave_id, lambda _, folder: read_files(folder))

    def check_writable(self) -> None:
        """Write and remove a probe, and take up again any wave whose last write has failed."""
        if not self._waves.exists():
            make_folder(self._waves)
        probe = self._folder / f"{UNFINISHED}probe-{secrets.token_hex(4)}"
        replace_file(probe, b"ready")
        with guard_disk():
            probe.unlink(missing_ok=True)
        for desk in [each for each in self._desks.values() if each.needs_recovery]:
            with desk.serve():
                wave = self.wave(desk.folder.name)
                if wave.closed_on is None:
                    desk.answers(wave.salt)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Hold the place of the server; ``store_served`` if another process has it."""
        require_local(self._folder)
        make_folder(self._waves)
        with ExitStack() as stack:
            try:
                lock = self._folder / "server.lock"
                stack.enter_context(hold(lock, _SERVER_PATIENCE_S, writing=False))
            except SurveyError as error:
                if error.code is Code.STORE_LOCKED:
                    raise SurveyError(Code.STORE_SERVED) from None
                raise
            yield

    def alone(self) -> AbstractContextManager[None]:
        """Hold the one place of a server."""
        return self.serving()

    def close(self) -> None:
        """Do nothing: between two calls no file stays open."""

    def _commit(self, desk: Desk, batch: Sequence[Waiting]) -> None:
        """Take in a batch: decide about each, write once, and seal when enough has gathered."""
        with desk.serve():
            wave = self.wave(desk.folder.name)
            staged = False
            for ticket in batch:
                try:
                    ticket.result = self._take(desk, wave, ticket.item)
                    staged |= ticket.result.is_new
                except SurveyError as error:
                    if error.code.exit_code == _STORAGE_FAULT:
                        raise
                    ticket.error = error
            if not staged:
                return
            answers = desk.answers(wave.salt)
            answers.commit()
            if answers.is_long:
                try:
                    answers.seal()
                except SurveyError:  # what was committed stays committed
                    desk.recover()

    def _take(self, desk: Desk, wave: Wave, handed: Handed) -> Receipt:
        submission = handed.submission
        wave.require_accepting(handed.today)
        answers = desk.answers(wave.salt)
        known = answers.receipts.get(submission.digest)
        if known is not None:
            return Receipt(known, is_new=False)
        if not submission.code:
            return Receipt(answers.stage([submission]), is_new=True)
        entry = self._book(wave).entries.get(submission.code)
        if entry is None:
            raise SurveyError(Code.CODE_UNKNOWN)
        if entry.place in answers.spent:
            raise SurveyError(Code.CODE_USED)
        return Receipt(answers.stage([submission], entry.place), is_new=True)

    @contextmanager
    def _command(self, wave_id: str) -> Iterator[tuple[Wave, Desk]]:
        """Hold a wave for a command, cleared of what a crash has left."""
        self.wave(wave_id)
        desk = self._desk(wave_id)
        with desk.command():
            # what is seen may be what a killed process had not synced yet: first make it last
            sync_folder(desk.folder)
            wave = self.wave(wave_id)
            sweep(desk.folder, wave)
            yield wave, desk

    @contextmanager
    def _making(self) -> Iterator[None]:
        """Hold the store for a command that makes or removes waves."""
        make_folder(self._waves)
        with guard_disk(), hold(self._folder / "control.lock", _PATIENCE_S):
            sync_folder(self._waves)
            for folder in [each for each in self._waves.iterdir() if each.is_dir()]:
                if not (folder / "wave.json").exists() or folder.name.startswith(_UNPLACED):
                    sync_folder(folder)  # or the record might come back without the rest
                    remove_folder(folder)
            yield

    def _place(self, wave: Wave, fill: Callable[[Path], None]) -> None:
        """Make the folder of a wave beside its place and put it there by one rename."""
        require_local(self._folder)
        with self._making():
            if (self._waves / wave.id).exists():
                raise SurveyError(Code.WAVE_EXISTS, wave=wave.id)
            folder = self._waves / f"{_UNPLACED}{secrets.token_hex(8)}"
            try:
                make_folder(folder)
                fill(folder)
                write_wave(folder, wave)
                move_folder(folder, self._waves / wave.id)
            except BaseException:
                remove_folder(folder)
                raise

    def _desk(self, wave_id: str) -> Desk:
        return self._desks.setdefault(wave_id, Desk(self._waves / wave_id, self._commit))

    def _book(self, wave: Wave) -> CodeBook:
        """Return the codes of a wave; every issue makes a new file, read once by whoever is first."""
        key = (wave.salt, wave.codes_issued)
        with self._book_lock:
            known, book = self._books.get(wave.id, (None, EMPTY))
            if known != key:
                book = read_book(self._waves / wave.id, wave)
                self._books[wave.id] = key, book
        return book

    def _read(self, wave_id: str, read: Callable[[Wave, Path], _T]) -> _T:
        """Read from the files of a wave; again, if it was closed or deleted meanwhile."""
        while True:
            wave = self.wave(wave_id)
            try:
                found = read(wave, self._waves / wave_id)
            except SurveyError:
                if self.wave(wave_id).closed_on == wave.closed_on:
                    raise
                continue
            if self.wave(wave_id).closed_on == wave.closed_on:
                return found

    def _read_answers(self, wave: Wave, folder: Path) -> AnswerTable:
        if wave.closed_on:
            return read_frozen(folder / CLOSED, wave.frozen_sha256, _width(wave))
        return read_open(folder / OPEN, read_head(folder / OPEN), _width(wave))[0]

    def _read_comments(self, wave: Wave, folder: Path) -> tuple[Comment, ...]:
        if wave.closed_on:
            return tuple(
                Comment(**each, id=str(key))
                for key, each in sorted(read_comments(folder / CLOSED).items())
            )
        return read_open(folder / OPEN, read_head(folder / OPEN), _width(wave))[1]

    def _read_snapshot(self, wave: Wave, folder: Path) -> Snapshot:
        if wave.closed_on:
            return Snapshot(wave, *read_closed(folder / CLOSED, _width(wave)))
        with self._command(wave.id):
            head = read_head(folder / OPEN)
            receipts = read_receipts(folder / OPEN, head)
            book = self._book(wave)
        answers, comments = read_open(folder / OPEN, head, _width(wave))
        spent = book.spent(head.spent)
        return Snapshot(wave, answers, comments, receipts, book.strata(), spent)


def _width(wave: Wave) -> int:
    return len(wave.questionnaire.closed)
