"""Settings of the server that would lose answers or give people away: set where we may, else refused.

Nothing that a person sends ever stands in the text of a statement: psycopg sends values apart from
it, and so do the functions of the database. The log may therefore show a statement that failed
(``log_min_error_statement``); what must not be there are values, and times of single submissions.
Statistics of statements count calls, extensions that audit or explain write them down with times.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, Error
from psycopg.errors import InsufficientPrivilege

from survey_service.errors import Code, SurveyError

Session = Connection[tuple[Any, ...]]

_OURS: Mapping[str, str] = {
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",  # the functions look again after a lock
    "default_transaction_read_only": "off",
    "log_parameter_max_length_on_error": "0",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
    "enable_seqscan": "off",  # a plan made while a table was small must not outlive that
    "lock_timeout": "5s",
    "statement_timeout": "10s",
}
"""What every session may set for itself, and we do."""

_WANTED: Mapping[str, str] = {
    "server_encoding": "UTF8",
    "fsync": "on",
    "full_page_writes": "on",
    "track_commit_timestamp": "off",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "pg_stat_statements.track": "none",
    "auto_explain.log_min_duration": "-1",
    "pgaudit.log": "none",
}
"""What only an administrator decides. One that the server does not have is as good as wanted."""

_SET = "SELECT " + ", ".join("set_config(%s, %s, false)" for _ in _OURS)
_SHOW = "SELECT name, current_setting(name, true) FROM unnest(%s::text[]) AS name"


def prepare_session(session: Session) -> None:
    """Make a new session fit to hold answers; ``store_setting`` if the server does not let us."""
    session.execute(_SET, [part for pair in _OURS.items() for part in pair])
    for name, value in session.execute(_SHOW, [list(_WANTED)]).fetchall():
        wanted = _WANTED[name]
        if value not in {None, wanted} and not _try_to_set(session, name, wanted):
            raise SurveyError(Code.STORE_SETTING, setting=name, value=value, wanted=wanted)


def _try_to_set(session: Session, name: str, wanted: str) -> bool:
    """Set what an administrator may set for one session, where we are one."""
    try:
        session.execute("SELECT set_config(%s, %s, false)", (name, wanted))
    except InsufficientPrivilege:
        return False
    except Error:  # can only be changed for the whole server, or not at all
        if session.closed:
            raise
        return False
    return True
