"""Bring the tables of a database to the version of this program, or say that they are not.

Alembic is loaded only where tables are made or changed.
"""

from pathlib import Path

from sqlalchemy import Connection, func, select, text

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.schema import REVISION, VERSION_TABLE

_SCRIPTS = Path(__file__).parent / "migrations"
_TURN = 7_204_771_560_913_318_402  # an arbitrary number: two programs never migrate at once


def upgrade_database(url: str) -> None:
    """Make the tables, or change those of an older program; nothing where they are as they should be.

    All or nothing. ``store_outdated`` if they belong to a newer program.
    """
    database = Database(url)
    try:
        database.write(_upgrade)
    finally:
        database.close()


def require_current(database: Database) -> None:
    """Make the tables in an empty database; ``store_outdated`` if there are others than ours."""
    present = database.read(_read_version)
    if present is None:
        database.write(_upgrade)
    elif present != REVISION:
        raise SurveyError(Code.STORE_OUTDATED)


def _read_version(connection: Connection) -> str | None:
    """Return the version of the tables, None where there are none."""
    if connection.scalar(select(func.to_regclass(VERSION_TABLE))) is None:
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - our name
    return version


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
    present = _read_version(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise SurveyError(Code.STORE_OUTDATED)
    command.upgrade(config, "head")
