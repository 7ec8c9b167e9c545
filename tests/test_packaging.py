"""What is built holds exactly what it should."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCKS = [ROOT / folder / "requirements.lock" for folder in ("", "tests")]
LOCKS.append(ROOT / "deploy" / "postgresql.lock")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_the_top_level_is_exact(wheel: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    packages = {top for top in tops if not top.endswith(".dist-info")}
    assert packages == {"survey_service", "reports", "questionnaires"}
    assert len(tops) == 4


def test_every_file_that_is_read_at_run_time_is_inside(wheel: list[str]) -> None:
    suffixes = {".html", ".css", ".js", ".po", ".toml", ".ttf", ".txt", ".py"}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in ("survey_service", "reports", "questionnaires")
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    }
    assert wanted <= set(wheel)
    assert {Path(name).suffix for name in wanted} >= {".html", ".po", ".toml", ".ttf"}


def test_the_console_script_is_there(wheel: list[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in wheel)


def test_a_lock_names_no_address_and_pins_every_package_with_hashes() -> None:
    for path in LOCKS:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "://" in line]
        pins = [n for n, line in enumerate(lines) if not line.startswith(" ")]
        assert all("==" in lines[n] and "--hash=sha256:" in lines[n + 1] for n in pins)
        continued = [n for n, line in enumerate(lines) if line.endswith("\\")]
        assert all(lines[n + 1].startswith(" ") for n in continued)


def test_the_locks_pin_what_the_project_needs() -> None:
    """Whoever adds a library compiles the locks anew, or a fresh installation lacks it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    databases = project["project"]["optional-dependencies"]["postgresql"]
    wanted = [
        needed,
        [*needed, *databases, *groups["test"], *groups["check"]],
        [*needed, *databases],
    ]
    for path, requirements in zip(LOCKS, wanted, strict=True):
        pinned = set(
            re.findall(
                r"^([a-z0-9-]+)(?:\[.*\])?==", path.read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        names = {re.split(r"[\[<>=]", one)[0] for one in requirements}
        assert names <= pinned, (path, names - pinned)


def test_what_a_library_asks_for_with_an_extra_is_locked_with_it() -> None:
    """Otherwise pip takes the newest release for unpinned, from the day on that there is a newer one."""
    asked = {
        f"{asks.name}[{extra}]"
        for library in distributions()
        for asks in map(Requirement, library.requires or ())
        if asks.marker is None or asks.marker.evaluate({"extra": ""})
        for extra in asks.extras
    }
    assert "coverage[toml]" in asked
    locked = (ROOT / "tests" / "requirements.lock").read_text(encoding="utf-8")
    assert not {one for one in asked if f"{one}==" not in locked}


def test_every_library_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("\ndependencies = [")[2].partition("[project.scripts]")[0]
    for line in listed.splitlines():
        assert not line.startswith('  "') or re.search(r'",\s+# [\w.]+', line), line
