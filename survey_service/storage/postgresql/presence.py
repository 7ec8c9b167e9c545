"""Who serves a database now: advisory locks, which go with the connection of whoever holds them.

Servers share one lock, so any number may serve; a command that must be alone wants the same lock for
itself. A connection that breaks lets go of it: after the database was started anew, servers that
went on without a restart are no longer seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.database import Database

PLACE_OF_ONE_SERVER = "SELECT pg_try_advisory_lock_shared(%s)"
PLACE_OF_ALL_SERVERS = "SELECT pg_try_advisory_lock(%s)"
_NUMBER = int.from_bytes(b"serving", "big")


@contextmanager
def hold_place(database: Database, place: str) -> Iterator[None]:
    """Hold one of the two places on a connection of its own; ``store_served`` if it is taken."""
    try:
        session = database.connect()
        found = session.execute(place, (_NUMBER,)).fetchone()
    except psycopg.Error:
        raise SurveyError(Code.STORE_UNWRITABLE) from None
    try:
        if found != (True,):
            raise SurveyError(Code.STORE_SERVED)
        yield
    finally:
        session.close()
