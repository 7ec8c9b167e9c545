"""The tables of the first version, and the functions that keep and mix answers."""

from pathlib import Path

from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Make everything; the statements stand beside, as the database reads them."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text("utf-8"))
