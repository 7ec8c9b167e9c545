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
    from survey_service.service.participation import TARGET  # noqa: PLC0415 - start-up time

    w = session.words

    @click.command("status", cls=Command, help=w("cli.status.help"))
    @wave_argument()
    @click.option(
        "--target",
        type=click.IntRange(1, 99),
        default=TARGET,
        show_default=True,
        metavar="PERCENT",
        help=w("cli.status.target"),
    )
    @json_option(session)
    def command(wave_id: str | None, target: int, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.service.participation import (  # noqa: PLC0415 - start-up time
            forecast,
            report_participation,
        )
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        found = report_participation(store, wave)
        state = wave.state(session.today()).value
        expected = forecast(wave, found.at_least, found.invited, session.today(), target)
        if as_json:
            units = {u.id: {"invited": u.invited, "rate": u.band} for u in found.units}
            print_json(
                {
                    "wave": wave.id,
                    "state": state,
                    "at_least": found.at_least,
                    "rate": found.band,
                    "units": units,
                    "forecast": None if expected is None else vars(expected),
                    "irregularities": vars(found.irregularities),
                }
            )
            return
        key = "cli.status.about" if found.at_least else "cli.status.few"
        click.echo(w(key, wave=wave.id, state=w(f"state.{state}"), n=found.at_least))
        if found.units:
            listed = [(u.id, u.invited, u.band) for u in found.units]
            listed.append((w("cli.status.whole"), found.invited or 0, found.band or ""))
            rows = [
                (name, str(invited), draw_band(band), _say_band(band, w))
                for name, invited, band in listed
            ]
            print_table(w("cli.status.columns").split("|"), rows, right=(1,))
        click.echo(w("cli.status.note"))
        if expected is not None:
            ends = dict.fromkeys((_say_band(expected.low, w), _say_band(expected.high, w)))
            between = w("cli.status.forecast.or").join(ends)
            verdict = w(f"cli.status.forecast.{expected.verdict}", target=target)
            click.echo(w("cli.status.forecast", between=between, verdict=verdict))
        for sentence in _say_irregularities(found.irregularities, w):
            click.echo(sentence)

    return command


def draw_band(band: str) -> str:
    """Return a bar of ten: full as far as the band is certain, shaded as far as it may reach.

    Every sign is one that a Chinese Windows console (GBK) can print.

    >>> draw_band("<=20"), draw_band("40-60"), draw_band("80-95"), draw_band(">95")
    ('▓▓········', '████▓▓····', '████████▓▓', '█████████▓')
    """
    low, _, high = band.lstrip("<>=").partition("-")
    if band.startswith("<"):
        low, high = "0", low
    elif band.startswith(">"):
        high = "100"
    certain, possible = int(low or 0) // 10, -(-int(high or 0) // 10)
    return "█" * certain + "▓" * (possible - certain) + "·" * (10 - possible)


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
