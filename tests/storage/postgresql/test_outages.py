"""The database is stopped, killed, full or held: what was acknowledged is kept once, the rest is said."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.storage.postgresql import database, settings
from survey_service.store import Store
from tests.factories import OPENED, make_submission, make_wave
from tests.postgresql import Server, make_database

THREADS = 12


@pytest.fixture
def store_url(server: Server) -> Iterator[str]:
    with make_database(server.url()) as url:
        yield url


@contextmanager
def at_work(store: Store) -> Iterator[list[int]]:
    """Let many hand in, each trying again until it is acknowledged; yield what was acknowledged."""
    over = threading.Event()
    acknowledged: list[int] = []

    def work(first: int) -> None:
        number = first
        while not over.is_set():
            with suppress_outages():
                store.submit("w1", make_submission(number, answers=f"{number:05d}"), OPENED)
                acknowledged.append(number)
                number += THREADS

    with ThreadPoolExecutor(THREADS) as pool:
        working = [pool.submit(work, first) for first in range(THREADS)]
        try:
            yield acknowledged
        finally:
            over.set()
    for each in working:
        each.result()


@contextmanager
def suppress_outages() -> Iterator[None]:
    """Pass over what may happen while the database is away."""
    try:
        yield
    except SurveyError as error:
        if error.code.status not in {429, 503}:
            raise


def wait_for_more(acknowledged: list[int], count: int = 50) -> None:
    goal = len(acknowledged) + count
    deadline = time.monotonic() + 30
    while len(acknowledged) < goal:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def count_kept(store: Store) -> list[int]:
    return sorted(int(each.answers) for each in store.responses("w1"))


def terminate(server: Server, name: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        admin.execute(query, [name])


def test_connections_that_are_ended_in_the_middle_lose_and_double_nothing(
    store: Store, wave_id: str, server: Server, store_url: str
) -> None:
    name = store_url.partition("?")[0].rpartition("/")[2]
    with at_work(store) as acknowledged:
        for _ in range(15):
            wait_for_more(acknowledged, 10)
            terminate(server, name)
    assert count_kept(store) == sorted(acknowledged)


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(
    store: Store, wave_id: str, server: Server, how: str
) -> None:
    with at_work(store) as acknowledged:
        for _ in range(3):
            wait_for_more(acknowledged)
            if how == "restart":
                server.restart()
            else:
                server.kill_and_start()
        wait_for_more(acknowledged)
    assert count_kept(store) == sorted(acknowledged)


def test_after_a_crash_the_second_attempt_has_a_connection_that_works(
    store: Store,
    wave_id: str,
    server: Server,
    store_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        with held(store_url, "fresh_response"):
            sent = [
                pool.submit(store.submit, wave_id, make_submission(n), OPENED)
                for n in range(THREADS)
            ]
            time.sleep(0.3)  # now each of them has a connection of its own
        assert all(each.result().is_new for each in sent)
    server.restart()
    monkeypatch.setattr(database, "_FIRST_PAUSE_S", 0.3)
    monkeypatch.setattr(database, "DEADLINE_S", 0.7)
    assert store.submit(wave_id, make_submission(99999), OPENED).is_new


@pytest.mark.usefixtures("quick")
def test_a_server_that_is_gone_is_said_and_comes_back_without_opening_anew(
    store: Store, wave_id: str, server: Server
) -> None:
    store.submit(wave_id, make_submission(1), OPENED)
    server.stop()
    try:
        for call, code in (
            (lambda: store.submit(wave_id, make_submission(2), OPENED), Code.STORE_UNWRITABLE),
            (store.check_writable, Code.STORE_UNWRITABLE),
            (lambda: store.change_wave(wave_id, lambda wave: wave), Code.STORE_UNWRITABLE),
            (lambda: store.wave(wave_id), Code.STORE_UNREADABLE),
            (lambda: store.answers(wave_id), Code.STORE_UNREADABLE),
        ):
            assert refuse(call) is code
    finally:
        server.start()
    assert store.submit(wave_id, make_submission(2), OPENED).is_new
    assert len(store.responses(wave_id)) == 2


def refuse(call: Callable[[], object]) -> Code:
    with pytest.raises(SurveyError) as caught:
        call()
    return caught.value.code


@pytest.fixture
def places(server: Server) -> Iterator[Callable[[int], None]]:
    """Return a function that leaves so many places for connections, all others being taken."""
    taken: list[psycopg.Connection[tuple[object, ...]]] = []

    def leave(count: int) -> None:
        try:
            while True:
                taken.append(psycopg.connect(server.url("template1")))
        except psycopg.OperationalError:
            for _ in range(count):
                taken.pop().close()

    yield leave
    for each in taken:
        each.close()


def test_few_connections_make_it_slow_and_lose_nothing(
    store: Store, wave_id: str, places: Callable[[int], None]
) -> None:
    places(2)
    with at_work(store) as acknowledged:
        wait_for_more(acknowledged, 300)
    assert count_kept(store) == sorted(acknowledged)


@pytest.mark.usefixtures("quick")
def test_a_server_without_a_free_place_is_busy(
    store_url: str, small: Questionnaire, places: Callable[[int], None]
) -> None:
    with closing(open_store(store_url)) as store:
        store.create_wave(make_wave(small))
        store.wave("w1")
        store.close()
        places(0)
        assert refuse(lambda: store.submit("w1", make_submission(1), OPENED)) is Code.STORE_BUSY


def test_more_at_once_than_connections_and_patience_are_turned_away(
    store: Store, wave_id: str, monkeypatch: pytest.MonkeyPatch, store_url: str
) -> None:
    monkeypatch.setattr(database, "POOL_SIZE", 1)
    monkeypatch.setattr(database, "_WAIT_FOR_CONNECTION_S", 0.1)
    with closing(open_store(store_url)) as narrow, ThreadPoolExecutor(1) as pool:
        with held(store_url, "fresh_response"):
            waiting = pool.submit(narrow.submit, wave_id, make_submission(1), OPENED)
            time.sleep(0.2)
            second = make_submission(2)
            assert refuse(lambda: narrow.submit(wave_id, second, OPENED)) is Code.STORE_BUSY
        assert waiting.result().is_new


@contextmanager
def held(url: str, table: str) -> Iterator[None]:
    """Hold a table, as a careless administrator might."""
    with closing(psycopg.connect(url)) as admin:
        admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def test_a_table_that_is_held_for_a_while_only_delays(
    store: Store, wave_id: str, store_url: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with held(store_url, "fresh_submission"):
            waiting = pool.submit(store.submit, wave_id, make_submission(1), OPENED)
            time.sleep(0.3)
            assert not waiting.done()
        assert waiting.result().is_new
    assert len(store.responses(wave_id)) == 1


@pytest.mark.usefixtures("quick")
def test_a_table_that_is_held_for_long_is_said(
    store_url: str, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "_OURS", {**settings._OURS, "lock_timeout": "100ms"})
    with closing(open_store(store_url)) as store:
        store.create_wave(make_wave(small))
        with held(store_url, "fresh_submission"):
            assert (
                refuse(lambda: store.submit("w1", make_submission(1), OPENED)) is Code.STORE_LOCKED
            )
        assert store.submit("w1", make_submission(1), OPENED).is_new


def test_closing_goes_on_when_a_table_cannot_be_written_anew(
    store_url: str, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "_OURS", {**settings._OURS, "lock_timeout": "100ms"})
    with closing(open_store(store_url)) as store:
        store.create_wave(make_wave(small))
        store.submit("w1", make_submission(1), OPENED)
        with psycopg.connect(store_url) as reader:
            reader.execute("SELECT count(*) FROM response")
            assert store.close_wave("w1", OPENED, now=True).closed_on == OPENED
        assert len(store.responses("w1")) == 1
