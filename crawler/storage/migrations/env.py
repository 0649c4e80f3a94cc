"""Alembic's environment: it runs inside a connection that ``schema.upgrade`` hands over."""

from __future__ import annotations

from alembic import context

from crawler.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
