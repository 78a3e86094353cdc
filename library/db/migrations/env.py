"""Run by Alembic; the connection and its transaction belong to `library.db.migrating`."""

from __future__ import annotations

from alembic import context

from library.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
