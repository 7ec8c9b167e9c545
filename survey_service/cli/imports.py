"""``import``: paper or foreign answers into a wave, all rows or none; a blank sheet for typing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, require_ending, write_new_file
from survey_service.cli.session import Session

if TYPE_CHECKING:
    from survey_service.table import Table


def build(session: Session) -> click.Command:
    """Return ``import``."""
    w = session.words

    @click.command("import", cls=Command, help=w("cli.import.help"))
    @click.argument("wave_id", metavar="WAVE")
    @click.argument("file", metavar="FILE.csv|FILE.xlsx", type=click.Path())
    @click.option("--ignore", metavar="COL,...", default="", help=w("cli.ignore"))
    @click.option("--lenient", is_flag=True, help=w("cli.lenient"))
    @click.option("--map", "mapping_file", metavar="FILE", default="", help=w("cli.import.map"))
    @click.option("--template", is_flag=True, help=w("cli.template"))
    @json_option(session)
    def command(
        wave_id: str,
        file: str,
        ignore: str,
        lenient: bool,  # noqa: FBT001
        mapping_file: str,
        template: bool,  # noqa: FBT001
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.imports import (  # noqa: PLC0415 - start-up time
            import_answers,
            write_template,
        )
        from survey_service.service.mapping import NO_MAPPING, parse_mapping  # noqa: PLC0415
        from survey_service.table import read_file  # noqa: PLC0415

        store = session.open_store()
        wave = store.wave(wave_id)
        path = Path(file)
        if template:
            content = write_template(wave).encode("utf-8-sig")
            if require_ending(path, (".xlsx", ".csv")) == ".xlsx":
                from survey_service.export.answer_sheet import write_answer_sheet  # noqa: PLC0415

                content = write_answer_sheet(wave, w)
            write_new_file(path, content)
            if as_json:
                print_json({"wave": wave.id, "file": str(path)})
            else:
                click.echo(w("cli.written", path=path))
            return
        raw = read_file(path)
        table, mapping = _read(path.name, raw), NO_MAPPING
        if mapping_file:
            wanted = Path(mapping_file)
            mapping = parse_mapping(_read(wanted.name, read_file(wanted)), table.columns)
        columns = [column.strip() for column in ignore.split(",") if column.strip()]
        result = import_answers(
            store,
            wave,
            table,
            raw,
            session.today(),
            ignore=columns,
            lenient=lenient,
            mapping=mapping,
        )
        if as_json:
            print_json({"wave": wave.id, "kept": result.kept, "blanked": result.blanked})
            return
        click.echo(w("cli.import.done", n=result.kept, wave=wave.id))
        if result.blanked:
            click.echo(w("cli.import.blanked", n=result.blanked))

    return command


def _read(name: str, raw: bytes) -> "Table":
    """Read a workbook, also one that was only named ``.csv``, and anything else as CSV."""
    from survey_service.export.sheets import is_workbook, read_sheet  # noqa: PLC0415 - start-up time
    from survey_service.table import parse_table  # noqa: PLC0415

    return read_sheet(name, raw) if is_workbook(name, raw) else parse_table(name, raw)
