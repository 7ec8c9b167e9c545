"""The store for several web processes and machines: PostgreSQL, from version 13.

Owner of SQLAlchemy, psycopg and alembic; nothing else imports them.
"""

from survey_service.storage.postgresql.migration import upgrade_database
from survey_service.storage.postgresql.store import PostgreSQLStore

__all__ = ["PostgreSQLStore", "upgrade_database"]
