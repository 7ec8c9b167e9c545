"""Backups: one file that holds waves with everything a store keeps of them.

The file is a plain zip, nothing compressed, so that no small file grows large when it is read::

    waves/WAVE/wave.json        the record
    waves/WAVE/answers.bin      the answers (see ``compact``)
    waves/WAVE/comments.json    by their random ids
    waves/WAVE/receipts.txt     digest of a submission, receipt; by digest
    waves/WAVE/codes.txt        hash of a code, stratum, 1 if spent; by hash
    manifest.json               version, day, and for each wave counts and the hash of every member

Its last 64 bytes are the SHA-256 of all bytes before them. Nothing in it has an order or a time
that says anything, and the same content gives the same bytes.
"""

from survey_service.archive.fingerprint import take_fingerprint
from survey_service.archive.manifest import Counts, Manifest
from survey_service.archive.reading import Archive, open_archive
from survey_service.archive.writing import write_archive

__all__ = [
    "Archive",
    "Counts",
    "Manifest",
    "open_archive",
    "take_fingerprint",
    "write_archive",
]
