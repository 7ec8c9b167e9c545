"""``verify``: read everything, count it again, check hashes; a line for each wave."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from survey_service.cli.failures import write_fault
from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, print_table
from survey_service.cli.parameters import wave_argument
from survey_service.cli.progress import long_work
from survey_service.cli.session import Session
from survey_service.errors import Code, Fault
from survey_service.i18n import Words

if TYPE_CHECKING:
    from survey_service.service.verification import Verified


def build(session: Session) -> click.Command:
    """Return ``verify``."""
    w = session.words

    @click.command("verify", cls=Command, help=w("cli.verify.help"))
    @wave_argument()
    @json_option(session)
    def command(wave_id: str | None, as_json: bool) -> int:  # noqa: FBT001
        from survey_service.service.backups import choose_waves  # noqa: PLC0415 - start-up time
        from survey_service.service.verification import verify_wave  # noqa: PLC0415

        store = session.open_store()
        waves = choose_waves(store, wave_id)
        found = []
        with long_work(session, w("cli.verify.progress"), len(waves)) as advance:
            for wave in waves:
                advance(wave.id)
                found.append(verify_wave(store, wave))
        faults = [fault for each in found for fault in _list_faults(each, w)]
        if as_json:
            described = [_describe(each, session) for each in found]
            print_json({"sound": not faults, "waves": described})
        else:
            _print(found, session)
        for fault in faults:
            click.echo(write_fault(fault, session), err=True)
        if not (faults or as_json):
            click.echo(w("cli.verify.sound", n=len(found)))
        return Code.WAVE_UNSOUND.exit_code if faults else 0

    return command


def _list_faults(found: "Verified", w: Words) -> Iterator[Fault]:
    yield from found.faults
    for finding in found.findings:
        what = w(f"cli.verify.flaw.{finding.flaw.value}")
        places = w("cli.list_separator").join(finding.places)
        if places:
            what = w("cli.verify.where", what=what, places=places)
        yield Fault(Code.WAVE_UNSOUND, {"wave": found.wave.id, "what": what})


def _describe(found: "Verified", session: Session) -> dict[str, Any]:
    counts: dict[str, int] = {}
    if not found.faults:
        counts = {name: getattr(found, name) for name in ("answers", "comments", "codes", "spent")}
    return {
        "wave": found.wave.id,
        "state": found.wave.state(session.today()).value,
        "counts" if found.wave.closed_on else "at_least": counts,
        "sound": found.is_sound,
        "findings": [{"flaw": f.flaw.value, "places": f.places} for f in found.findings],
        "faults": [str(fault.code) for fault in found.faults],
    }


def _print(found: "Sequence[Verified]", session: Session) -> None:
    w = session.words
    rows = []
    for each in found:
        wave = each.wave
        state = w(f"state.{wave.state(session.today()).value}")
        flaws = len(each.findings) + len(each.faults)
        result = w("cli.verify.good") if each.is_sound else w("cli.verify.bad", n=flaws)
        rows.append((wave.id, state, *_count(each, w), result))
    print_table(w("cli.verify.columns").split("|"), rows, right=(2, 3, 4, 5))
    if any(each.wave.closed_on is None for each in found):
        click.echo(w("cli.verify.note"))


def _count(found: "Verified", w: Words) -> tuple[str, str, str, str]:
    """Return answers, comments, codes and spent ones in words; while a wave is open, coarsely."""
    none = w("cli.none")
    if found.faults:
        return none, none, none, none

    def write(n: int) -> str:
        if found.wave.closed_on:
            return str(n)
        return w("cli.verify.at_least", n=n) if n else w("cli.verify.few")

    has_codes = found.wave.access == "codes" and found.wave.closed_on is None
    codes = (write(found.codes), write(found.spent)) if has_codes else (none, none)
    return write(found.answers), write(found.comments), *codes
