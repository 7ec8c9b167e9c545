"""The command line: parse, call one use case, print. One file per command group.

Start-up is light: a command's module, and what it needs, is loaded when the command is used.
"""

import io
import os
import sys
from collections.abc import Sequence

import click

from survey_service.cli.failures import report_failure
from survey_service.cli.root import build_root
from survey_service.cli.session import Session
from survey_service.i18n import choose_language

COMPLETE_VARIABLE = "_SURVEY_COMPLETE"
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 2 input, 3 policy, 5 busy, 6 storage."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    _print_anywhere()
    session = Session(_peek_language(arguments))
    root = build_root(session)
    try:
        code = root.main(
            arguments,
            prog_name=_program_name(),
            complete_var=COMPLETE_VARIABLE,
            standalone_mode=False,
            auto_envvar_prefix="SURVEY",
            obj=session,
        )
    except click.Abort:
        click.echo(err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # the reader of our output left; keep Python from complaining about it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - a person never sees a traceback
        sys.exit(report_failure(error, session))
    sys.exit(code if isinstance(code, int) else 0)


def _peek_language(arguments: Sequence[str]) -> str:
    """Find ``--lang`` before parsing: even help and usage errors are in that language."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return choose_language(argument.partition("=")[2])
        if argument == "--lang" and position + 1 < len(arguments):
            return choose_language(arguments[position + 1])
    return choose_language(os.environ.get("SURVEY_LANG"))


def _print_anywhere() -> None:
    """Print a question mark for what a console cannot show, such as rare names where it speaks GBK."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _program_name() -> str:
    name = os.path.basename(sys.argv[0])  # noqa: PTH119 - a name, not a file
    return f"python {name}" if name.endswith(".py") else name
