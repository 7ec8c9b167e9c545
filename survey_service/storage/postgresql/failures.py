"""What an error of the database means: whether to try again, and what to say in the end."""

from dataclasses import dataclass

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from survey_service.errors import Code

FAULTS = (psycopg.Error, DBAPIError, NoConnectionFree)
"""Everything that the database, its driver or the pool raises."""


@dataclass(frozen=True)
class Verdict:
    """``code`` is None where it depends on what was tried: reading or writing."""

    may_pass: bool
    code: Code | None = None


_GONE = Verdict(may_pass=True)
_BROKEN = Verdict(may_pass=False)
_FULL = Verdict(may_pass=True, code=Code.STORE_BUSY)
_OTHER_TABLES = Verdict(may_pass=False, code=Code.STORE_OUTDATED)
_STATES = {
    "40001": _GONE,  # serialization failure
    "40P01": _GONE,  # deadlock
    "23505": _GONE,  # a key drawn at random was taken: the next attempt draws another
    "25006": _GONE,  # read-only: a standby that is about to take over
    "57P01": _GONE,  # the server shuts down,
    "57P02": _GONE,  # has crashed,
    "57P03": _GONE,  # or is starting
    "55P03": Verdict(may_pass=True, code=Code.STORE_LOCKED),
    "53300": _FULL,
    "57014": _FULL,  # out of time
    "42P01": _OTHER_TABLES,
    "42703": _OTHER_TABLES,
    "42883": _OTHER_TABLES,
    "42501": _BROKEN,  # permission denied
}
_LOST = "08"  # the class of everything that happens to a connection
_STATEMENT = ("21", "22", "23", "26", "34", "42")  # classes that only a wrong statement causes
_FULL_WORDS = ("too many clients", "too many connections", "remaining connection slots")


def judge(error: Exception) -> Verdict | None:
    """Return whether trying again may help, and the code if it does not; None if we are to blame."""
    if isinstance(error, NoConnectionFree):
        return Verdict(may_pass=False, code=Code.STORE_BUSY)
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if state is None:
        return _judge_silent(cause)
    if state in _STATES:
        return _STATES[state]
    if state.startswith(_LOST):
        return _GONE
    return None if state.startswith(_STATEMENT) else _BROKEN


def _judge_silent(cause: BaseException | None) -> Verdict | None:
    """Judge an error without a code: a connection was lost, or none was given.

    A server without a free place says so in words only; one that speaks another language than
    English counts as gone.
    """
    if not isinstance(cause, psycopg.OperationalError):
        return None
    return _FULL if any(words in str(cause) for words in _FULL_WORDS) else _GONE
