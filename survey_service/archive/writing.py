"""Write a backup, one wave after the other, and seal it."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from survey_service.archive.manifest import (
    NAME,
    Entry,
    Manifest,
    count,
    name_member,
    write_manifest,
)
from survey_service.archive.members import write_members
from survey_service.archive.seal import SEAL_BYTES, take_seal
from survey_service.snapshot import Snapshot

_PRIVATE_FILE = 0o100600 << 16
_POSIX = 3


def write_archive(stream: BinaryIO, snapshots: Iterable[Snapshot], made_on: date) -> Manifest:
    """Write a backup into an empty stream that can be read back; one snapshot in memory at a time."""
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        manifest = Manifest(made_on, tuple(_write_wave(archive, each) for each in snapshots))
        _add(archive, NAME, write_manifest(manifest))
        archive.comment = bytes(SEAL_BYTES)
    seal = take_seal(stream)
    stream.seek(-SEAL_BYTES, 2)
    stream.write(seal)
    return manifest


def _write_wave(archive: ZipFile, snapshot: Snapshot) -> Entry:
    hashes = {}
    for name, content in write_members(snapshot):
        _add(archive, name_member(snapshot.wave.id, name), content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    return Entry(snapshot.wave.id, count(snapshot), hashes)


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    member = ZipInfo(name)  # dated 1980-01-01, as all are
    member.external_attr = _PRIVATE_FILE
    member.create_system = _POSIX
    archive.writestr(member, content)
