"""Closing: from then on nothing in the tables ties an answer to a code, a time or an order.

All responses are rewritten in one random order by one transaction, so that every row bears the same
number (``xmin``), and comments likewise under new ids; codes, spent codes and submissions are
removed; then the tables are written anew as files (``VACUUM FULL``), without the rows as they were.
What an archive of the log of changes (WAL), a replica or a backup made before holds, it still holds;
in the server itself the log is overwritten as it goes on. See ``mixing``.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import psycopg
from sqlalchemy import Connection, func, select

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.mixing import vacuum
from survey_service.storage.postgresql.reading import read_answers, read_comments
from survey_service.storage.postgresql.records import remove_rows
from survey_service.storage.postgresql.schema import COMMENT, OF_A_WAVE, RESPONSE, WAVE
from survey_service.storage.postgresql.writing import write_answers, write_comments
from survey_service.wave import Wave


def freeze(connection: Connection, wave: Wave, today: date) -> Wave:
    """Verify, count, rewrite and hash all answers of a wave, forget what is no longer needed."""
    answers = read_answers(connection, wave)
    comments = read_comments(connection, wave.id)
    remove_rows(connection, wave.id)
    write_answers(connection, RESPONSE, wave.id, answers)
    write_comments(connection, COMMENT, wave.id, [replace(each, id="") for each in comments])
    kept = connection.scalar(
        select(func.count()).select_from(RESPONSE).where(RESPONSE.c.wave == wave.id)
    )
    if kept != len(answers):
        raise SurveyError(Code.STORE_DAMAGED, what=wave.id)
    return wave.close(today, answers.hash_sorted())


def wipe(database: Database) -> None:
    """Write the files of all tables anew, so that nothing is left of rows that were removed.

    Others wait meanwhile. What cannot be done now (a table is held for long, the connection is lost)
    is left to autovacuum and to the next closing: what was committed stays committed.
    """
    with suppress(psycopg.Error, SurveyError), database.connect() as session:
        session.execute("SET statement_timeout = 0")
        vacuum(session, (WAVE, *OF_A_WAVE), "FULL")
