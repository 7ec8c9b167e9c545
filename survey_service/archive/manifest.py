"""What a backup says of itself: its version, the day, and for each wave counts and hashes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from survey_service.archive.members import MEMBERS
from survey_service.snapshot import Snapshot
from survey_service.wave import is_wave_id

NAME = "manifest.json"
FORMAT = "survey-service-backup"
VERSION = 1


@dataclass(frozen=True)
class Counts:
    """How much there is of a wave."""

    answers: int
    comments: int
    receipts: int
    codes: int
    spent: int

    @property
    def unspent(self) -> int:
        """Return how many codes may still be used."""
        return self.codes - self.spent


@dataclass(frozen=True)
class Entry:
    """One wave in a backup; ``sha256`` is by name of member."""

    wave_id: str
    counts: Counts
    sha256: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """All waves of a backup, and the day on which it was made."""

    made_on: date
    waves: tuple[Entry, ...]


def count(snapshot: Snapshot) -> Counts:
    """Return how much there is in a snapshot."""
    return Counts(
        len(snapshot.answers),
        len(snapshot.comments),
        len(snapshot.receipts),
        len(snapshot.codes),
        len(snapshot.spent),
    )


def name_member(wave_id: str, name: str) -> str:
    """Return where a member stands in the file."""
    return f"waves/{wave_id}/{name}"


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as JSON."""
    waves = [
        {"id": entry.wave_id, "counts": asdict(entry.counts), "sha256": dict(entry.sha256)}
        for entry in manifest.waves
    ]
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_on": manifest.made_on.isoformat(),
        "waves": waves,
    }
    return json.dumps(content, indent=1).encode()


def read_version(content: object) -> int | None:
    """Return the version of a parsed manifest; None if it is none of ours."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    version = content.get("version")
    return version if isinstance(version, int) else None


def read_manifest(content: Mapping[str, Any]) -> Manifest:
    """Return the manifest of this version; ``ValueError`` if it makes no sense."""
    try:
        waves = tuple(_read_entry(entry) for entry in content["waves"])
        made_on = date.fromisoformat(content["made_on"])
    except (KeyError, TypeError, AttributeError):
        raise ValueError("the manifest is not understood") from None
    if len({entry.wave_id for entry in waves}) != len(waves):
        raise ValueError("a wave stands twice in the manifest")
    return Manifest(made_on, waves)


def _read_entry(entry: Mapping[str, Any]) -> Entry:
    sha256 = {name: str(entry["sha256"][name]) for name in MEMBERS}
    if not is_wave_id(entry["id"]):
        raise ValueError("a wave of no possible id")
    return Entry(entry["id"], Counts(**entry["counts"]), sha256)
