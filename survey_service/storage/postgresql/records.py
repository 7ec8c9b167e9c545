"""The records of waves, as rows: what is read and written inside a transaction."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.schema import OF_A_WAVE, WAVE
from survey_service.wave import Wave, is_wave_id


@dataclass(frozen=True)
class Known:
    """A wave, and the random number of the record it was read from: every change draws a new one."""

    revision: int
    wave: Wave


def draw_revision() -> int:
    """Return a random number that no other record has."""
    return secrets.randbits(62) + 1


def find_lock(wave_id: str, purpose: str = "write") -> int:
    """Return the number of an advisory lock of a wave."""
    digest = hashlib.sha256(f"survey-service:{purpose}:{wave_id}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def require_wave_id(wave_id: str) -> None:
    """Raise ``wave_unknown`` for what cannot be the id of a wave."""
    if not is_wave_id(wave_id):
        raise SurveyError(Code.WAVE_UNKNOWN)


def parse_record(record: str) -> Wave:
    """Return the wave of a record; ``store_damaged`` if it is none."""
    try:
        return Wave.from_record(json.loads(record))
    except (ValueError, KeyError, TypeError):
        raise SurveyError(Code.STORE_DAMAGED, what="wave") from None


def read_wave(connection: Connection, wave_id: str) -> Known:
    """Return a wave as it is in this transaction; ``wave_unknown`` if there is none."""
    require_wave_id(wave_id)
    found = connection.execute(select(WAVE).where(WAVE.c.id == wave_id)).first()
    if found is None:
        raise SurveyError(Code.WAVE_UNKNOWN)
    return Known(found.revision, parse_record(found.record))


def lock_wave(connection: Connection, wave_id: str) -> None:
    """Keep everybody else from changing a wave and what is kept of it, until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(find_lock(wave_id))))


def insert_wave(connection: Connection, wave: Wave, revision: int) -> bool:
    """Keep a new wave under a number and return True; False if it stands there under this number.

    Then an earlier attempt was committed and its reply lost. ``wave_exists`` if the id is taken.
    """
    lock_wave(connection, wave.id)
    present = connection.scalar(select(WAVE.c.revision).where(WAVE.c.id == wave.id))
    if present is None:
        connection.execute(insert(WAVE).values(_write(wave, revision)))
    elif present != revision:
        raise SurveyError(Code.WAVE_EXISTS, wave=wave.id)
    return present is None


def update_wave(connection: Connection, wave: Wave, revision: int) -> None:
    """Replace the record of a wave."""
    connection.execute(update(WAVE).where(WAVE.c.id == wave.id).values(_write(wave, revision)))


def remove_rows(connection: Connection, wave_id: str) -> None:
    """Remove everything that is kept of a wave, but its record."""
    for table in OF_A_WAVE:
        connection.execute(delete(table).where(table.c.wave == wave_id))


def remove_wave(connection: Connection, wave_id: str) -> None:
    """Remove every row of a wave."""
    remove_rows(connection, wave_id)
    connection.execute(delete(WAVE).where(WAVE.c.id == wave_id))


def _write(wave: Wave, revision: int) -> dict[str, Any]:
    record = json.dumps(wave.to_record(), ensure_ascii=True, separators=(",", ":"))
    return {"id": wave.id, "revision": revision, "record": record}
