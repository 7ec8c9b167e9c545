"""``backup``: one file with everything of all waves, while the server goes on accepting answers."""

from pathlib import Path

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, new_file, print_json
from survey_service.cli.progress import long_work
from survey_service.cli.session import Session


def build(session: Session) -> click.Command:
    """Return ``backup``."""
    w = session.words

    @click.command("backup", cls=Command, help=w("cli.backup.help"))
    @click.argument("file", metavar="FILE", type=click.Path())
    @click.option("--wave", "wave_id", metavar="WAVE", help=w("cli.backup.wave"))
    @json_option(session)
    def command(file: str, wave_id: str | None, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.archive import open_archive, write_archive  # noqa: PLC0415 - start-up time
        from survey_service.service.backups import choose_waves, take_snapshots  # noqa: PLC0415

        store = session.open_store()
        waves = choose_waves(store, wave_id)
        with (
            new_file(Path(file)) as stream,
            long_work(session, w("cli.backup.progress"), len(waves)) as advance,
        ):
            write_archive(stream, take_snapshots(store, waves, advance), session.today())
            stream.seek(0)
            open_archive(stream, file)
        ids = [wave.id for wave in waves]
        taking = [wave.id for wave in waves if wave.opened_on and not wave.closed_on]
        if as_json:
            print_json({"file": file, "waves": ids, "open": taking})
            return
        separator = w("cli.list_separator")
        click.echo(w("cli.backup.done", path=file, waves=separator.join(ids)))
        click.echo(w("cli.backup.care"))
        if taking:
            click.echo(w("cli.backup.open", waves=separator.join(taking)))

    return command
