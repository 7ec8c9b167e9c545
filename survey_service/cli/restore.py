"""``restore``: bring every wave of a backup into an empty store, or none."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json
from survey_service.cli.progress import long_work
from survey_service.cli.session import Session
from survey_service.errors import Code, Place, SurveyError
from survey_service.i18n import Words, write_date

if TYPE_CHECKING:
    from survey_service.service.backups import Restored

_DECISIONS = ("keep", "void")


def build(session: Session) -> click.Command:
    """Return ``restore``."""
    w = session.words

    @click.command("restore", cls=Command, help=w("cli.restore.help"))
    @click.argument("file", metavar="FILE", type=click.Path())
    @click.option("--codes", type=click.Choice(_DECISIONS), help=w("cli.restore.codes"))
    @click.option("--continue", "goes_on", is_flag=True, help=w("cli.continue"))
    @json_option(session)
    def command(file: str, codes: str | None, goes_on: bool, as_json: bool) -> None:  # noqa: FBT001
        from survey_service.archive import open_archive  # noqa: PLC0415 - start-up time
        from survey_service.service.backups import restore_archive  # noqa: PLC0415

        path = Path(file)
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            raise SurveyError(Code.FILE_MISSING, Place(file)) from None
        except OSError:
            raise SurveyError(Code.FILE_UNREADABLE, Place(file)) from None
        with stream:
            archive = open_archive(stream, path.name)
            steps = 2 * len(archive.manifest.waves)
            with long_work(session, w("cli.restore.progress"), steps) as advance:
                restored = restore_archive(
                    session.open_store(), archive, codes, advance, goes_on=goes_on
                )
        made_on = archive.manifest.made_on
        if as_json:
            described = [_describe(session, each, codes) for each in restored]
            print_json({"file": file, "made_on": made_on.isoformat(), "waves": described})
            return
        for sentence in _say(restored, codes, write_date(made_on, w.lang), w):
            click.echo(sentence)

    return command


def _describe(session: Session, restored: "Restored", codes: str | None) -> dict[str, object]:
    wave = restored.wave
    closed = wave.closed_on is not None
    return {
        "wave": wave.id,
        "state": wave.state(session.today()).value,
        "answers" if closed else "at_least": restored.answers if closed else restored.at_least,
        "codes": codes if restored.unspent else None,
    }


def _say(restored: "Sequence[Restored]", codes: str | None, day: str, w: Words) -> Iterator[str]:
    """Yield what an admin has to know, and to do next."""
    separator = w("cli.list_separator")
    ids = [each.wave.id for each in restored]
    yield w("cli.restore.done", waves=separator.join(ids), date=day)
    taking = [each for each in restored if not each.wave.closed_on]
    if taking:
        names = separator.join(each.wave.id for each in taking)
        yield w("cli.restore.lost", waves=names)
    linked = [each.wave.id for each in taking if each.wave.access == "open"]
    if linked:
        yield w("cli.restore.again", waves=separator.join(linked))
    with_codes = [each.wave.id for each in taking if each.unspent]
    if with_codes:
        yield w(f"cli.restore.{codes}", waves=separator.join(with_codes))
        if codes == _DECISIONS[1]:
            for wave_id in with_codes:
                yield w("cli.restore.issue", wave=wave_id)
    yield w("cli.restore.next")
