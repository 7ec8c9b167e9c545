"""The demonstration: a whole life over HTTP, the same for the same seed."""

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_the_demonstration_ends_in_a_report_and_is_repeatable(run: Run, tmp_path: Path) -> None:
    outcome = run("demo", "--output", "one", "--respondents", "80", "--seed", "3")
    assert outcome.code == 0, outcome.err
    assert str(Path("one") / "brief.pdf") in outcome.out
    again = run("demo", "--output", "two", "--respondents", "80", "--seed", "3", "--json")
    assert json.loads(again.out)["wave"] == "demo"
    for name in ("release.json", "brief.pdf", "scores.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    content = json.loads((tmp_path / "one" / "release.json").read_text(encoding="utf-8"))
    assert content["participation"]["returned"] == 80
    other = run("demo", "--output", "three", "--respondents", "80", "--seed", "4", "--json")
    assert other.code == 0
    changed = json.loads((tmp_path / "three" / "release.json").read_text(encoding="utf-8"))
    assert changed["data_sha256"] != content["data_sha256"]


def test_the_demonstration_leaves_the_store_alone(run: Run, tmp_path: Path) -> None:
    run("demo", "--output", "one", "--respondents", "30", "--json")
    assert not (tmp_path / "instance").exists()


def test_the_demonstration_in_english(run: Run) -> None:
    outcome = run("--lang", "en", "demo", "--output", "one", "--respondents", "60")
    assert outcome.code == 0, outcome.err
    assert "Done. The report is here:" in outcome.out
