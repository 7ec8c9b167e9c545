"""What alembic runs: the scripts, in the transaction of the connection it was given."""

from alembic import context

from survey_service.storage.postgresql.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
