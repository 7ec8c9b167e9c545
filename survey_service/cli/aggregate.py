"""``aggregate``: the main job, from a closed wave to the files that leaders receive."""

from pathlib import Path

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import check_folder, json_option, print_json, write_files
from survey_service.cli.parameters import output_option, wave_argument
from survey_service.cli.results import print_summary, render_results
from survey_service.cli.session import Session


def build(session: Session) -> click.Command:
    """Return ``aggregate``."""
    w = session.words

    @click.command("aggregate", cls=Command, help=w("cli.aggregate.help"))
    @wave_argument()
    @output_option(session)
    @json_option(session)
    def command(wave_id: str | None, output: str | None, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.publication import publish  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        release = publish(store, wave.id)
        folder = Path(output) if output else _new_folder(f"{wave.id}-{session.today()}")
        check_folder(folder)
        written = write_files(folder, render_results(release, wave.questionnaire, w))
        if as_json:
            print_json({"wave": wave.id, "files": [str(path) for path in written]})
            return
        print_summary(release, wave.questionnaire, w)
        for path in written:
            click.echo(w("cli.written", path=path))

    return command


def _new_folder(name: str) -> Path:
    """Return a folder that does not exist yet, named after the wave and the day."""
    folder, number = Path(name), 1
    while folder.exists():
        number += 1
        folder = Path(f"{name}-{number}")
    return folder
