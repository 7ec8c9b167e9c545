"""Run commands in this process, as a shell would."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey_service.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs a command in an empty folder with an empty store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> Outcome:
        with pytest.raises(SystemExit) as caught:
            main(["--store", f"tinydb:{tmp_path}/instance", *arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Outcome(int(caught.value.code or 0), captured.out, captured.err)

    return call


NOTICE = (
    "--organisation",
    "示例煤矿",
    "--handler",
    "工会",
    "--contact",
    "内线",
    "--retention",
    "12",
)
