"""Rosters: headcounts only, in any usual file, every fault at once."""

import pytest

from survey_service.errors import Code, SurveyError
from tests.factories import read_roster

GOOD = "unit,role,headcount\n综采一队,管理者,13\n综采一队,一线员工,140\n机关,frontline,20\n"


def codes_of(text: str, encoding: str = "utf-8") -> list[Code]:
    with pytest.raises(SurveyError) as caught:
        read_roster(text, encoding=encoding)
    return [fault.code for fault in caught.value.faults]


def test_a_roster_in_english_or_chinese_headers_is_the_same() -> None:
    chinese = GOOD.replace("unit,role,headcount", "单位,岗位角色,人数")
    short = GOOD.replace("headcount", "N")
    assert read_roster(GOOD) == read_roster(chinese) == read_roster(short)
    assert read_roster(GOOD).headcount == 173


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_encoding_and_separator_is_read(encoding: str, separator: str) -> None:
    assert read_roster(GOOD.replace(",", separator), encoding=encoding) == read_roster(GOOD)


def test_rare_characters_survive_both_encodings() -> None:
    text = GOOD.replace("机关", "镕喆堃昇赟队")
    for encoding in ("utf-8", "gb18030"):
        assert "镕喆堃昇赟队" in {u.path for u in read_roster(text, encoding=encoding).units}


def test_a_parent_makes_a_path_however_it_is_named() -> None:
    by_name = read_roster(
        "unit,role,headcount,parent\n矿,管理者,12,\n综采队,一线员工,30,矿\n一班,一线员工,20,综采队\n"
    )
    by_path = read_roster(
        "unit,role,headcount\n矿,管理者,12\n矿/综采队,一线员工,30\n矿/综采队/一班,一线员工,20\n"
    )
    assert by_name == by_path
    assert [(u.path, u.parent) for u in by_name.units] == [
        ("矿", None),
        ("矿/综采队", "矿"),
        ("矿/综采队/一班", "矿/综采队"),
    ]


def test_one_unit_named_in_two_ways_is_a_duplicate() -> None:
    text = "unit,role,headcount,parent\n矿,管理者,12,\n矿/一队,一线员工,100,\n一队,一线员工,20,矿\n"
    assert codes_of(text) == [Code.ROSTER_DUPLICATE]


def test_empty_columns_that_a_spreadsheet_appends_are_no_trouble() -> None:
    text = "".join(f"{line},,,\n" for line in GOOD.splitlines()) + ",,,,,\n"
    assert read_roster(text) == read_roster(GOOD)


def test_decomposed_and_full_width_input_is_brought_to_one_form() -> None:
    assert read_roster("unit,role,headcount\nCafe\u0301,frontline,３０\n").units[0].path == "Café"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("掘进队,一线员工,-5", Code.ROSTER_HEADCOUNT),
        ("掘进队,一线员工,", Code.ROSTER_HEADCOUNT),
        ("掘进队,一线员工,12.5", Code.ROSTER_HEADCOUNT),
        ("掘进队,一线员工,6.2E+17", Code.ROSTER_HEADCOUNT),
        ("掘进队,一线员工,十", Code.ROSTER_HEADCOUNT),
        ("掘进队,班长,5", Code.ROSTER_ROLE),
        ("掘进队,张三,1", Code.ROSTER_ROLE),
        ("掘进队,,5", Code.ROSTER_ROLE),
        (",一线员工,5", Code.ROSTER_UNIT),
        ("矿//队,一线员工,5", Code.ROSTER_UNIT),
        ("*,一线员工,5", Code.ROSTER_UNIT),
        ("矿/-,一线员工,5", Code.ROSTER_UNIT),
        ("甲+乙,一线员工,5", Code.ROSTER_UNIT),
        ("综采一队,管理者,9", Code.ROSTER_DUPLICATE),
        ("王五13812345678,一线员工,5", Code.ROSTER_PERSON),
        ("110101199003071234,一线员工,5", Code.ROSTER_PERSON),
        ("掘进队,一线员工", Code.FILE_ROW_RAGGED),
    ],
)
def test_a_faulty_row_is_refused(row: str, code: Code) -> None:
    assert codes_of(f"{GOOD}{row}\n") == [code]


def test_all_faulty_rows_are_listed_with_their_lines() -> None:
    with pytest.raises(SurveyError) as caught:
        read_roster(f"{GOOD}甲,班长,x\n乙,一线员工,-1\n丙,一线员工,3\n,管理者,4\n")
    found = [(f.place.line, f.code) for f in caught.value.faults]
    assert found == [
        (5, Code.ROSTER_ROLE),
        (5, Code.ROSTER_HEADCOUNT),
        (6, Code.ROSTER_HEADCOUNT),
        (8, Code.ROSTER_UNIT),
    ]


@pytest.mark.parametrize(
    "column", ["姓名", "工号", "name", "员工编号", "phone", "身份证号", "出生日期"]
)
def test_a_column_about_people_is_refused(column: str) -> None:
    text = GOOD.replace("headcount\n", f"headcount,{column}\n").replace("3\n", "3,x\n")
    text = text.replace("0\n", "0,x\n")
    assert codes_of(text) == [Code.ROSTER_PERSON]


def test_unknown_and_missing_columns_are_named() -> None:
    assert codes_of("unit,role,shift\n甲,管理者,3\n") == [
        Code.FILE_COLUMN_UNKNOWN,
        Code.FILE_COLUMN_MISSING,
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "unit,role,headcount\n"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    assert codes_of(text) == [Code.FILE_EMPTY]


def test_bytes_that_are_no_text_are_an_encoding_fault() -> None:
    with pytest.raises(SurveyError) as caught:
        read_roster("ab\0c,d\n", encoding="utf-8")
    assert caught.value.code is Code.FILE_ENCODING


def test_a_circle_of_parents_is_refused() -> None:
    text = "unit,role,headcount,parent\n甲,管理者,12,乙\n乙,管理者,12,甲\n"
    assert codes_of(text) == [Code.ROSTER_PARENT] * 2


def test_a_parent_named_ambiguously_is_refused() -> None:
    text = (
        "unit,role,headcount,parent\n东矿,管理者,12,\n西矿,管理者,12,\n"
        "综采队,管理者,12,东矿\n综采队,管理者,12,西矿\n一班,一线员工,20,综采队\n"
    )
    assert codes_of(text) == [Code.ROSTER_PARENT]


def test_fewer_than_ten_people_cannot_be_anonymous() -> None:
    with pytest.raises(SurveyError) as caught:
        read_roster("unit,role,headcount\n甲,管理者,4\n甲,一线员工,5\n")
    assert (caught.value.code, caught.value.code.exit_code) == (Code.ROSTER_SMALL, 3)


def test_a_message_about_a_person_does_not_repeat_what_stood_there() -> None:
    with pytest.raises(SurveyError) as caught:
        read_roster(f"{GOOD}王五13812345678,一线员工,5\n")
    (fault,) = caught.value.faults
    assert "138" not in fault.sentence("zh") + fault.remedy("zh") + str(fault.values)


def test_a_record_reads_back() -> None:
    roster = read_roster(GOOD)
    assert type(roster).from_record(roster.to_record()) == roster
