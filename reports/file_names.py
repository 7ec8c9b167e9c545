"""File names for units: safe on every system, no two alike, and still readable."""

import re
import unicodedata
from collections.abc import Sequence

from reports.material import OWN_STAFF, ROLL_UP
from reports.punctuation import clean
from survey_service.i18n import Words

#: What Windows forbids in a name, and what shells and servers read as something else.
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
#: Names that Windows keeps for devices, with or without an ending.
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
#: What hides a file, or would be read as an option or a home, at its start; what Windows cuts at its end.
LEADING, TRAILING = " .\u3000-~", " .\u3000"
#: Most file systems take 255 bytes; an ending, a number and a temporary name need some of them.
MOST_BYTES = 180


def name_files(units: Sequence[str], say: Words) -> dict[str, str]:
    """Return a file name without its ending for each unit, the same for the same units in order."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        stem = _name(unit, say)
        name, number = stem, 1
        while _fold(name) in taken:
            number += 1
            name = f"{stem} ({number})"
        taken.add(_fold(name))
        names[unit] = name
    return names


def _name(unit: str, say: Words) -> str:
    """Return the path of a unit as one name: its parts joined, roll-ups in words."""
    words = {ROLL_UP: say("unit.names.others"), OWN_STAFF: say("unit.names.own")}
    parts = [words.get(part, clean(part)) for part in unit.split("/")]
    name = FORBIDDEN.sub("-", "-".join(parts))
    name = _cut(name).lstrip(LEADING).rstrip(TRAILING)
    if not name:
        name = "unit"
    return f"_{name}" if RESERVED.fullmatch(name) else name


def _cut(name: str) -> str:
    """Shorten a name to what file systems take; the end stays, for siblings differ there."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    for keep in range(len(name) - 1, 0, -1):
        tail = keep // 3
        shorter = f"{name[: keep - tail]}…{name[len(name) - tail :]}"
        if len(shorter.encode()) <= MOST_BYTES:
            return shorter
    return ""


def _fold(name: str) -> str:
    """Return what a file system that ignores case, and one that decomposes accents, compares."""
    return unicodedata.normalize("NFKC", name).casefold()
