"""Read a backup: nothing of it is believed before every byte was checked."""

import hashlib
import json
import struct
from typing import BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from survey_service.archive.manifest import (
    NAME,
    VERSION,
    Counts,
    Entry,
    Manifest,
    count,
    name_member,
    read_manifest,
    read_version,
)
from survey_service.archive.members import MEMBERS, RECORD, read_members, read_record
from survey_service.archive.seal import is_sealed
from survey_service.errors import Code, Place, SurveyError
from survey_service.snapshot import Snapshot
from survey_service.wave import Wave

_BEGINNING = b"PK\x03\x04"
_UNREADABLE = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,  # a way of packing that zipfile does not know
    OSError,
    OverflowError,
    RuntimeError,  # what zipfile says of encrypted members; nesting without end in JSON
    ValueError,
    struct.error,
)


class Archive:
    """A backup that was checked; see ``open_archive``."""

    def __init__(self, zipped: ZipFile, manifest: Manifest, name: str) -> None:
        self.manifest = manifest
        self._zipped = zipped
        self._name = name
        self._entries = {entry.wave_id: entry for entry in manifest.waves}

    @property
    def waves(self) -> tuple[Wave, ...]:
        """Return the waves it holds."""
        try:
            return tuple(read_record(self._read(entry, RECORD)) for entry in self.manifest.waves)
        except (ValueError, SurveyError):
            raise self._damaged(RECORD) from None

    def counts(self, wave_id: str) -> Counts:
        """Return how much it holds of a wave."""
        return self._entries[wave_id].counts

    def snapshot(self, wave_id: str) -> Snapshot:
        """Return everything it holds of a wave; ``archive_damaged`` if that makes no sense."""
        entry = self._entries[wave_id]
        try:
            snapshot = read_members(lambda name: self._read(entry, name))
        except (ValueError, SurveyError):
            raise self._damaged(wave_id) from None
        if count(snapshot) != entry.counts or snapshot.wave.id != wave_id:
            raise self._damaged(wave_id)
        return snapshot

    def check_members(self) -> None:
        """Compare every member with its hash; ``archive_damaged`` names the first that differs."""
        for entry in self.manifest.waves:
            for name in MEMBERS:
                self._read(entry, name)

    def _read(self, entry: Entry, name: str) -> bytes:
        place = name_member(entry.wave_id, name)
        try:
            content = self._zipped.read(place)
        except _UNREADABLE:
            raise self._damaged(place) from None
        if hashlib.sha256(content).hexdigest() != entry.sha256[name]:
            raise self._damaged(place)
        return content

    def _damaged(self, what: str) -> SurveyError:
        return SurveyError(Code.ARCHIVE_DAMAGED, Place(self._name), what=what)


def open_archive(stream: BinaryIO, name: str) -> Archive:
    """Return the backup in a stream, every byte of it checked; ``name`` is what messages call it.

    Raises ``archive_format`` if it is no backup, ``archive_version`` if a later program wrote it,
    ``archive_damaged`` if it is not as it was written.
    """
    is_zip = stream.read(len(_BEGINNING)) == _BEGINNING
    if not is_zip:
        raise SurveyError(Code.ARCHIVE_FORMAT, Place(name))
    try:
        zipped = ZipFile(stream)
        if NAME not in zipped.namelist():
            raise SurveyError(Code.ARCHIVE_FORMAT, Place(name))
        _require_stored(zipped)
        content = json.loads(zipped.read(NAME))
        version = read_version(content)
        if version is None:
            raise SurveyError(Code.ARCHIVE_FORMAT, Place(name))
        if version > VERSION:
            raise SurveyError(Code.ARCHIVE_VERSION, Place(name))
        if version < VERSION:
            raise SurveyError(Code.ARCHIVE_DAMAGED, Place(name), what=NAME)
        manifest = read_manifest(content)
        _require_members(zipped, manifest)
    except _UNREADABLE:
        raise SurveyError(Code.ARCHIVE_DAMAGED, Place(name), what=NAME) from None
    archive = Archive(zipped, manifest, name)
    archive.check_members()
    if not is_sealed(stream):
        raise SurveyError(Code.ARCHIVE_DAMAGED, Place(name), what=name)
    return archive


def _require_stored(zipped: ZipFile) -> None:
    """Refuse what is packed: a small file could then grow without end."""
    for member in zipped.infolist():
        if member.compress_type != ZIP_STORED or member.file_size != member.compress_size:
            raise ValueError("a member is packed")


def _require_members(zipped: ZipFile, manifest: Manifest) -> None:
    """Refuse members that are missing, strange, or there twice."""
    expected = [name_member(entry.wave_id, name) for entry in manifest.waves for name in MEMBERS]
    if sorted(zipped.namelist()) != sorted([*expected, NAME]):
        raise ValueError("other members than the manifest names")
