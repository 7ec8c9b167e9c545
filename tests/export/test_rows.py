"""Exported rows as other programs read them."""

import csv
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from survey_service.export.codebook import DataSet, Variable, list_codebook
from survey_service.export.row_csv import write_codebook, write_rows
from survey_service.export.row_parquet import write_parquet
from survey_service.export.row_spss import write_spss
from survey_service.export.row_workbook import write_workbook
from survey_service.i18n import words

W = words("zh")
VALUES = {
    1: "完全不符合",
    2: "不太符合",
    3: "部分符合",
    4: "比较符合",
    5: "完全符合",
    9: "不了解／不适用",
}
DATA = DataSet(
    title="2026年第1期",
    block=Variable("block", "单位块", {1: "矿/综采一队", 2: "=矿/机电队，“二”"}),
    variables=(
        Variable("A1_1a", "任务讲得清楚。", VALUES, 9, "甲一"),
        Variable(
            "B1_1b",
            "=SUM(A1)有事知道找谁" * 8,
            {0: "0次", 10: "10次", 11: "＋更多"},
            None,
            "乙一",
            reverse=True,
        ),
    ),
    blocks=np.array([1, 2, 2, 1]),
    codes=np.array([[5, 10], [9, -1], [-1, 11], [1, 0]], np.int8),
    notes=("单位块是唯一的标签。",),
)


def test_csv_for_spreadsheets() -> None:
    raw = write_rows(DATA)
    assert raw.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["block", "A1_1a", "B1_1b"],
        ["矿/综采一队", "5", "10"],
        ["'=矿/机电队，“二”", "9", ""],
        ["'=矿/机电队，“二”", "", "11"],
        ["矿/综采一队", "1", "0"],
    ]
    assert raw.count(b"\r\n") == 5


def test_csv_for_programs() -> None:
    text = write_rows(DATA, raw=True).decode()
    assert text.splitlines()[:3] == ["block,A1_1a,B1_1b", "矿/综采一队,5,10", "=矿/机电队，“二”,9,"]
    assert "\r" not in text


def test_the_codebook_names_every_column_and_code() -> None:
    rows = list(csv.reader(io.StringIO(write_codebook(DATA, W).decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["变量", "block", "", "A1_1a", "B1_1b", ""]
    assert [row[4] for row in rows[1:3]] == ["1=矿/综采一队", "2==矿/机电队，“二”"]
    assert rows[3][1:] == [
        "任务讲得清楚。",
        "甲一",
        "",
        "1=完全不符合；2=不太符合；3=部分符合；4=比较符合；5=完全符合；9=不了解／不适用",
        "9",
    ]
    assert rows[4][3] == "反向计分"
    assert rows[4][1].startswith("'=")


def test_a_codebook_of_thousands_of_blocks_fits_into_its_cells() -> None:
    names = {number: f"示例煤矿集团/第{number}分公司/综采{number}队" for number in range(1, 3001)}
    many = replace(DATA, block=replace(DATA.block, options=names))
    cells = [cell for row in list_codebook(many, W) for cell in row]
    assert max(map(len, cells)) < 32_767
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_workbook(many, W)))
    found = book.get_sheet_by_name("编码手册").to_python()
    assert len(found) == 3000 + 4
    assert str(found[3000][4]).startswith("3000=")


def test_the_workbook_holds_codes_words_and_codebook() -> None:
    raw = write_workbook(DATA, W)
    assert raw == write_workbook(DATA, W)
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert book.sheet_names == ["代码", "文字", "编码手册"]
    codes = book.get_sheet_by_name("代码").to_python()
    assert [row[:2] for row in codes[:3]] == [
        ["block", "A1_1a"],
        ["单位块", "任务讲得清楚。"],
        ["矿/综采一队", 5.0],
    ]
    assert book.get_sheet_by_name("文字").to_python()[4][1:] == ["", "'＋更多"]
    assert len(book.get_sheet_by_name("编码手册").to_python()) == len(list(list_codebook(DATA, W)))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<autoFilter ref="A2:C6"/>' in sheet
    assert '<row r="2" ht="90" customHeight="1">' in sheet  # the long question needs six lines
    assert 'topLeftCell="B3"' in sheet
    assert 'state="frozen"' in sheet


def test_spss_is_read_back_equal(tmp_path: Path) -> None:
    raw = write_spss(DATA)
    assert raw == write_spss(DATA)
    path = tmp_path / "rows.sav"
    path.write_bytes(raw)
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert meta.file_label == "2026年第1期"
    assert meta.column_names_to_labels["A1_1a"] == "任务讲得清楚。"
    assert str(meta.column_names_to_labels["B1_1b"]) in DATA.variables[1].label
    assert meta.variable_value_labels["A1_1a"] == {float(k): v for k, v in VALUES.items()}
    assert meta.variable_value_labels["block"] == {1.0: "矿/综采一队", 2.0: "=矿/机电队，“二”"}
    assert meta.missing_ranges == {"A1_1a": [{"lo": 9.0, "hi": 9.0}]}
    assert frame["A1_1a"].fillna(-1).tolist() == [5, 9, -1, 1]
    assert frame["B1_1b"].fillna(-1).tolist() == [10, -1, 11, 0]
    scored, _ = pyreadstat.read_sav(str(path))
    assert scored["A1_1a"].fillna(-1).tolist() == [5, -1, -1, 1]


def test_parquet_is_read_back_equal() -> None:
    table = pq.read_table(io.BytesIO(write_parquet(DATA)))
    assert table.to_pydict() == {
        "block": ["矿/综采一队", "=矿/机电队，“二”", "=矿/机电队，“二”", "矿/综采一队"],
        "A1_1a": [5, 9, None, 1],
        "B1_1b": [10, None, 11, 0],
    }
    metadata = table.schema.field("A1_1a").metadata
    assert metadata[b"label"].decode() == "任务讲得清楚。"
    assert metadata[b"missing"] == b"9"


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="LIBREOFFICE IS NOT INSTALLED: exports were not opened")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_libreoffice_sees_no_formula_and_no_mojibake(tmp_path: Path, ending: str) -> None:
    raw = write_rows(DATA) if ending == "csv" else write_workbook(DATA, W)
    path = tmp_path / f"rows.{ending}"
    path.write_bytes(raw)
    # its dialog takes UTF-8 from the mark; without a window it has to be told
    done = subprocess.run(
        [
            str(OFFICE),
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *(["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if ending == "csv" else []),
            "--convert-to",
            "fods",
            "--outdir",
            str(tmp_path),
            str(path),
        ],
        capture_output=True,
        timeout=180,
        check=False,
    )
    text = (tmp_path / "rows.fods").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert "table:formula=" not in text
    assert "<text:p>矿/综采一队</text:p>" in text
    assert "机电队，“二”" in text
    assert "\ufffd" not in text
    assert "锟" not in text
