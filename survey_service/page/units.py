"""Choosing among many units: on a page of its own, step by step or by a part of the name.

A few units stand in the questionnaire itself. More would make it heavy for everybody, although only
those need them who did not come by the QR code of a poster.
"""

import unicodedata
from dataclasses import dataclass
from itertools import groupby

from survey_service.roster import Unit
from survey_service.wave import Wave

INLINE_UNITS = 10
"""So many units stand in the questionnaire; more are chosen on a page of their own."""

_ON_ONE_PAGE = 50


@dataclass(frozen=True)
class UnitGroup:
    """Units under one parent, or a piece of them: pairs of key and name."""

    name: str
    units: tuple[tuple[str, str], ...]
    is_piece: bool = False

    @property
    def ends(self) -> tuple[str, str]:
        """Return the names of the first and the last unit."""
        return self.units[0][1], self.units[-1][1]


@dataclass(frozen=True)
class UnitChoice:
    """What is offered: groups to go on to, or the units of one group or of a search.

    ``hidden`` counts the units found for which there was no room.
    """

    groups: tuple[UnitGroup, ...] = ()
    shown: tuple[UnitGroup, ...] = ()
    hidden: int = 0


def asks_unit(wave: Wave) -> bool:
    """Return whether people say where they work: not with a card, which knows, nor with background."""
    return wave.access == "open" and bool(wave.strata.groups)


def has_unit_page(wave: Wave) -> bool:
    """Return whether the unit is chosen on a page of its own."""
    return asks_unit(wave) and wave.roster is not None and len(wave.roster.staffed) > INLINE_UNITS


def group_units(wave: Wave) -> tuple[UnitGroup, ...]:
    """Return the units that people choose from, those of one parent together, in roster order."""
    if wave.roster is None or not asks_unit(wave):
        return ()
    return _group(wave, wave.roster.staffed)


def offer_units(wave: Wave, part: str = "", number: int | None = None) -> UnitChoice:
    """Return the units whose path or key holds ``part``, or group ``number``, or all groups."""
    groups = tuple(_cut(group_units(wave)))
    if _fold(part):
        return _find(wave, part)
    if number is not None and 0 <= number < len(groups):
        return UnitChoice(shown=(groups[number],))
    return UnitChoice(shown=groups) if len(groups) == 1 else UnitChoice(groups=groups)


def _find(wave: Wave, part: str) -> UnitChoice:
    wanted = _fold(part)
    keys = {path: key for key, path in (wave.unit_keys or {}).items()}
    staffed = wave.roster.staffed if wave.roster else ()
    found = [u for u in staffed if wanted in _fold(u.path) or wanted == _fold(keys[u.path])]
    shown = _group(wave, tuple(found[:_ON_ONE_PAGE]))
    return UnitChoice(shown=shown, hidden=max(0, len(found) - _ON_ONE_PAGE))


def _group(wave: Wave, units: tuple[Unit, ...]) -> tuple[UnitGroup, ...]:
    keys = {path: key for key, path in (wave.unit_keys or {}).items()}
    return tuple(
        UnitGroup(
            (parent or "").replace("/", "／"), tuple((keys[u.path], u.name) for u in siblings)
        )
        for parent, siblings in groupby(units, key=lambda unit: unit.parent)
    )


def _cut(groups: tuple[UnitGroup, ...]) -> list[UnitGroup]:
    """Cut groups that are too long for one page."""
    return [
        UnitGroup(
            group.name,
            group.units[start : start + _ON_ONE_PAGE],
            is_piece=len(group.units) > _ON_ONE_PAGE,
        )
        for group in groups
        for start in range(0, len(group.units), _ON_ONE_PAGE)
    ]


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
