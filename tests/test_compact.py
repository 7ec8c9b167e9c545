"""The compact form of answers, and what is not taken for one."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.answers import AnswerTable, tabulate
from survey_service.compact import read_compact, write_compact
from survey_service.response import PACES, Response

WIDTH = 3
RESPONSES = st.lists(
    st.builds(
        Response,
        st.sampled_from(["all", "s001", "s010"]),
        st.sampled_from(PACES),
        st.text("0123456789A-", min_size=WIDTH, max_size=WIDTH),
    ),
    max_size=30,
)


@given(RESPONSES)
def test_what_was_written_is_read_again(responses: list[Response]) -> None:
    table = tabulate(responses, WIDTH).sort()
    back = read_compact(write_compact(table), WIDTH)
    assert list(back.responses()) == list(table.responses())
    assert back.hash_sorted() == table.hash()


def test_a_label_that_nobody_has_changes_nothing() -> None:
    table = tabulate([Response("b", "ok", "123"), Response("d", "ok", "45-")], WIDTH)
    wider = AnswerTable(("a", "b", "c", "d"), table.stratum * 2 + 1, table.pace, table.codes)
    assert write_compact(wider) == write_compact(table)


TABLE = tabulate([Response("a", "ok", "123"), Response("b", "ok", "45-")], WIDTH)
WHOLE = write_compact(TABLE)
HEAD, BODY = WHOLE.split(b"\n")


def with_head(**changes: object) -> bytes:
    return json.dumps(json.loads(HEAD) | changes).encode() + b"\n" + BODY


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"[]\n",
        b"null\n" + BODY,
        b"[" * 100_000,
        HEAD,
        WHOLE[:-1],
        WHOLE + b"1",
        HEAD + b"\n" + BODY.replace(b"-", b"x"),
        with_head(runs=[[0, 3, 2], [1, 3, 1]]),
        with_head(runs=[[0, 3, 1], [2, 3, 1]]),
        with_head(runs=[[0, 9, 2]]),
        with_head(runs=[[0, 3, 3], [0, 3, -1]]),
        with_head(runs=[[0, 3, 2**62], [0, 3, 2**62], [0, 3, 2]]),
        with_head(runs=[[0, 3, 2**70]]),
        with_head(runs=[["x"]]),
        with_head(runs=None),
        with_head(items=2),
        with_head(strata=None),
        with_head(items="x"),
    ],
)
def test_nonsense_is_refused_and_nothing_else_happens(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_compact(raw, WIDTH)


def test_no_items_can_not_stand_for_rows_without_end() -> None:
    raw = json.dumps({"strata": ["a"], "items": 0, "runs": [[0, 3, 10**12]]}).encode()
    with pytest.raises(ValueError, match="items"):
        read_compact(raw + b"\n", 0)


def test_an_empty_table_comes_back() -> None:
    empty = tabulate([], WIDTH)
    assert np.array_equal(read_compact(write_compact(empty), WIDTH).codes, empty.codes)
