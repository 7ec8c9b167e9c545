"""The admin log: which command changed what on which day, for audits; no person stands in it.

One JSON object a line: day, command, wave, exit code, version of the program. Options, file names
and accounts are left out, for they may name people.
"""

import json
from contextlib import suppress

import click

from survey_service import __version__
from survey_service.cli.session import Session
from survey_service.errors import SurveyError
from survey_service.journal import append_line

RECORDED = frozenset(
    {"wave create", "wave open", "wave extend", "wave close", "wave delete", "codes issue"}
    | {"import", "comments review", "aggregate", "export", "backup", "restore", "migrate", "serve"}
)
STARTED = "started"


def record(session: Session, ctx: click.Context, result: int | str) -> None:
    """Write a line about a command that ended with an exit code, or has ``STARTED``.

    Says so on the terminal where that fails: the command has done its work by then.
    """
    command = " ".join(ctx.command_path.split()[len((ctx.find_root().info_name or "").split()) :])
    log = session.admin_log
    if command not in RECORDED or log is None or not log.parent.exists():
        return
    line = {
        "day": session.today().isoformat(),
        "command": command,
        "wave": _find_wave(session, ctx),
        "result": result,
        "version": __version__,
    }
    try:
        append_line(log, json.dumps(line, ensure_ascii=False) + "\n")
    except OSError:
        click.echo(session.words("cli.admin_log.failed", path=log), err=True)


def _find_wave(session: Session, ctx: click.Context) -> str | None:
    """Return the wave a command was about, also where there is only one and it went without saying."""
    if "wave_id" not in ctx.params:
        return None
    named: str | None = ctx.params["wave_id"]
    if named is None:
        with suppress(SurveyError):
            waves = session.open_store().waves()
            named = waves[0].id if len(waves) == 1 else None
    return named
