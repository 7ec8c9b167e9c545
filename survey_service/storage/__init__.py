"""Stores behind one door: ``open_store(url)``."""

from pathlib import Path

from survey_service.errors import Code, SurveyError
from survey_service.store import Store

DEFAULT_URL = "tinydb:instance"


def open_store(url: str) -> Store:
    """Return the store of a URL such as ``tinydb:instance`` or ``postgresql://host/database``.

    Raises ``store_url`` if we do not know it, ``store_driver`` if PostgreSQL's driver is missing.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "tinydb" and rest:
        from survey_service.storage.tinydb import TinyDBStore  # noqa: PLC0415 - loaded when chosen

        return TinyDBStore(Path(rest))
    if scheme == "postgresql" and rest:
        try:
            from survey_service.storage.postgresql import PostgreSQLStore  # noqa: PLC0415 - an extra
        except ImportError:
            raise SurveyError(Code.STORE_DRIVER) from None
        return PostgreSQLStore(url)
    raise SurveyError(Code.STORE_URL)


def upgrade_store(url: str) -> None:
    """Bring the tables of a database to the version of this program; TinyDB has none.

    Raises what ``open_store`` raises.
    """
    if not url.startswith("postgresql:"):
        open_store(url).close()
        return
    try:
        from survey_service.storage.postgresql import upgrade_database  # noqa: PLC0415 - an extra
    except ImportError:
        raise SurveyError(Code.STORE_DRIVER) from None
    upgrade_database(url)
