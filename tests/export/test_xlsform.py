"""XLSForm there and back; pyxform takes it; faults by sheet, row and column."""

import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from pyxform.xls2xform import convert
from xlsxwriter import Workbook

from survey_service.errors import Code, SurveyError
from survey_service.export.xlsform_reading import read_xlsform
from survey_service.export.xlsform_writing import write_xlsform
from survey_service.questionnaire import Questionnaire, load, shipped
from survey_service.questionnaire.loading import check_source, load_source
from survey_service.questionnaire.source import Source
from survey_service.questionnaire.writing import make_content, write_toml
from tests.cli.conftest import Run, run  # noqa: F401 - a fixture


@pytest.mark.parametrize("name", shipped())
def test_a_workbook_gives_the_same_questionnaire_back(name: str) -> None:
    one = load(name)
    source, faults = read_xlsform("a.xlsx", write_xlsform(one))
    assert (faults, check_source(source)) == ((), ())
    assert load_source(source).definition == one.definition


@pytest.mark.parametrize("name", shipped())
def test_a_file_gives_the_same_questionnaire_back(name: str) -> None:
    one = load(name)
    text = write_toml(make_content(one.definition))
    assert load_source(Source("a.toml", text, tomllib.loads(text))).sha256 == one.sha256


def test_all_faults_of_a_workbook_are_told_at_once_and_each_once(
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    """A type that is none, an id used twice, a wording left out: three cells, three faults."""
    sheets = read_cells(write_xlsform(load("pulse")))
    survey = sheets["survey"]
    survey[3][0] = "select_on fit"
    survey[4][1] = survey[5][1]
    survey[6][2] = ""
    (tmp_path / "bad.xlsx").write_bytes(write_cells(sheets))
    outcome = run("questionnaire", "check", "bad.xlsx")
    assert outcome.code == 2
    found = re.findall(r"错误 (\w+)：bad.xlsx › (\w+)，第(\d+)行", outcome.err)
    assert found == [
        ("xlsform_type", "survey", "4"),
        ("questionnaire_id_duplicate", "survey", "6"),
        ("questionnaire_translation_missing", "survey", "7"),
    ]


@pytest.mark.parametrize("name", ["full", "pulse"])
def test_pyxform_accepts_what_we_export(name: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(write_xlsform(load(name)))
    result = convert(xlsform=str(path), validate=False)
    assert all(item.id in result.xform for item in load(name).items)
    assert "完全不符合" in result.xform
    assert "Completely true" in result.xform


def read_cells(raw: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def write_cells(sheets: dict[str, list[list[Any]]]) -> bytes:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    book.close()
    return stream.getvalue()


def faults_of(sheets: dict[str, list[list[Any]]]) -> list[tuple[str, int | None, str, Code]]:
    source, faults = read_xlsform("my.xlsx", write_cells(sheets))
    return [
        (f.place.file, f.place.line, f.place.column, f.code) for f in faults or check_source(source)
    ]


def test_faults_are_told_by_sheet_row_and_column(small: Questionnaire) -> None:
    sheets = read_cells(write_xlsform(small))
    assert faults_of(sheets) == []
    survey = sheets["survey"]
    facet = survey[0].index("facet")
    label = survey[0].index("label::English (en)")
    survey[2][facet] = "NOWHERE"
    survey[4][label] = ""
    survey[5][1] = "1bad"
    sheets["choices"][1][1] = "x"
    sheets["blocks"][1][sheets["blocks"][0].index("weight")] = "half"
    found = faults_of(sheets)
    assert ("my.xlsx › survey", 3, "facet", Code.QUESTIONNAIRE_REFERENCE) in found
    assert (
        "my.xlsx › survey",
        5,
        "label::中文 (zh)",
        Code.QUESTIONNAIRE_TRANSLATION_MISSING,
    ) in found
    assert ("my.xlsx › survey", 6, "name", Code.QUESTIONNAIRE_ID_INVALID) in found
    assert any(place[:2] == ("my.xlsx › choices", 2) for place in found)
    assert ("my.xlsx › blocks", 2, "weight", Code.QUESTIONNAIRE_FIELD_TYPE) in found


def test_types_and_shares_that_we_do_not_know(small: Questionnaire) -> None:
    sheets = read_cells(write_xlsform(small))
    sheets["survey"].insert(1, ["select_multiple fit", "X"])
    sheets["choices"][2][sheets["choices"][0].index("share")] = "good"
    assert faults_of(sheets) == [
        ("my.xlsx › choices", 3, "share", Code.XLSFORM_SHARE),
        ("my.xlsx › survey", 2, "type", Code.XLSFORM_TYPE),
    ]


def test_groups_and_notes_of_a_form_are_passed_over(small: Questionnaire) -> None:
    sheets = read_cells(write_xlsform(small))
    sheets["survey"].insert(1, ["begin_group", "g"])
    sheets["survey"].append(["end_group", ""])
    assert faults_of(sheets) == []


def test_missing_sheets_are_named() -> None:
    assert (
        faults_of({"Sheet1": [["a"], ["b"]]})
        == [
            ("my.xlsx", None, "", Code.XLSFORM_SHEET),
        ]
        * 3
    )


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"survey,choices\n1,2\n"])
def test_what_is_no_workbook_is_refused(raw: bytes) -> None:
    with pytest.raises(SurveyError) as caught:
        read_xlsform("my.xlsx", raw)
    assert caught.value.code is Code.FILE_UNREADABLE


def test_the_command_line_takes_a_workbook_wherever_it_takes_a_questionnaire(
    run: Run,  # noqa: F811 - the fixture
    small: Questionnaire,
    tmp_path: Path,
) -> None:
    (tmp_path / "my.xlsx").write_bytes(write_xlsform(small))
    assert run("questionnaire", "check", "my.xlsx").code == 0
    assert "任务讲得清楚。" in run("questionnaire", "show", "my.xlsx").out
    assert run("questionnaire", "import", "my.xlsx", "--output", "my.toml").code == 0
    assert load(str(tmp_path / "my.toml")).definition == small.definition
    assert run("wave", "create", "w1", "--questionnaire", "my.xlsx").code == 0
    assert run("questionnaire", "export", "my.toml", "--output", "again.xlsx").code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "my.xlsx").read_bytes()


def test_plain_labels_are_chinese(small: Questionnaire) -> None:
    sheets = read_cells(write_xlsform(small))
    for rows in sheets.values():
        rows[0] = [
            str(cell).replace("::中文 (zh)", "").replace("::English (en)", "::en")
            for cell in rows[0]
        ]
    source, faults = read_xlsform("a.xlsx", write_cells(sheets))
    assert faults == ()
    assert load_source(source).definition == small.definition
