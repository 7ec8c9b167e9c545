"""The commonest mistakes, made as a new user makes them: each is answered with where, what, remedy."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from survey_service.i18n import words
from tests.cli.conftest import NOTICE, Run
from tests.factories import SMALL

ROOT = Path(__file__).parents[2]
ROSTER = "单位,岗位角色,人数\n甲队,管理者,12\n甲队,一线员工,40\n乙队,一线员工,30\n"
GOOD = "单位,岗位角色,A1_1a,A1_1b,CHECK,B1_1a,B1_1b\n甲队,一线员工,4,5,2,1,9\n"


@dataclass(frozen=True)
class Mistake:
    """What somebody types after ``before``, and what has to stand in the answer."""

    typed: str
    code: str
    says: tuple[str, ...] = ()
    exit_code: int = 2
    before: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


CREATE = f"wave create w1 --questionnaire small.toml --roster r.csv {' '.join(NOTICE)}"
OPEN = (CREATE, "wave open w1")
MISTAKES = [
    Mistake("wave creat w1", "command_unknown", ("create",)),
    Mistake("statsu", "command_unknown", ("status",)),
    Mistake("wave create w1 --questionaire full", "option_unknown", ("--questionaire",)),
    Mistake("wave create w1", "argument_missing", ("--questionnaire",)),
    Mistake("wave create 第一期 --questionnaire full", "wave_id"),
    Mistake("wave create w1 --questionnaire ful", "questionnaire_unknown", ("full",)),
    Mistake(
        "wave create w1 --questionnaire full --roster nowhere.csv", "file_missing", ("nowhere.csv",)
    ),
    Mistake("wave create w1 --questionnaire full --closes 明天", "argument_date", ("--closes",)),
    Mistake(
        "wave create w1 --questionnaire full --roster people.csv",
        "roster_person",
        ("people.csv", "姓名"),
        files={"people.csv": "姓名,单位\n张三,甲队\n"},
    ),
    Mistake(
        "wave create w1 --questionnaire full --roster t.csv",
        "roster_headcount",
        ("t.csv", "2", "人数"),
        files={"t.csv": ROSTER.replace("12", "十二")},
    ),
    Mistake(CREATE, "wave_exists", ("w1",), 3, (CREATE,)),
    Mistake("wave open w2", "wave_unknown", before=(CREATE,)),
    Mistake(
        "wave open w1",
        "notice_missing",
        ("--handler",),
        3,
        ("wave create w1 --questionnaire small.toml",),
    ),
    Mistake("wave close w1", "wave_draft", (), 3, (CREATE,)),
    Mistake("aggregate w1", "wave_still_open", (), 3, OPEN),
    Mistake("export w1 --output rows.csv", "wave_still_open", (), 3, OPEN),
    Mistake("aggregate w1", "wave_empty", (), 3, (*OPEN, "wave close w1")),
    Mistake("wave delete w1", "delete_unconfirmed", ("--yes",), 3, (*OPEN, "wave close w1")),
    Mistake("import w1 good.csv", "wave_draft", (), 3, (CREATE,), {"good.csv": GOOD}),
    Mistake(
        "import w1 good.csv",
        "import_repeated",
        (),
        3,
        (*OPEN, "import w1 good.csv"),
        {"good.csv": GOOD},
    ),
    Mistake(
        "import w1 bad.csv",
        "file_column_unknown",
        ("bad.csv", "备注", "--ignore"),
        before=OPEN,
        files={"bad.csv": GOOD.replace("B1_1b", "B1_1b,备注").replace("1,9", "1,9,x")},
    ),
    Mistake(
        "import w1 bad.csv",
        "import_unit",
        ("bad.csv", "2", "单位"),
        before=OPEN,
        files={"bad.csv": GOOD.replace("甲队", "丙队")},
    ),
    Mistake("import w1 a.xls", "file_missing", ("a.xls",), before=OPEN),
    Mistake("import w1 a.xlsx", "file_unreadable", ("a.xlsx",), 2, OPEN, {"a.xlsx": GOOD}),
    Mistake(
        "poster w1 --base-url survey.example.com --output p.pdf", "base_url", ("http",), 2, OPEN
    ),
    Mistake("export w1 --output rows.doc", "file_format", ("rows.doc", ".csv", ".sav"), 2, OPEN),
    Mistake("export w1 --format xlsx --output rows.csv", "file_format", (".xlsx",), 2, OPEN),
    Mistake("questionnaire export full --output full.csv", "file_format", (".xlsx",)),
    Mistake("import --template w1 sheet.xls", "file_format", (".xlsx", ".csv"), 2, OPEN),
    Mistake("status", "wave_none"),
    Mistake("status", "wave_several", ("w1", "w2"), before=(CREATE, CREATE.replace("w1", "w2"))),
    Mistake(
        "codes issue w1 --output c.pdf --base-url https://a.example", "codes_mode", (), 3, OPEN
    ),
    Mistake(
        "questionnaire check broken.toml",
        "questionnaire_syntax",
        ("broken.toml",),
        files={"broken.toml": "a = \n"},
    ),
    Mistake("questionnaire import my.xlsx --output my.toml", "file_missing", ("my.xlsx",)),
    Mistake("questionnaire print full --output full.doc", "file_format", (".docx",)),
    Mistake("restore nowhere.zip", "file_missing", ("nowhere.zip",)),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.typed[:30]}-{m.code}")
def test_a_mistake_is_answered(run: Run, tmp_path: Path, mistake: Mistake, lang: str) -> None:
    for name, text in {"small.toml": SMALL, "r.csv": ROSTER, **mistake.files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command in mistake.before:
        assert run(*command.split()).code == 0
    outcome = run("--lang", lang, *mistake.typed.split())
    assert outcome.code == mistake.exit_code, outcome.err
    assert mistake.code in outcome.err
    remedy = words(lang)("cli.remedy", remedy="").strip()
    assert remedy in outcome.err
    for part in mistake.says:
        assert part in outcome.err, outcome.err


def test_there_are_twenty_mistakes_and_more() -> None:
    assert len({(mistake.typed, mistake.before) for mistake in MISTAKES}) >= 20


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "ascii", "cp437"])
def test_any_console_prints(tmp_path: Path, encoding: str) -> None:
    """What a Chinese Windows console speaks, and what it does when it speaks no Chinese at all."""
    roster = "单位,岗位角色,人数\n𬭎队,管理者,12\n𬭎队,一线员工,40\n"
    (tmp_path / "r.csv").write_text(roster, encoding="utf-8")
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    for line in (CREATE, "wave open w1", "status", "wave show w1", "wave open w9", "--help"):
        done = subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), *line.split()],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == (2 if "w9" in line else 0), done.stderr
        # where a console claims to know ASCII alone, click speaks UTF-8 to it
        spoken = "utf-8" if encoding == "ascii" else encoding
        said = (done.stdout + done.stderr).decode(spoken)
        assert "Traceback" not in said
        assert "program_fault" not in said
        if encoding == "gbk" and line == "status":
            assert "参与率" in said
            assert "?队" in said


def test_every_chinese_sentence_can_be_printed_on_a_chinese_windows_console() -> None:
    w = words("zh")
    for key in w.keys():  # noqa: SIM118 - not a mapping
        if key.startswith(("cli.", "error.", "state.", "role.")):
            w._entries[key].encode("gbk")
