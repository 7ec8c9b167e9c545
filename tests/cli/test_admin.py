"""The admin log, the settings, the doctor, and what ``serve`` refuses."""

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from survey_service.cli import doctor
from survey_service.cli.config import hide_password
from survey_service.errors import SurveyError
from survey_service.hardening import refuse_debugging
from survey_service.service.retention import list_expired, months_between
from survey_service.storage import open_store
from survey_service.wave import Notice, Wave
from tests.cli.conftest import NOTICE, Run
from tests.factories import make_questionnaire

CREATE = ("wave", "create", "w1", "--questionnaire", "pulse", *NOTICE)


def read_log(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "instance" / "admin.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_who_did_what_without_persons(run: Run, tmp_path: Path) -> None:
    run(*CREATE)
    run("wave", "open")
    run("wave", "list")
    run("status")
    run("wave", "open", "w1")
    run("backup", "秘密的名字.zip")
    lines = read_log(tmp_path)
    assert [(each["command"], each["wave"], each["result"]) for each in lines] == [
        ("wave create", "w1", 0),
        ("wave open", "w1", 0),
        ("wave open", "w1", 3),
        ("backup", "w1", 0),
    ]
    assert all(date.fromisoformat(each["day"]) for each in lines)
    assert all(each.keys() == {"day", "command", "wave", "result", "version"} for each in lines)
    path = tmp_path / "instance" / "admin.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for word in ("秘密", "示例煤矿", "内线", str(tmp_path)):
        assert word not in path.read_text(encoding="utf-8")


def test_looking_makes_no_store(run: Run, tmp_path: Path) -> None:
    for command in (("questionnaire", "list"), ("doctor",), ("config", "show")):
        assert run(*command).code == 0
    assert not (tmp_path / "instance").exists()


def test_the_admin_log_lies_where_it_is_told_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_ADMIN_LOG", str(tmp_path / "elsewhere.jsonl"))
    run(*CREATE)
    assert (tmp_path / "elsewhere.jsonl").read_text(encoding="utf-8").count("wave create") == 1
    monkeypatch.setenv("SURVEY_ADMIN_LOG", str(tmp_path))
    outcome = run("wave", "open")
    assert (outcome.code, str(tmp_path) in outcome.err) == (0, True)


def test_secrets_are_private_files_and_never_printed(run: Run, tmp_path: Path) -> None:
    printed = [run(*CREATE)]
    run("wave", "open")
    store = open_store(f"tinydb:{tmp_path}/instance")
    wave = store.wave("w1")
    assert len(wave.salt) == len(wave.sealing_key) == 64
    for command in (
        ("wave", "show", "w1"),
        ("wave", "show", "w1", "--json"),
        ("wave", "list", "--json"),
        ("status", "--json"),
        ("config", "show", "--json"),
        ("doctor", "--json"),
        ("verify", "--json"),
    ):
        printed += [run(*command)]
    shown = "".join(each.out + each.err for each in printed) + str(read_log(tmp_path))
    assert wave.salt not in shown
    assert wave.sealing_key not in shown
    for path in [tmp_path / "instance", *(tmp_path / "instance").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_every_wave_has_secrets_of_its_own(run: Run, tmp_path: Path) -> None:
    for name in ("w1", "w2"):
        run("wave", "create", name, "--questionnaire", "pulse", *NOTICE)
    waves = open_store(f"tinydb:{tmp_path}/instance").waves()
    assert len({wave.salt for wave in waves}) == len({wave.sealing_key for wave in waves}) == 2


def test_settings_say_where_they_come_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_SERVE_PORT", "8443")
    shown = json.loads(run("config", "show", "--json").out)
    assert shown["SURVEY_SERVE_PORT"] == {"value": "8443", "from": "environment"}
    assert shown["SURVEY_SERVE_THREADS"] == {"value": "32", "from": "default"}
    assert shown["SURVEY_STORE"]["from"] == "option"
    assert {"SURVEY_SERVE_HOST_NAME", "SURVEY_SERVE_HTTPS", "SURVEY_ADMIN_LOG"} <= shown.keys()
    assert "8443" in run("config", "show").out


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://gang:geheim@db.example.com/survey",
        "postgresql://db.example.com/survey?user=gang&password=geheim",
        "postgresql://gang:geheim@one,two/survey?sslmode=require",
    ],
)
def test_no_password_is_shown(url: str) -> None:
    assert "geheim" not in hide_password(url)
    assert "***" in hide_password(url)
    assert hide_password("tinydb:instance") == "tinydb:instance"


def level_of(run: Run, subject: str) -> tuple[int, str]:
    outcome = run("doctor", "--json")
    (found,) = [each for each in json.loads(outcome.out) if each["subject"] == subject]
    return outcome.code, found["level"]


def test_a_healthy_service_has_no_fault(run: Run) -> None:
    run(*CREATE)
    outcome = run("doctor")
    assert outcome.code == 0
    assert "故障" not in outcome.out
    assert "fault" not in run("--lang", "en", "doctor").out


def test_the_doctor_finds_what_others_may_read_and_says_what_to_run(
    run: Run, tmp_path: Path
) -> None:
    run(*CREATE)
    (tmp_path / "instance" / "waves" / "w1" / "wave.json").chmod(0o644)
    outcome = run("doctor")
    assert outcome.code == 6
    assert f"chmod -R go= {tmp_path}/instance" in outcome.out
    assert level_of(run, "permissions") == (6, "fault")


def test_the_doctor_finds_a_short_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 1 << 60)
    assert level_of(run, "disk") == (6, "fault")


def test_the_doctor_finds_a_network_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_service.storage.location.find_kind", lambda *_: "nfs4")
    outcome = run("doctor")
    assert (outcome.code, "nfs4" in outcome.out) == (6, True)


def test_the_doctor_finds_a_damaged_store(run: Run, tmp_path: Path) -> None:
    run(*CREATE)
    (tmp_path / "instance" / "waves" / "w1" / "wave.json").write_bytes(b"{")
    assert level_of(run, "store") == (6, "fault")


def test_the_doctor_finds_a_clock_that_is_behind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*CREATE)
    run("wave", "open")
    monkeypatch.setattr("survey_service.cli.session.Session.today", lambda _: date(2026, 1, 2))
    assert level_of(run, "clock") == (6, "fault")


def test_the_doctor_finds_a_missing_face(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.faces.FOLDER", Path("/nowhere"))
    assert level_of(run, "fonts") == (6, "fault")


def test_the_doctor_warns_of_swap(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "swaps").write_text("Filename Type Size\n/dev/sda2 partition 1\n")
    monkeypatch.setattr(doctor, "_SWAPS", tmp_path / "swaps")
    assert level_of(run, "memory") == (0, "warning")


def test_the_doctor_reminds_of_what_was_kept_long_enough(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*CREATE)
    run("wave", "open")
    run("wave", "close", "--now")
    assert level_of(run, "retention") == (0, "ok")
    monkeypatch.setattr("survey_service.cli.session.Session.today", lambda _: date(2099, 1, 1))
    assert level_of(run, "retention") == (0, "warning")
    assert "wave delete" in run("doctor").out


def test_months_are_counted_from_the_day_of_closing(tmp_path: Path) -> None:
    assert months_between(date(2026, 10, 20), date(2027, 10, 19)) == 11
    assert months_between(date(2026, 10, 20), date(2027, 10, 20)) == 12
    asked = make_questionnaire(tmp_path)
    notice = Notice("甲", "乙", "丙", 12)
    day = date(2026, 10, 20)
    wave = Wave("w", asked, notice=notice, opened_on=day, closed_on=day)
    assert list_expired([wave], date(2027, 10, 19)) == ()
    assert list_expired([wave], date(2027, 10, 20)) == (wave,)
    still_open = Wave("w", asked, notice=notice, opened_on=day)
    assert list_expired([still_open], date(2099, 1, 1)) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLASK_DEBUG", "1"),
        ("FLASK_DEBUG", "true"),
        ("FLASK_ENV", "development"),
        ("PYTHONDEVMODE", "1"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONFAULTHANDLER", "1"),
    ],
)
def test_serve_refuses_to_be_a_debugger(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    outcome = run("serve")
    assert (outcome.code, "server_debug" in outcome.err) == (3, True)
    assert level_of(run, "debugging") == (6, "fault")


@pytest.mark.parametrize("value", ["", "0", "false", "off"])
def test_what_is_off_is_no_debugger(value: str) -> None:
    refuse_debugging({"FLASK_DEBUG": value, "FLASK_ENV": "production"})


def test_https_needs_a_name(run: Run) -> None:
    outcome = run("serve", "--https")
    assert (outcome.code, "https_name" in outcome.err) == (2, True)


def test_a_log_that_cannot_be_written_is_said_at_once(run: Run, tmp_path: Path) -> None:
    outcome = run("serve", "--access-log", f"{tmp_path}/missing/access.log")
    assert (outcome.code, "output_unwritable" in outcome.err) == (2, True)


def test_the_application_itself_refuses_a_debugger(monkeypatch: pytest.MonkeyPatch) -> None:
    from survey_service.web import from_environment  # noqa: PLC0415

    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(SurveyError):
        from_environment()
