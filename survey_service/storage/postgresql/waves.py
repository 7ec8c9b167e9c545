"""Reading waves, often: a record travels and is parsed only when it is another one."""

from survey_service.errors import Code, SurveyError
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.records import Known, parse_record, require_wave_id
from survey_service.storage.postgresql.settings import Session

_NONE = 0  # no record has this number
_READ = "SELECT revision, CASE WHEN revision <> %s THEN record END FROM wave WHERE id = %s"
_LIST = "SELECT id FROM wave ORDER BY id"


class Waves:
    """The waves of a database, and what this process knows of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Known] = {}

    def list(self) -> tuple[str, ...]:
        """Return the id of every wave, in order."""
        rows = self._database.call(lambda s: s.execute(_LIST).fetchall(), Code.STORE_UNREADABLE)
        return tuple(wave_id for (wave_id,) in rows)

    def read(self, wave_id: str) -> Known:
        """Return a wave as it is now; ``wave_unknown`` if there is none with that id."""
        known = self.recall(wave_id)
        number = _NONE if known is None else known.revision

        def ask(session: Session) -> tuple[int, str | None] | None:
            return session.execute(_READ, (number, wave_id), prepare=True).fetchone()

        found = self._database.call(ask, Code.STORE_UNREADABLE)
        if found is None:
            raise SurveyError(Code.WAVE_UNKNOWN)
        revision, record = found
        return known if known and record is None else self.learn(wave_id, revision, record or "")

    def recall(self, wave_id: str) -> Known | None:
        """Return what was read last of a wave; ``wave_unknown`` for what cannot be one."""
        require_wave_id(wave_id)
        return self._known.get(wave_id)

    def learn(self, wave_id: str, revision: int, record: str) -> Known:
        """Remember the present record of a wave and return what it says."""
        known = self._known[wave_id] = Known(revision, parse_record(record))
        return known
