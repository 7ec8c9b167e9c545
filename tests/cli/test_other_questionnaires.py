"""Questionnaires other than ours go the same way, from their file to the printed brief."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from survey_service.questionnaire import load
from tests.cli.conftest import NOTICE, Run
from tests.factories import SMALL

BFI = Path(__file__).parents[1] / "questionnaire" / "data" / "bfi.toml"
ROLES = ("管理者", "基层骨干", "一线员工")


def write_answers(path: Path, questionnaire: str, people: int, *, units: bool = True) -> None:
    """Write invented answers: one trait for each dimension, chance for each answer, some blank."""
    chance = np.random.default_rng(1)
    definition = load(questionnaire)
    scale = definition.scale_of(definition.scored[0])
    middle, span = (scale.lowest + scale.highest) / 2, scale.highest - scale.lowest
    traits = {
        dimension.id: chance.normal(0, span / 6, people) for dimension in definition.dimensions
    }
    columns: dict[str, Any] = {}
    if units:
        columns["unit"] = chance.choice(["东", "西", "南", "北", "中"], people)
        columns["role"] = chance.choice(ROLES, people, p=[0.15, 0.25, 0.6])
    for item in definition.closed:
        if item.dimension is None:
            columns[item.id] = [item.expected or ""] * people
            continue
        turn = -1 if item.reverse else 1
        values = middle + turn * traits[item.dimension] + chance.normal(0, span / 6, people)
        codes = np.clip(np.rint(values), scale.lowest, scale.highest).astype(int).astype(object)
        codes[chance.random(people) < 0.03] = ""
        if scale.not_applicable is not None:
            codes[chance.random(people) < 0.05] = scale.not_applicable.code
        columns[item.id] = codes
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def write_roster(path: Path) -> None:
    counts = {"管理者": 40, "基层骨干": 60, "一线员工": 150}
    rows = [f"{unit},{role},{n}" for unit in "东西南北中" for role, n in counts.items()]
    path.write_text("\n".join(["unit,role,headcount", *rows]), encoding="utf-8")


def go_all_the_way(run: Run, folder: Path, questionnaire: str, *, units: bool) -> dict[str, Any]:
    """Create, open, import, close, aggregate; return the release."""
    write_answers(folder / "answers.csv", questionnaire, 400, units=units)
    roster: tuple[str, ...] = ()
    if units:
        write_roster(folder / "roster.csv")
        roster = ("--roster", "roster.csv")
    for arguments in (
        ("questionnaire", "check", questionnaire),
        ("wave", "create", "w", "--questionnaire", questionnaire, *roster, *NOTICE),
        ("wave", "open", "w"),
        ("import", "w", "answers.csv"),
        ("wave", "close", "w", "--now"),
        ("aggregate", "w", "--output", "out"),
    ):
        outcome = run(*arguments)
        assert outcome.code == 0, outcome.err
    assert (folder / "out" / "brief.pdf").read_bytes().startswith(b"%PDF")
    release: dict[str, Any] = json.loads(
        (folder / "out" / "release.json").read_text(encoding="utf-8")
    )
    return release


def test_a_public_questionnaire_of_25_items(run: Run, tmp_path: Path) -> None:
    release = go_all_the_way(run, tmp_path, str(BFI), units=True)
    assert list(release["dimensions"]) == ["A", "C", "E", "N", "O"]
    assert len(release["items"]) == 25
    assert release["index"] is None
    assert release["weighting"]["weighted"] is True
    assert release["drivers"] is None
    assert set(release["gaps"]) == set(release["dimensions"])
    for name, found in release["quality"]["reliability"].items():
        assert found["alpha"] > 0.6, name  # reverse items are keyed
        assert found["flags"] == []
    assert set(release["units"]) == set("东西南北中")
    for score in release["dimensions"].values():
        assert score["unweighted"]["n"] == score["n"] > 390


def scale_of(lowest: int, highest: int, apart: int | None) -> str:
    """Write a response scale of so many points."""
    codes = range(lowest, highest + 1)
    options = [f'{{ code = {c}, label = {{ zh = "第{c}档", en = "Point {c}" }} }},' for c in codes]
    aside = f'{{ code = {apart}, label = {{ zh = "不适用", en = "Not applicable" }} }}'
    third = max((highest - lowest + 1) // 3, 1)
    neutral = [*range(lowest + third, highest + 1 - third)]
    return "\n".join(
        [
            "[scales.fit]",
            'stem = { zh = "相符吗？", en = "How true?" }',
            "options = [",
            *options,
            "]",
            "" if apart is None else f"not_applicable = {aside}",
            f"favourable = {[*range(highest + 1 - third, highest + 1)]}",
            f"neutral = {neutral}",
            f"unfavourable = {[*range(lowest, lowest + third)]}",
            "",
        ]
    )


@pytest.mark.parametrize(
    ("lowest", "highest", "apart"),
    [(0, 1, None), (1, 2, 9), (1, 3, 0), (1, 7, 8), (0, 10, 11), (0, 10, 35), (1, 10, None)],
)
@pytest.mark.parametrize("units", [True, False], ids=["roster", "no roster"])
def test_scales_of_two_to_eleven_points(
    lowest: int, highest: int, apart: int | None, units: bool, run: Run, tmp_path: Path
) -> None:
    start, end = SMALL.index("[scales.fit]"), SMALL.index("[[blocks]]")
    text = SMALL[:start] + scale_of(lowest, highest, apart) + "\n" + SMALL[end:]
    text = text.replace("expected = 2", f"expected = {lowest}")
    path = tmp_path / "small.toml"
    path.write_text(text, encoding="utf-8")
    release = go_all_the_way(run, tmp_path, str(path), units=units)
    for score in release["dimensions"].values():
        assert 40 < score["mean"] < 60
    assert ("no_roster" in release["notes"]) is not units
    assert release["weighting"] == (
        {"weighted": True, "cells": release["weighting"]["cells"]}
        if units
        else {"weighted": False, "reason": "no_roster"}
    )


def test_dimensions_of_a_single_item(run: Run, tmp_path: Path) -> None:
    order = 'order = ["A1_1a", "B1_1a"]'
    start, end = SMALL.index("order = "), SMALL.index("source = ")
    path = tmp_path / "small.toml"
    path.write_text(SMALL[:start] + order + "\n" + SMALL[end:], encoding="utf-8")
    release = go_all_the_way(run, tmp_path, str(path), units=False)
    assert release["quality"]["reliability"]["A1"] == {"reason": "k<2"}
    assert release["dimensions"]["A1"]["mean"] == release["items"]["A1_1a"]["mean"]
    assert release["index"]["mean"] is not None
