"""Brings a database to the present shape, or says how far behind it is. Called at start and by `mailer check`."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from mailer.store.db import Store

TURN = 0x6D61696C  # any number that nothing else in the database locks
_HERE = Path(__file__).parent / "migrations"


def config(connection: Connection) -> Config:
    """Alembic's settings for this connection."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(_HERE))
    return made


def upgrade(store: Store) -> None:
    """Run every migration that has not run, in one transaction: a kill half-way leaves the database as it was.

    Processes that start at the same moment take turns.
    """
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))
        if _current(connection) != _newest(connection):
            command.upgrade(config(connection), "head")


def behind(store: Store) -> tuple[str | None, str | None]:
    """The revision the database has (None: none) and the one this version wants."""
    with store.reading() as connection:
        return _current(connection), _newest(connection)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest(connection: Connection) -> str | None:
    return ScriptDirectory.from_config(config(connection)).get_current_head()
