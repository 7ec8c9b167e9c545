"""An admin's way: create, open, import, status, close, aggregate; and the mistakes on it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import NOTICE, Run

DATA = Path(__file__).parents[1] / "scoring" / "data"
IGNORE = ("--ignore", "rid,wave,N1,party,tenure")


def create(run: Run, wave: str = "2026-1", *more: str) -> None:
    roster = str(DATA / "syn_a_roster.csv")
    asked = ("--questionnaire", "full", "--roster", roster)
    outcome = run("wave", "create", wave, *asked, *NOTICE, *more)
    assert outcome.code == 0, outcome.err


def test_the_whole_way_ends_in_files(run: Run, tmp_path: Path) -> None:
    create(run, "2026-1", "--title", "2026年第1期")
    assert run("wave", "open", "2026-1").code == 0
    imported = run("import", "2026-1", str(DATA / "syn_a_wave1.csv"), *IGNORE)
    assert imported.code == 0
    assert "597" in imported.out
    assert "至少 590 份" in run("status").out
    assert run("wave", "close").code == 0
    outcome = run("aggregate", "--output", "out")
    assert outcome.code == 0, outcome.err
    assert "58.3" in outcome.out
    assert "57.4—59.2" in outcome.out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "brief.pdf",
        "release.json",
        "report.docx",
        "report.html",
        "report.pdf",
        "scores.csv",
        "scores.xlsx",
    ]
    release = json.loads((tmp_path / "out" / "release.json").read_text(encoding="utf-8"))
    assert release["wave"]["organisation"] == "示例煤矿"
    assert (tmp_path / "out" / "scores.csv").read_bytes().startswith("\ufeff".encode())
    assert (tmp_path / "out" / "brief.pdf").read_bytes().startswith(b"%PDF")


def test_creating_says_which_groups_were_merged(run: Run) -> None:
    roster = str(DATA / "syn_a_roster.csv")
    outcome = run("wave", "create", "2026-1", "--questionnaire", "full", "--roster", roster)
    assert "合成 19 组" in outcome.out
    assert outcome.out.count("已合并") == 5
    assert "管理者、基层骨干" in outcome.out


def test_results_go_to_a_new_folder_when_none_is_named(run: Run, tmp_path: Path) -> None:
    create(run)
    run("wave", "open")
    run("import", "2026-1", str(DATA / "syn_a_wave1.csv"), *IGNORE)
    run("wave", "close")
    assert run("aggregate").code == 0
    assert run("aggregate").code == 0
    folders = sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("2026-1-"))
    assert len(folders) == 2
    one, other = ((tmp_path / name / "release.json").read_bytes() for name in folders)
    assert one == other


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("wave", "open", "none"), 2, "wave_unknown"),
        (("wave", "open", "../x"), 2, "wave_unknown"),
        (("wave", "close", "2026-1"), 3, "wave_draft"),
        (("aggregate", "2026-1"), 3, "wave_still_open"),
        (("import", "2026-1", "none.csv"), 2, "file_missing"),
        (("import", "2026-1", "."), 2, "file_unreadable"),
        (("wave", "create", "2026-1", "--questionnaire", "full"), 3, "wave_exists"),
        (("wave", "create", "第一期", "--questionnaire", "full"), 2, "wave_id"),
        (("wave", "create", "x", "--questionnaire", "nosuch"), 2, "questionnaire_unknown"),
        (("wave", "create", "x"), 2, "argument_missing"),
        (
            ("wave", "create", "x", "--questionnaire", "full", "--closes", "10月20日"),
            2,
            "argument_date",
        ),
        (
            (
                "wave",
                "create",
                "x",
                "--questionnaire",
                "full",
                "--opens",
                "2026-10-20",
                "--closes",
                "2026-10-08",
            ),
            2,
            "wave_dates",
        ),
        (
            ("wave", "create", "x", "--questionnaire", "full", "--roster", "none.csv"),
            2,
            "file_missing",
        ),
        (("wave", "crate"), 2, "command_unknown"),
        (("wave", "open", "2026-1", "--force"), 2, "option_unknown"),
        (("wave", "open", "2026-1", "extra"), 2, "argument_extra"),
        (("questionnaire", "show", "x"), 2, "questionnaire_unknown"),
        (("serve", "--workers", "2"), 2, "store_workers"),
    ],
)
def test_mistakes_are_told_with_code_and_remedy(
    run: Run, arguments: tuple[str, ...], code: int, error: str
) -> None:
    create(run)
    outcome = run(*arguments)
    assert outcome.code == code
    assert error in outcome.err
    assert "怎么办：" in outcome.err
    assert outcome.out == ""


def test_what_is_one_way_cannot_be_done_twice(run: Run) -> None:
    create(run)
    assert run("wave", "open").code == 0
    assert "wave_opened" in run("wave", "open").err
    assert run("wave", "close").code == 0
    for command in ("close", "open"):
        outcome = run("wave", command)
        assert (outcome.code, "wave_closed" in outcome.err) == (3, True)


def test_an_incomplete_notice_is_completed_at_opening(run: Run) -> None:
    run("wave", "create", "w", "--questionnaire", "pulse", "--handler", "工会")
    outcome = run("wave", "open")
    assert (outcome.code, "--organisation --contact --retention" in outcome.err) == (3, True)
    rest = ("--organisation", "某矿", "--contact", "内线", "--retention", "12")
    assert run("wave", "open", *rest).code == 0


def test_a_rehearsal_opens_at_once_and_is_removed_by_one_command(run: Run) -> None:
    run("wave", "create", "w", "--questionnaire", "pulse", "--rehearsal")
    assert run("wave", "open").code == 0
    assert run("wave", "delete", "w").code == 0
    assert "还没有任何轮次" in run("wave", "list").out


def test_extending_and_deleting_say_what_they_did(run: Run) -> None:
    create(run, "2026-1", "--closes", "2099-01-01")
    assert run("wave", "extend", "--closes", "2099-02-01").code == 3
    run("wave", "open")
    assert "2099-02-01" in run("wave", "extend", "--closes", "2099-02-01").out
    assert "wave_not_later" in run("wave", "extend", "--closes", "2099/1/15").err
    assert "wave_open" in run("wave", "delete", "2026-1", "--yes").err
    run("wave", "close", "--now")
    assert "delete_unconfirmed" in run("wave", "delete", "2026-1").err
    assert run("wave", "delete", "2026-1", "--yes").code == 0
    assert "argument_missing" in run("wave", "delete").err


def test_creating_says_what_the_way_in_means(run: Run) -> None:
    roster = str(DATA / "syn_a_roster.csv")
    asked = ("--questionnaire", "full", "--roster", roster)
    out = run("wave", "create", "a", *asked).out
    assert "一个人也能填几次" in out
    assert "能分开看的单位：8 个" in out
    assert "管理者不能单独看（只有 57% 的管理者有自己的组，不足90%）" in out
    assert "一张卡片一份答卷" in run("wave", "create", "b", *asked, "--access", "codes").out
    assert "不问单位" in run("wave", "create", "c", *asked, "--background").out
    assert (
        "codes_roster"
        in run("wave", "create", "d", "--questionnaire", "full", "--access", "codes").err
    )


def test_closing_early_asks_for_now(run: Run) -> None:
    create(run, "2026-1", "--closes", "2099-01-01")
    run("wave", "open")
    outcome = run("wave", "close")
    assert (outcome.code, "--now" in outcome.err, "2099-01-05" in outcome.err) == (3, True, True)
    assert run("wave", "close", "--now").code == 0


def test_a_wave_with_no_answers_gives_no_report(run: Run, tmp_path: Path) -> None:
    create(run)
    run("wave", "open")
    run("wave", "close")
    outcome = run("aggregate", "--output", "out")
    assert (outcome.code, "wave_empty" in outcome.err) == (3, True)
    assert not (tmp_path / "out").exists()


def test_one_of_several_waves_must_be_named(run: Run) -> None:
    assert "wave_none" in run("wave", "show").err
    create(run)
    create(run, "2026-2")
    outcome = run("wave", "show")
    assert outcome.code == 2
    assert "2026-1、2026-2" in outcome.err


def test_all_bad_rows_of_an_import_are_listed_and_nothing_is_kept(run: Run, tmp_path: Path) -> None:
    create(run)
    run("wave", "open")
    text = (DATA / "syn_a_wave1.csv").read_text(encoding="utf-8").splitlines()
    text[1] = text[1].replace("综采二队", "不存在的队")
    text[2] = text[2].replace("基层骨干", "班长")
    (tmp_path / "bad.csv").write_text("\n".join(text), encoding="gb18030")
    outcome = run("import", "2026-1", "bad.csv", *IGNORE)
    assert outcome.code == 2
    assert "bad.csv，第2行，“unit”列" in outcome.err
    assert "bad.csv，第3行，“role”列" in outcome.err
    assert "不到 10 份" in run("status").out


def test_an_output_folder_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    create(run)
    run("wave", "open")
    run("import", "2026-1", str(DATA / "syn_a_wave1.csv"), *IGNORE)
    run("wave", "close")
    (tmp_path / "file").write_text("x")
    outcome = run("aggregate", "--output", "file")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)
    assert (tmp_path / "file").read_text() == "x"


def test_the_results_of_another_wave_are_not_overwritten(run: Run, tmp_path: Path) -> None:
    create(run)
    run("wave", "open")
    run("import", "2026-1", str(DATA / "syn_a_wave1.csv"), *IGNORE)
    run("wave", "close")
    other = '{"wave": {"id": "2025-2"}}'
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "release.json").write_text(other)
    outcome = run("aggregate", "--output", "out")
    assert (outcome.code, "output_other" in outcome.err, "2025-2" in outcome.err) == (2, True, True)
    assert (tmp_path / "out" / "release.json").read_text() == other
    (tmp_path / "out" / "release.json").write_text("no release")
    assert run("aggregate", "--output", "out").code == 0
    assert run("aggregate", "--output", "out").code == 0


def test_a_roster_with_names_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "姓名,单位,岗位角色,人数\n张三,甲,管理者,1\n", encoding="utf-8"
    )
    outcome = run("wave", "create", "x", "--questionnaire", "full", "--roster", "people.csv")
    assert outcome.code == 2
    assert "roster_person" in outcome.err
    assert "张三" not in outcome.err
    assert "wave_unknown" in run("wave", "show", "x").err


def test_a_blank_sheet_for_paper_forms(run: Run, tmp_path: Path) -> None:
    create(run)
    assert run("import", "--template", "2026-1", "sheet.csv").code == 0
    assert (
        (tmp_path / "sheet.csv")
        .read_text(encoding="utf-8-sig")
        .startswith("unit,role,duration_s,O1_1a")
    )


def test_a_blank_sheet_never_replaces_typed_answers(run: Run, tmp_path: Path) -> None:
    create(run)
    (tmp_path / "typed.csv").write_text("work of a day")
    outcome = run("import", "2026-1", "typed.csv", "--template")
    assert (outcome.code, "output_exists" in outcome.err) == (2, True)
    assert (tmp_path / "typed.csv").read_text() == "work of a day"


def test_every_result_comes_as_json_too(run: Run) -> None:
    create(run)
    for command in (("wave", "list"), ("wave", "show"), ("status",), ("questionnaire", "list")):
        json.loads(run(*command, "--json").out)
    assert json.loads(run("wave", "open", "--json").out)["state"] == "open"


def test_a_faulty_questionnaire_is_reported_whole(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.toml").write_text('format = 2\nid = "x"\ncolour = 1\n', encoding="utf-8")
    outcome = run("questionnaire", "check", "q.toml")
    assert outcome.code == 2
    assert outcome.err.count("q.toml，第") >= 5
    assert "questionnaire_field_unknown" in outcome.err
    assert run("questionnaire", "check", "q.toml", "--json").code == 2


def test_a_questionnaire_as_a_table(run: Run) -> None:
    out = run("questionnaire", "show", "full").out
    assert "任务紧的时候，安全规定会被放到一边。" in out
    assert out.count("反向") == 4


def test_the_wave_before_is_named_with_an_option(run: Run, tmp_path: Path) -> None:
    for wave, file in (("2026-1", "syn_a_wave1.csv"), ("2026-2", "syn_a_wave2.csv")):
        create(run, wave)
        run("wave", "open", wave)
        assert run("import", wave, str(DATA / file), *IGNORE).code == 0
        run("wave", "close", wave)
    outcome = run("aggregate", "2026-2", "--previous", "2026-1", "--output", "out")
    assert outcome.code == 0, outcome.err
    change = json.loads((tmp_path / "out" / "release.json").read_text(encoding="utf-8"))["change"]
    assert change["index"] == {"difference": 0.1, "ci95": [-1.9, 2.2], "direction": "none"}
    assert change["dimensions"]["M1"]["direction"] == "up"
    for other, code, error in (
        ("2026-2", 2, "previous_unfit"),
        ("2025-1", 2, "wave_unknown"),
    ):
        refused = run("aggregate", "2026-2", "--previous", other, "--output", "other")
        assert (refused.code, error in refused.err) == (code, True)
        assert not (tmp_path / "other").exists()
