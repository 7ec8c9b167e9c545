"""``codes issue``: cards for everybody, and nothing half-done."""

import csv
import json
import os
import signal
from pathlib import Path

import pytest

from survey_service.cli.codes import hold_interrupts
from survey_service.codes import read_code
from tests.cli.conftest import NOTICE, Run

ROSTER = "unit,role,headcount\n甲,管理者,12\n甲,一线员工,30\n乙,一线员工,15\n"


@pytest.fixture
def wave(run: Run, tmp_path: Path) -> str:
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    asked = ("--questionnaire", "pulse", "--roster", "roster.csv", "--access", "codes")
    assert run("wave", "create", "w", *asked, *NOTICE).code == 0
    return "w"


def read_codes(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [(row["stratum"], row["code"]) for row in csv.DictReader(file)]


def test_cards_are_made_for_everybody(run: Run, wave: str, tmp_path: Path) -> None:
    outcome = run("codes", "issue", wave, "--output", "cards.pdf", "--csv", "codes.csv")
    assert outcome.code == 0, outcome.err
    assert "已制作 57 张卡片，共 3 叠" in outcome.out
    codes = read_codes(tmp_path / "codes.csv")
    assert len({code for _, code in codes}) == 57
    assert all(read_code(code) == code for _, code in codes)
    assert (tmp_path / "cards.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []
    assert run("wave", "open").code == 0


def test_making_them_again_needs_replace(run: Run, wave: str, tmp_path: Path) -> None:
    run("codes", "issue", "--output", "cards.pdf", "--csv", "old.csv")
    before = (tmp_path / "cards.pdf").read_bytes()
    outcome = run("codes", "issue", "--output", "cards.pdf")
    assert (outcome.code, "codes_issued" in outcome.err) == (3, True)
    assert (tmp_path / "cards.pdf").read_bytes() == before
    again = run(
        "codes", "issue", "--output", "cards.pdf", "--csv", "new.csv", "--replace", "--json"
    )
    assert json.loads(again.out)["cards"] == 57
    assert "全部作废" in run("codes", "issue", "--output", "cards.pdf", "--replace").out
    old, new = (read_codes(tmp_path / name) for name in ("old.csv", "new.csv"))
    assert not {code for _, code in old} & {code for _, code in new}


def test_a_place_that_cannot_be_written_leaves_no_code(run: Run, wave: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    outcome = run("codes", "issue", wave, "--output", "file/cards.pdf")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)
    assert "codes_needed" in run("wave", "open").err
    assert run("codes", "issue", wave, "--output", "cards.pdf").code == 0


def test_a_list_that_cannot_be_written_leaves_no_card(run: Run, wave: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    outcome = run("codes", "issue", wave, "--output", "cards.pdf", "--csv", "file/codes.csv")
    assert outcome.code == 2
    assert not (tmp_path / "cards.pdf").exists()
    assert "codes_needed" in run("wave", "open").err


def test_an_address_that_no_phone_opens_is_refused(run: Run, wave: str, tmp_path: Path) -> None:
    outcome = run("codes", "issue", "--output", "c.pdf", "--base-url", "survey.example.com")
    assert (outcome.code, "base_url" in outcome.err) == (2, True)
    assert not (tmp_path / "c.pdf").exists()


def test_a_folder_in_the_way_leaves_old_cards_valid(run: Run, wave: str, tmp_path: Path) -> None:
    run("codes", "issue", "--output", "cards.pdf")
    (tmp_path / "folder").mkdir()
    outcome = run("codes", "issue", "--output", "folder", "--replace")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)
    same = ("--output", "new.pdf", "--csv", "new.pdf", "--replace")
    assert "argument_value" in run("codes", "issue", *same).err
    assert not (tmp_path / "new.pdf").exists()


def test_an_open_wave_has_no_cards(run: Run) -> None:
    run("wave", "create", "w", "--questionnaire", "pulse")
    outcome = run("codes", "issue", "--output", "cards.pdf")
    assert (outcome.code, "codes_mode" in outcome.err) == (3, True)


def test_an_interruption_waits_until_all_is_done() -> None:
    done = []

    def work() -> None:
        with hold_interrupts() as hold:
            hold()
            os.kill(os.getpid(), signal.SIGINT)
            done.append("everything")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["everything"]
