"""``poster``: posters with a QR code, one for each unit."""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, write_files
from survey_service.cli.parameters import read_base_url, wave_argument
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.i18n import DEFAULT_LANGUAGE, Words, write_date

if TYPE_CHECKING:
    from reports.posters import Poster, PosterSheet
    from survey_service.wave import Wave

_PAPERS = ("A4", "A3")


def build(session: Session) -> click.Command:
    """Return the command."""
    w = session.words

    @click.command("poster", cls=Command, help=w("cli.poster.help"))
    @wave_argument()
    @click.option("--base-url", metavar="URL", required=True, help=w("cli.poster.base"))
    @click.option(
        "--output",
        metavar="POSTERS.pdf",
        required=True,
        type=click.Path(),
        help=w("cli.poster.output"),
    )
    @click.option(
        "--paper",
        type=click.Choice(_PAPERS, case_sensitive=False),
        default=_PAPERS[0],
        show_default=True,
        help=w("cli.poster.paper"),
    )
    @json_option(session)
    def command(
        wave_id: str | None,
        base_url: str,
        output: str,
        paper: str,
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from reports import render_posters  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        wave = single_wave(session.open_store(), wave_id)
        if wave.closed_on:
            raise SurveyError(Code.WAVE_CLOSED, wave=wave.id)
        sheet = _make_sheet(wave, read_base_url(base_url), w)
        path = Path(output)
        write_files(path.parent, {path.name: render_posters(sheet, w.lang, paper)})
        count = len(sheet.posters)
        if as_json:
            print_json({"wave": wave.id, "posters": count, "paper": paper, "file": output})
            return
        click.echo(w("cli.poster.done", n=count, paper=paper, path=output))
        click.echo(w("cli.poster.next", address=sheet.address))
        if _is_here(base_url):
            click.echo(w("cli.poster.local"))

    return command


def _make_sheet(wave: "Wave", base_url: str, w: Words) -> "PosterSheet":
    from reports.posters import PosterSheet  # noqa: PLC0415 - start-up time
    from survey_service.page import facts  # noqa: PLC0415
    from survey_service.page.sheet import title_of  # noqa: PLC0415

    return PosterSheet(
        wave_id=wave.id,
        title=title_of(wave, w.lang),
        organisation=wave.notice.organisation,
        closes="" if wave.closes is None else write_date(wave.closes, w.lang),
        base_url=base_url,
        contact=wave.notice.contact,
        length=facts.say_length(wave, w),
        recorded=facts.list_recorded(wave, w),
        unrecorded=facts.list_unrecorded(wave, w),
        smallest=facts.say_smallest(w),
        voluntary=w("web.landing.voluntary"),
        posters=tuple(_list_posters(wave)),
        has_cards=wave.access == "codes",
        is_rehearsal=wave.rehearsal,
        lang="" if w.lang == DEFAULT_LANGUAGE else w.lang,
    )


def _list_posters(wave: "Wave") -> "Iterator[Poster]":
    """Yield a poster for each unit that people choose from, or one where no unit is asked."""
    from reports.posters import Poster  # noqa: PLC0415 - start-up time
    from survey_service.page.units import asks_unit  # noqa: PLC0415

    if wave.roster is None or not asks_unit(wave):
        yield Poster()
        return
    keys = {path: key for key, path in (wave.unit_keys or {}).items()}
    for unit in wave.roster.staffed:
        yield Poster(unit.name, (unit.parent or "").replace("/", "／"), keys[unit.path])


def _is_here(base_url: str) -> bool:
    """Return whether an address leads back to the machine that opens it."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
