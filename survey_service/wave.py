"""A wave: one run of a questionnaire, with its roster, its dates and its notice to employees.

The state is derived from dates and closing, never stored; opening and closing are one-way.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

from survey_service.errors import Code, Fault, Place, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.roster import Roster
from survey_service.strata import NO_STRATA, WHOLE, Strata, make_single_stratum, make_strata

ACCESS_MODES = ("open", "codes")
GRACE = timedelta(hours=72)
"""For so long after the closing date, answers on their way may still arrive."""

_WAVE_ID = re.compile(r"[a-z0-9-]{1,40}")
_KEY_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class State(Enum):
    """The life of a wave."""

    DRAFT = "draft"
    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True)
class Notice:
    """Who handles the answers; shown on the landing page. Empty parts are not shown."""

    organisation: str = ""
    handler: str = ""
    contact: str = ""
    retention_months: int | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the parts that are still empty, as the command line calls them."""
        parts = vars(self) | {"retention": self.retention_months}
        return tuple(
            name for name in ("organisation", "handler", "contact", "retention") if not parts[name]
        )


NO_NOTICE = Notice()


@dataclass(frozen=True)
class Wave:
    """One run. ``frozen_sha256`` is the hash of the answers, made when the wave was closed.

    ``salt`` (random, hexadecimal) goes into the hashes of submissions and codes and is forgotten at
    closing, and so is ``sealing_key``, the private key that opens what phones sealed; ``codes_issued``
    counts how often codes were issued; ``last_seen`` holds the answers of each group of units when an
    admin last looked. ``released`` names, for every measure, the sets that were published,
    and of every wave it was compared with the measures whose change was told.

    The answers of a ``rehearsal`` are practice: everything printed of it says so.
    """

    id: str
    questionnaire: Questionnaire
    title: str = ""
    access: str = "open"
    roster: Roster | None = None
    strata: Strata = NO_STRATA
    unit_keys: Mapping[str, str] | None = None
    opens: date | None = None
    closes: date | None = None
    notice: Notice = NO_NOTICE
    rehearsal: bool = False
    opened_on: date | None = None
    closed_on: date | None = None
    frozen_sha256: str = ""
    salt: str = ""
    sealing_key: str = ""
    codes_issued: int = 0
    last_seen: Mapping[str, int] | None = None
    released: Mapping[str, list[str]] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be: a bad id, dates in the wrong order, closing without opening."""
        if self.access == "codes" and self.roster is None:
            raise SurveyError(Code.CODES_ROSTER)
        if not is_wave_id(self.id):
            raise SurveyError(Code.WAVE_ID)
        if self.opens and self.closes and self.closes < self.opens:
            raise SurveyError(Code.WAVE_DATES)
        if self.closed_on and not self.opened_on:
            raise SurveyError(Code.WAVE_DRAFT, wave=self.id)

    def state(self, today: date) -> State:
        """Return where the wave stands on a day."""
        if self.closed_on:
            return State.CLOSED
        if not self.opened_on or (self.opens and today < self.opens):
            return State.DRAFT
        if self.closes and today > self.closes:
            return State.OVERDUE
        return State.OPEN

    def is_accepting(self, today: date) -> bool:
        """Return whether an answer given on a day is still taken."""
        return self.state(today) in {State.OPEN, State.OVERDUE}

    def require_accepting(self, today: date) -> None:
        """Raise ``wave_draft`` or ``wave_closed`` unless answers are taken."""
        if not self.is_accepting(today):
            code = Code.WAVE_CLOSED if self.closed_on else Code.WAVE_DRAFT
            raise SurveyError(code, wave=self.id)

    def open(self, today: date) -> "Wave":
        """Return the wave opened; ``wave_opened`` or ``wave_closed`` if it was before."""
        if self.closed_on:
            raise SurveyError(Code.WAVE_CLOSED, wave=self.id)
        if self.opened_on:
            raise SurveyError(Code.WAVE_OPENED, wave=self.id)
        if self.closes and self.closes < today:
            raise SurveyError(Code.WAVE_DATES)
        return replace(self, opened_on=today)

    def require_closable(self, today: date, *, now: bool) -> None:
        """Raise unless the wave may be closed today.

        ``wave_early`` before its closing date and until 72 hours after it, unless ``now``:
        phones without a signal may still hold answers that are on their way.
        """
        if self.closed_on:
            raise SurveyError(Code.WAVE_CLOSED, wave=self.id)
        if not self.opened_on:
            raise SurveyError(Code.WAVE_DRAFT, wave=self.id)
        if self.closes and not now and today <= self.closes + GRACE:
            raise SurveyError(
                Code.WAVE_EARLY, wave=self.id, date=(self.closes + GRACE + timedelta(days=1))
            )

    def close(self, today: date, frozen_sha256: str) -> "Wave":
        """Return the wave closed, with the hash of its frozen answers."""
        return replace(
            self,
            closed_on=today,
            frozen_sha256=frozen_sha256,
            salt="",
            sealing_key="",
            last_seen=None,
        )

    def remember(self, seen: Mapping[str, int]) -> "Wave":
        """Return the wave with the answers of each group as just seen; nothing once it is closed."""
        return self if self.closed_on else replace(self, last_seen=dict(seen))

    def extend(self, closes: date, today: date) -> "Wave":
        """Return the wave with a later closing date; only while it is open, and only forward.

        Raises ``wave_draft``, ``wave_closed``, or ``wave_not_later`` if the date is not later than the
        present one or in the past.
        """
        self.require_accepting(today)
        if closes < today or (self.closes and closes <= self.closes):
            raise SurveyError(Code.WAVE_NOT_LATER, date=self.closes or today)
        return replace(self, closes=closes)

    def stratum(self, unit: str, role: str) -> str:
        """Return the label for an answer from ``unit`` (key, path or unique name) as ``role``.

        Where the wave asks for the unit, raises ``unit_needed`` and ``role_needed`` (both if both are
        missing), or ``unit_unknown``; each fault names its field.
        """
        if not self.strata.groups:
            return WHOLE
        needed = ((unit, "unit", Code.UNIT_NEEDED), (role, "role", Code.ROLE_NEEDED))
        missing = [
            Fault(code, place=Place(column=name)) for value, name, code in needed if not value
        ]
        if missing:
            raise SurveyError.of(missing)
        named = (
            None
            if self.roster is None
            else self.roster.find((self.unit_keys or {}).get(unit.upper(), unit))
        )
        found = None if named is None else self.strata.locate(named.path, role)
        if found is None:
            raise SurveyError(Code.UNIT_UNKNOWN, Place(column="unit"))
        return found.id

    def require_codes(self) -> None:
        """Raise unless codes may be issued: ``codes_mode`` in open access, ``wave_closed``."""
        if self.access != "codes":
            raise SurveyError(Code.CODES_MODE, wave=self.id)
        if self.closed_on:
            raise SurveyError(Code.WAVE_CLOSED, wave=self.id)

    def count_issue(self) -> "Wave":
        """Return the wave after one more issue of codes."""
        return replace(self, codes_issued=self.codes_issued + 1)

    def to_record(self) -> dict[str, Any]:
        """Return plain data that ``from_record`` reads back; the definition is kept word for word."""
        return {
            "id": self.id,
            "title": self.title,
            "access": self.access,
            "definition": self.questionnaire.definition,
            "definition_sha256": self.questionnaire.sha256,
            "roster": None if self.roster is None else self.roster.to_record(),
            "unit_keys": self.unit_keys,
            "opens": _write_date(self.opens),
            "closes": _write_date(self.closes),
            "notice": vars(self.notice),
            "rehearsal": self.rehearsal,
            "opened_on": _write_date(self.opened_on),
            "closed_on": _write_date(self.closed_on),
            "frozen_sha256": self.frozen_sha256,
            "salt": self.salt,
            "sealing_key": self.sealing_key,
            "codes_issued": self.codes_issued,
            "last_seen": self.last_seen,
            "released": self.released,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Wave":
        """Read what ``to_record`` wrote; ``store_damaged`` if the definition is not the one opened with."""
        questionnaire = Questionnaire.from_definition(record["definition"])
        if questionnaire.sha256 != record["definition_sha256"]:
            raise SurveyError(Code.STORE_DAMAGED, what=record["id"])
        roster = None if record["roster"] is None else Roster.from_record(record["roster"])
        return cls(
            id=record["id"],
            questionnaire=questionnaire,
            title=record["title"],
            access=record["access"],
            roster=roster,
            strata=_strata(roster, questionnaire),
            unit_keys=record["unit_keys"],
            opens=_read_date(record["opens"]),
            closes=_read_date(record["closes"]),
            notice=Notice(**record["notice"]),
            rehearsal=record["rehearsal"],
            opened_on=_read_date(record["opened_on"]),
            closed_on=_read_date(record["closed_on"]),
            frozen_sha256=record["frozen_sha256"],
            salt=record["salt"],
            sealing_key=record.get("sealing_key", ""),
            codes_issued=record["codes_issued"],
            last_seen=record["last_seen"],
            released=record["released"],
        )


def _strata(roster: Roster | None, questionnaire: Questionnaire) -> Strata:
    if roster is None:
        return NO_STRATA
    return make_single_stratum(roster) if questionnaire.background else make_strata(roster)


def is_wave_id(text: str) -> bool:
    """Return whether a text can be the id of a wave: ``[a-z0-9-]``, at most 40."""
    return _WAVE_ID.fullmatch(text) is not None


def make_unit_keys(roster: Roster) -> dict[str, str]:
    """Return a random 6-character key for every unit that people choose from, key -> path."""
    keys: dict[str, str] = {}
    for unit in roster.staffed:
        key = ""
        while not key or key in keys:
            key = "".join(secrets.choice(_KEY_SYMBOLS) for _ in range(6))
        keys[key] = unit.path
    return keys


def _write_date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
