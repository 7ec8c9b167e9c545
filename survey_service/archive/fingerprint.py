"""One hash over everything a store keeps of a wave, whichever store keeps it."""

import hashlib
import json

from survey_service.archive.members import RECORD, write_members
from survey_service.snapshot import Snapshot


def take_fingerprint(snapshot: Snapshot) -> str:
    """Return the SHA-256 over all of a snapshot; stores may order the fields of a record as they like."""
    digest = hashlib.sha256()
    for name, content in write_members(snapshot):
        written = _sort_keys(content) if name == RECORD else content
        digest.update(hashlib.sha256(written).digest())
    return digest.hexdigest()


def _sort_keys(record: bytes) -> bytes:
    return json.dumps(json.loads(record), sort_keys=True).encode()
