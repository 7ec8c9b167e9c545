"""A server that would lose answers or give people away is set right, or refused."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from psycopg import sql

from survey_service.errors import Code, SurveyError
from survey_service.storage import open_store
from survey_service.storage.postgresql.database import Database
from tests.conftest import skip_or_fail
from tests.postgresql import NoServerError, Server, make_database, run_server

# what an ordinary user cannot change, and a stock value or a usual one that is refused
REFUSED = {
    "log_statement": "all",
    "log_duration": "on",
    "log_min_duration_statement": "0",
    "log_min_duration_sample": "100ms",
    "log_transaction_sample_rate": "0.5",
    "log_parameter_max_length": "-1",
    "auto_explain.log_min_duration": "0",
}
WHOLE_SERVER = {"fsync": "off", "full_page_writes": "off"}


@pytest.fixture
def ordinary(server: Server) -> Iterator[str]:
    """Return the URL of a database that belongs to a user without any privilege."""
    with make_database(server.url()) as url, psycopg.connect(url, autocommit=True) as admin:
        database = url.partition("?")[0].rpartition("/")[2]
        admin.execute("CREATE ROLE survey LOGIN PASSWORD 'canary'")
        admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO survey").format(sql.Identifier(database)))
        try:
            yield url.replace("postgres@", "survey:canary@")
        finally:
            admin.execute("REASSIGN OWNED BY survey TO postgres")
            admin.execute("DROP ROLE survey")


@pytest.fixture
def order(server: Server) -> Callable[[str], None]:
    """Return a function that does what an administrator may do."""

    def order(statement: str) -> None:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute(statement)

    return order


@pytest.mark.parametrize("setting", REFUSED)
def test_what_would_tell_on_people_is_refused_and_named(
    ordinary: str, order: Callable[[str], None], setting: str
) -> None:
    order("ALTER ROLE survey SET session_preload_libraries = 'auto_explain'")
    order(f"ALTER ROLE survey SET {setting} = '{REFUSED[setting]}'")
    with pytest.raises(SurveyError) as caught:
        open_store(ordinary)
    values = caught.value.faults[0].values
    assert (caught.value.code, values["setting"]) == (Code.STORE_SETTING, setting)
    assert values["value"] == REFUSED[setting]
    assert setting in caught.value.faults[0].remedy("en")
    order(f"ALTER ROLE survey SET {setting} = '{values['wanted']}'")
    open_store(ordinary).close()


@pytest.mark.parametrize("setting", WHOLE_SERVER)
def test_what_would_lose_answers_is_refused_at_start_and_noticed_later(
    ordinary: str, order: Callable[[str], None], setting: str
) -> None:
    with closing(open_store(ordinary)) as store:
        try:
            order(f"ALTER SYSTEM SET {setting} = {WHOLE_SERVER[setting]}")
            order("SELECT pg_reload_conf()")
            for refused in (store.check_writable, lambda: open_store(ordinary)):
                wait_for(setting, WHOLE_SERVER[setting], ordinary)
                with pytest.raises(SurveyError) as caught:
                    refused()
                assert caught.value.code is Code.STORE_SETTING
        finally:
            order(f"ALTER SYSTEM RESET {setting}")
            order("SELECT pg_reload_conf()")


def test_times_of_commits_and_statistics_of_statements_are_refused() -> None:
    with started(shared_preload_libraries="pg_stat_statements", track_commit_timestamp="on") as url:
        assert refused_setting(url) == "track_commit_timestamp"
    with (
        started(shared_preload_libraries="pg_stat_statements") as url,
        psycopg.connect(url, autocommit=True) as admin,
    ):
        admin.execute("CREATE ROLE survey LOGIN")
        admin.execute("ALTER DATABASE postgres OWNER TO survey")
        ordinary = url.replace("postgres@", "survey@")
        admin.execute("GRANT CREATE ON SCHEMA public TO survey")
        admin.execute("ALTER ROLE survey SET log_parameter_max_length = 0")
        assert refused_setting(ordinary) == "pg_stat_statements.track"
        admin.execute("ALTER ROLE survey SET pg_stat_statements.track = 'none'")
        open_store(ordinary).close()


@contextmanager
def started(**settings: str) -> Iterator[str]:
    try:
        with run_server(None, **settings) as server:
            yield server.url()
    except NoServerError:
        skip_or_fail()


def refused_setting(url: str) -> str:
    with pytest.raises(SurveyError) as caught:
        open_store(url)
    name: str = caught.value.faults[0].values["setting"]
    return name


def wait_for(setting: str, value: str, url: str) -> None:
    """Wait until a server has read its settings anew."""
    for _ in range(100):
        with psycopg.connect(url) as connection:
            if connection.execute(f"SHOW {setting}").fetchone() == (value,):
                return


def test_what_a_session_may_set_it_sets(ordinary: str, order: Callable[[str], None]) -> None:
    order("ALTER ROLE survey SET synchronous_commit = 'off'")
    order("ALTER ROLE survey SET default_transaction_isolation = 'serializable'")
    order("ALTER ROLE survey SET log_parameter_max_length_on_error = -1")
    with closing(Database(ordinary).connect()) as session:
        shown = {
            name: session.execute("SELECT current_setting(%s)", [name]).fetchone()
            for name in ("synchronous_commit", "default_transaction_isolation")
        }
        length = session.execute("SHOW log_parameter_max_length_on_error").fetchone()
    assert shown == {
        "synchronous_commit": ("on",),
        "default_transaction_isolation": ("read committed",),
    }
    assert length == ("0",)


def test_where_we_are_the_administrator_we_set_the_rest_too(server: Server) -> None:
    with make_database(server.url()) as url:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("ALTER ROLE postgres SET log_statement = 'all'")
        try:
            with closing(Database(url).connect()) as session:
                assert session.execute("SHOW log_statement").fetchone() == ("none",)
        finally:
            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute("ALTER ROLE postgres RESET log_statement")


def test_a_database_that_cannot_hold_every_character_is_refused(server: Server) -> None:
    name = "survey_latin"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0")
        try:
            with pytest.raises(SurveyError) as caught:
                open_store(server.url(name))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert caught.value.faults[0].values["setting"] == "server_encoding"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://survey:canary@127.0.0.1:1/nobody",
        "postgresql://survey:canary@/nobody?host=/nowhere",
        "postgresql://survey:canary@/x?canary=1",
        "postgresql://survey:canary%zz@/x",
        "postgresql:canary",
    ],
)
def test_no_error_shows_a_password_or_an_address(url: str) -> None:
    with pytest.raises(SurveyError) as caught:
        open_store(url)
    assert caught.value.code in {Code.STORE_URL, Code.STORE_UNREADABLE}
    said = "".join(traceback.format_exception(caught.value))
    said += caught.value.faults[0].sentence("en") + caught.value.faults[0].remedy("en")
    assert "canary" not in said
    assert "nobody" not in said
