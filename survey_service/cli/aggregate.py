"""``aggregate``: the main job, from a closed wave to the files that leaders receive."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import check_folder, json_option, print_json, write_files
from survey_service.cli.parameters import output_option, wave_argument
from survey_service.cli.results import print_summary, render_results
from survey_service.cli.session import Session
from survey_service.cli.unit_results import FOLDER, prepared_units
from survey_service.errors import Code, Place, SurveyError
from survey_service.i18n import Words

if TYPE_CHECKING:
    from reports.faces import House


def build(session: Session) -> click.Command:
    """Return ``aggregate``."""
    w = session.words

    @click.command("aggregate", cls=Command, help=w("cli.aggregate.help"))
    @wave_argument()
    @output_option(session)
    @click.option("--previous", "previous_id", metavar="WAVE", help=w("cli.previous"))
    @click.option("--units", "with_units", is_flag=True, help=w("cli.units"))
    @click.option("--style", metavar="DIR", type=click.Path(), help=w("cli.style"))
    @json_option(session)
    def command(
        wave_id: str | None,
        output: str | None,
        previous_id: str | None,
        with_units: bool,  # noqa: FBT001
        style: str | None,
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.publication import publish  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        folder = Path(output) if output else _new_folder(f"{wave.id}-{session.today()}")
        _require_own(folder, wave.id)
        house = None if style is None else _load_house(Path(style))
        release = publish(store, wave.id, previous_id)
        check_folder(folder)
        results = render_results(release, wave.questionnaire, w, house)
        units: list[Path] = []
        if with_units:
            with prepared_units(session, folder, release, wave.questionnaire, house) as units:
                written = write_files(folder, results)
        else:
            written = write_files(folder, results)
        if as_json:
            print_json({"wave": wave.id, "files": [str(path) for path in (*written, *units)]})
            return
        print_summary(release, wave.questionnaire, w)
        for path in written:
            click.echo(w("cli.written", path=path))
        if with_units:
            _say_units(units, folder, w)
        waiting = sum(not comment.theme for comment in store.comments(wave.id))
        if waiting:
            click.echo(w("cli.aggregate.comments", n=waiting, wave=wave.id))

    return command


def _load_house(folder: Path) -> "House":
    from reports import load_house  # noqa: PLC0415 - start-up time

    return load_house(folder)


def _say_units(units: list[Path], folder: Path, w: Words) -> None:
    if units:
        click.echo(w("cli.aggregate.units_written", n=len(units), path=folder / FOLDER))
    else:
        click.echo(w("cli.aggregate.units_none"))


def _require_own(folder: Path, wave_id: str) -> None:
    """Refuse a folder that holds the results of another wave (``output_other``)."""
    try:
        present = json.loads((folder / "release.json").read_text(encoding="utf-8"))["wave"]["id"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if present != wave_id:
        raise SurveyError(Code.OUTPUT_OTHER, Place(str(folder)), wave=present)


def _new_folder(name: str) -> Path:
    """Return a folder that does not exist yet, named after the wave and the day."""
    folder, number = Path(name), 1
    while folder.exists():
        number += 1
        folder = Path(f"{name}-{number}")
    return folder
