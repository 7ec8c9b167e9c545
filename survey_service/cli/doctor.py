"""``doctor``: look at everything that a service stands on, and say what to do about what is wrong."""

import ctypes
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - the name of a type
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.hardening import refuse_debugging

if TYPE_CHECKING:
    from survey_service.wave import Wave

OK, WARNING, FAULT = "ok", "warning", "fault"
LEAST_FREE = 1 << 30
"""Bytes: a wave of a million answers with its closed copy, and room for its backup."""

_EARLIEST = Date(2026, 1, 1)
_UNSYNCHRONISED = 5  # TIME_ERROR, see adjtimex(2)
_SWAPS = Path("/proc/swaps")


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what the sentence about it needs."""

    subject: str
    level: str = OK
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def build(session: Session) -> click.Command:
    """Return ``doctor``."""
    w = session.words

    @click.command("doctor", cls=Command, help=w("cli.doctor.help"))
    @json_option(session)
    def command(as_json: bool) -> int:  # noqa: FBT001
        findings = list(examine(session))
        if as_json:
            print_json(
                [
                    {
                        "subject": f.subject,
                        "level": f.level,
                        "detail": "" if f.level == OK else f.detail,
                    }
                    for f in findings
                ]
            )
        else:
            for each in findings:
                _print(each, session)
        has_fault = any(each.level == FAULT for each in findings)
        return Code.STORE_UNWRITABLE.exit_code if has_fault else 0

    return command


def _print(finding: Finding, session: Session) -> None:
    w = session.words
    mark = w(f"cli.doctor.level.{finding.level}")
    name = w(f"cli.doctor.{finding.subject}")
    if finding.level == OK:
        click.echo(w("cli.doctor.fine", mark=mark, name=name))
        return
    key = f"cli.doctor.{finding.subject}.{finding.detail}"
    click.echo(w("cli.doctor.wrong", mark=mark, name=name, what=w(key, **finding.values)))
    click.echo(w("cli.remedy", remedy=w(f"{key}.remedy", **finding.values)))


def examine(session: Session) -> Iterator[Finding]:
    """Look at one thing after the other; what cannot be looked at is a fault of its own."""
    waves: tuple[Wave, ...] = ()
    yield from _examine_folder(session)
    try:
        waves = _read_waves(session)
        yield Finding("store")
    except SurveyError as error:
        fault = error.faults[0]
        said = {"what": fault.sentence(session.lang), "remedy": fault.remedy(session.lang)}
        yield Finding("store", FAULT, "failed", said)
    yield _examine_clock(session.today(), waves)
    yield _examine_synchronisation()
    yield _examine_fonts()
    yield _examine_memory()
    yield _examine_debugging()
    yield _examine_retention(session.today(), waves)


def _examine_folder(session: Session) -> Iterator[Finding]:
    from survey_service.storage.condition import folder_of, inspect_folder  # noqa: PLC0415 - start-up time

    folder = folder_of(session.url)
    if folder is None:
        return
    found = inspect_folder(folder)
    gigabytes = f"{found.free_bytes / (1 << 30):.1f}"
    is_short = found.free_bytes < LEAST_FREE
    yield Finding("disk", FAULT if is_short else OK, "full", {"free": gigabytes})
    kind = found.network_kind
    yield Finding("network", FAULT if kind else OK, "remote", {"kind": kind})
    some = session.words("cli.list_separator").join(str(path) for path in found.exposed[:3])
    exposed = {"n": len(found.exposed), "files": some, "folder": folder}
    yield Finding("permissions", FAULT if found.exposed else OK, "exposed", exposed)


def _read_waves(session: Session) -> "tuple[Wave, ...]":
    """Write to the store and read its waves; a store that was not made yet is not made now."""
    from survey_service.storage.condition import folder_of  # noqa: PLC0415

    folder = folder_of(session.url)
    if folder is not None and not folder.exists():
        return ()
    store = session.open_store()
    store.check_writable()
    return store.waves()


def _examine_clock(today: Date, waves: "tuple[Wave, ...]") -> Finding:
    days = [day for wave in waves for day in (wave.opened_on, wave.closed_on) if day]
    latest = max([_EARLIEST, *days])
    is_behind = today < latest
    return Finding(
        "clock", FAULT if is_behind else OK, "behind", {"today": today, "latest": latest}
    )


def _examine_synchronisation() -> Finding:
    if sys.platform != "linux":
        return Finding("synchronisation")
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # asks and sets nothing
    is_loose = state == _UNSYNCHRONISED
    return Finding("synchronisation", WARNING if is_loose else OK, "loose")


def _examine_fonts() -> Finding:
    from reports.faces import check_faces  # noqa: PLC0415 - start-up time

    missing = check_faces()
    return Finding("fonts", FAULT if missing else OK, "missing", {"faces": " ".join(missing)})


def _examine_memory() -> Finding:
    """Look whether memory may be written to a disk by the system."""
    try:
        has_swap = len(_SWAPS.read_text(encoding="ascii").splitlines()) > 1
    except OSError:
        has_swap = False
    return Finding("memory", WARNING if has_swap else OK, "swap")


def _examine_debugging() -> Finding:
    try:
        refuse_debugging()
    except SurveyError as error:
        return Finding("debugging", FAULT, "on", error.faults[0].values)
    return Finding("debugging")


def _examine_retention(today: Date, waves: "tuple[Wave, ...]") -> Finding:
    from survey_service.service.retention import list_expired  # noqa: PLC0415

    expired = " ".join(wave.id for wave in list_expired(waves, today))
    return Finding("retention", WARNING if expired else OK, "due", {"waves": expired})
