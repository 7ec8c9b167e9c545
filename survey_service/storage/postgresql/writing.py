"""Many rows at once, all in one transaction, in a random order."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Connection,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    bindparam,
    text,
    update,
)

from survey_service.answers import AnswerTable
from survey_service.response import Comment, encode_symbols
from survey_service.storage.postgresql.schema import CODE, COMMENT

_LONGEST_VALUE = 4_000_000
_ID_BITS = 60


def write_answers(connection: Connection, table: Table, wave_id: str, answers: AnswerTable) -> None:
    """Keep responses, sorted before: a stratum's answers travel as one value, cut up over there."""
    width = answers.codes.shape[1]
    symbols = encode_symbols(answers.codes)
    runs = list(_cut(answers, _LONGEST_VALUE // width))
    statement = text(
        f"INSERT INTO {table.name} (wave, stratum, pace, answers)"  # noqa: S608 - a name of ours
        " SELECT :wave, t.stratum, t.pace, substring(t.symbols FROM n * :width + 1 FOR :width)"
        " FROM unnest(:strata, :paces, :symbols) AS t (stratum, pace, symbols),"
        " generate_series(0, octet_length(t.symbols) / :width - 1) AS n"
        " ORDER BY gen_random_uuid()"
    ).bindparams(
        bindparam("strata", type_=ARRAY(Text)),
        bindparam("paces", type_=ARRAY(SmallInteger)),
        bindparam("symbols", type_=ARRAY(LargeBinary)),
    )
    values = {
        "wave": wave_id,
        "width": width,
        "strata": [answers.strata[answers.stratum[start]] for start, _ in runs],
        "paces": [int(answers.pace[start]) for start, _ in runs],
        "symbols": [symbols[start:end].tobytes() for start, end in runs],
    }
    connection.execute(statement, values)


def _cut(answers: AnswerTable, most: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of rows with one stratum and one pace, at most ``most`` long."""
    for start, end in answers.runs():
        for first in range(start, end, most):
            yield first, min(end, first + most)


def write_comments(
    connection: Connection, table: Table, wave_id: str, comments: Sequence[Comment]
) -> None:
    """Keep comments in a random order; one without an id is given a random one."""
    mixed = secrets.SystemRandom().sample(comments, len(comments))
    _insert(
        connection,
        table,
        wave_id,
        id=[int(each.id or draw_comment_id()) for each in mixed],
        item=[each.item for each in mixed],
        coarse_group=[each.group for each in mixed],
        words=[each.text for each in mixed],
        theme=[each.theme for each in mixed],
        paraphrase=[each.paraphrase for each in mixed],
    )


def review_comment(connection: Connection, wave_id: str, reviewed: Comment) -> bool:
    """Keep theme and paraphrase of a comment; return False if the wave has none of that id."""
    if not reviewed.id.isdecimal() or int(reviewed.id) >= 1 << _ID_BITS:
        return False
    found = connection.execute(
        update(COMMENT)
        .where((COMMENT.c.wave == wave_id) & (COMMENT.c.id == int(reviewed.id)))
        .values(theme=reviewed.theme, paraphrase=reviewed.paraphrase)
    )
    return bool(found.rowcount)


def draw_comment_id() -> int:
    """Return a random id for a comment."""
    return secrets.randbits(_ID_BITS)


def write_codes(connection: Connection, wave_id: str, codes: Mapping[str, str]) -> None:
    """Keep the stratum of every code, in the order of the hashes."""
    hashes = sorted(codes)
    strata = [codes[code] for code in hashes]
    _insert(connection, CODE, wave_id, hash=_to_bytes(hashes), stratum=strata)


def write_spent(connection: Connection, table: Table, wave_id: str, codes: Iterable[str]) -> None:
    """Keep the codes that were used, in the order of the hashes."""
    _insert(connection, table, wave_id, hash=_to_bytes(sorted(codes)))


def write_receipts(
    connection: Connection, table: Table, wave_id: str, receipts: Mapping[str, str]
) -> None:
    """Keep the receipt of every submission, in the order of the digests."""
    digests = sorted(receipts)
    numbers = [receipts[digest] for digest in digests]
    _insert(connection, table, wave_id, digest=_to_bytes(digests), receipt=numbers)


def _to_bytes(hashes: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in hashes]


def _insert(connection: Connection, table: Table, wave_id: str, **columns: Sequence[Any]) -> None:
    """Insert rows that are given as columns: one statement, whatever their number.

    A hash that is there stays as it is: an error would show it in the log of the server.
    """
    places = ", ".join(f":{name}" for name in columns)
    statement = text(
        f"INSERT INTO {table.name} (wave, {', '.join(columns)})"  # noqa: S608 - names of ours
        f" SELECT :wave, * FROM unnest({places})"
        f"{'' if 'id' in columns else ' ON CONFLICT DO NOTHING'}"
    ).bindparams(*(bindparam(name, type_=ARRAY(table.c[name].type)) for name in columns))
    connection.execute(statement, {"wave": wave_id, **columns})
