"""Sheets there and back: CSV and XLSX hold the same, harmlessly, and the same bytes each time."""

import contextlib
import io
import random
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from survey_service.errors import Code, SurveyError
from survey_service.export.sheets import Choices, read_sheet, write_sheet

ROWS = [
    ["id", "text", "theme"],
    ["c1152921504606846975", "=1+1", "甲一"],
    ["c2", 'HYPERLINK("https://example.com") https://example.com', "3"],
    ["c3", '多听，"一线"；的话', ""],
]
CHOICES = Choices(2, "主题", ("甲一", "乙一"))
NAMES = ["a.csv", "A.CSV", "a.xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_back(name: str) -> None:
    table = read_sheet(name, write_sheet(name, ROWS, CHOICES))
    assert table.columns == ("id", "text", "theme")
    assert [list(row.values.values()) for row in table.rows] == ROWS[1:]
    assert [row.line for row in table.rows] == [2, 3, 4]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_bytes(name: str) -> None:
    assert write_sheet(name, ROWS, CHOICES) == write_sheet(name, ROWS, CHOICES)


def test_csv_is_for_spreadsheets() -> None:
    raw = write_sheet("a.csv", ROWS, CHOICES)
    assert raw.startswith("\ufeff".encode())
    assert b'"\'=1+1"\r\n' not in raw
    assert b',"\'=1+1",' in raw


def test_a_workbook_holds_text_alone_and_the_choices() -> None:
    with zipfile.ZipFile(io.BytesIO(write_sheet("a.xlsx", ROWS, CHOICES))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count("<c ") == sheet.count('t="s"') == 12
    assert "<formula1>'主题'!$A$1:$A$2</formula1>" in sheet
    assert "乙一" in parts["xl/sharedStrings.xml"]


def test_numbers_and_blank_rows_that_people_leave_are_read() -> None:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(1, 0, ["id", "theme", "rate"])
    sheet.write_row(3, 0, ["c1", 3, 1.5])
    sheet.write_row(4, 0, ["c2", True, ""])
    sheet.write(4, 6, " ")
    book.close()
    table = read_sheet("a.xlsx", stream.getvalue())
    assert table.columns == ("id", "theme", "rate")
    assert [(r.line, list(r.values.values())) for r in table.rows] == [
        (4, ["c1", "3", "1.5"]),
        (5, ["c2", "True", ""]),
    ]


def refusal(name: str, raw: bytes) -> Code:
    with pytest.raises(SurveyError) as caught:
        read_sheet(name, raw)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("a.xls", b"", Code.FILE_FORMAT),
        ("a", b"", Code.FILE_FORMAT),
        ("a.xlsx", b"", Code.FILE_UNREADABLE),
        ("a.xlsx", b"PK\x03\x04", Code.FILE_UNREADABLE),
        ("a.xlsx", b"id,theme\nc1,3\n", Code.FILE_UNREADABLE),
        ("a.csv", b"", Code.FILE_EMPTY),
        ("a.xlsx", write_sheet("a.xlsx", ROWS[:1], CHOICES), Code.FILE_EMPTY),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, raw: bytes, code: Code) -> None:
    assert refusal(name, raw) is code


def test_a_workbook_that_was_only_named_csv_is_read() -> None:
    raw = write_sheet("a.xlsx", ROWS, CHOICES)
    assert read_sheet("a.csv", raw).rows == read_sheet("a.xlsx", raw).rows


def test_a_damaged_workbook_is_refused_or_read_but_breaks_nothing() -> None:
    whole = write_sheet("a.xlsx", ROWS, CHOICES)
    chance = random.Random(1)
    codes = set()
    for _ in range(150):
        raw = bytearray(
            whole[: chance.randrange(1, len(whole))] if chance.random() < 0.3 else whole
        )
        for _ in range(chance.randrange(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        with contextlib.suppress(SurveyError):
            read_sheet("a.xlsx", bytes(raw))
            continue
        codes.add(refusal("a.xlsx", bytes(raw)))
    assert Code.FILE_UNREADABLE in codes


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5), st.sampled_from(NAMES))
def test_any_words_survive(rows: list[tuple[str, str]], name: str) -> None:
    sheet = [["a", "b"], *(list(row) for row in rows)]
    table = read_sheet(name, write_sheet(name, sheet, Choices(1, "x", ("y",))))
    wanted = [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    assert [list(row.values.values()) for row in table.rows] == wanted
