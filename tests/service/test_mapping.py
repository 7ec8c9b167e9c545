"""Answers from other programs: columns and values by a mapping; workbooks with columns in words."""

import io
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from survey_service.errors import Code, SurveyError
from survey_service.export.answer_sheet import write_answer_sheet
from survey_service.export.sheets import read_sheet
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire
from survey_service.service.imports import ImportResult, import_answers
from survey_service.service.mapping import NO_MAPPING, parse_mapping
from survey_service.storage import open_store
from survey_service.store import Store
from survey_service.table import parse_table, read_file
from survey_service.wave import Wave
from tests.factories import OPENED, make_roster, make_wave

DATA = Path(__file__).parent / "data"


@pytest.fixture
def tiny(tmp_path: Path) -> Store:
    return open_store(f"tinydb:{tmp_path}/mapping")


@pytest.fixture
def wave(tiny: Store, small: Questionnaire) -> Wave:
    roster = make_roster({"甲": {"manager": 12, "frontline": 30}, "乙": {"frontline": 30}})
    wave = make_wave(small, roster)
    tiny.create_wave(wave)
    return wave


def bring(
    store: Store, wave: Wave, raw: bytes, mapping: str = "", name: str = "a.csv"
) -> ImportResult:
    table = read_sheet(name, raw)
    found = (
        parse_mapping(parse_table("m.csv", mapping.encode()), table.columns)
        if mapping
        else NO_MAPPING
    )
    return import_answers(store, wave, table, raw, OPENED, mapping=found)


def test_two_columns_for_one_question_are_refused(tiny: Store, wave: Wave) -> None:
    """Or the last one would win and the other be lost without a word."""
    header = "unit,role,A1_1a,again,A1_1b,CHECK,B1_1a,B1_1b"
    mapping = "column,field,values\nagain,A1_1a,\n"
    with pytest.raises(SurveyError) as caught:
        bring(tiny, wave, f"{header}\n甲,manager,5,1,5,2,1,9\n".encode(), mapping)
    assert [f.code for f in caught.value.faults] == [Code.FILE_COLUMN_REPEATED]
    assert tiny.responses("w1") == ()


@pytest.mark.parametrize(
    ("program", "paces"), [("limesurvey", ["ok", "unknown"]), ("wenjuanxing", ["ok", "ok"])]
)
def test_files_of_other_programs_are_read(
    tiny: Store, wave: Wave, program: str, paces: list[str]
) -> None:
    raw = read_file(DATA / f"{program}.csv")
    mapping = read_file(DATA / f"{program}-mapping.csv").decode()
    assert bring(tiny, wave, raw, mapping) == ImportResult(2, 0)
    kept = sorted((r.stratum, r.answers, r.pace) for r in tiny.responses("w1"))
    assert kept == [("s001", "3-255", paces[1]), ("s002", "45219", paces[0])]
    assert [c.text for c in tiny.comments("w1")] == ["多听意见"]


def test_a_workbook_typed_in_from_paper(tiny: Store, wave: Wave) -> None:
    header = read_sheet_header(write_answer_sheet(wave, words("zh")))
    assert header[:4] == ["单位", "岗位角色", "A1_1a 任务讲得清楚。", "A1_1b 事情一拖再拖。"]
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, header)
    sheet.write_row(1, 0, ["甲", "一线员工", "比较符合", 5, "不太符合", 1, "不了解／不适用", ""])
    book.close()
    assert bring(tiny, wave, stream.getvalue(), name="a.xlsx").kept == 1
    assert [r.answers for r in tiny.responses("w1")] == ["45219"]


def test_the_english_sheet_is_read_too(tiny: Store, wave: Wave) -> None:
    header = read_sheet_header(write_answer_sheet(wave, words("en")))
    row = ["甲", "frontline", "Mostly true", "5", "Mostly not true", "1", "Don't know", ""]
    raw = "\n".join(",".join(f'"{cell}"' for cell in line) for line in (header, row)).encode()
    assert bring(tiny, wave, raw).kept == 1
    assert [r.answers for r in tiny.responses("w1")] == ["45219"]


def read_sheet_header(raw: bytes) -> list[str]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - what a person sees

    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return [str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]]


def test_faults_name_the_columns_of_the_file(tiny: Store, wave: Wave) -> None:
    raw = read_file(DATA / "limesurvey.csv").replace(b'"A5"', b'"A7"', 1)
    with pytest.raises(SurveyError) as caught:
        bring(tiny, wave, raw, read_file(DATA / "limesurvey-mapping.csv").decode())
    fault = caught.value.faults[0]
    assert (fault.code, fault.place.line, fault.place.column) == (Code.ANSWER_VALUE, 2, "A[SQ002]")
    assert tiny.responses("w1") == ()


def test_every_fault_of_a_mapping_is_listed(tiny: Store, wave: Wave) -> None:
    mapping = "列,对应,取值\nUNIT,unit,U1\nUNIT,unit,\nNOWHERE,role,\n"
    with pytest.raises(SurveyError) as caught:
        bring(tiny, wave, read_file(DATA / "limesurvey.csv"), mapping)
    assert [(f.code, f.place.line) for f in caught.value.faults] == [
        (Code.MAPPING_VALUES, 2),
        (Code.FILE_COLUMN_REPEATED, 3),
        (Code.MAPPING_COLUMN, 4),
    ]


def test_a_mapping_needs_its_columns(tiny: Store, wave: Wave) -> None:
    with pytest.raises(SurveyError) as caught:
        bring(tiny, wave, read_file(DATA / "limesurvey.csv"), "a,b\n1,2\n")
    assert [f.code for f in caught.value.faults] == [Code.FILE_COLUMN_MISSING] * 2
