"""How the tables became what they are: one script for each version, run by alembic."""
