"""``export``: de-identified rows of a closed wave for analysts, with their codebook."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, require_ending, write_files
from survey_service.cli.parameters import wave_argument
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.i18n import Words

if TYPE_CHECKING:
    from survey_service.export.codebook import DataSet

_FORMATS = ("csv", "xlsx", "sav", "parquet")


def build(session: Session) -> click.Command:
    """Return the command."""
    w = session.words

    @click.command("export", cls=Command, help=w("cli.export.help"))
    @wave_argument()
    @click.option("--format", "kind", type=click.Choice(_FORMATS), help=w("cli.export.format"))
    @click.option("--output", metavar="FILE", required=True, type=click.Path())
    @click.option("--raw", is_flag=True, help=w("cli.export.raw"))
    @json_option(session)
    def command(
        wave_id: str | None,
        kind: str | None,
        output: str,
        raw: bool,  # noqa: FBT001
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.export.codebook import describe_rows  # noqa: PLC0415 - start-up time
        from survey_service.export.row_csv import write_codebook  # noqa: PLC0415
        from survey_service.service.rows import make_rows  # noqa: PLC0415
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        path = Path(output)
        endings = [f".{each}" for each in _FORMATS]
        if (
            kind is None or path.suffix.lower() in endings
        ):  # a name that says another format misleads
            kind = require_ending(path, endings if kind is None else [f".{kind}"])[1:]
        if raw and kind != "csv":
            raise SurveyError(Code.OPTION_UNFIT, option="--raw", fits="--format csv")
        writer = _choose_writer(kind, w, raw=raw)
        store = session.open_store()
        rows = make_rows(store, single_wave(store, wave_id).id)
        data = describe_rows(rows, w)
        codebook = f"{path.stem}-codebook.csv"
        files = {path.name: writer(data), codebook: write_codebook(data, w)}
        written = write_files(path.parent, files)
        if as_json:
            print_json(
                {
                    "wave": rows.wave.id,
                    "rows": len(rows),
                    "left_out": rows.left_out,
                    "files": [str(each) for each in written],
                }
            )
            return
        click.echo(w("cli.export.done", n=len(rows), blocks=len(rows.blocks), out=rows.left_out))
        for each in written:
            click.echo(w("cli.written", path=each))
        click.echo(w("cli.export.keep"))

    return command


def _choose_writer(kind: str, w: Words, *, raw: bool) -> "Callable[[DataSet], bytes]":
    """Return what writes one of the formats."""
    if kind == "csv":
        from survey_service.export.row_csv import write_rows  # noqa: PLC0415

        return lambda data: write_rows(data, raw=raw)
    if kind == "xlsx":
        from survey_service.export.row_workbook import write_workbook  # noqa: PLC0415

        return lambda data: write_workbook(data, w)
    if kind == "sav":
        from survey_service.export.row_spss import write_spss  # noqa: PLC0415

        return write_spss
    from survey_service.export.row_parquet import write_parquet  # noqa: PLC0415

    return write_parquet
