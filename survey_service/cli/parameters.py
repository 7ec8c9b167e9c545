"""Parameters that several commands share."""

import re
from collections.abc import Callable
from datetime import date as Date  # noqa: N812 - the name of a type
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError

F = TypeVar("F", bound=Callable[..., Any])


ACCESS = ("open", "codes")
_LONGEST_ADDRESS = 120


class Day(click.ParamType[Date]):
    """A date written YYYY-MM-DD, or as spreadsheets write it, YYYY/M/D."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: str | Date, param: click.Parameter | None, ctx: click.Context | None
    ) -> Date:
        """Return the date; a usage error if it is none."""
        if isinstance(value, Date):
            return value
        try:
            year, month, day = (int(part) for part in re.split("[-/]", value))
            return Date(year, month, day)
        except ValueError:
            self.fail("", param, ctx)


def wave_argument() -> Callable[[F], F]:
    """Return the argument WAVE, which may be left out where only one wave fits."""
    return click.argument("wave_id", metavar="[WAVE]", required=False)


def output_option(session: Session) -> Callable[[F], F]:
    """Return the option ``--output`` for a folder."""
    return click.option(
        "--output", metavar="DIR", type=click.Path(), help=session.words("cli.output")
    )


def notice_options(session: Session) -> Callable[[F], F]:
    """Return the options that fill the notice to employees."""
    w = session.words

    def add(function: F) -> F:
        months = click.IntRange(1, 120)
        for option in (
            click.option(
                "--retention",
                "retention_months",
                metavar="MONTHS",
                type=months,
                help=w("cli.retention"),
            ),
            click.option("--contact", default="", help=w("cli.contact")),
            click.option("--handler", default="", help=w("cli.handler")),
            click.option("--organisation", default="", help=w("cli.organisation")),
        ):
            function = option(function)
        return function

    return add


def read_base_url(text: str) -> str:
    """Return the address that phones open, without a slash at its end; ``base_url`` if it is none."""
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or not text.isprintable() or re.search(r"[\s?#]", text):
        raise SurveyError(Code.BASE_URL)
    if len(text) > _LONGEST_ADDRESS:
        raise SurveyError(Code.BASE_URL)
    return text.rstrip("/")
