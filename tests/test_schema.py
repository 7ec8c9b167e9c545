"""The only judge of an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire, load
from survey_service.schema import answers_schema, load_submission, submission_schema

SUBMISSION = "0123456789abcdef0123456789abcdef"
ANSWERS = {"A1_1a": 4, "A1_1b": 2, "CHECK": 2, "B1_1a": 9, "B1_1b": 5, "WORDS": "多听一线的话"}


def faults_of(questionnaire: Questionnaire, data: object) -> set[tuple[str, Code]]:
    with pytest.raises(SurveyError) as caught:
        load_submission(questionnaire, data)
    return {(fault.place.column, fault.code) for fault in caught.value.faults}


def test_a_sound_submission_passes_unchanged(small: Questionnaire) -> None:
    data = {
        "submission": SUBMISSION,
        "unit": "甲",
        "role": "manager",
        "code": "",
        "pace": "ok",
        "answers": ANSWERS,
    }
    assert load_submission(small, data) == data


def test_what_may_be_left_out_has_a_default(small: Questionnaire) -> None:
    loaded = load_submission(small, {"submission": SUBMISSION, "answers": {"A1_1a": 4}})
    assert (loaded["unit"], loaded["role"], loaded["pace"]) == ("", "", "unknown")


@pytest.mark.parametrize(
    "value", ["3", 3.0, True, False, [3], {"a": 3}, "", -1, 0, 6, 7, 8, 10, 10**30]
)
def test_only_a_code_of_the_scale_is_an_answer(small: Questionnaire, value: Any) -> None:
    data = {"submission": SUBMISSION, "answers": ANSWERS | {"A1_1a": value}}
    assert faults_of(small, data) == {("A1_1a", Code.ANSWER_VALUE)}


@pytest.mark.parametrize("value", [3, True, ["x"], {"a": "b"}, "\ud800"])
def test_own_words_are_text(small: Questionnaire, value: Any) -> None:
    data = {"submission": SUBMISSION, "answers": ANSWERS | {"WORDS": value}}
    assert faults_of(small, data) == {("WORDS", Code.ANSWER_TEXT)}


def test_own_words_are_counted_by_characters_not_bytes(small: Questionnaire) -> None:
    for text, sound in (("字" * 20, True), ("𬭎" * 20, True), ("字" * 21, False)):
        data = {"submission": SUBMISSION, "answers": ANSWERS | {"WORDS": text}}
        if sound:
            assert load_submission(small, data)["answers"]["WORDS"] == text
        else:
            assert faults_of(small, data) == {("WORDS", Code.ANSWER_LONG)}


@pytest.mark.parametrize("data", [None, [], "x", 3, True, {}, {"answers": ANSWERS}])
def test_what_is_no_submission_is_refused(small: Questionnaire, data: object) -> None:
    assert faults_of(small, data)


@pytest.mark.parametrize(
    "submission", [None, 5, "", "x" * 32, SUBMISSION.upper(), SUBMISSION + "\n", SUBMISSION[:-1]]
)
def test_a_submission_id_is_32_hexadecimal_digits(small: Questionnaire, submission: object) -> None:
    data = {"submission": submission, "answers": ANSWERS}
    assert faults_of(small, data) == {("submission", Code.SUBMISSION_ID)}


def test_every_fault_is_reported(small: Questionnaire) -> None:
    data = {
        "submission": "no",
        "role": "boss",
        "pace": "quick",
        "unit": 5,
        "extra": 1,
        "answers": {"A1_1a": "4", "A1_1b": 8, "Z9": 1, "WORDS": 3},
    }
    assert faults_of(small, data) == {
        ("submission", Code.SUBMISSION_ID),
        ("role", Code.ROLE_UNKNOWN),
        ("pace", Code.PACE_UNKNOWN),
        ("unit", Code.ANSWER_TYPE),
        ("", Code.FIELD_UNKNOWN),
        ("A1_1a", Code.ANSWER_VALUE),
        ("A1_1b", Code.ANSWER_VALUE),
        ("answers", Code.FIELD_UNKNOWN),
        ("WORDS", Code.ANSWER_TEXT),
    }


@pytest.mark.parametrize("answers", [{}, {"A1_1a": None}, {"WORDS": ""}])
def test_nothing_answered_is_no_response(small: Questionnaire, answers: dict[str, Any]) -> None:
    data = {"submission": SUBMISSION, "answers": answers}
    assert faults_of(small, data) == {("", Code.ANSWERS_NONE)}


def test_no_message_repeats_what_was_sent(small: Questionnaire) -> None:
    canary = "<script>canary</script>"
    data = {
        canary: canary,
        "submission": canary,
        "role": canary,
        "answers": {canary: canary, "A1_1a": canary},
    }
    with pytest.raises(SurveyError) as caught:
        load_submission(small, data)
    said = [
        f"{f.sentence(lang)}{f.remedy(lang)}{f.place}{f.values}"
        for f in caught.value.faults
        for lang in ("zh", "en")
    ]
    assert "canary" not in "".join(said)


def test_a_schema_is_made_once_for_a_definition(small: Questionnaire) -> None:
    again = Questionnaire.from_definition(small.definition)
    assert submission_schema(small) is submission_schema(again)
    assert answers_schema(small) is not answers_schema(load("pulse"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_json_is_judged_and_nothing_breaks(value: object) -> None:
    with pytest.raises(SurveyError):
        load_submission(load("pulse"), value)
    with pytest.raises(SurveyError):
        load_submission(load("pulse"), {"submission": SUBMISSION, "answers": value})
