"""The tables are those that the program expects, or it says that they are not."""

import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from survey_service import storage
from survey_service.errors import Code, SurveyError
from survey_service.storage import open_store
from survey_service.storage.postgresql import migration, upgrade_database
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.schema import METADATA, REVISION, VERSION_TABLE
from survey_service.store import Store
from tests.postgresql import make_database

SECOND = """
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    op.execute("ALTER TABLE probe ADD COLUMN further smallint")
    op.execute("{more}")
"""


@pytest.fixture
def empty(postgresql: str) -> Iterator[str]:
    with make_database(postgresql) as url:
        yield url


def list_tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        return [name for (name,) in connection.execute(query)]


def test_the_tables_are_those_that_the_statements_are_written_for(database_url: str) -> None:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        found: list[object] = compare_metadata(context, METADATA)
        return found

    with closing(Database(database_url)) as database:
        assert database.read(compare) == []


def test_the_program_is_written_for_the_last_version() -> None:
    scripts = ScriptDirectory(str(migration._SCRIPTS))
    assert scripts.get_current_head() == REVISION


def test_an_empty_database_is_filled_once_by_however_many_open_it(empty: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        for store in pool.map(lambda _: open_store(empty), range(6)):
            store.check_writable()
            store.close()
    assert len(list_tables(empty)) == len(METADATA.tables) + 1


def test_migrating_what_is_up_to_date_changes_nothing(store: Store, store_url: str) -> None:
    upgrade_database(store_url)
    store.check_writable()


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Return a function that turns this program into a later one, whose migration does more."""

    def make(more: str) -> None:
        scripts = tmp_path / "migrations"
        shutil.copytree(migration._SCRIPTS, scripts)
        (scripts / "versions" / "r0002.py").write_text(SECOND.format(more=more))
        monkeypatch.setattr(migration, "_SCRIPTS", scripts)
        monkeypatch.setattr(migration, "REVISION", "r0002")

    return make


def test_tables_of_an_older_program_are_refused_until_they_are_migrated(
    store: Store, store_url: str, newer: Callable[[str], None]
) -> None:
    newer("SELECT 1")
    assert refuse(lambda: open_store(store_url)) is Code.STORE_OUTDATED
    upgrade_database(store_url)
    open_store(store_url).close()


def test_a_migration_that_fails_leaves_everything_as_it_was(
    store: Store, store_url: str, newer: Callable[[str], None]
) -> None:
    newer("SELECT 1 FROM nothing")
    assert refuse(lambda: upgrade_database(store_url)) is Code.STORE_OUTDATED
    with psycopg.connect(store_url) as connection:
        (columns,) = connection.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'probe'"
        ).fetchone() or (0,)
    assert columns == 1
    store.check_writable()


def test_tables_of_a_newer_program_are_refused(store: Store, store_url: str) -> None:
    with psycopg.connect(store_url) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = 'r9999'")
    assert refuse(lambda: open_store(store_url)) is Code.STORE_OUTDATED
    assert refuse(lambda: upgrade_database(store_url)) is Code.STORE_OUTDATED


def refuse(call: Callable[[], object]) -> Code:
    with pytest.raises(SurveyError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize("missing", ["psycopg", "sqlalchemy"])
def test_without_the_driver_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.startswith(storage.__name__ + ".postgresql")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert refuse(lambda: open_store("postgresql://x/y")) is Code.STORE_DRIVER
