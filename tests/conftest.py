"""Fixtures for every test."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.store import Store
from tests.factories import make_questionnaire
from tests.postgresql import NoServerError, make_database, run_server

# a run in the background of a shell ignores Ctrl-C, and so would every program it starts
signal.signal(signal.SIGINT, signal.default_int_handler)

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# a busy machine is slow, not wrong
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the URL of a database server: one that we start, or the user's own."""
    given = os.environ.get("SURVEY_TEST_POSTGRESQL_URL")
    if given:
        yield given
        return
    try:
        with run_server() as server:
            yield server.url()
    except NoServerError:
        skip_or_fail()


def skip_or_fail() -> NoReturn:
    """Skip loudly where no PostgreSQL can be started, or fail where it is required."""
    if os.environ.get("SURVEY_REQUIRE_POSTGRESQL"):
        pytest.fail("PostgreSQL is required (SURVEY_REQUIRE_POSTGRESQL) and not installed")
    pytest.skip("POSTGRESQL IS NOT INSTALLED: the store was not tested with it")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the PostgreSQL store lose its patience soon."""
    monkeypatch.setattr("survey_service.storage.postgresql.database.DEADLINE_S", 0.3)


@pytest.fixture(scope="session")
def template(postgresql: str) -> Iterator[str]:
    """Return the name of a database with all tables, to be copied."""
    with make_database(postgresql) as url:
        open_store(url).close()
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def database_url(postgresql: str, template: str) -> Iterator[str]:
    """Return the URL of a database with all tables and no rows."""
    with make_database(postgresql, template) as url:
        yield url


@pytest.fixture(params=["tinydb", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store of every kind."""
    if request.param == "tinydb":
        return f"tinydb:{tmp_path}/instance"
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
def reopen(store_url: str) -> Iterator[Callable[[], Store]]:
    """Return a function that opens the store anew, as another process would."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(open_store(store_url)))


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    """Return an empty store."""
    return reopen()


@pytest.fixture(params=["tinydb", "postgresql"])
def other_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a second empty store of every kind, beside ``store_url``."""
    if request.param == "tinydb":
        yield f"tinydb:{tmp_path}/other"
        return
    server, template = (request.getfixturevalue(name) for name in ("postgresql", "template"))
    with make_database(server, template) as url:
        yield url


@pytest.fixture
def reopen_other(other_store_url: str) -> Iterator[Callable[[], Store]]:
    """Return a function that opens the second store anew."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(open_store(other_store_url)))


@pytest.fixture
def other_store(reopen_other: Callable[[], Store]) -> Store:
    """Return the second store, empty."""
    return reopen_other()


@pytest.fixture
def small(tmp_path: Path) -> Questionnaire:
    """Return a questionnaire of four scored items, an attention check and one open item."""
    return make_questionnaire(tmp_path)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once; where there is none, skip loudly, or fail if it is required."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("SURVEY_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required (SURVEY_REQUIRE_BROWSER) and not installed")
        pytest.skip("CHROMIUM IS NOT INSTALLED: the page was not tested in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield started
        started.close()
