"""A review in a sheet: written, filled in, brought back; every fault told, nothing half-imported."""

from collections.abc import Callable, Sequence

import pytest

from survey_service.comments.names import NO_NAMES, ListedNames
from survey_service.errors import Code, SurveyError
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire
from survey_service.service.comment_sheet import THEME_COLUMN, import_review, list_rows
from survey_service.service.comments import begin_review, decide
from survey_service.store import Store
from survey_service.table import build_table
from survey_service.wave import Wave
from tests.factories import keep_comments, make_wave

TEXTS = ["找王队长", "多开\n班前会", "无"]
ZH = words("zh")

Rows = list[list[str]]
Bring = Callable[[Sequence[Sequence[str]]], int]


@pytest.fixture
def wave(store: Store, small: Questionnaire) -> Wave:
    return keep_comments(store, make_wave(small), TEXTS)


@pytest.fixture
def rows(store: Store, wave: Wave) -> Rows:
    return list_rows(begin_review(store, wave), wave.questionnaire, NO_NAMES, ZH)


@pytest.fixture
def bring(store: Store, wave: Wave) -> Bring:
    def run(rows: Sequence[Sequence[str]]) -> int:
        table = build_table("a.csv", list(enumerate(rows, 1)))
        return import_review(store, begin_review(store, wave), table, ListedNames.parse("谭咏春"))

    return run


def decisions(store: Store, wave: Wave) -> list[tuple[str, str]]:
    return [(c.theme, c.paraphrase) for c in begin_review(store, wave).comments]


def faults_of(call: Callable[[], object]) -> list[tuple[int | None, str, Code]]:
    with pytest.raises(SurveyError) as caught:
        call()
    assert all(
        text not in fault.sentence("zh") + fault.remedy("en")
        for fault in caught.value.faults
        for text in ("队长", "班前会", "谭咏春")
    )
    return [(f.place.line, f.place.column, f.code) for f in caught.value.faults]


def test_a_sheet_shows_question_marked_text_and_what_was_decided(
    store: Store, wave: Wave, rows: Rows
) -> None:
    assert rows[0] == ["编号", "问题", "原话", "主题", "归纳"]
    assert rows[0][THEME_COLUMN] == "主题"
    assert sorted(row[1:] for row in rows[1:]) == [
        ["最想改进什么？", "多开 班前会", "", ""],
        ["最想改进什么？", "找【王队长】", "", ""],
        ["最想改进什么？", "无", "", ""],
    ]
    review = begin_review(store, wave)
    decide(store, review, review.comments[1], review.themes[1], "多沟通")
    again = list_rows(begin_review(store, wave), wave.questionnaire, NO_NAMES, words("en"))
    assert again[0] == ["id", "question", "text", "theme", "paraphrase"]
    assert again[2][1:2] + again[2][3:] == ["What should improve?", "B one", "多沟通"]
    assert [row[0] for row in again[1:]] == [row[0] for row in rows[1:]]


def test_no_spreadsheet_takes_an_id_for_a_number(store: Store, wave: Wave, rows: Rows) -> None:
    ids = [comment.id for comment in begin_review(store, wave).comments]
    assert [row[0] for row in rows[1:]] == [f"c{each}" for each in ids]


def test_themes_by_number_id_and_name_are_brought_in(
    store: Store, wave: Wave, rows: Rows, bring: Bring
) -> None:
    rows[1][3:] = ["２", " 多听\n一线 "]
    rows[2][3:] = ["a1", ""]
    rows[3][1:] = ["改过的问题", "改过的原话", "Nothing to report", "无"]
    assert bring(rows) == 3
    assert decisions(store, wave) == [("B1", "多听 一线"), ("A1", ""), ("none", "")]
    assert sorted(c.text for c in begin_review(store, wave).comments) == sorted(TEXTS)


def test_rows_without_a_theme_and_columns_of_ones_own_are_left_alone(
    store: Store, wave: Wave, rows: Rows, bring: Bring
) -> None:
    review = begin_review(store, wave)
    decide(store, review, review.comments[0], review.themes[0], "先前的")
    rows[2][3:] = ["乙一", "多沟通"]
    wider = [[*row, "备注"] if n == 0 else [*row, "x"] for n, row in enumerate(rows)]
    assert bring(wider) == 1
    assert decisions(store, wave) == [("A1", "先前的"), ("B1", "多沟通"), ("", "")]


def test_the_columns_may_be_in_english_and_in_any_order(
    store: Store, wave: Wave, rows: Rows, bring: Bring
) -> None:
    assert bring([["Theme", "ID", "paraphrase"], ["A1", rows[1][0], "好"]]) == 1
    assert decisions(store, wave)[0] == ("A1", "好")


def test_every_fault_is_told_by_row_and_column_and_nothing_is_kept(
    store: Store, wave: Wave, rows: Rows, bring: Bring
) -> None:
    rows[1][3:] = ["甲一", "好"]
    rows[2][3:] = ["丙一", "找王队长和谭咏春" + "好" * 200]
    rows[3][3:] = ["", "没有主题"]
    stranger = ["c1", "", "", "1", ""]
    assert faults_of(lambda: bring([*rows, stranger, rows[1], ["", "", "", "1", ""]])) == [
        (3, "主题", Code.THEME_UNKNOWN),
        (3, "归纳", Code.PARAPHRASE_LONG),
        (3, "归纳", Code.PARAPHRASE_IDENTIFYING),
        (3, "归纳", Code.PARAPHRASE_IDENTIFYING),
        (4, "主题", Code.THEME_MISSING),
        (5, "编号", Code.COMMENT_UNKNOWN),
        (6, "编号", Code.COMMENT_REPEATED),
        (7, "编号", Code.COMMENT_UNKNOWN),
    ]
    assert decisions(store, wave) == [("", "")] * 3


def test_a_file_of_another_wave_is_refused_as_a_whole(
    store: Store, small: Questionnaire, bring: Bring, wave: Wave
) -> None:
    other = keep_comments(store, make_wave(small, id="w2"), TEXTS)
    foreign = list_rows(begin_review(store, other), small, NO_NAMES, ZH)
    foreign[1][3] = "1"
    assert faults_of(lambda: bring(foreign)) == [(None, "", Code.COMMENT_UNKNOWN)]
    assert decisions(store, wave) == decisions(store, other) == [("", "")] * 3


def test_missing_columns_are_named_in_both_languages(bring: Bring) -> None:
    with pytest.raises(SurveyError) as caught:
        bring([["编号", "原话"], ["c1", "x"]])
    assert [(f.code, f.values["column"]) for f in caught.value.faults] == [
        (Code.FILE_COLUMN_MISSING, "主题 / theme"),
        (Code.FILE_COLUMN_MISSING, "归纳 / paraphrase"),
    ]
