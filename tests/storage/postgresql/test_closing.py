"""What is left of an open wave in the tables, the files and the log of the server after closing."""

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import psycopg
import pytest
from scipy.stats import spearmanr

from survey_service.codes import draw_code, hash_code
from survey_service.errors import SurveyError
from survey_service.response import Submission
from survey_service.storage import open_store
from survey_service.wave import Wave
from tests.factories import (
    CLOSED,
    OPENED,
    make_questionnaire,
    make_roster,
    make_submission,
    make_wave,
)
from tests.postgresql import Server, make_database

PEOPLE = 3000
"""So many that chance stays below a correlation of 0.1."""
FIRST = 70_000
"""Answers are counted from here: no version or year has such a number."""


@dataclass(frozen=True)
class Life:
    """A wave that was lived through: what was sent in which order, and where it is kept."""

    sent: list[Submission]
    wave: Wave
    url: str
    server: Server

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def life(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    questionnaire = make_questionnaire(tmp_path_factory.mktemp("life"))
    roster = make_roster({"甲": {"manager": 10, "frontline": PEOPLE + 10}})
    wave = make_wave(questionnaire, roster, access="codes", salt=secrets.token_hex(32))
    codes = [hash_code(draw_code(), bytes.fromhex(wave.salt)) for _ in range(PEOPLE + 10)]
    with make_database(server.url()) as url, closing(open_store(url)) as store:
        store.create_wave(wave)
        store.issue_codes("w1", {"s002": codes}, replace=False)
        sent = []
        for number, code in enumerate(codes[:PEOPLE]):
            said = [f"canary-{number}-canary"] if number % 5 == 0 else []
            one = make_submission(number, "s002", f"{FIRST + number}", said)
            one = replace(one, code=code, digest=secrets.token_hex(32))
            store.submit("w1", one, OPENED)
            sent.append(one)
            if number % 100 == 0:
                with pytest.raises(SurveyError):
                    store.submit("w1", replace(one, digest=secrets.token_hex(32)), OPENED)
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("ANALYZE")
        store.close_wave("w1", CLOSED, now=True)
        yield Life(sent, wave, url, server)


def test_every_row_bears_the_same_number(life: Life) -> None:
    for table, rows in (("response", PEOPLE), ("comment", PEOPLE // 5)):
        query = f"SELECT count(*), count(DISTINCT xmin::text), max(xmax::text) FROM {table}"
        assert life.ask(query) == [(rows, 1, "0")]


def test_the_place_of_a_row_tells_nothing_of_its_arrival(life: Life) -> None:
    rows = life.ask("SELECT convert_from(answers, 'UTF8')::int FROM response ORDER BY ctid")
    arrivals = np.array([arrival for (arrival,) in rows])
    assert sorted(arrivals) == list(range(FIRST, FIRST + PEOPLE))
    assert abs(spearmanr(arrivals, range(PEOPLE)).statistic) < 0.1


@pytest.mark.parametrize("order", ["ctid", "id"])
def test_comments_stand_in_a_random_order_of_their_own(life: Life, order: str) -> None:
    rows = life.ask(f"SELECT split_part(words, '-', 2)::int FROM comment ORDER BY {order}")
    arrivals = [arrival for (arrival,) in rows]
    assert abs(spearmanr(arrivals, range(len(arrivals))).statistic) < 0.3


def test_codes_and_submissions_are_gone(life: Life) -> None:
    for table in ("code", "spent", "submission", "fresh_spent", "fresh_submission"):
        assert life.ask(f"SELECT count(*) FROM {table}") == [(0,)]


def test_no_file_of_the_database_holds_a_code_a_submission_or_the_salt(life: Life) -> None:
    life.ask("CHECKPOINT")  # the files as they were are removed by it
    ((number,),) = life.ask("SELECT oid FROM pg_database WHERE datname = current_database()")
    everything = b"".join(
        path.read_bytes() for path in (life.server.data / "base" / str(number)).iterdir()
    )
    assert b"canary-0-canary" in everything
    some = life.sent[::10]
    traces = [bytes.fromhex(each.code) for each in some]
    traces += [bytes.fromhex(each.digest) for each in some]
    traces += [life.wave.salt.encode(), bytes.fromhex(life.wave.salt)]
    assert [trace for trace in traces if trace in everything] == []


def test_no_column_tells_a_time_and_no_sequence_an_order(life: Life) -> None:
    query = """SELECT data_type FROM information_schema.columns WHERE table_schema = 'public'"""
    assert {kind for (kind,) in life.ask(query)} <= {
        "text",
        "bytea",
        "smallint",
        "bigint",
        "character varying",
    }
    assert life.ask("SELECT count(*) FROM pg_sequences") == [(0,)]


def test_the_log_of_the_server_says_nothing_of_anybody(life: Life) -> None:
    said = life.server.log
    assert "canary" not in said
    for sent in life.sent:
        for trace in (sent.code, sent.digest, sent.response.answers):
            assert trace not in re.sub(r"^\S+ \S+ \S+ \[\d+\]", "", said, flags=re.MULTILINE)
