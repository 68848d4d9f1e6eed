"""Alembic's entry: the connection is handed in by `store/migrate`, nothing is read from files."""

from alembic import context

from mailer.store.tables import meta

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=meta, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
