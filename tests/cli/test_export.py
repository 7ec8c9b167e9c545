"""``export`` from the command line: files with their codebook, or a refusal that writes nothing."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from survey_service.storage import open_store
from tests.cli.conftest import Run
from tests.factories import (
    CLOSED,
    OPENED,
    make_questionnaire,
    make_roster,
    make_submission,
    make_wave,
)


@pytest.fixture
def closed(tmp_path: Path) -> None:
    store = open_store(f"tinydb:{tmp_path}/instance")
    questionnaire = make_questionnaire(tmp_path)
    store.create_wave(make_wave(questionnaire, make_roster({u: {"frontline": 60} for u in "甲乙"})))
    rng = np.random.default_rng(1)
    answers = ["".join(str(rng.integers(1, 6)) for _ in range(5)) for _ in range(84)]
    batch = [
        make_submission(n, "s001" if n % 2 else "s002", f"{text[:2]}2{text[3:]}")
        for n, text in enumerate(answers)
    ]
    store.import_batch("w1", batch, OPENED)
    store.close_wave("w1", CLOSED, now=True)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav", "parquet"])
def test_rows_and_codebook_are_written(run: Run, tmp_path: Path, kind: str) -> None:
    outcome = run("export", "--output", f"out/rows.{kind}")
    assert outcome.code == 0, outcome.err
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "rows-codebook.csv",
        f"rows.{kind}",
    ]
    assert "80 行" in outcome.out
    first = (tmp_path / "out" / f"rows.{kind}").read_bytes()
    run("export", "w1", "--format", kind, "--output", f"again/rows.{kind}")
    assert (tmp_path / "again" / f"rows.{kind}").read_bytes() == first


@pytest.mark.usefixtures("closed")
def test_json_says_how_many(run: Run, tmp_path: Path) -> None:
    outcome = run("export", "w1", "--output", "rows.csv", "--raw", "--json")
    said = json.loads(outcome.out)
    assert (said["rows"], said["left_out"]) == (80, 4)
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["block"] for row in rows} == {"甲", "乙"}
    assert list(rows[0]) == ["block", "A1_1a", "A1_1b", "B1_1a", "B1_1b"]


@pytest.mark.usefixtures("closed")
def test_raw_beside_another_format_is_refused(run: Run, tmp_path: Path) -> None:
    for named in (("rows.xlsx",), ("rows", "--format", "sav")):
        outcome = run("export", "w1", "--raw", "--output", *named)
        assert outcome.code == 2
        assert "--raw" in outcome.err
        assert "--format csv" in outcome.err
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("rows")]


@pytest.mark.usefixtures("closed")
def test_a_name_that_does_not_say_the_format_is_asked_about(run: Run, tmp_path: Path) -> None:
    assert run("export", "w1", "--output", "rows").code == 2
    assert run("export", "w1", "--output", "rows", "--format", "csv").code == 0
    assert (tmp_path / "rows").exists()


def test_a_small_wave_is_refused_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    store = open_store(f"tinydb:{tmp_path}/instance")
    store.create_wave(make_wave(make_questionnaire(tmp_path)))
    batch = [
        make_submission(n, answers=f"{n % 5 + 1}{n % 4 + 1}2{n % 3 + 1}{n % 5 + 1}")
        for n in range(8)
    ]
    store.import_batch("w1", batch, OPENED)
    store.close_wave("w1", CLOSED, now=True)
    outcome = run("export", "w1", "--output", "rows.csv")
    assert outcome.code == 3
    assert "export_unsafe" in outcome.err
    assert not list(tmp_path.glob("rows*"))
