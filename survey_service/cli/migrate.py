"""``migrate``: every wave into another store that is empty; or the tables of a database up to date."""

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json
from survey_service.cli.progress import long_work
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError


def build(session: Session) -> click.Command:
    """Return ``migrate``."""
    w = session.words

    @click.command("migrate", cls=Command, help=w("cli.migrate.help"))
    @click.option("--to", metavar="URL", default="", help=w("cli.migrate.to"))
    @click.option("--continue", "goes_on", is_flag=True, help=w("cli.continue"))
    @json_option(session)
    def command(to: str, goes_on: bool, as_json: bool) -> None:  # noqa: FBT001
        if to:
            _move(session, to, goes_on=goes_on, as_json=as_json)
        else:
            _upgrade(session, as_json=as_json)

    return command


def _move(session: Session, to: str, *, goes_on: bool, as_json: bool) -> None:
    from survey_service.service.backups import choose_waves  # noqa: PLC0415 - start-up time
    from survey_service.service.migration import migrate_store  # noqa: PLC0415
    from survey_service.storage import open_store  # noqa: PLC0415

    w = session.words
    source = session.open_store()
    waves = choose_waves(source, None)
    with long_work(session, w("cli.migrate.progress"), 2 * len(waves)) as advance:
        moved = [w.id for w in migrate_store(source, open_store(to), advance, goes_on=goes_on)]
    if as_json:
        print_json({"waves": moved})
        return
    click.echo(w("cli.migrate.done", waves=w("cli.list_separator").join(moved)))
    click.echo(w("cli.migrate.next", url=_hide_password(to)))
    click.echo(w("cli.migrate.old"))


def _upgrade(session: Session, *, as_json: bool) -> None:
    """Bring the tables of a database up to date; a store without tables only moves somewhere."""
    from survey_service.storage import DEFAULT_URL, upgrade_store  # noqa: PLC0415 - start-up time

    url = session.store_url or DEFAULT_URL
    if url.startswith("tinydb:"):
        raise SurveyError(Code.ARGUMENT_MISSING, argument="--to")
    upgrade_store(url)
    if as_json:
        print_json({"upgraded": True})
        return
    click.echo(session.words("cli.migrate.upgraded"))


def _hide_password(url: str) -> str:
    """Return a URL that may stand on a screen: of a database only its kind."""
    scheme, _, _ = url.partition(":")
    return url if scheme == "tinydb" else f"{scheme}:…"
