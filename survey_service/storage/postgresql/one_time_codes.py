"""One-time codes: issuing, counting, finding."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, exists, func, select

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.schema import CODE, SPENT, every
from survey_service.storage.postgresql.writing import write_codes
from survey_service.store import CodeCount
from survey_service.wave import Wave

FIND = (
    "SELECT code.stratum FROM wave LEFT JOIN code ON code.wave = wave.id AND code.hash = %s"
    " WHERE wave.id = %s"
)
"""No row where there is no such wave, NULL where there is no such code."""


def issue(
    connection: Connection, wave: Wave, codes: Mapping[str, Sequence[str]], *, replace: bool
) -> Wave:
    """Keep new codes for some strata; with ``replace`` void those that nobody has used."""
    wave.require_codes()
    of_strata = (CODE.c.wave == wave.id) & CODE.c.stratum.in_(list(codes))
    if not replace and connection.scalar(select(exists().where(of_strata))):
        raise SurveyError(Code.CODES_ISSUED, wave=wave.id)
    spent = every(SPENT)
    is_spent = exists().where((spent.c.wave == CODE.c.wave) & (spent.c.hash == CODE.c.hash))
    connection.execute(delete(CODE).where(of_strata & ~is_spent))
    new = {code: stratum for stratum, hashes in codes.items() for code in hashes}
    write_codes(connection, wave.id, new)
    counts = count_codes(connection, wave.id)
    if any(s.id in counts and counts[s.id].issued > s.headcount for s in wave.strata.strata):
        raise SurveyError(Code.CODES_MANY, wave=wave.id)
    return wave.count_issue()


def count_codes(connection: Connection, wave_id: str) -> dict[str, CodeCount]:
    """Return for every stratum with codes how many there are and how many are spent."""
    spent = every(SPENT)
    joined = CODE.outerjoin(spent, (spent.c.wave == CODE.c.wave) & (spent.c.hash == CODE.c.hash))
    rows = connection.execute(
        select(CODE.c.stratum, func.count(), func.count(spent.c.hash))
        .select_from(joined)
        .where(CODE.c.wave == wave_id)
        .group_by(CODE.c.stratum)
        .order_by(CODE.c.stratum)
    )
    return {stratum: CodeCount(issued, used) for stratum, issued, used in rows}
