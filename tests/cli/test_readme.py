"""What the README tells a newcomer to type, typed: from a fresh clone to posters in hand."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_poster import scan

ROOT = Path(__file__).parents[2]
_MOST_COMMANDS = 10
_INSTALLS = ("python3 -m venv", "pip install")  # tried in test_packaging and by hand


def list_commands(path: Path) -> list[str]:
    """Return the commands of the first block that creates a wave, up to the posters, as they stand."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    (block,) = (b for b in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "wave open" in b)
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    last = next(n for n, line in enumerate(lines) if " poster " in line)
    return lines[: last + 1]


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_posters_are_in_hand_after_the_commands_of_the_readme(
    run: Run, tmp_path: Path, name: str
) -> None:
    commands = list_commands(ROOT / name)
    assert len(commands) + len(["git clone", "cd"]) <= _MOST_COMMANDS
    assert [c for c in commands if c.startswith(_INSTALLS)] == commands[:2]
    (tmp_path / "docs").mkdir()
    for sample in (ROOT / "docs").glob("roster*.csv"):
        shutil.copy(sample, tmp_path / "docs")
    for command in commands[2:]:
        python, program, *arguments = shlex.split(command)
        assert (python, program) == ("python", "cli.py")
        assert run(*arguments).code == 0, command
    found = scan(tmp_path / "posters.pdf")
    assert len(set(found)) == 4
    assert all(each.startswith("https://survey.example.com/q/2026-1#u=") for each in found)
