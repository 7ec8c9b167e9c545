"""Mixing: answers that came together are written anew in random orders, so that nothing pairs them.

One transaction keeps a response, its comments, its code and its submission; each row of PostgreSQL
bears the number of its transaction (``xmin``), so while the rows are as they were written, somebody
who may ask the database can pair them. When two hundred responses of a wave have gathered, all four
kinds are moved by one transaction, each in a random order of its own, and the rows left behind are
vacuumed. From then on a code or a comment leads to no fewer than two hundred responses.

What this cannot hide while a wave is open: the last responses, until they are two hundred; the log of
changes (WAL) with every transaction as it came, in the server's ``pg_wal`` for a while and in archives
for as long as they are kept; a backup, replica or copy of the disk made in between, which shows which
rows are new since the one before. Keep no archive of the log of an open wave longer than
needed, and let nobody have both the cards and the database. After closing, see ``closing``.
"""

import threading
from collections import Counter
from collections.abc import Iterable

import psycopg
from sqlalchemy import Table

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.records import find_lock
from survey_service.storage.postgresql.schema import FRESH
from survey_service.storage.postgresql.settings import Session

LEAST = 200
"""How many responses are mixed at a time, at the least."""

_STRIDE = 25  # looking whether there are enough costs a tenth of keeping one
_MIX = "SELECT mix_responses(%s, %s, %s, %s)"


class Mixer:
    """Counts what this process has kept, and looks from time to time whether it is enough to mix."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: Counter[str] = Counter()
        self._counting = threading.Lock()

    def count(self, wave_id: str) -> None:
        """Count one response; after some of them, mix. Never fails: what is kept is kept."""
        with self._counting:
            self._counts[wave_id] += 1
            is_due = self._counts[wave_id] % _STRIDE == 1
        if is_due:
            self.mix(wave_id)

    def mix(self, wave_id: str) -> None:
        """Mix what is fresh of a wave if that is enough."""

        def ask(session: Session) -> None:
            locks = (find_lock(wave_id), find_lock(wave_id, "mix"))
            (moved,) = session.execute(_MIX, (wave_id, *locks, LEAST), prepare=True).fetchone() or (
                False,
            )
            if moved:
                vacuum(session, FRESH.values())

        try:
            self._database.call(ask, Code.STORE_UNWRITABLE)
        except SurveyError:
            return


def vacuum(session: Session, tables: Iterable[Table], options: str = "TRUNCATE false") -> None:
    """Have rows that nobody can see any more removed; where a table is held, autovacuum does it later."""
    for table in tables:
        try:
            session.execute(f"VACUUM ({options}) {table.name}")
        except psycopg.errors.LockNotAvailable:
            continue
