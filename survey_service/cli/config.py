"""``config show``: every setting, its value, and where the value comes from."""

import os
import re
from collections.abc import Iterator

import click

from survey_service.cli.localised import Command, Group
from survey_service.cli.output import json_option, print_json, print_table
from survey_service.cli.session import Session

_MODULE = "survey_service.cli.config"
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@]*@|(?<=[?&]password=)[^&]*")


def build(session: Session) -> click.Command:
    """Return the group."""
    table = {"show": f"{_MODULE}:build_show"}
    return Group(session, table, name="config", help=session.words("cli.config.help"))


def build_show(session: Session) -> click.Command:
    """Return ``config show``."""
    w = session.words

    @click.command("show", cls=Command, help=w("cli.config.show.help"))
    @json_option(session)
    def command(as_json: bool) -> None:  # noqa: FBT001
        settings = list(_list_settings(session))
        if as_json:
            print_json({name: {"value": value, "from": source} for name, value, source in settings})
            return
        rows = [(name, value, w(f"cli.config.from.{source}")) for name, value, source in settings]
        print_table(w("cli.config.columns").split("|"), rows)

    return command


def _list_settings(session: Session) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the value and the source of every setting; a password is never shown."""
    given = session.store_url != os.environ.get("SURVEY_STORE", "")
    yield "SURVEY_STORE", hide_password(session.url), "option" if given else _source("SURVEY_STORE")
    yield "SURVEY_LANG", session.lang, _source("SURVEY_LANG")
    log = session.admin_log
    yield "SURVEY_ADMIN_LOG", "" if log is None else str(log), _source("SURVEY_ADMIN_LOG")
    yield from _list_options(session)


def _list_options(session: Session) -> Iterator[tuple[str, str, str]]:
    """Yield the options of the server, as ``serve`` would see them now."""
    from survey_service.cli.serve import build as build_serve  # noqa: PLC0415 - start-up time

    for param in build_serve(session).params:
        if isinstance(param, click.Option):
            variable = f"SURVEY_SERVE_{str(param.name).upper()}"
            known = os.environ.get(variable)
            value = param.default if known is None else known
            # where there is none, click says so with an object of its own
            shown = str(value) if isinstance(value, str | int) else ""
            yield variable, shown, _source(variable)


def _source(variable: str) -> str:
    return "environment" if os.environ.get(variable) else "default"


def hide_password(url: str) -> str:
    """Return a store URL without its password.

    >>> hide_password("postgresql://gang:geheim@db/survey")
    'postgresql://gang:***@db/survey'
    """
    return _PASSWORD.sub(lambda found: f"{found[1]}:***@" if found[1] is not None else "***", url)
