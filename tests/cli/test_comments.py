"""``comments review``: on a terminal, and with a sheet where there is none."""

import codecs
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey_service.questionnaire import Questionnaire
from survey_service.service.comments import begin_review
from survey_service.storage import open_store
from survey_service.store import Store
from tests.cli.conftest import Run
from tests.factories import keep_comments, make_wave

ROOT = Path(__file__).parents[2]
TEXTS = ["找王队长，电话13800138000", "多开班前会", "无"]
PATIENCE_S = 30.0
SECRETS = ("王队长", "13800138000", "班前会", "谭咏春")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"tinydb:{tmp_path}/instance")


@pytest.fixture
def closed(store: Store, small: Questionnaire) -> str:
    return keep_comments(store, make_wave(small), TEXTS).id


def decisions(store: Store) -> list[tuple[str, str]]:
    return [(c.theme, c.paraphrase) for c in begin_review(store, store.wave("w1")).comments]


def test_an_open_wave_is_refused(run: Run, store: Store, small: Questionnaire) -> None:
    store.create_wave(make_wave(small))
    for options in ((), ("--export", "a.csv"), ("--import", "a.csv"), ("--json",)):
        outcome = run("comments", "review", *options)
        assert (outcome.code, "wave_still_open" in outcome.err) == (3, True)
    assert not Path("a.csv").exists()


def test_without_a_terminal_a_sheet_is_proposed(run: Run, closed: str) -> None:
    outcome = run("comments", "review", closed)
    assert (outcome.code, outcome.out) == (2, "")
    assert "terminal_needed" in outcome.err
    assert "--export" in outcome.err
    assert "--import" in outcome.err


def test_json_gives_counts(run: Run, closed: str) -> None:
    outcome = run("comments", "review", closed, "--json")
    assert json.loads(outcome.out) == {"wave": "w1", "comments": 3, "reviewed": 0, "remaining": 3}


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_sheet_goes_out_and_comes_back(run: Run, store: Store, closed: str, name: str) -> None:
    out = run("comments", "review", closed, "--export", name)
    assert out.code == 0
    assert name in out.out
    assert "1 甲一、2 乙一、3 其他、4 无内容" in out.out
    assert "至少5次" in out.out
    assert Path(name).stat().st_mode & 0o077 == 0
    assert not any(secret in out.out for secret in SECRETS)
    review = begin_review(store, store.wave(closed))
    filled = "编号,主题,归纳\n" + "".join(f"c{c.id},2,多沟通\n" for c in review.comments[:2])
    Path("filled.csv").write_text(filled, encoding="gb18030")
    back = run("comments", "review", "--import", "filled.csv", "--json")
    assert json.loads(back.out)["reviewed"] == 2
    assert decisions(store) == [("B1", "多沟通"), ("B1", "多沟通"), ("", "")]


def test_an_exported_sheet_is_never_overwritten(run: Run, closed: str) -> None:
    Path("a.csv").write_text("work", encoding="utf-8")
    outcome = run("comments", "review", closed, "--export", "a.csv")
    assert (outcome.code, "output_exists" in outcome.err) == (2, True)
    assert Path("a.csv").read_text(encoding="utf-8") == "work"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--export", "a.doc"), "file_format"),
        (("--export", "none/a.csv"), "output_unwritable"),
        (("--import", "none.csv"), "file_missing"),
        (("--import", "a.doc"), "file_format"),
        (("--names", "none.txt", "--export", "a.csv"), "file_missing"),
    ],
)
def test_mistakes_with_files_are_told(
    run: Run, closed: str, options: tuple[str, ...], error: str
) -> None:
    Path("a.doc").write_bytes(b"")
    outcome = run("comments", "review", closed, *options)
    assert (outcome.code, error in outcome.err) == (2, True)
    assert not Path("a.csv").exists()


def test_faults_of_a_sheet_say_where_and_never_what_was_written(
    run: Run, store: Store, closed: str
) -> None:
    (first, *_) = begin_review(store, store.wave(closed)).comments
    Path("names.txt").write_text("谭咏春\n", encoding="utf-16")
    bad = f"编号,原话,主题,归纳\nc{first.id},{TEXTS[0]},9,找王队长13800138000\nc1,多开班前会,1,谭咏春\n"
    Path("bad.csv").write_text(bad, encoding="utf-8")
    outcome = run("comments", "review", "--import", "bad.csv", "--names", "names.txt")
    assert outcome.code == 2
    assert "bad.csv，第2行，“主题”列" in outcome.err
    assert "bad.csv，第2行，“归纳”列" in outcome.err
    assert "bad.csv，第3行，“编号”列" in outcome.err
    assert outcome.err.count("paraphrase_identifying") == 3
    assert not any(secret in outcome.err + outcome.out for secret in SECRETS)
    assert decisions(store) == [("", "")] * 3


def test_names_are_marked_and_not_kept(
    run: Run, store: Store, small: Questionnaire, tmp_path: Path
) -> None:
    keep_comments(store, make_wave(small), ["谭咏春说得对"])
    Path("names.txt").write_text("谭咏春\n李四光\n", encoding="gb18030")
    outcome = run("comments", "review", "--export", "a.csv", "--names", "names.txt")
    assert "2 个姓名" in outcome.out
    assert "【谭咏春】说得对" in Path("a.csv").read_text(encoding="utf-8-sig")
    kept = b"".join(p.read_bytes() for p in (tmp_path / "instance").rglob("*") if p.is_file())
    assert json.dumps("李四光").strip('"').encode() not in kept


class Terminal:
    """The real program on a pseudo-terminal, typed at as a person would."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._master, slave = pty.openpty()
        environment = os.environ | {"TERM": "xterm", "COLUMNS": "90", "LC_ALL": "C.UTF-8"}
        store = f"tinydb:{folder}/instance"
        self._program = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "--store", store, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=environment,
        )
        os.close(slave)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.shown = ""
        self._seen = 0

    def wait_for(self, text: str) -> None:
        """Read until a text appears after everything waited for before."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.shown[self._seen :]:
            assert time.monotonic() < deadline, self.shown
            assert self._read(), self.shown
        self._seen = self.shown.index(text, self._seen) + len(text)

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._master, f"{line}\r".encode())

    def settle(self) -> None:
        """Wait until the program waits: a person sees the prompt and is not quicker than that."""
        state = Path(f"/proc/{self._program.pid}/stat")
        asleep = 0
        deadline = time.monotonic() + PATIENCE_S
        while asleep < 10 and time.monotonic() < deadline:
            time.sleep(0.05)
            fields = state.read_text().rpartition(")")[2].split() if state.exists() else ["S"]
            asleep = asleep + 1 if fields[0] == "S" else 0

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        self._program.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Wait until the program ends; return its exit code."""
        while self._read():
            pass
        os.close(self._master)
        return self._program.wait(PATIENCE_S)

    def stop(self) -> None:
        """End the program if it still runs."""
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait(PATIENCE_S)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE_S)
        try:
            raw = os.read(self._master, 65536) if ready else b""
        except OSError:  # the other end is closed
            raw = b""
        self.shown += self._decoder.decode(raw)
        return bool(raw)


Open = Callable[..., Terminal]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Open]:
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(*arguments, folder=tmp_path))
        return opened[-1]

    yield start
    for each in opened:
        each.stop()


THEME, PARAPHRASE = "q 退出）：", "归纳："


def decide(walk: Terminal, theme: str = "1", paraphrase: str = "多沟通") -> None:
    walk.wait_for(THEME)
    walk.type(theme)
    walk.wait_for(PARAPHRASE)
    walk.type(paraphrase)
    walk.wait_for("已保存")


def test_a_walk_asks_again_until_it_may_be_kept(
    terminal: Open, store: Store, small: Questionnaire
) -> None:
    keep_comments(store, make_wave(small), TEXTS[:1])
    walk = terminal("comments", "review")
    walk.wait_for("第 1 条，共 1 条")
    walk.wait_for("最想改进什么？")
    walk.wait_for(" 1 甲一")
    for wrong in ("0", "5", "x", ""):
        walk.wait_for(THEME)
        walk.type(wrong)
        walk.wait_for("请输入 1—4")
    walk.wait_for(THEME)
    walk.type("b")
    walk.wait_for("已经是第一条")
    walk.wait_for(THEME)
    walk.type("２")
    for wrong, told in (
        ("找王队长", "【王队长】（可能的姓名）"),
        ("长" * 201, "最多 200 个字，现在 201 个"),
    ):
        walk.wait_for(PARAPHRASE)
        walk.type(wrong)
        walk.wait_for(told)
    walk.wait_for(PARAPHRASE)
    walk.type("b")
    decide(walk)
    assert walk.end() == 0
    assert decisions(store) == [("A1", "多沟通")]


def test_a_walk_decides_goes_back_skips_and_quits(
    terminal: Open, store: Store, closed: str
) -> None:
    walk = terminal("comments", "review", closed)
    walk.wait_for("第 1 条，共 3 条")
    decide(walk)
    assert decisions(store) == [("A1", "多沟通"), ("", ""), ("", "")]
    walk.wait_for("第 2 条")
    walk.wait_for(THEME)
    walk.type("b")
    walk.wait_for("第 1 条")
    walk.wait_for("甲一——多沟通")
    walk.wait_for(THEME)
    walk.type("")
    walk.wait_for("第 2 条")
    walk.wait_for(THEME)
    walk.type("S")
    walk.wait_for("跳过了")
    walk.wait_for("第 3 条")
    walk.wait_for(THEME)
    walk.type("4")
    walk.wait_for("已保存")
    walk.wait_for("已归类 2 条，还剩 1 条")
    walk.wait_for("至少5次")
    assert walk.end() == 0
    assert decisions(store) == [("A1", "多沟通"), ("", ""), ("none", "")]
    again = terminal("comments", "review", closed)
    again.wait_for("第 2 条，共 3 条（已归类 2 条）")
    again.wait_for(THEME)
    again.type("q")
    again.wait_for("还剩 1 条")
    assert again.end() == 0


def test_marks_are_seen_with_colour_and_without(
    terminal: Open, store: Store, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_comments(store, make_wave(small), TEXTS[:1])
    coloured = terminal("comments", "review")
    coloured.wait_for("\x1b[7m【王队长】\x1b[0m，电话\x1b[7m【13800138000】")
    coloured.wait_for("可能的姓名、电话")
    coloured.wait_for(THEME)
    coloured.type("q")
    assert coloured.end() == 0
    monkeypatch.setenv("NO_COLOR", "1")
    plain = terminal("--lang", "en", "comments", "review")
    plain.wait_for("【王队长】")
    plain.wait_for("a possible name, a phone number")
    plain.wait_for("q quit): ")
    plain.type("q")
    plain.wait_for("at least 5 mentions")
    assert plain.end() == 0


@pytest.mark.parametrize("at_paraphrase", [False, True])
def test_ctrl_c_loses_nothing_that_was_decided(
    terminal: Open,
    store: Store,
    closed: str,
    at_paraphrase: bool,
) -> None:
    walk = terminal("comments", "review", closed)
    decide(walk)
    walk.wait_for("第 2 条")
    walk.wait_for(THEME)
    if at_paraphrase:
        walk.type("2")
        walk.wait_for(PARAPHRASE)
    walk.settle()
    walk.interrupt()
    walk.wait_for("已归类的都已保存")
    assert walk.end() == 130
    assert "Traceback" not in walk.shown
    assert decisions(store) == [("A1", "多沟通"), ("", ""), ("", "")]


@pytest.mark.parametrize("key", ["q", "s"])
def test_leaving_at_the_paraphrase_decides_nothing(
    terminal: Open, store: Store, small: Questionnaire, key: str
) -> None:
    keep_comments(store, make_wave(small), TEXTS[:1])
    walk = terminal("comments", "review")
    walk.wait_for(THEME)
    walk.type("1")
    walk.wait_for(PARAPHRASE)
    walk.type(key)
    walk.wait_for("还剩 1 条")
    assert walk.end() == 0
    assert decisions(store) == [("", "")]


def test_a_wave_without_comments_has_nothing_to_review(
    terminal: Open, store: Store, small: Questionnaire
) -> None:
    keep_comments(store, make_wave(small), [])
    walk = terminal("comments", "review")
    walk.wait_for("没有意见要归类")
    assert walk.end() == 0
