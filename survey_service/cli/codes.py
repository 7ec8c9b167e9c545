"""``codes issue``: one-time codes as cards to be drawn by lot."""

import csv
import io
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command, Group
from survey_service.cli.output import json_option, prepared_files, print_json
from survey_service.cli.parameters import read_base_url, wave_argument
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.i18n import Words, pick, write_date

if TYPE_CHECKING:
    from survey_service.service.cards import CodeStack
    from survey_service.wave import Wave

_LOCAL = "http://127.0.0.1:8000"


def build(session: Session) -> click.Command:
    """Return the group."""
    table = {"issue": "survey_service.cli.codes:build_issue"}
    return Group(session, table, name="codes", help=session.words("cli.codes.help"))


def build_issue(session: Session) -> click.Command:
    """Return ``codes issue``."""
    w = session.words

    @click.command("issue", cls=Command, help=w("cli.codes.issue.help"))
    @wave_argument()
    @click.option(
        "--output", metavar="CARDS.pdf", required=True, type=click.Path(), help=w("cli.cards")
    )
    @click.option(
        "--base-url", metavar="URL", default=_LOCAL, show_default=True, help=w("cli.base")
    )
    @click.option("--csv", "sheet", metavar="FILE", type=click.Path(), help=w("cli.codes.csv"))
    @click.option("--replace", is_flag=True, help=w("cli.codes.replace"))
    @json_option(session)
    def command(
        wave_id: str | None,
        output: str,
        base_url: str,
        sheet: str | None,
        replace: bool,  # noqa: FBT001
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.cards import issue_codes  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        base_url = read_base_url(base_url)
        if sheet is not None and Path(sheet).resolve() == Path(output).resolve():
            raise SurveyError(Code.ARGUMENT_VALUE, argument="--csv")
        with ExitStack() as files, hold_interrupts() as hold:

            def keep(stacks: "tuple[CodeStack, ...]") -> Callable[[], None]:
                contents = {Path(output): _render(wave, stacks, base_url, w)}
                if sheet is not None:
                    contents[Path(sheet)] = _list(stacks)
                prepared = [
                    files.enter_context(prepared_files(path.parent, {path.name: content}))
                    for path, content in contents.items()
                ]
                hold()

                def put_into_place() -> None:
                    for place in prepared:
                        place()

                return put_into_place

            stacks = issue_codes(store, wave, keep, replace=replace)
        count = sum(len(stack.codes) for stack in stacks)
        if as_json:
            print_json({"wave": wave.id, "cards": count, "stacks": len(stacks), "file": output})
            return
        click.echo(w("cli.codes.issue.done", n=count, stacks=len(stacks), path=output))
        if replace:
            click.echo(w("cli.codes.issue.replaced"))
        click.echo(w("cli.codes.issue.scan", address=f"{base_url}/q/{wave.id}"))
        key = "drawn" if wave.opened_on else "next"
        click.echo(w(f"cli.codes.issue.{key}", wave=wave.id))

    return command


@contextmanager
def hold_interrupts() -> Iterator[Callable[[], None]]:
    """Yield a function; from its call to the end of the block Ctrl-C and termination wait.

    By handlers, not by masks: a mask holds for one thread, and numerical libraries start others.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    held: list[int] = []

    def hold() -> None:
        for number in before:
            signal.signal(number, lambda caught, _: held.append(caught))

    try:
        yield hold
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            signal.raise_signal(held[0])


def _render(wave: "Wave", stacks: "tuple[CodeStack, ...]", base_url: str, w: Words) -> bytes:
    from reports import render_cards  # noqa: PLC0415
    from reports.cards import CardSheet, Stack  # noqa: PLC0415

    return render_cards(
        CardSheet(
            wave_id=wave.id,
            title=wave.title or pick(wave.questionnaire.title, w.lang),
            organisation=wave.notice.organisation,
            closes="" if wave.closes is None else write_date(wave.closes, w.lang),
            base_url=base_url,
            contact=wave.notice.contact,
            stacks=tuple(
                Stack(
                    tuple(unit.rpartition("/")[2] for unit in stack.stratum.units),
                    stack.stratum.roles,
                    stack.codes,
                )
                for stack in stacks
                if stack.codes
            ),
        ),
        w.lang,
    )


def _list(stacks: "tuple[CodeStack, ...]") -> bytes:
    """Return stratum and code, a row each: for tests, never to be kept."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("stratum", "code"))
    for stack in stacks:
        writer.writerows((stack.stratum.id, code) for code in stack.codes)
    return stream.getvalue().encode()
