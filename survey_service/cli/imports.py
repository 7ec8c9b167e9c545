"""``import``: paper or foreign answers into a wave, all rows or none; a blank sheet for typing."""

from pathlib import Path

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, write_new_file
from survey_service.cli.session import Session


def build(session: Session) -> click.Command:
    """Return ``import``."""
    w = session.words

    @click.command("import", cls=Command, help=w("cli.import.help"))
    @click.argument("wave_id", metavar="WAVE")
    @click.argument("file", metavar="FILE.csv", type=click.Path())
    @click.option("--ignore", metavar="COL,...", default="", help=w("cli.ignore"))
    @click.option("--lenient", is_flag=True, help=w("cli.lenient"))
    @click.option("--template", is_flag=True, help=w("cli.template"))
    @json_option(session)
    def command(
        wave_id: str,
        file: str,
        ignore: str,
        lenient: bool,  # noqa: FBT001
        template: bool,  # noqa: FBT001
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.imports import (  # noqa: PLC0415 - start-up time
            import_answers,
            write_template,
        )
        from survey_service.table import parse_table, read_file  # noqa: PLC0415

        store = session.open_store()
        wave = store.wave(wave_id)
        path = Path(file)
        if template:
            write_new_file(path, write_template(wave).encode("utf-8-sig"))
            if as_json:
                print_json({"wave": wave.id, "file": str(path)})
            else:
                click.echo(w("cli.written", path=path))
            return
        raw = read_file(path)
        columns = [column.strip() for column in ignore.split(",") if column.strip()]
        result = import_answers(
            store,
            wave,
            parse_table(path.name, raw),
            raw,
            session.today(),
            ignore=columns,
            lenient=lenient,
        )
        if as_json:
            print_json({"wave": wave.id, "kept": result.kept, "blanked": result.blanked})
            return
        click.echo(w("cli.import.done", n=result.kept, wave=wave.id))
        if result.blanked:
            click.echo(w("cli.import.blanked", n=result.blanked))

    return command
