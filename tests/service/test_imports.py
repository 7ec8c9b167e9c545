"""Import: every row or none, every bad cell listed."""

from collections.abc import Callable
from typing import Any

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.service.imports import ImportResult, import_answers, write_template
from survey_service.store import Store
from survey_service.table import parse_table
from tests.factories import OPENED, make_roster, make_wave

HEADER = "unit,role,duration_s,A1_1a,A1_1b,CHECK,B1_1a,B1_1b"
GOOD = f"{HEADER}\n甲,一线员工,60,4,5,2,1,9\n甲,管理者,,3,,2,5,5\n"

Bring = Callable[..., ImportResult]


@pytest.fixture
def bring(store: Store, small: Questionnaire) -> Bring:
    roster = make_roster({"甲": {"manager": 12, "frontline": 30}, "乙": {"frontline": 30}})
    wave = make_wave(small, roster)
    store.create_wave(wave)

    def run(text: str, encoding: str = "utf-8", **options: Any) -> ImportResult:
        raw = text.encode(encoding)
        return import_answers(store, wave, parse_table("a.csv", raw), raw, OPENED, **options)

    return run


def faults_of(call: Callable[[], object]) -> list[tuple[int | None, str, Code]]:
    with pytest.raises(SurveyError) as caught:
        call()
    return [(f.place.line, f.place.column, f.code) for f in caught.value.faults]


def test_good_rows_are_kept_with_stratum_and_class_of_pace(bring: Bring, store: Store) -> None:
    assert bring(GOOD) == ImportResult(2, 0)
    kept = {(r.stratum, r.pace, r.answers) for r in store.responses("w1")}
    assert kept == {("s002", "ok", "45219"), ("s001", "unknown", "3-255")}


def test_seconds_are_classed_by_item_and_forgotten(bring: Bring, store: Store) -> None:
    rows = "".join(f"甲,一线员工,{seconds},4,5,2,1,9\n" for seconds in (3.9, 4, 7.9, 8))
    bring(f"{HEADER}\n{rows}")
    assert sorted(r.pace for r in store.responses("w1")) == [
        "ok",
        "under_1s",
        "under_2s",
        "under_2s",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_usual_encodings_are_read(bring: Bring, encoding: str) -> None:
    assert bring(GOOD, encoding).kept == 2


def test_all_bad_cells_are_listed_and_nothing_is_kept(bring: Bring, store: Store) -> None:
    text = f"{GOOD}丙,一线员工,60,6,5,2,1,9\n甲,班长,abc,4,五,2,1,9\n甲,,60,4.5,5,2,1,0\n"
    assert faults_of(lambda: bring(text)) == [
        (4, "A1_1a", Code.ANSWER_VALUE),
        (4, "unit", Code.IMPORT_UNIT),
        (5, "A1_1b", Code.ANSWER_VALUE),
        (5, "role", Code.ROLE_UNKNOWN),
        (5, "duration_s", Code.ANSWER_VALUE),
        (6, "A1_1a", Code.ANSWER_VALUE),
        (6, "B1_1b", Code.ANSWER_VALUE),
        (6, "role", Code.ROLE_NEEDED),
    ]
    assert store.responses("w1") == ()


def test_a_unit_may_be_named_by_its_last_part_where_that_is_unique(
    store: Store, small: Questionnaire
) -> None:
    roster = make_roster(
        {"东/甲": {"frontline": 30}, "东/乙": {"frontline": 30}, "西/乙": {"frontline": 30}}
    )
    wave = make_wave(small, roster)
    store.create_wave(wave)

    def bring_unit(unit: str) -> ImportResult:
        raw = f"{HEADER}\n{unit},一线员工,60,4,5,2,1,9\n".encode()
        return import_answers(store, wave, parse_table("a.csv", raw), raw, OPENED)

    assert bring_unit("甲").kept == bring_unit("东/乙").kept == 1
    assert faults_of(lambda: bring_unit("乙")) == [(2, "unit", Code.IMPORT_UNIT)]


def test_a_blank_row_is_not_an_answer(bring: Bring) -> None:
    assert faults_of(lambda: bring(f"{GOOD}甲,一线员工,60,,,,,\n")) == [(4, "", Code.ANSWERS_NONE)]


def test_lenient_takes_illegal_answers_as_blank_and_counts_them(bring: Bring, store: Store) -> None:
    assert bring(f"{GOOD}甲,一线员工,60,6,x,2,1,9\n", lenient=True) == ImportResult(3, 2)
    assert "--219" in {r.answers for r in store.responses("w1")}


def test_unknown_columns_must_be_named_to_be_ignored(bring: Bring) -> None:
    text = "\n".join(f"{line},x" for line in GOOD.splitlines()).replace("B1_1b,x", "B1_1b,remark")
    assert faults_of(lambda: bring(text)) == [(1, "", Code.FILE_COLUMN_UNKNOWN)]
    assert bring(text, ignore=["remark"]).kept == 2


def test_missing_columns_are_named(bring: Bring) -> None:
    text = "unit,A1_1a\n甲,4\n"
    codes = [code for _, _, code in faults_of(lambda: bring(text))]
    assert codes == [Code.FILE_COLUMN_MISSING] * 5


def test_the_same_file_is_not_imported_twice(bring: Bring, store: Store) -> None:
    bring(GOOD)
    assert faults_of(lambda: bring(GOOD)) == [(None, "", Code.IMPORT_REPEATED)]
    assert len(store.responses("w1")) == 2


def test_own_words_come_along_apart(bring: Bring, store: Store) -> None:
    text = GOOD.replace("B1_1b\n", "B1_1b,WORDS\n").replace("1,9\n", "1,9,多听意见\n")
    bring(text.replace("5,5\n", "5,5,\n"))
    assert [c.text for c in store.comments("w1")] == ["多听意见"]


def test_the_template_is_a_header_that_import_takes(bring: Bring, store: Store) -> None:
    header = write_template(store.wave("w1")).strip()
    assert header == f"{HEADER},WORDS"
    assert bring(f"{header}\n甲,一线员工,60,4,5,2,1,9,\n").kept == 1
