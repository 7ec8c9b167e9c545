"""What the tests of the PostgreSQL store need: its URL, a look behind it, a server to maltreat."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from survey_service.questionnaire import Questionnaire
from survey_service.store import Store
from tests.conftest import skip_or_fail
from tests.factories import make_wave
from tests.postgresql import NoServerError, Server, run_server

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def store_url(database_url: str) -> str:
    return database_url


@pytest.fixture
def ask(store_url: str) -> Iterator[Ask]:
    """Return a function that asks the database behind the store's back."""
    with psycopg.connect(store_url, autocommit=True) as connection:

        def ask(query: str, *values: object) -> list[tuple[Any, ...]]:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

        yield ask


@pytest.fixture
def wave_id(store: Store, small: Questionnaire) -> str:
    store.create_wave(make_wave(small))
    return "w1"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a server of our own, which may be stopped, killed and told otherwise."""
    try:
        with run_server(max_connections="20") as started:
            yield started
    except NoServerError:
        skip_or_fail()
