"""``aggregate --units`` and ``--style``: a brief for every unit that may be shown, all or none."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from reports.faces import FOLDER, use_house
from reports.theme import SERIF
from tests.cli.conftest import NOTICE, Run
from tests.cli.test_life_of_a_wave import DATA, IGNORE, create

ODD = {"综采一队": "CON", "综采二队": "矿:掘进?", "掘进队": "矿*掘进|"}


@pytest.fixture
def closed(run: Run) -> Run:
    create(run)
    run("wave", "open")
    run("import", "2026-1", str(DATA / "syn_a_wave1.csv"), *IGNORE)
    run("wave", "close")
    return run


def test_every_unit_that_may_be_shown_gets_a_file(closed: Run, tmp_path: Path) -> None:
    outcome = closed("aggregate", "--output", "out", "--units")
    assert (outcome.code, "已写入 8 份单位简报" in outcome.out) == (0, True)
    files = sorted(path.name for path in (tmp_path / "out" / "units").iterdir())
    assert len(files) == 8
    assert "综采一队.pdf" in files
    assert all((tmp_path / "out" / "units" / name).read_bytes()[:4] == b"%PDF" for name in files)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "brief.pdf",
        "release.json",
        "scores.csv",
        "scores.xlsx",
        "units",
    ]
    first = {name: (tmp_path / "out" / "units" / name).read_bytes() for name in files}
    assert closed("aggregate", "--output", "out", "--units", "--json").code == 0
    assert first == {name: (tmp_path / "out" / "units" / name).read_bytes() for name in files}


def test_names_no_system_takes_become_names_it_does(run: Run, tmp_path: Path) -> None:
    for source in ("syn_a_roster.csv", "syn_a_wave1.csv"):
        text = (DATA / source).read_text("utf-8")
        for old, new in ODD.items():
            text = text.replace(f'"{old}"', f'"{new}"').replace(f",{old},", f",{new},")
        (tmp_path / source).write_text(text, "utf-8")
    roster = ("--questionnaire", "full", "--roster", "syn_a_roster.csv")
    assert run("wave", "create", "w", *roster, *NOTICE).code == 0
    run("wave", "open")
    imported = run("import", "w", "syn_a_wave1.csv", *IGNORE)
    assert imported.code == 0, imported.err
    run("wave", "close")
    outcome = run("aggregate", "--output", "out", "--units")
    assert outcome.code == 0, outcome.err
    names = {path.name for path in (tmp_path / "out" / "units").iterdir()}
    assert {"_CON.pdf", "矿-掘进-.pdf", "矿-掘进- (2).pdf"} <= names
    assert len(names) == 8


def test_a_wave_without_roster_has_no_units(run: Run, tmp_path: Path) -> None:
    assert run("wave", "create", "w", "--questionnaire", "full", *NOTICE).code == 0
    run("wave", "open")
    ignored = f"{IGNORE[1]},unit,role"
    imported = run("import", "w", str(DATA / "syn_a_wave1.csv"), "--ignore", ignored)
    assert imported.code == 0, imported.err
    run("wave", "close")
    outcome = run("aggregate", "--output", "out", "--units")
    assert (outcome.code, "没有写单位简报" in outcome.out) == (0, True)
    assert not (tmp_path / "out" / "units").exists()


def test_a_disk_that_fills_up_leaves_nothing(
    closed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    write = Path.write_bytes

    def refuse(self: Path, data: bytes) -> int:
        if self.suffix == ".pdf":
            if len(written) == 3:
                raise OSError(28, "No space left on device")
            written.append(self)
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    outcome = closed("aggregate", "--output", "out", "--units")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_in_the_way_is_not_replaced(closed: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "units").write_text("mine")
    outcome = closed("aggregate", "--output", "out", "--units")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["units"]
    assert (tmp_path / "out" / "units").read_text() == "mine"


def test_a_company_prints_with_its_own_font_and_logo(closed: Run, tmp_path: Path) -> None:
    style = tmp_path / "style"
    style.mkdir()
    shutil.copy(FOLDER / f"{SERIF}.ttf", style / "text.ttf")
    Image.new("RGBA", (300, 90), "#1F4E79").save(style / "logo.png")
    assert closed("aggregate", "--output", "own", "--style", "style").code == 0
    use_house(None)
    assert closed("aggregate", "--output", "plain").code == 0
    one, other = ((tmp_path / name / "brief.pdf").read_bytes() for name in ("own", "plain"))
    assert one != other
    releases = [(tmp_path / name / "release.json").read_bytes() for name in ("own", "plain")]
    assert releases[0] == releases[1]


@pytest.mark.parametrize(
    ("name", "code"), [("text.ttf", "font_unfit"), ("logo.png", "logo_unfit"), ("x", "house_empty")]
)
def test_a_bad_style_is_said_before_anything_is_published(
    closed: Run, tmp_path: Path, name: str, code: str
) -> None:
    (tmp_path / "style").mkdir()
    (tmp_path / "style" / name).write_text("no such thing")
    outcome = closed("aggregate", "--output", "out", "--style", "style")
    assert (outcome.code, code in outcome.err) == (2, True)
    assert not (tmp_path / "out").exists()
    assert outcome.out == ""
