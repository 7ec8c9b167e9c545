"""The store of many web processes and machines: what each promise is made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import Connection

from survey_service.answers import AnswerTable, tabulate
from survey_service.errors import Code, SurveyError
from survey_service.response import Comment, Response, Submission
from survey_service.snapshot import Snapshot
from survey_service.storage.postgresql import (
    closing,
    inspection,
    one_time_codes,
    reading,
    records,
    writing,
)
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.migration import require_current
from survey_service.storage.postgresql.mixing import Mixer
from survey_service.storage.postgresql.presence import (
    PLACE_OF_ALL_SERVERS,
    PLACE_OF_ONE_SERVER,
    hold_place,
)
from survey_service.storage.postgresql.schema import COMMENT, FRESH, RESPONSE, SPENT, SUBMISSION
from survey_service.storage.postgresql.settings import Session, prepare_session
from survey_service.storage.postgresql.submitting import Intake, write_hash
from survey_service.storage.postgresql.waves import Waves
from survey_service.storage.receipts import draw_receipt
from survey_service.store import CodeCount, Receipt
from survey_service.wave import Wave

_PROBE = "WITH new AS (INSERT INTO probe VALUES (1)) DELETE FROM probe"


class PostgreSQLStore:
    """See ``survey_service.store.Store`` for the promises.

    Raises ``store_setting`` for a server that would break them, ``store_outdated`` for tables of
    another version; makes the tables in an empty database.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        require_current(self._database)
        self._waves = Waves(self._database)
        self._mixer = Mixer(self._database)
        self._intake = Intake(self._database, self._waves, self._mixer)

    def create_wave(self, wave: Wave) -> None:
        """Keep a new wave; ``wave_exists`` if its id is taken."""
        revision = records.draw_revision()
        self._database.write(lambda c: records.insert_wave(c, wave, revision))

    def wave(self, wave_id: str) -> Wave:
        """Return a wave; ``wave_unknown`` if there is none with that id."""
        return self._waves.read(wave_id).wave

    def waves(self) -> tuple[Wave, ...]:
        """Return every wave, ordered by id."""
        return tuple(self.wave(wave_id) for wave_id in self._waves.list())

    def change_wave(self, wave_id: str, change: Callable[[Wave], Wave]) -> Wave:
        """Replace a wave by what ``change`` makes of its present record."""
        return self._rewrite(wave_id, lambda _, wave: change(wave))

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Keep one submission; a digest already kept returns its receipt and keeps nothing."""
        return self._intake.submit(wave_id, submission, today)

    def import_batch(self, wave_id: str, batch: Sequence[Submission], today: date) -> None:
        """Keep all submissions or none."""
        number = draw_receipt()
        receipts = {each.digest: number for each in batch}
        comments = [comment for each in batch for comment in each.comments]
        spent = {each.code for each in batch if each.code}

        def work(connection: Connection) -> None:
            records.lock_wave(connection, wave_id)
            wave = records.read_wave(connection, wave_id).wave
            wave.require_accepting(today)
            known = reading.find_receipts(connection, wave_id, list(receipts))
            if known == {number}:  # the commit of an earlier attempt, its reply was lost
                return
            if known:
                raise SurveyError(Code.IMPORT_REPEATED)
            answers = tabulate([each.response for each in batch], len(wave.questionnaire.closed))
            writing.write_answers(connection, FRESH[RESPONSE], wave_id, answers.sort())
            writing.write_comments(connection, FRESH[COMMENT], wave_id, comments)
            writing.write_receipts(connection, FRESH[SUBMISSION], wave_id, receipts)
            writing.write_spent(connection, FRESH[SPENT], wave_id, spent)

        self._database.write(work)
        self._mixer.mix(wave_id)

    def issue_codes(
        self, wave_id: str, codes: Mapping[str, Sequence[str]], *, replace: bool
    ) -> None:
        """Keep the hashes of new codes for some strata, all or none."""
        issue = one_time_codes.issue
        self._rewrite(wave_id, lambda c, wave: issue(c, wave, codes, replace=replace))

    def count_codes(self, wave_id: str) -> dict[str, CodeCount]:
        """Return for every stratum with codes how many there are and how many are spent."""

        def work(connection: Connection) -> dict[str, CodeCount]:
            records.read_wave(connection, wave_id)
            return one_time_codes.count_codes(connection, wave_id)

        return self._database.read(work)

    def find_code(self, wave_id: str, code: str) -> str | None:
        """Return the stratum of an issued code, spent or not; None if it opens nothing."""
        records.require_wave_id(wave_id)
        hashed = write_hash(code)

        def ask(session: Session) -> tuple[str | None] | None:
            return session.execute(one_time_codes.FIND, (hashed, wave_id), prepare=True).fetchone()

        found = self._database.call(ask, Code.STORE_UNREADABLE)
        if found is None:
            raise SurveyError(Code.WAVE_UNKNOWN)
        return found[0]

    def answers(self, wave_id: str) -> AnswerTable:
        """Return all responses of a wave as columns, in canonical order."""

        def work(connection: Connection) -> tuple[Wave, AnswerTable]:
            wave = records.read_wave(connection, wave_id).wave
            return wave, reading.read_answers(connection, wave)

        wave, table = self._database.read(work)
        if wave.closed_on and table.hash_sorted() != wave.frozen_sha256:
            raise SurveyError(Code.STORE_DAMAGED, what=wave_id)
        return table

    def responses(self, wave_id: str) -> tuple[Response, ...]:
        """Return the same one by one."""
        return tuple(self.answers(wave_id).responses())

    def comments(self, wave_id: str) -> tuple[Comment, ...]:
        """Return all comments of a wave, in the order of their random ids."""

        def work(connection: Connection) -> tuple[Comment, ...]:
            records.read_wave(connection, wave_id)
            return reading.read_comments(connection, wave_id)

        return self._database.read(work)

    def review_comments(self, wave_id: str, reviewed: Sequence[Comment]) -> None:
        """Keep theme and paraphrase of comments of a closed wave, all or none."""

        def work(connection: Connection) -> None:
            records.lock_wave(connection, wave_id)
            if records.read_wave(connection, wave_id).wave.closed_on is None:
                raise SurveyError(Code.WAVE_STILL_OPEN, wave=wave_id)
            for each in reviewed:
                if not writing.review_comment(connection, wave_id, each):
                    raise SurveyError(Code.COMMENT_UNKNOWN)

        self._database.write(work)

    def close_wave(self, wave_id: str, today: date, *, now: bool) -> Wave:
        """Close a wave for good: verify, rewrite in one random order, freeze, forget the rest."""

        def work(connection: Connection, wave: Wave) -> Wave:
            wave.require_closable(today, now=now)
            return closing.freeze(connection, wave, today)

        closed = self._rewrite(wave_id, work)
        closing.wipe(self._database)
        return closed

    def delete_wave(self, wave_id: str, check: Callable[[Wave], None]) -> None:
        """Remove every trace of a wave, unless ``check`` raises for its present record."""
        was_there = False

        def work(connection: Connection) -> None:
            nonlocal was_there
            records.lock_wave(connection, wave_id)
            try:
                wave = records.read_wave(connection, wave_id).wave
            except SurveyError:
                if was_there:  # the commit of an earlier attempt, its reply was lost
                    return
                raise
            check(wave)
            was_there = True
            records.remove_wave(connection, wave_id)

        self._database.write(work)
        closing.wipe(self._database)

    def snapshot(self, wave_id: str) -> Snapshot:
        """Return everything kept of a wave at one instant; submissions do not wait."""
        return self._database.read(lambda c: reading.read_snapshot(c, wave_id))

    def restore(self, snapshot: Snapshot) -> None:
        """Keep a wave with everything of it, all or nothing; ``wave_exists`` if its id is taken."""
        wave, answers = snapshot.wave, snapshot.answers.sort()
        revision = records.draw_revision()

        def work(connection: Connection) -> None:
            if not records.insert_wave(connection, wave, revision):
                return
            writing.write_answers(connection, RESPONSE, wave.id, answers)
            writing.write_comments(connection, COMMENT, wave.id, snapshot.comments)
            writing.write_codes(connection, wave.id, snapshot.codes)
            writing.write_spent(connection, SPENT, wave.id, snapshot.spent)
            writing.write_receipts(connection, SUBMISSION, wave.id, snapshot.receipts)

        self._database.write(work)

    def stored_files(self, wave_id: str) -> Iterator[tuple[str, bytes]]:
        """Yield the tables with something of a wave, as files of JSON."""

        def work(connection: Connection) -> list[tuple[str, bytes]]:
            records.read_wave(connection, wave_id)
            return list(inspection.read_tables(connection, wave_id))

        yield from self._database.read(work)

    def check_writable(self) -> None:
        """Commit a probe, and look whether the settings of the server are still as they must be."""

        def ask(session: Session) -> None:
            prepare_session(session)
            session.execute(_PROBE, prepare=True)

        self._database.call(ask, Code.STORE_UNWRITABLE)

    def serving(self) -> AbstractContextManager[None]:
        """Share the place of a server with any number of others, on all machines."""
        return hold_place(self._database, PLACE_OF_ONE_SERVER)

    def alone(self) -> AbstractContextManager[None]:
        """Keep every server of every machine away."""
        return hold_place(self._database, PLACE_OF_ALL_SERVERS)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _rewrite(self, wave_id: str, work: Callable[[Connection, Wave], Wave]) -> Wave:
        """Replace a wave by what ``work`` returns, with no other writer between."""
        revision = records.draw_revision()

        def rewrite(connection: Connection) -> Wave:
            records.require_wave_id(wave_id)
            records.lock_wave(connection, wave_id)
            known = records.read_wave(connection, wave_id)
            if known.revision == revision:  # the commit of an earlier attempt, its reply was lost
                return known.wave
            changed = work(connection, known.wave)
            records.update_wave(connection, changed, revision)
            return changed

        return self._database.write(rewrite)
