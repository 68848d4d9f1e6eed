"""The engine of several processes on one PostgreSQL: they wake each other by NOTIFY, and take over from the dead.

One connection speaks to the others, one hears them and is this process's life: it holds the lock by which the others
know that it lives (store/workers), and the server ends it when nothing is heard of us for SILENCE, be it that the
machine has gone or that the process stands still. Whoever loses it lets go of what it has claimed and not yet begun to
send. What is said meanwhile is lost, which does no harm: rows are the truth, and everybody looks at them by itself now
and then. Both connections are sessions of their own: a pooler that shares sessions must be passed by.

The time is the database's: a machine whose clock is wrong keeps the same hours as all others.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import psycopg
import sqlalchemy as sa

from mailer import journal
from mailer.engine.inprocess import InProcess, Stage
from mailer.store import db
from mailer.store.traffic import workers

Connection = psycopg.AsyncConnection[Any]

CHANNEL = "mailer"
AGAIN = 1.0  # seconds, after the database was away
ROUND = 2.0  # seconds between two looks for dead processes; who is missing at two of them is dead
PATIENCE = 10.0  # seconds the first connection may take
BEAT = 15.0  # seconds between two signs of life
SILENCE = 60  # seconds without one after which the server takes us for dead
PROMPT = timedelta(seconds=1)  # an answer about the time that took longer tells nothing
ASTRAY = timedelta(seconds=10)  # a difference between clocks that is worth a line


class Cluster(InProcess):
    """Wakes the stages of this process and of all others. Opened before any part starts, closed after them.

    `rescue` takes back the work of the dead, given the numbers of those who were missing at the last look.
    """

    def __init__(
        self, url: sa.URL, worker: int, rescue: Callable[[frozenset[int]], Awaitable[workers.Rescued]]
    ) -> None:
        super().__init__()
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._worker, self._rescue = worker, rescue
        self._say: set[Stage] = set()
        self._speak, self._life = asyncio.Event(), asyncio.Event()
        self._voice = self._breath = 0  # the server's numbers for the connection we speak on, and the one we live by
        self._behind = timedelta(0)  # what our clock lacks
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Be known as alive, and hear the others."""
        parts = self._connected(self._live), self._connected(self._talk), self._look_after()
        self._tasks = [asyncio.create_task(part) for part in parts]
        await asyncio.wait_for(self._life.wait(), PATIENCE)

    async def close(self) -> None:
        """Be known as gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def alive(self) -> bool:
        return self._life.is_set()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._behind

    def arrived(self) -> None:
        self._wake("read")
        self._tell("read")

    def queued(self) -> None:
        self._wake("send")
        self._tell("send")

    def _tell(self, stage: Stage) -> None:
        """The others hear of it; what is said while we speak is said once."""
        self._say.add(stage)
        self._speak.set()

    async def _connected(self, talk: Callable[[Connection], Awaitable[None]]) -> None:
        """Talk on one connection for as long as the database is there, then on the next."""
        while True:
            try:
                connecting = psycopg.AsyncConnection.connect(self._url, autocommit=True, **db.BOUNDED)
                async with await connecting as conn:
                    await talk(conn)
            except (psycopg.Error, OSError) as error:
                journal.trouble("the other processes cannot be heard", error)
                await asyncio.sleep(AGAIN)

    async def _live(self, conn: Connection) -> None:
        """Hold the lock, and listen."""
        for name, value in {**db.NOTICED, "idle_session_timeout": f"{SILENCE}s"}.items():
            await conn.execute("SELECT set_config(%s, %s, false)", (name, value))
        await conn.execute("SELECT set_config('application_name', %s, false)", (_name(),))
        await self._compare(conn)
        if abs(self._behind) > ASTRAY:
            journal.say("this clock differs; the database's counts", seconds=round(self._behind.total_seconds()))
        await conn.execute(_BURY, (workers.LIFE, self._worker, self._breath))
        self._breath = conn.info.backend_pid
        await conn.execute("SELECT pg_advisory_lock(%s, %s)", (workers.LIFE, self._worker))
        await conn.execute(f"LISTEN {CHANNEL}")
        self._life.set()
        try:
            self._wake("read")  # what was said meanwhile
            self._wake("send")
            while True:
                async for heard in conn.notifies(timeout=BEAT):
                    if heard.pid != self._voice:
                        self._wake(cast(Stage, heard.payload))
                await self._compare(conn)
        finally:
            self._life.clear()
            self._wake("lost")

    async def _compare(self, conn: Connection) -> None:
        """A sign of life, and a look at the one clock that counts."""
        before = datetime.now(UTC)
        row = await (await conn.execute("SELECT clock_timestamp()")).fetchone()
        took = datetime.now(UTC) - before
        if row and took < PROMPT:
            self._behind = row[0] - (before + took / 2)

    async def _talk(self, conn: Connection) -> None:
        """Say what there is to say, each stage once however often it came up meanwhile; what could not be said on the
        last connection is said on this one."""
        self._voice = conn.info.backend_pid
        while True:
            while self._say:
                stage = self._say.pop()
                try:
                    await conn.execute("SELECT pg_notify(%s, %s)", (CHANNEL, stage))
                except psycopg.Error:
                    self._say.add(stage)
                    raise
            self._speak.clear()
            await self._speak.wait()

    async def _look_after(self) -> None:
        """What the dead had in hand is everybody's again."""
        missed: frozenset[int] = frozenset()
        while True:
            await asyncio.sleep(ROUND)
            try:
                found = await self._rescue(missed)
            except Exception as error:
                journal.trouble("the work of the dead cannot be looked for", error)
                continue
            missed = found.missed
            if found.mails or found.deliveries:
                journal.say("took over from a process that died", mails=found.mails, deliveries=found.deliveries)
                self.arrived()
                self.queued()


# our last life, where the server has not noticed yet that it is over
_BURY = """SELECT pg_terminate_backend(pid) FROM pg_locks
           WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND pid = %s"""


def _name() -> str:
    """How the server calls this process to whoever asks (`mailer queue`)."""
    return f"mailer {socket.gethostname()}:{os.getpid()}"[:63]
