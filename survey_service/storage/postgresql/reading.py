"""Everything of a wave, read at one instant; no answer is handled one by one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import ARRAY, Connection, LargeBinary, Row, any_, func, literal, select

from survey_service.answers import AnswerTable
from survey_service.errors import Code, SurveyError
from survey_service.response import PACES, Comment, decode_symbols
from survey_service.snapshot import Snapshot
from survey_service.storage.postgresql.records import read_wave
from survey_service.storage.postgresql.schema import (
    CODE,
    COMMENT,
    RESPONSE,
    SPENT,
    SUBMISSION,
    every,
)
from survey_service.wave import Wave


def read_answers(connection: Connection, wave: Wave) -> AnswerTable:
    """Return all responses of a wave in canonical order.

    The database joins the answers of a stratum and a pace into one long value, so that a million
    of them arrive as some hundred. ``store_damaged`` if one has not the width of the questionnaire.
    """
    width = len(wave.questionnaire.closed)
    kept = every(RESPONSE)
    length = func.octet_length(kept.c.answers)
    query = (
        select(
            kept.c.stratum,
            kept.c.pace,
            func.count().label("people"),
            func.min(length).label("shortest"),
            func.max(length).label("longest"),
            func.string_agg(kept.c.answers, literal(b"", LargeBinary)).label("answers"),
        )
        .where(kept.c.wave == wave.id)
        .group_by(kept.c.stratum, kept.c.pace)
    )
    try:
        return _tabulate(connection.execute(query).all(), width).sort()
    except ValueError:
        raise SurveyError(Code.STORE_DAMAGED, what=wave.id) from None


def _tabulate(groups: Sequence[Row[Any]], width: int) -> AnswerTable:
    strata = sorted({group.stratum for group in groups})
    people = [group.people for group in groups]
    if any(not group.shortest == group.longest == width for group in groups):
        raise ValueError("answers of another width")
    if any(not 0 <= group.pace < len(PACES) for group in groups):
        raise ValueError("an unknown class of pace")
    symbols = np.frombuffer(b"".join(group.answers for group in groups), np.uint8)
    return AnswerTable(
        tuple(strata),
        np.repeat([strata.index(group.stratum) for group in groups], people).astype(np.int32),
        np.repeat([group.pace for group in groups], people).astype(np.int8),
        decode_symbols(symbols).reshape(-1, width),
    )


def read_comments(connection: Connection, wave_id: str) -> tuple[Comment, ...]:
    """Return all comments of a wave in the order of their random ids."""
    kept = every(COMMENT)
    rows = connection.execute(select(kept).where(kept.c.wave == wave_id).order_by(kept.c.id))
    return tuple(
        Comment(row.item, row.coarse_group, row.words, row.theme, row.paraphrase, str(row.id))
        for row in rows
    )


def read_codes(connection: Connection, wave_id: str) -> dict[str, str]:
    """Return the stratum of every issued code."""
    rows = connection.execute(select(CODE.c.hash, CODE.c.stratum).where(CODE.c.wave == wave_id))
    return {code.hex(): stratum for code, stratum in rows}


def read_spent(connection: Connection, wave_id: str) -> frozenset[str]:
    """Return the codes that were used."""
    kept = every(SPENT)
    rows = connection.scalars(select(kept.c.hash).where(kept.c.wave == wave_id))
    return frozenset(code.hex() for code in rows)


def find_receipts(connection: Connection, wave_id: str, digests: Sequence[str]) -> set[str]:
    """Return the receipts of those submissions that were kept before."""
    kept = every(SUBMISSION)
    wanted = literal([bytes.fromhex(each) for each in digests], ARRAY(LargeBinary))
    rows = connection.scalars(
        select(kept.c.receipt).where((kept.c.wave == wave_id) & (kept.c.digest == any_(wanted)))
    )
    return set(rows)


def read_receipts(connection: Connection, wave_id: str) -> dict[str, str]:
    """Return the receipt of every submission, in the order of the digests."""
    kept = every(SUBMISSION)
    rows = connection.execute(
        select(kept.c.digest, kept.c.receipt).where(kept.c.wave == wave_id).order_by(kept.c.digest)
    )
    return {digest.hex(): receipt for digest, receipt in rows}


def read_snapshot(connection: Connection, wave_id: str) -> Snapshot:
    """Return everything kept of a wave."""
    wave = read_wave(connection, wave_id).wave
    return Snapshot(
        wave,
        read_answers(connection, wave),
        read_comments(connection, wave_id),
        read_receipts(connection, wave_id),
        read_codes(connection, wave_id),
        read_spent(connection, wave_id),
    )
