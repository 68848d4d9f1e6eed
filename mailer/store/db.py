"""One database: opened, migrated, and lent out one transaction at a time.

SQLite is one writer thread and a few readers (WAL, FULL: a commit is a sync); PostgreSQL a pool of threads.
Errors do not quote the rows they are about: they go to the log.
Every transaction that may write begins IMMEDIATE on SQLite: an upgrade half-way fails at once, busy timeout or not.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError

from mailer.errors import Misconfigured

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[Connection, P], T]

DRIVERS = ("sqlite", "postgresql+psycopg")
WANTED = 'a URL is wanted, like "sqlite:///mailer.db" or "postgresql+psycopg://user@host/name"'
BUSY = 5.0  # seconds another process may hold the write lock of SQLite before we give up
READERS = 3

# PostgreSQL: a machine that is gone says nothing, and TCP alone notices after hours
BOUNDED: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
NOTICED = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}  # at the server
STANDSTILL = "5min"  # a process that stands still amid a transaction loses it, and with it the rows it holds
DEADLOCK = "40P01"  # PostgreSQL manual, appendix A: two waited for each other, and one is to begin again
TRIES = 3


class Store:
    """A database and the threads that talk to it. Close it when done."""

    def __init__(self, url: str, state: Path, connections: int = 5) -> None:
        try:
            self.url = _under(sa.make_url(url), state)
        except ArgumentError:
            raise Misconfigured(f"database.url = {url!r}: {WANTED}") from None
        if self.url.drivername not in DRIVERS:
            shown = self.url.render_as_string(hide_password=True)
            raise Misconfigured(f"database.url = {shown!r}: {WANTED}")
        self.worker = secrets.randbelow(2**31)  # this process, where rows say who has them in hand
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            self._writer = _sqlite(self.url, 1, _begin_writing)
            self._reader = _sqlite(self.url, READERS + 1, _begin_reading)
        else:
            self._writer = self._reader = _postgres(self.url, connections)
        self._lightly = self._writer.execution_options(lightly=True)
        self._writers = ThreadPoolExecutor(1 if self.sqlite else connections, "store-write")
        self._readers = ThreadPoolExecutor(READERS, "store-read")

    @property
    def engine(self) -> Engine:
        return self._writer

    @contextmanager
    def writing(self, lightly: bool = False) -> Iterator[Connection]:
        """One transaction that may write, in this thread: committed at the end, undone by an exception. Lightly: for
        what may be done twice. No kill undoes it, but a power cut may, until the next that is not light has ended.
        """
        with (self._lightly if lightly else self._writer).begin() as conn:
            yield conn

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, in this thread; nothing may be written."""
        with self._reader.connect() as conn:
            yield conn

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`work(conn, ...)` in one transaction in a writer thread, again where it and another waited for each other.
        Once begun it is carried to its end: cancelling the caller does not tear it."""
        return await self._write(False, lambda conn: work(conn, *args, **kwargs))

    async def write_lightly(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, but without waiting for the disk: see `writing`."""
        return await self._write(True, lambda conn: work(conn, *args, **kwargs))

    async def _write(self, lightly: bool, work: Callable[[Connection], T]) -> T:
        def run(tries: int = TRIES) -> T:
            try:
                with self.writing(lightly) as conn:
                    return work(conn)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) != DEADLOCK or tries <= 1:
                    raise
            return run(tries - 1)

        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._writers, run))

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`work(conn, ...)` on one consistent view in a reader thread."""

        def run() -> T:
            with self.reading() as conn:
                return work(conn, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    def close(self) -> None:
        """Wait for what is under way, then let go of the database."""
        self._writers.shutdown()
        self._readers.shutdown()
        for engine in {self._writer, self._reader}:
            engine.dispose()


def _under(url: sa.URL, state: Path) -> sa.URL:
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_absolute():
        return url.set(database=str(state / url.database))
    return url


def _postgres(url: sa.URL, size: int) -> Engine:
    bounded = {key: value for key, value in BOUNDED.items() if key not in url.query}
    engine = sa.create_engine(url, pool_size=size, pool_pre_ping=True, hide_parameters=True, connect_args=bounded)

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _: object) -> None:
        for name, value in {**NOTICED, "idle_in_transaction_session_timeout": STANDSTILL}.items():
            raw.execute(f"SET {name} = '{value}'")
        raw.commit()

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        if _light(conn):
            conn.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine


def _light(conn: Connection) -> bool:
    """Whether the commit of this transaction need not wait for the disk."""
    return bool(conn.get_execution_options().get("lightly"))


def _sqlite(url: sa.URL, size: int, begin: Callable[[Connection], None]) -> Engine:
    engine = sa.create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        connect_args={"timeout": BUSY, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _: object) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            raw.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", begin)
    return engine


def _begin_writing(conn: Connection) -> None:
    raw = conn.connection.driver_connection
    assert raw
    raw.execute(f"PRAGMA synchronous={'NORMAL' if _light(conn) else 'FULL'}")
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")
