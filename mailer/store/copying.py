"""A whole database to somewhere else: a backup of SQLite while it runs, and the move from SQLite to PostgreSQL.

A copy is one consistent view of every table. Nothing is taken on trust: a backup is read through, a move is compared
row by row. Called by `mailer backup` and `mailer migrate-db`.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from mailer.community.tagging import hashtags
from mailer.errors import Misconfigured
from mailer.store.db import Store
from mailer.store.tables import community, meta, post
from mailer.store.talk import search

CHUNK = 500  # rows a statement; the raw mails among them are the memory it takes


def back_up(source: Path, target: Path) -> int:
    """Copy a SQLite database that is in use, in one view of it, and look the copy through; its octets.

    The service goes on writing meanwhile. The copy has its name only when it is whole and on the disk. Raises
    Misconfigured where the copy is not sound, and OSError.
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    part.touch(0o600)
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as db, closing(sqlite3.connect(part)) as copy:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise Misconfigured(f"the copy is not sound: {verdict}")
        _settle(part)
        part.rename(target)
        _settle(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _settle(place: Path) -> None:
    """On the disk, whatever happens next."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move(source: Store, target: Store) -> Mapping[str, int]:
    """Copy every row of one database into another that has the same shape and is empty; how many by table.

    One transaction on either side: the source takes no mail meanwhile, and the target has all or nothing. Raises
    Misconfigured where the target is not empty or what arrived is not what left.
    """
    with source.writing() as old, target.writing() as new:
        if new.scalar(sa.select(sa.func.count()).select_from(community)):
            raise Misconfigured("the new database is not empty")
        counts = {table: _copy(old, new, table) for table in meta.sorted_tables}
        _index(new)
        for table in counts:
            if fingerprint(old, table) != fingerprint(new, table):
                raise Misconfigured(f"what arrived in {table.name} is not what left")
        return {table.name: count for table, count in counts.items()}


def fingerprint(conn: Connection, table: Table) -> str:
    """One short name for all rows of a table, the same on either database."""
    digest = hashlib.sha256()
    for row in _rows(conn, table):
        for value in row:
            digest.update(repr(value).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _rows(conn: Connection, table: Table) -> Iterator[sa.Row[Any]]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    yield from conn.execute(query.execution_options(yield_per=CHUNK))


def _copy(old: Connection, new: Connection, table: Table) -> int:
    """All rows of a table. What a row says of another of its own table is said when all are there."""
    own = [fk.parent for fk in table.foreign_keys if fk.column.table is table]
    later, count = {column.name: None for column in own}, 0
    for chunk in old.execute(sa.select(table).execution_options(yield_per=CHUNK)).mappings().partitions():
        new.execute(sa.insert(table), [{**row, **later} for row in chunk])
        count += len(chunk)
    for column in own:
        query = sa.select(table.c.id, column).where(column.is_not(None))
        said = [{"b_id": id, "b_value": value} for id, value in old.execute(query)]
        if said:
            update = sa.update(table).where(table.c.id == sa.bindparam("b_id"))
            new.execute(update.values({column: sa.bindparam("b_value")}), said)
    if "id" in table.c and new.dialect.name == "postgresql":
        new.execute(
            sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
        )
    return count


def _index(conn: Connection) -> None:
    """What search knows is made anew: each database has an index of its own kind."""
    query = sa.select(post.c.id, post.c.subject, post.c.author, post.c.new_text).where(post.c.state == "posted")
    for home, language in conn.execute(sa.select(community.c.id, community.c.language)).all():
        rows = conn.execute(query.where(post.c.community_id == home).execution_options(yield_per=CHUNK))
        for chunk in rows.partitions():
            texts = [(id, search.text_of(title, who, hashtags(title, words), words)) for id, title, who, words in chunk]
            search.index(conn, home, language, texts)
