"""``backup``, ``restore``, ``verify``, ``migrate`` as an admin uses them, and misuses them."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.store import Store
from tests.cli.conftest import Outcome, Run
from tests.factories import CLOSED, fill_store, make_wave

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, small: Questionnaire) -> Store:
    """Return the store of ``run``, with four waves in it."""
    store = open_store(f"tinydb:{tmp_path}/instance")
    fill_store(store, small)
    return store


@pytest.fixture
def backup(run: Run, here: Store, tmp_path: Path) -> Path:
    assert here.waves()
    assert run("backup", "b.zip").code == 0
    return tmp_path / "b.zip"


def names(store: Store) -> list[str]:
    return [wave.id for wave in store.waves()]


@pytest.mark.usefixtures("here")
def test_a_backup_says_what_is_in_it_and_how_to_keep_it(run: Run, tmp_path: Path) -> None:
    outcome = run("backup", "b.zip")
    assert outcome.code == 0
    assert outcome.err == ""
    done, care, taking = outcome.out.splitlines()
    assert done == "已把 carded、closed、draft、linked 备份到 b.zip，写完又读出来核对过。"
    assert "删除轮次时" in care
    assert taking.startswith("carded、linked 还没有结束")
    status = (tmp_path / "b.zip").stat()
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert status.st_mtime % 86400 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "instance", "small.toml"]
    english = run("--lang", "en", "backup", "e.zip")
    assert "read again and compared" in english.out
    found = json.loads(run("backup", "j.zip", "--json").out)
    assert found == {
        "file": "j.zip",
        "waves": ["carded", "closed", "draft", "linked"],
        "open": ["carded", "linked"],
    }


@pytest.mark.usefixtures("here")
def test_one_wave_can_be_chosen(run: Run) -> None:
    assert json.loads(run("backup", "one.zip", "--wave", "closed", "--json").out) == {
        "file": "one.zip",
        "waves": ["closed"],
        "open": [],
    }
    outcome = run("--store", "tinydb:drill", "restore", "one.zip", "--json")
    assert outcome.code == 0
    wave = {"wave": "closed", "state": "closed", "answers": 30, "codes": None}
    assert json.loads(outcome.out)["waves"] == [wave]


def test_nothing_is_ever_overwritten(run: Run, backup: Path) -> None:
    before = backup.read_bytes()
    outcome = run("backup", "b.zip")
    assert (outcome.code, "output_exists" in outcome.err) == (2, True)
    assert backup.read_bytes() == before
    (backup.parent / "link.zip").symlink_to("nowhere")
    assert run("backup", "link.zip").code == 2
    assert run("backup", ".").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["backup"], 2, "argument_missing"),
        (["backup", "x.zip", "--wave", "none"], 2, "wave_unknown"),
        (["backup", "no/folder/x.zip"], 2, "output_unwritable"),
        (["--store", "tinydb:typo", "backup", "x.zip"], 2, "wave_none"),
        (["--store", "instance", "backup", "x.zip"], 2, "store_url"),
        (["restore"], 2, "argument_missing"),
        (["restore", "none.zip"], 2, "file_missing"),
        (["restore", "."], 2, "file_unreadable"),
        (["restore", "small.toml"], 2, "archive_format"),
        (["restore", "b.zip"], 3, "store_not_empty"),
        (["--store", "tinydb:new", "restore", "b.zip"], 3, "restore_codes"),
        (["--store", "tinydb:new", "restore", "b.zip", "--codes", "yes"], 2, "argument_choice"),
        (["verify", "none"], 2, "wave_unknown"),
        (["--store", "tinydb:typo", "verify"], 2, "wave_none"),
        (["migrate"], 2, "argument_missing"),
        (["migrate", "--to", "new"], 2, "store_url"),
        (["migrate", "--to", "tinydb:instance"], 3, "store_not_empty"),
        (["--store", "tinydb:typo", "migrate", "--to", "tinydb:new"], 2, "wave_none"),
    ],
)
@pytest.mark.usefixtures("backup")
def test_mistakes_are_explained_and_change_nothing(
    run: Run, tmp_path: Path, arguments: list[str], code: int, error: str
) -> None:
    outcome = run(*arguments)
    assert (outcome.code, f" {error}：" in outcome.err, outcome.out) == (code, True, "")
    assert "怎么办：" in outcome.err
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["b.zip", "instance", "small.toml"]


@pytest.mark.usefixtures("backup")
def test_what_an_admin_reads_after_restoring(run: Run) -> None:
    kept = run("--store", "tinydb:kept", "restore", "b.zip", "--codes", "keep")
    assert (kept.code, kept.err) == (0, "")
    done, lost, again, cards, after = kept.out.splitlines()
    assert done.startswith("已恢复 carded、closed、draft、linked，")
    assert lost.startswith("carded、draft、linked 还没有结束：备份之后收下的答卷不在里面")
    assert again.startswith("linked 用公开链接")
    assert cards.startswith("carded、draft 没用过的卡片照旧有效。")
    assert after.startswith("再用 verify")
    void = run("--store", "tinydb:void", "restore", "b.zip", "--codes", "void")
    assert "carded、draft 没用过的卡片已全部作废" in void.out
    assert "codes issue carded --replace --output" in void.out
    assert run("--store", "tinydb:void", "verify").code == 0
    english = run("--lang", "en", "--store", "tinydb:en", "restore", "b.zip", "--codes", "void")
    assert "every unused card is void" in english.out
    found = json.loads(
        run("--store", "tinydb:j", "restore", "b.zip", "--codes", "void", "--json").out
    )
    assert [wave["codes"] for wave in found["waves"]] == ["void", None, "void", None]
    assert found["waves"][0] == {
        "wave": "carded",
        "state": "open",
        "at_least": 10,
        "codes": "void",
    }


@pytest.mark.usefixtures("here")
def test_verifying_shows_a_line_for_each_wave_and_no_exact_count_of_an_open_one(run: Run) -> None:
    outcome = run("verify")
    assert (outcome.code, outcome.err) == (0, "")
    lines = [line.split() for line in outcome.out.splitlines() if line]
    assert ["carded", "进行中", "至少10", "至少10", "至少40", "至少10", "一致"] in lines
    assert ["closed", "已结束", "30", "30", "—", "—", "一致"] in lines
    assert ["linked", "进行中", "至少20", "不到10", "—", "—", "一致"] in lines
    assert "核对了 4 个轮次，全部一致。" in outcome.out
    found = json.loads(run("verify", "carded", "--json").out)
    assert found["sound"] is True
    assert found["waves"][0]["at_least"] == {
        "answers": 10,
        "codes": 40,
        "comments": 10,
        "spent": 10,
    }


@pytest.mark.usefixtures("backup")
def test_no_count_gives_an_open_wave_away_after_its_codes_were_made_void(run: Run) -> None:
    """Only the codes that were used are left then: their number is that of the answers."""
    run("--store", "tinydb:void", "restore", "b.zip", "--codes", "void")
    for arguments in (["verify", "carded"], ["verify", "carded", "--json"]):
        assert "12" not in run("--store", "tinydb:void", *arguments).out


@pytest.mark.usefixtures("here")
def test_a_damaged_store_is_reported_wave_by_wave_with_exit_6(run: Run, tmp_path: Path) -> None:
    segment = tmp_path / "instance" / "waves" / "closed" / "closed" / "segment-000001.json"
    whole = segment.read_bytes()
    segment.write_bytes(whole.replace(b"45214", b"45215", 1))
    outcome = run("verify")
    assert outcome.code == 6
    assert "错误 store_damaged：存储的文件“segment-000001.json”损坏" in outcome.err
    assert ["linked", "进行中", "至少20", "不到10", "—", "—", "一致"] in [
        line.split() for line in outcome.out.splitlines()
    ]
    found = json.loads(run("verify", "--json").out)
    assert [wave["sound"] for wave in found["waves"]] == [True, False, True, True]
    assert found["waves"][1]["faults"] == ["store_damaged"]
    assert run("backup", "b.zip").code == 6
    assert not (tmp_path / "b.zip").exists()
    assert run("backup", "b.zip", "--wave", "linked").code == 0


def test_what_does_not_agree_is_said_in_words_with_exit_6(
    run: Run, here: Store, small: Questionnaire
) -> None:
    wave = make_wave(small, id="odd", closed_on=CLOSED, frozen_sha256="0" * 64, salt="")
    snapshot = here.snapshot("closed")
    here.restore(type(snapshot)(wave, snapshot.answers, snapshot.comments))
    outcome = run("verify", "odd")
    assert (outcome.code, "1 处不符" in outcome.out) == (6, True)
    assert "错误 wave_unsound：轮次“odd”：答卷不是结束时封存的那些。" in outcome.err


@pytest.mark.usefixtures("here")
def test_a_damaged_record_is_named_with_its_wave(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance" / "waves" / "draft" / "wave.json").write_text("{}")
    outcome = run("verify")
    assert (outcome.code, "draft/wave.json" in outcome.err) == (6, True)


def test_a_damaged_backup_is_refused_before_anything_is_written(run: Run, backup: Path) -> None:
    whole = backup.read_bytes()
    for broken in (whole[:-10], whole[:5000] + b"?" + whole[5001:]):
        backup.write_bytes(broken)
        outcome = run("--store", "tinydb:new", "restore", "b.zip", "--codes", "keep")
        assert (outcome.code, "archive_damaged" in outcome.err) == (6, True)
        assert not (backup.parent / "new").exists()


def test_moving_house(run: Run, here: Store, tmp_path: Path) -> None:
    outcome = run("migrate", "--to", "tinydb:new")
    assert (outcome.code, outcome.err) == (0, "")
    done, serve, old = outcome.out.splitlines()
    assert done.startswith("已把 carded、closed、draft、linked 迁过去")
    assert serve.endswith("--store tinydb:new serve")
    assert "不要再从它启动服务" in old
    new = open_store(f"tinydb:{tmp_path}/new")
    assert names(new) == names(here)
    again = run("migrate", "--to", "tinydb:new")
    assert (again.code, "store_not_empty" in again.err) == (3, True)
    assert run("migrate", "--to", "tinydb:third", "--json").out.startswith("{")


def test_moving_out_of_a_store_that_is_served_waits_for_nobody(
    run: Run, here: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey_service.storage.tinydb._SERVER_PATIENCE_S", 0)
    with here.serving():
        outcome = run("migrate", "--to", "tinydb:new")
        assert (outcome.code, "store_served" in outcome.err) == (5, True)
        assert run("backup", "b.zip").code == 0
        assert run("verify").code == 0
    assert not (tmp_path / "new").exists()


def refuse(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("call", ["os.fsync", "os.link", "zipfile.ZipFile.writestr"])
def test_a_full_disk_leaves_no_half_backup(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(call, refuse)
        if call == "os.link":
            patch.setattr(Path, "rename", refuse)
        outcome = run("backup", "b.zip", "--wave", "closed")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["instance", "small.toml"]


@pytest.mark.usefixtures("here")
def test_the_backup_is_on_disk_before_it_has_its_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fsync = tmp_path / "b.zip", os.fsync
    synced: list[tuple[int, bool]] = []

    def note(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, path.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    assert run("backup", "b.zip", "--wave", "closed").code == 0
    assert (path.stat().st_ino, False) in synced
    assert synced[-1] == (tmp_path.stat().st_ino, True)


@pytest.mark.usefixtures("here")
def test_a_disk_that_knows_no_links_gets_its_backup_all_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.link", refuse)
        assert run("backup", "b.zip").code == 0
        assert run("backup", "b.zip").code == 2
    assert run("--store", "tinydb:new", "restore", "b.zip", "--codes", "keep").code == 0
    assert not list(tmp_path.glob(".b.zip*"))


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    run: Run, here: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.zip"
    snapshot = type(here).snapshot

    def appear(store: Store, wave_id: str) -> object:
        path.write_text("mine")
        return snapshot(store, wave_id)

    monkeypatch.setattr(type(here), "snapshot", appear)
    outcome = run("backup", "b.zip")
    assert (outcome.code, path.read_text()) == (2, "mine")


def test_a_full_disk_takes_a_restore_back(
    run: Run, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def restore(url: str, room: int) -> tuple[Outcome, int]:
        """Restore on a disk that takes ``room`` more files; return also how many it took."""
        taken: list[int] = []

        def fill(descriptor: int) -> None:
            if len(taken) >= room:
                refuse()
            taken.append(descriptor)
            fsync(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fill)
            outcome = run("--store", url, "restore", "b.zip", "--codes", "keep")
        return outcome, len(taken)

    whole, needed = restore("tinydb:room", 1000)
    assert whole.code == 0
    for room in (0, needed // 3, needed // 2, needed - 2):
        url = f"tinydb:new{room}"
        outcome, _ = restore(url, room)
        assert (outcome.code, "store_unwritable" in outcome.err) == (6, True)
        left = names(open_store(f"tinydb:{backup.parent}/new{room}"))
        named = "restore_unfinished" in outcome.err
        assert named == bool(left), "what could not be removed from such a disk is named"
        assert "、".join(left) in outcome.err
        again = run("--store", url, "restore", "b.zip", "--codes", "keep", "--continue")
        assert again.code == 0, (room, again.err)
        assert run("--store", url, "verify").code == 0


STOPPED = """
import sys, time
from survey_service.cli import main
from survey_service.storage.tinydb import TinyDBStore
whole = getattr(TinyDBStore, sys.argv[1])
turns = []
def wait(store, *arguments):
    turns.append(1)
    if len(turns) == 3:
        print("waiting", file=sys.stderr, flush=True)
        time.sleep(60)
    return whole(store, *arguments)
setattr(TinyDBStore, sys.argv[1], wait)
main(sys.argv[2:])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("call", ["snapshot", "restore"])
@pytest.mark.usefixtures("backup")
def test_a_command_that_is_stopped_leaves_nothing(
    tmp_path: Path, call: str, number: signal.Signals
) -> None:
    line = [sys.executable, "-c", STOPPED, call]
    if call == "snapshot":
        line += ["backup", "late.zip"]
    else:
        line += ["--store", "tinydb:new", "restore", "b.zip", "--codes", "keep"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        line, cwd=tmp_path, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "waiting\n"
        process.send_signal(number)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "已中断，没有留下写了一半的东西。" in said
    assert "Traceback" not in said
    files = {path.name for path in tmp_path.iterdir()} - {"new"}
    assert files == {"b.zip", "instance", "small.toml"}
    assert open_store(f"tinydb:{tmp_path}/new").waves() == ()
    assert not list(tmp_path.glob("new/waves/*"))


@pytest.mark.usefixtures("here")
def test_progress_is_shown_on_a_terminal_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = run("verify")
    assert quiet.err == ""
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "linked" in run("verify").err


@pytest.mark.usefixtures("here")
def test_moving_into_a_database_and_its_tables(run: Run, database_url: str) -> None:
    """Of the address of a database nothing is shown: a password may stand in it."""
    outcome = run("migrate", "--to", database_url)
    assert (outcome.code, outcome.err) == (0, "")
    assert "--store postgresql:… serve" in outcome.out
    assert database_url not in outcome.out
    assert run("--store", database_url, "verify").code == 0
    assert run("--store", database_url, "backup", "pg.zip").code == 0
    back = run("--store", "tinydb:back", "restore", "pg.zip", "--codes", "keep")
    assert back.code == 0
    upgraded = run("--store", database_url, "migrate")
    assert (upgraded.code, upgraded.out) == (0, "数据库的表已是最新。\n")
    assert run("--store", database_url, "migrate", "--json").out == '{\n  "upgraded": true\n}\n'
    assert run("--store", "sqlite:x", "migrate").code == 2
