"""``scores.xlsx``: every figure is one of the release, and no chart looks at a hidden cell."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from survey_service.disclosure.release import Release
from survey_service.export.score_workbook import write_score_workbook
from survey_service.export.scores import list_scores
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire
from survey_service.service.publication import publish
from survey_service.storage import open_store
from tests.factories import make_questionnaire
from tests.filling import ANSWERED, fill

W = words("zh")
HIDDEN = W("scores.hidden")


@pytest.fixture(scope="module")
def questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return make_questionnaire(tmp_path_factory.mktemp("questionnaire"))


@pytest.fixture(scope="module")
def release(questionnaire: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> Release:
    store = open_store(f"tinydb:{tmp_path_factory.mktemp('scores')}/store")
    fill(store, questionnaire, ANSWERED | {"s003": 2, "s004": 2})
    return publish(store, "w1")


@pytest.fixture(scope="module")
def raw(release: Release, questionnaire: Questionnaire) -> bytes:
    return write_score_workbook(release, questionnaire, W)


@pytest.fixture(scope="module")
def book(raw: bytes) -> dict[str, list[list[Any]]]:
    found = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def test_the_list_is_the_release(
    book: dict[str, list[list[Any]]], release: Release, questionnaire: Questionnaire
) -> None:
    header, *rows = book["全部得分"]
    assert header == W("scores.columns").split("|")
    wanted = [list(row) for row in list_scores(release.content, questionnaire, W)]
    assert len(rows) == len(wanted) > 20
    for row, score in zip(rows, wanted, strict=True):
        assert row == score


def test_the_whole_is_the_release(
    book: dict[str, list[list[Any]]], release: Release, questionnaire: Questionnaire
) -> None:
    _, index, *rows = book["总体"]
    content = json.loads(release.to_json())
    assert index[:3] == ["小指数", content["index"]["n"], content["index"]["mean"]]
    scores = [content["blocks"][b.id] for b in questionnaire.blocks]
    scores += [content["dimensions"][d.id] for d in questionnaire.dimensions]
    for row, score in zip(rows, scores, strict=True):
        assert row[1:3] == [score["n"], score["mean"]]
        assert row[3:5] == score["ci95"]


def test_units_are_the_release_and_hidden_ones_are_words(
    book: dict[str, list[list[Any]]], release: Release
) -> None:
    _, *rows = book["单位"]
    rows = [row for row in rows if row[0]]
    assert [row[0] for row in rows] == list(release.content["unit_order"])
    assert any("suppressed" in scores for scores in release.content["units"].values())
    for row in rows:
        scores = release.content["units"][row[0]]
        if "suppressed" in scores:
            assert row[1:4] == [HIDDEN] * 3
        else:
            shown = [scores["index"], *scores["dimensions"].values()]
            assert row[1:4] == [s.get("mean", HIDDEN) for s in shown]


def test_charts_look_at_numbers_alone_on_a_fixed_axis(
    raw: bytes, book: dict[str, list[list[Any]]]
) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if "charts/chart" in n]
        assert not any(
            "<f>" in archive.read(n).decode() for n in archive.namelist() if "sheets/s" in n
        )
    assert charts
    for chart in charts:
        assert '<c:max val="100"/>' in chart
        assert '<c:min val="0"/>' in chart
        ranges = re.findall(r"<c:val><c:numRef><c:f>(\S+?)!\$([A-Z])\$(\d+):\$[A-Z]\$(\d+)<", chart)
        assert ranges
        for sheet, column, first, last in ranges:
            cells = [book[sheet][n - 1][ord(column) - 65] for n in range(int(first), int(last) + 1)]
            assert all(isinstance(cell, float) for cell in cells), (sheet, column, cells)


def test_the_same_release_gives_the_same_bytes(
    raw: bytes, release: Release, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    assert write_score_workbook(release, questionnaire, W) == raw


def test_a_ledger_is_a_sheet_to_go_on_writing_in(
    release: Release, questionnaire: Questionnaire, book: dict[str, list[list[Any]]]
) -> None:
    row = ("载体创新", "50分", "=1+1", "", "90天：通报", "题目")
    raw = write_score_workbook(release, questionnaire, W, [row])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name("整改台账")
    header, first, *rest = sheet.to_python()
    assert header == ["问题", "依据", "措施", "责任单位", "时限", "复测题"]
    assert first[:2] == ["载体创新", "50分"]
    assert first[2] != "=1+1"
    assert str(first[2]).endswith("=1+1")
    assert sum(not any(one) for one in rest) >= 10
    assert "不写个人" in str(rest[-1][0])
    assert "整改台账" not in book
