"""The one place where a response is written and read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.questionnaire import Questionnaire, load
from survey_service.response import (
    BLANK_CODE,
    decode_answers,
    encode_answers,
)

FULL = load("full")
codes = st.dictionaries(
    st.sampled_from([item.id for item in FULL.closed]), st.sampled_from([1, 2, 3, 4, 5, 9])
)


def test_answers_stand_in_the_order_of_the_definition(small: Questionnaire) -> None:
    assert encode_answers(small, {"B1_1b": 5, "A1_1a": 4, "CHECK": 2, "B1_1a": 9}) == "4-295"


@given(st.lists(codes, min_size=1, max_size=8))
def test_what_is_written_reads_back(people: list[dict[str, int]]) -> None:
    stored = [encode_answers(FULL, answers) for answers in people]
    read = decode_answers(stored, len(FULL.closed))
    expected = [[a.get(item.id, BLANK_CODE) for item in FULL.closed] for a in people]
    assert np.array_equal(read, np.array(expected))


@pytest.mark.parametrize("stored", [["123"], ["12345", "1234"], ["1234x"], ["12 45"]])
def test_what_was_not_written_by_us_is_refused(stored: list[str]) -> None:
    with pytest.raises(ValueError, match="symbols"):
        decode_answers(stored, 5)
