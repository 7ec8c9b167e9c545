"""Fixtures for every test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.store import Store
from tests.factories import make_questionnaire

# a busy machine is slow, not wrong
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(params=["tinydb"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store of every kind."""
    return f"{request.param}:{tmp_path}/instance"


@pytest.fixture(params=["tinydb"])
def other_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a second empty store of every kind, beside ``store_url``."""
    return f"{request.param}:{tmp_path}/other"


@pytest.fixture
def reopen(store_url: str) -> Callable[[], Store]:
    """Return a function that opens the store anew, as another process would."""
    return lambda: open_store(store_url)


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    """Return an empty store."""
    return reopen()


@pytest.fixture
def other_store(other_store_url: str) -> Store:
    """Return a second empty store."""
    return open_store(other_store_url)


@pytest.fixture
def small(tmp_path: Path) -> Questionnaire:
    """Return a questionnaire of four scored items, an attention check and one open item."""
    return make_questionnaire(tmp_path)
