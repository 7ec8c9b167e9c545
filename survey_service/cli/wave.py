"""``wave``: create, open, extend, close, delete, list, show."""

from datetime import date as Date  # noqa: N812 - the name of a type
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey_service.cli.definitions import load_definition
from survey_service.cli.localised import Command, Group
from survey_service.cli.output import json_option, print_json, print_table
from survey_service.cli.parameters import ACCESS, Day, notice_options, wave_argument
from survey_service.cli.session import Session
from survey_service.cli.strata import print_analyses, print_strata
from survey_service.i18n import pick

if TYPE_CHECKING:
    from survey_service.wave import Wave

_MODULE = "survey_service.cli.wave"


def build(session: Session) -> click.Command:
    """Return the group."""
    table = {
        name: f"{_MODULE}:build_{name}"
        for name in ("create", "open", "extend", "close", "delete", "list", "show")
    }
    return Group(session, table, name="wave", help=session.words("cli.wave.help"))


def build_create(session: Session) -> click.Command:
    """Return ``wave create``."""
    w = session.words

    @click.command("create", cls=Command, help=w("cli.wave.create.help"))
    @click.argument("wave_id", metavar="WAVE")
    @click.option("--questionnaire", metavar="ID|FILE", required=True, help=w("cli.questionnaire"))
    @click.option("--roster", metavar="FILE.csv", type=click.Path(), help=w("cli.roster"))
    @click.option("--access", type=click.Choice(ACCESS), default="open", help=w("cli.access"))
    @click.option("--opens", type=Day(), help=w("cli.opens"))
    @click.option("--closes", type=Day(), help=w("cli.closes"))
    @click.option("--title", default="", help=w("cli.title"))
    @notice_options(session)
    @click.option("--background", is_flag=True, help=w("cli.background"))
    @click.option("--rehearsal", is_flag=True, help=w("cli.rehearsal"))
    @json_option(session)
    def command(
        wave_id: str,
        questionnaire: str,
        roster: str | None,
        opens: Date | None,
        closes: Date | None,
        title: str,
        as_json: bool,  # noqa: FBT001
        rehearsal: bool,  # noqa: FBT001
        background: bool,  # noqa: FBT001
        access: str,
        **notice: Any,  # noqa: ANN401 - the options of the notice
    ) -> None:
        from survey_service.roster import parse_roster  # noqa: PLC0415
        from survey_service.service.waves import create_wave  # noqa: PLC0415
        from survey_service.table import parse_table, read_file  # noqa: PLC0415
        from survey_service.wave import Notice  # noqa: PLC0415

        counted = None
        if roster is not None:
            path = Path(roster)
            counted = parse_roster(parse_table(path.name, read_file(path)))
        wave = create_wave(
            session.open_store(),
            wave_id,
            load_definition(questionnaire),
            counted,
            title=title,
            opens=opens,
            closes=closes,
            notice=Notice(**notice),
            access=access,
            rehearsal=rehearsal,
            background=background,
        )
        if as_json:
            print_json(_describe(session, wave))
            return
        click.echo(w("cli.wave.create.done", wave=wave.id))
        print_strata(wave, w)
        print_analyses(wave, w)
        click.echo(w(f"cli.wave.create.{wave.access}"))
        click.echo(w(f"cli.wave.create.next.{wave.access}", wave=wave.id))

    return command


def build_open(session: Session) -> click.Command:
    """Return ``wave open``."""
    w = session.words

    @click.command("open", cls=Command, help=w("cli.wave.open.help"))
    @wave_argument()
    @notice_options(session)
    @json_option(session)
    def command(wave_id: str | None, as_json: bool, **notice: Any) -> None:  # noqa: ANN401, FBT001
        from survey_service.service.waves import open_wave, single_wave  # noqa: PLC0415

        store = session.open_store()
        given = {name: value for name, value in notice.items() if value}
        wave = open_wave(store, single_wave(store, wave_id).id, session.today(), given)
        _report(session, wave, as_json=as_json, sentence=w("cli.wave.open.done", wave=wave.id))

    return command


def build_extend(session: Session) -> click.Command:
    """Return ``wave extend``."""
    w = session.words

    @click.command("extend", cls=Command, help=w("cli.wave.extend.help"))
    @wave_argument()
    @click.option("--closes", type=Day(), required=True, help=w("cli.closes"))
    @json_option(session)
    def command(wave_id: str | None, closes: Date, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.waves import extend_wave, single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = extend_wave(store, single_wave(store, wave_id).id, closes, session.today())
        sentence = w("cli.wave.extend.done", wave=wave.id, date=closes)
        _report(session, wave, as_json=as_json, sentence=sentence)

    return command


def build_close(session: Session) -> click.Command:
    """Return ``wave close``."""
    w = session.words

    @click.command("close", cls=Command, help=w("cli.wave.close.help"))
    @wave_argument()
    @click.option("--now", is_flag=True, help=w("cli.now"))
    @json_option(session)
    def command(wave_id: str | None, now: bool, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.waves import close_wave, single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = close_wave(store, single_wave(store, wave_id).id, session.today(), now=now)
        _report(session, wave, as_json=as_json, sentence=w("cli.wave.close.done", wave=wave.id))

    return command


def build_delete(session: Session) -> click.Command:
    """Return ``wave delete``; the wave must be named, even where there is only one."""
    w = session.words

    @click.command("delete", cls=Command, help=w("cli.wave.delete.help"))
    @click.argument("wave_id", metavar="WAVE")
    @click.option("--yes", is_flag=True, help=w("cli.yes"))
    @json_option(session)
    def command(wave_id: str, yes: bool, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.waves import delete_wave  # noqa: PLC0415

        delete_wave(session.open_store(), wave_id, confirmed=yes)
        if as_json:
            print_json({"wave": wave_id, "deleted": True})
        else:
            click.echo(w("cli.wave.delete.done", wave=wave_id))

    return command


def build_list(session: Session) -> click.Command:
    """Return ``wave list``."""
    w = session.words

    @click.command("list", cls=Command, help=w("cli.wave.list.help"))
    @json_option(session)
    def command(as_json: bool) -> None:  # noqa: FBT001
        waves = session.open_store().waves()
        described = [_describe(session, wave) for wave in waves]
        if as_json:
            print_json(described)
            return
        if not waves:
            click.echo(w("cli.wave.list.none"))
            return
        keys = ("id", "state_name", "questionnaire_title", "invited", "opened_on", "closes")
        rows = [[str(d[key] or "") for key in keys] for d in described]
        print_table(w("cli.wave.list.columns").split("|"), rows, right=(3,))

    return command


def build_show(session: Session) -> click.Command:
    """Return ``wave show``."""
    w = session.words

    @click.command("show", cls=Command, help=w("cli.wave.show.help"))
    @wave_argument()
    @json_option(session)
    def command(wave_id: str | None, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        wave = single_wave(session.open_store(), wave_id)
        described = _describe(session, wave)
        if as_json:
            print_json(described)
            return
        keys = (
            "id",
            "state_name",
            "title",
            "questionnaire_title",
            "access_name",
            "invited",
            "opens",
            "opened_on",
            "closes",
            "closed_on",
            "organisation",
            "handler",
            "contact",
        )
        rows = [(w(f"cli.wave.field.{key}"), str(described[key] or w("cli.none"))) for key in keys]
        print_table(("", ""), rows)
        print_strata(wave, w)
        print_analyses(wave, w)

    return command


def _describe(session: Session, wave: "Wave") -> dict[str, Any]:
    state = wave.state(session.today()).value
    return {
        "id": wave.id,
        "title": wave.title,
        "state": state,
        "state_name": session.words(f"state.{state}"),
        "access": wave.access,
        "access_name": session.words(f"access.{wave.access}"),
        "questionnaire": wave.questionnaire.id,
        "questionnaire_title": pick(wave.questionnaire.title, session.lang),
        "questionnaire_sha256": wave.questionnaire.sha256,
        "invited": None if wave.roster is None else wave.roster.headcount,
        "strata": len(wave.strata.strata),
        "unit_keys": wave.unit_keys,
        "opens": _iso(wave.opens),
        "opened_on": _iso(wave.opened_on),
        "closes": _iso(wave.closes),
        "closed_on": _iso(wave.closed_on),
        "organisation": wave.notice.organisation,
        "handler": wave.notice.handler,
        "contact": wave.notice.contact,
        "rehearsal": wave.rehearsal,
        "retention_months": wave.notice.retention_months,
    }


def _report(session: Session, wave: "Wave", *, as_json: bool, sentence: str) -> None:
    if as_json:
        print_json(_describe(session, wave))
    else:
        click.echo(sentence)


def _iso(day: Date | None) -> str | None:
    return None if day is None else day.isoformat()
