"""Short lives of a wave, from making it to deleting it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.wave import Wave
from tests.factories import CLOSED, make_roster, make_wave
from tests.faults.crash import scratch
from tests.faults.histories import (
    Close,
    Command,
    Create,
    Delete,
    Import,
    Issue,
    Open,
    Restore,
    Review,
    Submit,
)
from tests.faults.promises import make_numbered

_SALT = "00" * 8
_CODES = [f"{n:x}" * 64 for n in range(1, 16)]


@dataclass(frozen=True)
class Life:
    """A wave and what is done with it."""

    wave: Wave
    commands: Sequence[Command]


def lives(questionnaire: Questionnaire) -> Mapping[str, Life]:
    """Return the lives that are examined, by name."""
    plain = make_wave(questionnaire, salt=_SALT)
    roster = make_roster({"甲": {"manager": 10, "frontline": 15}})
    coded = make_wave(questionnaire, roster, access="codes", salt=_SALT)
    return {
        "first answer": Life(plain, [Create(), Submit(1)]),
        "beginning": Life(plain, [Create(), Submit(1), Submit(2), Close()]),
        "answers": Life(plain, _answers()),
        "codes": Life(coded, _codes()),
        "restore": Life(coded, [_restore(coded, closed=False), *_with_codes(6, 7), Close()]),
        "restore closed": Life(plain, [_restore(plain, closed=True), Delete(), Create()]),
    }


def _answers() -> Sequence[Command]:
    """Seal three times and extend a ledger; delete and begin again under the same id."""
    return [
        Create(),
        *map(Submit, range(1, 6)),
        Import([6, 7]),
        Submit(8),
        Close(),
        Review("M1"),
        Delete(),
        Create(),
        Submit(11),
    ]


def _codes() -> Sequence[Command]:
    return [
        Create(opened=False),
        Issue(_CODES[:5]),
        Open(),
        *_with_codes(0, 1),
        Issue(_CODES[5:8]),
        *_with_codes(5, 6, 7),
        Issue(_CODES[8:10]),
        Close(),
        Delete(),
    ]


def _with_codes(*places: int) -> list[Command]:
    return [Submit(1 + place, _CODES[place]) for place in places]


def _restore(wave: Wave, *, closed: bool) -> Restore:
    with scratch() as folder:
        store = open_store(f"tinydb:{Path(folder)}/other")
        store.create_wave(wave)
        if wave.access == "codes":
            store.issue_codes(wave.id, {"s001": _CODES[:10]}, replace=False)
        used = {n: _CODES[n - 1] if wave.access == "codes" else "" for n in range(1, 6)}
        for number, code in used.items():
            store.submit(wave.id, make_numbered(number, code), wave.opened_on or CLOSED)
        if closed:
            store.close_wave(wave.id, CLOSED, now=True)
        snapshot = store.snapshot(wave.id)
    return Restore(snapshot, dict.fromkeys(used, ""), used if wave.access == "codes" else {})
