"""Brings a database to the present shape, or says how far behind it is. Called at start and by `mailer check`.

Alembic is loaded only where there is something to do: it takes a tenth of the start.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.errors import Misconfigured
from mailer.store.db import Store
from mailer.store.tables import meta

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

    Processes that start at the same moment take turns. Raises Misconfigured for a database that is not ours to change.
    """
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))
        has = _current(connection)
        if has != _newest():
            _refuse_foreign(connection, store.url, has)
            from alembic import command

            command.upgrade(config(connection), "head")


def _refuse_foreign(connection: Connection, url: sa.URL, has: str | None) -> None:
    """Raises Misconfigured for the database of a newer version of ours, and for one of something else."""
    where = f"database.url = {url.render_as_string(hide_password=True)!r}"
    if has is not None and has not in _revisions():
        raise Misconfigured(f"{where}: it is at {has}, and this version knows {_newest()}; run the newer one again")
    there = set(sa.inspect(connection).get_table_names()) if has is None else set()
    if there & set(meta.tables) or (there and connection.dialect.name == "sqlite"):  # PostgreSQL may have extensions
        raise Misconfigured(f"{where}: it holds the tables of something else; name an empty database, or a new file")


def behind(store: Store) -> tuple[str | None, str | None]:
    """The revision the database has (None: none) and the one this version wants. Raises Misconfigured as `upgrade`."""
    with store.reading() as connection:
        has = _current(connection)
        _refuse_foreign(connection, store.url, has)
        return has, _newest()


def _current(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _newest() -> str:
    """Migrations form one line, and each file begins with its revision."""
    return max(_revisions())


def _revisions() -> set[str]:
    return {path.name.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*_*.py")}
