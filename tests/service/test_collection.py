"""One submission, from what a phone sends to what is kept."""

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.service.collection import accept
from survey_service.service.participation import report_participation
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave

SUBMISSION = {
    "submission": "0" * 31 + "1",
    "unit": "甲",
    "role": "manager",
    "pace": "ok",
    "answers": {"A1_1a": 4, "A1_1b": 2, "CHECK": 2, "B1_1a": 9, "WORDS": " 多听意见 "},
}


@pytest.fixture
def wave(store: Store, small: Questionnaire) -> Wave:
    roster = make_roster({"甲": {"manager": 12, "frontline": 30}, "乙": {"frontline": 40}})
    made = make_wave(small, roster)
    store.create_wave(made)
    return made


def test_an_answer_keeps_its_stratum_and_loses_the_person(store: Store, wave: Wave) -> None:
    receipt = accept(store, wave, SUBMISSION, OPENED)
    assert len(receipt.number) == 9
    (response,) = store.responses("w1")
    assert vars(response) == {"stratum": "s001", "pace": "ok", "answers": "4229-"}
    (comment,) = store.comments("w1")
    assert (comment.item, comment.text) == ("WORDS", "多听意见")


def test_faults_of_answers_and_of_the_unit_come_together(store: Store, wave: Wave) -> None:
    data = SUBMISSION | {"unit": "丁", "role": "", "answers": {"A1_1a": 7, "CHECK": "2"}}
    with pytest.raises(SurveyError) as caught:
        accept(store, wave, data, OPENED)
    found = {(f.place.column, f.code) for f in caught.value.faults}
    assert found == {
        ("A1_1a", Code.ANSWER_VALUE),
        ("CHECK", Code.ANSWER_VALUE),
        ("role", Code.ROLE_NEEDED),
    }
    with pytest.raises(SurveyError) as caught:
        accept(store, wave, {"submission": "x"}, OPENED)
    assert [(f.place.column, f.code) for f in caught.value.faults][:2] == [
        ("unit", Code.UNIT_NEEDED),
        ("role", Code.ROLE_NEEDED),
    ]
    assert store.responses("w1") == ()


def test_what_nobody_types_is_dropped_from_own_words(store: Store, wave: Wave) -> None:
    said = "\u202e多听\0意见\x1b[31m\n👨\u200d👩\u200d👧\u2069"
    answers = {"A1_1a": 4, "WORDS": said}
    accept(store, wave, SUBMISSION | {"answers": answers}, OPENED)
    assert [c.text for c in store.comments("w1")] == ["多听意见[31m\n👨\u200d👩\u200d👧"]


def test_participation_does_not_show_one_person_answering(store: Store, wave: Wave) -> None:
    for n in range(12):
        store.submit("w1", make_submission(n, "s002"), OPENED)
    before = report_participation(store, wave)
    store.submit("w1", make_submission(12, "s002"), OPENED)
    assert report_participation(store, wave) == before
    assert before.at_least == 10
    assert [(u.id, u.invited, u.band) for u in before.units] == [
        ("甲", 42, "20-40"),
        ("乙", 40, "<=20"),
    ]


def test_a_closed_wave_takes_nothing(store: Store, wave: Wave) -> None:
    closed = store.close_wave("w1", CLOSED, now=True)
    with pytest.raises(SurveyError) as caught:
        accept(store, closed, SUBMISSION, CLOSED)
    assert caught.value.code is Code.WAVE_CLOSED
