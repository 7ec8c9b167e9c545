"""Connections to one database, and trying again inside a deadline.

A pool of at most ``POOL_SIZE`` connections for each process. Work is handed in as a function and
may be called several times: after a lost connection nobody knows whether the last commit took
place, so the work itself has to recognise what it has done before.
"""

import random
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, create_engine, text

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.failures import FAULTS, judge
from survey_service.storage.postgresql.settings import Session, prepare_session

POOL_SIZE = 16
DEADLINE_S = 10.0
_WAIT_FOR_CONNECTION_S = 3.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.01, 0.5
_NOTICE_SILENCE: dict[str, Any] = {  # a cut cable is noticed within ten seconds
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
_BULK = text(
    "SELECT set_config('statement_timeout', '0', true), set_config('enable_seqscan', 'on', true)"
)

_T = TypeVar("_T")


class Database:
    """One database; the URL with its password is never shown by any error."""

    def __init__(self, url: str) -> None:
        try:
            psycopg.conninfo.conninfo_to_dict(url)
        except psycopg.Error:
            raise SurveyError(Code.STORE_URL) from None
        self._url = url
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self.connect,
            isolation_level="AUTOCOMMIT",
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=_WAIT_FOR_CONNECTION_S,
            pool_use_lifo=True,
            hide_parameters=True,
            skip_autocommit_rollback=True,
        )
        self._transactions = self._engine.execution_options(isolation_level="READ COMMITTED")
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        weakref.finalize(self, self._engine.dispose).atexit = False

    def connect(self) -> Session:
        """Return a new connection beside the pool, checked and fit to hold answers."""
        session = psycopg.connect(
            self._url, autocommit=True, client_encoding="UTF8", **_NOTICE_SILENCE
        )
        try:
            prepare_session(session)
        except BaseException:
            session.close()
            raise
        return session

    def call(self, work: Callable[[Session], _T], code: Code) -> _T:
        """Do what is one statement, which commits by itself; ``code`` if it cannot be done."""

        def attempt() -> _T:
            with self._borrow() as session:
                return work(session)

        return _persist(attempt, code)

    def write(self, work: Callable[[Connection], _T]) -> _T:
        """Do ``work`` in one transaction."""

        def attempt() -> _T:
            with self._transactions.begin() as connection:
                connection.execute(_BULK)
                return work(connection)

        return _persist(attempt, Code.STORE_UNWRITABLE)

    def read(self, work: Callable[[Connection], _T]) -> _T:
        """Do ``work`` on what was committed at one instant."""

        def attempt() -> _T:
            with self._snapshots.begin() as connection:
                connection.execute(_BULK)
                return work(connection)

        return _persist(attempt, Code.STORE_UNREADABLE)

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self._engine.dispose()

    @contextmanager
    def _borrow(self) -> Iterator[Session]:
        """Lend a connection. Where it breaks, its place in the pool is the next to be taken, anew."""
        borrowed = self._engine.raw_connection()
        session = borrowed.driver_connection
        assert isinstance(session, psycopg.Connection)  # noqa: S101 - for the type checker
        try:
            yield session
        except psycopg.Error:
            if session.closed:
                borrowed.invalidate()
            raise
        finally:
            borrowed.close()


def _persist(attempt: Callable[[], _T], code: Code) -> _T:
    """Try until it succeeds, cannot succeed, or the deadline has passed."""
    deadline = time.monotonic() + DEADLINE_S
    pause = _FIRST_PAUSE_S
    while True:
        try:
            return attempt()
        except FAULTS as error:
            verdict = judge(error)
            if verdict is None:
                raise
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            wait = pause * random.uniform(0.5, 1.0)  # noqa: S311 - so that not all come back at once
            if not verdict.may_pass or time.monotonic() + wait > deadline:
                raise SurveyError(verdict.code or code) from None
        time.sleep(wait)
