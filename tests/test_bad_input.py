"""Files as people send them: each is read right, or refused as a whole with where, what and remedy."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from survey_service.cli.failures import MOST_SHOWN
from survey_service.errors import Code, SurveyError
from survey_service.export.sheets import read_sheet
from survey_service.questionnaire import Questionnaire, check
from survey_service.roster import Roster, parse_roster
from survey_service.service.imports import import_answers
from survey_service.storage import open_store
from survey_service.store import Store
from survey_service.table import parse_table
from survey_service.wave import Wave
from tests.cli.conftest import NOTICE, Run, run  # noqa: F401 - a fixture
from tests.factories import OPENED, SMALL, make_roster, make_wave

ROSTER = (
    "单位,上级单位,岗位角色,人数\n甲队,矿,管理者,12\n甲队,矿,一线员工,40\n乙队,矿,一线员工,30\n"
)


def read(text: str, encoding: str = "utf-8") -> Roster:
    return parse_roster(parse_table("r.csv", text.encode(encoding)))


def codes_of(call: Callable[[], object]) -> list[tuple[Code, int | None]]:
    with pytest.raises(SurveyError) as caught:
        call()
    return [(fault.code, fault.place.line) for fault in caught.value.faults]


# rosters that are read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\n\r\n"])
def test_every_usual_way_of_writing_a_roster(encoding: str, separator: str, end: str) -> None:
    text = ROSTER.replace(",", separator).replace("\n", end)
    assert read(text, encoding).headcount == 82


@pytest.mark.parametrize(
    "text",
    [
        ROSTER.replace("12", "１２"),  # full-width digits
        ROSTER.replace("甲队", " 甲队　"),  # spaces at the ends
        ROSTER.replace("\n", ",,\n"),  # empty columns of a spreadsheet
        "\n\n" + ROSTER,  # blank lines before the header
        ROSTER + ",,,\n,,,\n",  # blank rows at the end
        ROSTER.replace("甲队", '"甲\n队"').replace('"甲\n队"', "甲队"),
    ],
)
def test_harmless_untidiness_of_a_roster(text: str) -> None:
    assert read(text).headcount == 82


def test_composed_and_decomposed_names_are_one_unit() -> None:
    text = "单位,岗位角色,人数\nCafé,管理者,12\nCafe\u0301,一线员工,40\n"
    assert [unit.path for unit in read(text).units] == ["Café"]


def test_one_name_under_two_parents_is_two_units() -> None:
    text = "单位,上级单位,岗位角色,人数\n一队,东矿,一线员工,30\n一队,西矿,一线员工,40\n"
    assert {"东矿/一队", "西矿/一队"} <= {unit.path for unit in read(text).units}


def test_thirty_levels_are_read() -> None:
    rows = "".join(f"u{n},{f'u{n - 1}' if n else ''},一线员工,10\n" for n in range(30))
    roster = read(f"单位,上级单位,岗位角色,人数\n{rows}")
    assert max(unit.path.count("/") for unit in roster.units) == 29


def test_two_hundred_thousand_units_are_read() -> None:
    rows = "".join(f"矿{n // 400}/队{n},一线员工,12\n" for n in range(200_000))
    raw = f"单位,岗位角色,人数\n{rows}".encode()
    roster = parse_roster(parse_table("r.csv", raw))
    assert len(roster.units) == 200_500
    assert roster.headcount == 2_400_000


# rosters that are refused as a whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ROSTER.replace("12", "1.2E+01"), [(Code.ROSTER_HEADCOUNT, 2)]),
        (ROSTER.replace("12", "12人"), [(Code.ROSTER_HEADCOUNT, 2)]),
        (ROSTER.replace("12", "-3"), [(Code.ROSTER_HEADCOUNT, 2)]),
        (ROSTER.replace("12", "=SUM(A1:A9)"), [(Code.ROSTER_HEADCOUNT, 2)]),
        (ROSTER.replace("12", ""), [(Code.ROSTER_HEADCOUNT, 2)]),
        (ROSTER.replace("甲队,矿,管理者", "甲队,管理者"), [(Code.FILE_ROW_RAGGED, 2)]),
        (ROSTER + "甲队,矿,一线员工,40\n", [(Code.ROSTER_DUPLICATE, 5)]),
        (ROSTER + " 甲队,矿,一线员工 ,７\n", [(Code.ROSTER_DUPLICATE, 5)]),
        (ROSTER.replace("甲队,矿,管理者", ",矿,管理者"), [(Code.ROSTER_UNIT, 2)]),
        (ROSTER.replace("管理者", "领导"), [(Code.ROSTER_ROLE, 2)]),
        (ROSTER.replace("人数", "人数,人数"), [(Code.FILE_COLUMN_REPEATED, 1)]),
        ("某矿职工花名册,,,\n" + ROSTER, [(Code.FILE_COLUMN_REPEATED, 1)]),
        ("单位,岗位角色,人数\n", [(Code.FILE_EMPTY, None)]),
        ("", [(Code.FILE_EMPTY, None)]),
        ("单位,岗位角色,人数\n甲队,一线员工,3\n", [(Code.ROSTER_SMALL, 1)]),
    ],
)
def test_faults_of_a_roster(text: str, found: list[tuple[Code, int | None]]) -> None:
    assert set(found) <= set(codes_of(lambda: read(text)))


@pytest.mark.parametrize(
    "column", ["姓名", "工号", "员工编号", "身份证号", "手机", "Name", "employee_id", "phone"]
)
def test_a_list_of_people_is_refused(column: str) -> None:
    text = ROSTER.replace("人数", f"人数,{column}").replace("2\n", "2,x\n").replace("0\n", "0,x\n")
    assert codes_of(lambda: read(text))[0][0] is Code.ROSTER_PERSON


@pytest.mark.parametrize(
    "value", ["13800138000", "110101199003070000", "11010119900307000X", "li@example.com"]
)
def test_a_number_that_belongs_to_a_person_is_refused(value: str) -> None:
    assert (Code.ROSTER_PERSON, 2) in codes_of(lambda: read(ROSTER.replace("甲队", value, 1)))


def test_units_that_are_above_each_other_are_refused() -> None:
    text = "单位,上级单位,岗位角色,人数\n甲,乙,一线员工,30\n乙,丙,一线员工,30\n丙,甲,一线员工,30\n"
    found = codes_of(lambda: read(text))
    assert {code for code, _ in found} == {Code.ROSTER_PARENT}
    assert {line for _, line in found} == {2, 3, 4}


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\x00",  # half a character of UTF-16
        "单位,岗位角色,人数\n甲,一线员工,30".encode()[:-22] + b"\xff\xff\xff",
        b"PK\x03\x04\x14\x00\x06\x00",  # a workbook that was renamed
        b"\x00\x01\x02" * 50,
        b'"unclosed,1\n2,3\n',
    ],
)
def test_a_roster_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(SurveyError):
        parse_roster(parse_table("r.csv", raw))


@pytest.mark.parametrize("keep", range(10, 190, 13))
def test_a_roster_cut_off_in_the_middle_of_a_row_is_refused_or_whole_rows_are_read(
    keep: int,
) -> None:
    """Where the cut leaves whole rows nobody can tell; inside a row it is seen."""
    raw = ROSTER.encode()[:keep]
    try:
        roster = parse_roster(parse_table("r.csv", raw))
    except SurveyError:
        return
    assert roster.headcount <= 82


# answers

HEADER = "unit,role,duration_s,A1_1a,A1_1b,CHECK,B1_1a,B1_1b"
GOOD = f"{HEADER}\n甲,一线员工,60,4,5,2,1,9\n甲,管理者,,3,,2,5,5\n"


@pytest.fixture
def kept(tmp_path: Path, small: Questionnaire) -> tuple[Store, Wave]:
    store = open_store(f"tinydb:{tmp_path}/bad")
    wave = make_wave(small, make_roster({"甲": {"manager": 12, "frontline": 30}}))
    store.create_wave(wave)
    return store, wave


def bring(kept: tuple[Store, Wave], raw: bytes, name: str = "a.csv") -> int:
    store, wave = kept
    table = read_sheet(name, raw) if name.endswith("x") else parse_table(name, raw)
    return import_answers(store, wave, table, raw, OPENED).kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_way_of_writing_answers(
    kept: tuple[Store, Wave], encoding: str, separator: str
) -> None:
    assert bring(kept, GOOD.replace(",", separator).encode(encoding)) == 2


def test_full_width_digits_are_digits(kept: tuple[Store, Wave]) -> None:
    assert bring(kept, GOOD.replace("60,4", "60,４").encode()) == 2


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("4.0E+00", Code.ANSWER_VALUE),
        ("4.5", Code.ANSWER_VALUE),
        ("6", Code.ANSWER_VALUE),
        ("-1", Code.ANSWER_VALUE),
        ("=1+3", Code.ANSWER_VALUE),
        ("TRUE", Code.ANSWER_VALUE),
        ("NaN", Code.ANSWER_VALUE),
        ("１０", Code.ANSWER_VALUE),
        ("四", Code.ANSWER_VALUE),
        ("4,5", Code.FILE_ROW_RAGGED),
    ],
)
def test_a_bad_cell_keeps_every_row_out(kept: tuple[Store, Wave], cell: str, code: Code) -> None:
    raw = GOOD.replace("60,4", f"60,{cell}").encode()
    assert codes_of(lambda: bring(kept, raw)) == [(code, 2)]
    assert kept[0].responses("w1") == ()


@pytest.mark.parametrize("cut", range(len(HEADER.encode()) + 1, len(GOOD.encode()), 3))
def test_a_file_cut_off_inside_a_row_is_refused(kept: tuple[Store, Wave], cut: int) -> None:
    """Only where the cut falls into the last cell can nobody tell it from a whole row."""
    raw = GOOD.encode()[:cut]
    rows = raw.decode(errors="ignore").split("\n")
    if rows[-1] and rows[-1].count(",") < HEADER.count(","):
        with pytest.raises(SurveyError):
            bring(kept, raw)
        assert kept[0].responses("w1") == ()


def test_codes_that_a_spreadsheet_keeps_as_numbers(kept: tuple[Store, Wave]) -> None:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, ["甲", "一线员工", 60, 4, 5.0, "2", 1, 9])
    book.close()
    assert bring(kept, stream.getvalue(), "a.xlsx") == 1


def test_a_formula_is_read_as_the_value_that_was_stored(kept: tuple[Store, Wave]) -> None:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, ["甲", "一线员工", 60, 4, 5, 2, 1])
    sheet.write_formula(1, 7, "=4+5", None, 9)
    book.close()
    assert bring(kept, stream.getvalue(), "a.xlsx") == 1


def test_the_first_hundred_faults_are_listed_and_the_rest_counted(
    run: Run,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "r.csv").write_text(ROSTER, encoding="utf-8")
    assert (
        run(
            "wave", "create", "w1", "--questionnaire", "small.toml", "--roster", "r.csv", *NOTICE
        ).code
        == 0
    )
    assert run("wave", "open", "w1").code == 0
    rows = "甲队,一线员工,60,7,5,2,1,9\n" * 250
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    outcome = run("import", "w1", "a.csv")
    assert outcome.code == 2
    assert outcome.err.count("answer_value") == MOST_SHOWN == 100
    assert "150" in outcome.err.splitlines()[-1]
    assert "不到 10 份" in run("status", "w1").out


# questionnaires


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            lambda text: text.replace('id = "A1_1b"', 'id = "A1_1a"'),
            Code.QUESTIONNAIRE_ID_DUPLICATE,
        ),
        (
            lambda text: text.replace('id = "A1_1a"', 'id = "__proto__"'),
            Code.QUESTIONNAIRE_ID_INVALID,
        ),
        (lambda text: text.replace('id = "WORDS"', 'id = "unit"'), Code.QUESTIONNAIRE_ID_INVALID),
        (lambda text: text.replace("weight = 0.6", "weight = 0.7"), Code.QUESTIONNAIRE_WEIGHTS),
        (lambda text: text.replace("weight = 0.6", "weight = nan"), Code.QUESTIONNAIRE_WEIGHTS),
        (lambda text: text.replace("weight = 0.6", "weight = inf"), Code.QUESTIONNAIRE_WEIGHTS),
        (
            lambda text: text.replace("favourable = [4, 5]", 'favourable = ["4", 5]'),
            Code.QUESTIONNAIRE_FIELD_TYPE,
        ),
        (
            lambda text: text.replace("任务讲得清楚。", "长" * 1_000_000),
            Code.QUESTIONNAIRE_TOO_LONG,
        ),
        (
            lambda text: text.replace("任务讲得清楚。", "请写您的姓名。"),
            Code.QUESTIONNAIRE_IDENTIFYING,
        ),
        (lambda text: text.replace('facet = "B1_1"', 'facet = "Z"'), Code.QUESTIONNAIRE_REFERENCE),
        (lambda text: text.replace("format = 1", "format = 2"), Code.QUESTIONNAIRE_FORMAT),
        (lambda text: text.replace("[scales.fit]", "[scales.fit"), Code.QUESTIONNAIRE_SYNTAX),
        (lambda text: text.replace("expected = 2", "expected = 7"), Code.QUESTIONNAIRE_EXTRA),
    ],
)
def test_faults_of_a_questionnaire(
    tmp_path: Path, change: Callable[[str], str], code: Code
) -> None:
    path = tmp_path / "q.toml"
    path.write_text(change(SMALL), encoding="utf-8")
    found = check(str(path))
    assert code in {fault.code for fault in found}
    assert all(fault.place.line for fault in found)


@pytest.mark.parametrize(
    ("encoding", "codes"),
    [("utf-8-sig", set()), ("gb18030", {Code.FILE_ENCODING}), ("utf-16", {Code.FILE_ENCODING})],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_of_a_questionnaire(
    tmp_path: Path, encoding: str, codes: set[Code], end: str
) -> None:
    path = tmp_path / "q.toml"
    path.write_bytes(SMALL.replace("\n", end).encode(encoding))
    assert {fault.code for fault in check(str(path))} == codes


@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", "{{ 7*7 }}", "<b><font", "{minutes}{0}", "%s%n", "\u202e反"],
)
def test_wording_is_only_ever_text(tmp_path: Path, payload: str) -> None:
    from reports import render_paper  # noqa: PLC0415 - beside the only use
    from survey_service.page.preview import render_preview  # noqa: PLC0415
    from survey_service.questionnaire import load  # noqa: PLC0415
    from survey_service.questionnaire.paper import make_paper  # noqa: PLC0415

    path = tmp_path / "q.toml"
    path.write_text(SMALL.replace("任务讲得清楚。", payload), encoding="utf-8")
    questionnaire = load(str(path))
    page: Any = render_preview(questionnaire, "zh")
    assert b"<script>alert" not in page
    assert b"<b><font" not in page
    assert render_paper(make_paper(questionnaire, "zh")).startswith(b"%PDF")
