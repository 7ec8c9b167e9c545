"""The table of answers against the plain way of writing and hashing them."""

import hashlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.answers import tabulate, tabulate_columns
from survey_service.response import BLANK_CODE, PACES, Response

WIDTH = 4
RESPONSES = st.lists(
    st.builds(
        Response,
        st.sampled_from(["all", "s001", "s010", "s002"]),
        st.sampled_from(PACES),
        st.text("0123456789A-", min_size=WIDTH, max_size=WIDTH),
    ),
    max_size=30,
)


@given(RESPONSES)
def test_a_table_gives_back_the_responses_in_their_order(responses: list[Response]) -> None:
    assert list(tabulate(responses, WIDTH).responses()) == responses


@given(RESPONSES)
def test_the_hash_of_a_table_is_that_of_its_sorted_lines(responses: list[Response]) -> None:
    lines = sorted(f"{r.stratum}\t{r.pace}\t{r.answers}" for r in responses)
    table = tabulate(responses, WIDTH)
    assert (
        table.hash() == hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    )
    in_order = [f"{r.stratum}\t{r.pace}\t{r.answers}" for r in table.sort().responses()]
    assert in_order == lines


@given(RESPONSES, st.randoms(use_true_random=False))
def test_order_changes_nothing(responses: list[Response], chance: Random) -> None:
    shuffled = list(responses)
    chance.shuffle(shuffled)
    assert tabulate(shuffled, WIDTH).hash() == tabulate(responses, WIDTH).hash()


def test_codes_stand_in_columns() -> None:
    table = tabulate([Response("b", "ok", "4-9A"), Response("a", "under_1s", "1234")], WIDTH)
    assert table.strata == ("a", "b")
    assert table.stratum.tolist() == [1, 0]
    assert [PACES[n] for n in table.pace] == ["ok", "under_1s"]
    assert table.codes.tolist() == [[4, BLANK_CODE, 9, 10], [1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("pace", "answers"), [("soon", "1234"), ("ok", "123"), ("ok", "123x"), ("ok", "12345")]
)
def test_what_was_never_written_is_refused(pace: str, answers: str) -> None:
    with pytest.raises(ValueError, match=r"known|unknown"):
        tabulate_columns(["a"], [pace], [answers], WIDTH)
