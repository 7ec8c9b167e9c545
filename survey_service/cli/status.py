"""``status``: participation by unit, in bands."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, print_table
from survey_service.cli.parameters import wave_argument
from survey_service.cli.session import Session
from survey_service.i18n import Words

if TYPE_CHECKING:
    from survey_service.service.integrity import Irregularities


def build(session: Session) -> click.Command:
    """Return ``status``."""
    w = session.words

    @click.command("status", cls=Command, help=w("cli.status.help"))
    @wave_argument()
    @json_option(session)
    def command(wave_id: str | None, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.participation import report_participation  # noqa: PLC0415
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        found = report_participation(store, wave)
        state = wave.state(session.today()).value
        if as_json:
            units = {u.id: {"invited": u.invited, "rate": u.band} for u in found.units}
            print_json(
                {
                    "wave": wave.id,
                    "state": state,
                    "at_least": found.at_least,
                    "rate": found.band,
                    "units": units,
                    "irregularities": vars(found.irregularities),
                }
            )
            return
        key = "cli.status.about" if found.at_least else "cli.status.few"
        click.echo(w(key, wave=wave.id, state=w(f"state.{state}"), n=found.at_least))
        if found.units:
            rows = [(u.id, str(u.invited), _say_band(u.band, w)) for u in found.units]
            rows.append((w("cli.status.whole"), str(found.invited), _say_band(found.band or "", w)))
            print_table(w("cli.status.columns").split("|"), rows, right=(1,))
        click.echo(w("cli.status.note"))
        for sentence in _say_irregularities(found.irregularities, w):
            click.echo(sentence)

    return command


def _say_band(band: str, w: Words) -> str:
    """Return a band such as "<=20" or "20-40" in words."""
    low, _, high = band.partition("-")
    if high:
        return w("cli.band.between", low=low, high=high)
    return w("cli.band.above" if band.startswith(">") else "cli.band.below", end=band.lstrip("<>="))


def _say_irregularities(found: "Irregularities", w: Words) -> Iterator[str]:
    """Yield a sentence for every sign that one person may have answered several times."""
    if found.is_clean:
        return
    yield w("cli.irregular.about")
    if found.identical:
        yield w("cli.irregular.identical", n=found.identical)
    if found.all_same:
        yield w("cli.irregular.all_same", n=found.all_same)
    separator = w("cli.list_separator")
    if found.crowded:
        yield w("cli.irregular.crowded", units=separator.join(found.crowded))
    if found.bursts:
        yield w("cli.irregular.bursts", units=separator.join(found.bursts))
