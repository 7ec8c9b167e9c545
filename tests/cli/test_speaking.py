"""Help, language, exit codes and start-up of the command line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from survey_service.cli.root import build_root
from survey_service.cli.session import Session
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def every_command(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    found = [path]
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None
        found += every_command(child, (*path, name))
    return found


COMMANDS = every_command(build_root(Session("zh")))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help_in_both_languages(
    run: Run, path: tuple[str, ...], lang: str
) -> None:
    outcome = run("--lang", lang, *path, "--help")
    assert outcome.code == 0
    leaf = not any(other[: len(path)] == path != other for other in COMMANDS)
    if lang == "en":
        assert not re.search("[\u4e00-\u9fff]", outcome.out)
        assert "Example:" in outcome.out or not leaf
    else:
        assert "用法：" in outcome.out
        assert "例：" in outcome.out or not leaf


def test_errors_come_in_the_chosen_language(run: Run) -> None:
    outcome = run("--lang", "en", "wave", "show", "none")
    assert outcome.err.startswith("Error wave_unknown: There is no such wave.")
    assert "What to do:" in outcome.err


def test_the_language_may_come_from_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_LANG", "en")
    assert "Usage:" in run("--help").out


def python(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env=env,
    )


def test_the_door_in_a_checkout_works_and_knows_its_version() -> None:
    outcome = python("cli.py", "--version")
    assert re.fullmatch(r"survey-service \d+\.\d+\.\d+\n", outcome.stdout)


def test_help_loads_neither_numpy_nor_flask_nor_a_report() -> None:
    code = (
        "import sys; from survey_service.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'flask', 'reportlab', 'tinydb', 'rich', 'granian', 'marshmallow'}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert python("-c", code).returncode == 0


def test_a_plain_locale_is_no_trouble() -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "1"}
    outcome = python("cli.py", "questionnaire", "list", env=dict(environment))
    assert outcome.returncode == 0
    assert "全面测评" in outcome.stdout


def test_a_reader_that_leaves_early_is_no_trouble() -> None:
    command = f"{sys.executable} cli.py questionnaire show full | head -1"
    outcome = subprocess.run(
        ["bash", "-c", command], check=False, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in outcome.stderr
    assert "BrokenPipe" not in outcome.stderr


def test_shell_completion_offers_the_commands() -> None:
    environment = os.environ | {
        "_SURVEY_COMPLETE": "bash_complete",
        "COMP_WORDS": "survey-service w",
        "COMP_CWORD": "1",
    }
    outcome = python("-m", "survey_service.cli", env=dict(environment))
    assert "plain,wave" in outcome.stdout
