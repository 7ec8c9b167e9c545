"""``aggregate``: the main job, from a closed wave to the files that leaders receive."""

import json
from pathlib import Path

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import check_folder, json_option, print_json, write_files
from survey_service.cli.parameters import output_option, wave_argument
from survey_service.cli.results import print_summary, render_results
from survey_service.cli.session import Session
from survey_service.errors import Code, Place, SurveyError


def build(session: Session) -> click.Command:
    """Return ``aggregate``."""
    w = session.words

    @click.command("aggregate", cls=Command, help=w("cli.aggregate.help"))
    @wave_argument()
    @output_option(session)
    @click.option("--previous", "previous_id", metavar="WAVE", help=w("cli.previous"))
    @json_option(session)
    def command(
        wave_id: str | None,
        output: str | None,
        previous_id: str | None,
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.publication import publish  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        folder = Path(output) if output else _new_folder(f"{wave.id}-{session.today()}")
        _require_own(folder, wave.id)
        release = publish(store, wave.id, previous_id)
        check_folder(folder)
        written = write_files(folder, render_results(release, wave.questionnaire, w))
        if as_json:
            print_json({"wave": wave.id, "files": [str(path) for path in written]})
            return
        print_summary(release, wave.questionnaire, w)
        for path in written:
            click.echo(w("cli.written", path=path))
        waiting = sum(not comment.theme for comment in store.comments(wave.id))
        if waiting:
            click.echo(w("cli.aggregate.comments", n=waiting, wave=wave.id))

    return command


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
