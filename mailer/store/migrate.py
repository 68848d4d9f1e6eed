"""Brings a database to the present shape, or says how far behind it is. Called at start and by `mailer check`.

Alembic is loaded only where there is something to do: it takes a tenth of the start.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.db import Store

if TYPE_CHECKING:
    from alembic.config import Config

TURN = 0x6D61696C  # any number that nothing else in the database locks
_HERE = Path(__file__).parent / "migrations"


def config(connection: Connection) -> "Config":
    """Alembic's settings for this connection."""
    from alembic.config import Config

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
        if _current(connection) != _newest():
            from alembic import command

            command.upgrade(config(connection), "head")


def behind(store: Store) -> tuple[str | None, str | None]:
    """The revision the database has (None: none) and the one this version wants."""
    with store.reading() as connection:
        return _current(connection), _newest()


def _current(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _newest() -> str:
    """Migrations form one line, and each file begins with its revision."""
    return max(path.name for path in (_HERE / "versions").glob("[0-9]*_*.py")).partition("_")[0]
