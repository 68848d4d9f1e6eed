"""The engine of several processes on one PostgreSQL: they wake each other by NOTIFY, and take over from the dead.

One connection speaks to the others, one hears them and holds the lock by which they know that this process lives
(store/workers). What is said while it is away is lost, which does no harm: rows are the truth, and everybody looks at
them by itself now and then. The lock needs a session of its own: a pooler that shares sessions between transactions
must be passed by.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import psycopg
import sqlalchemy as sa

from mailer import journal
from mailer.engine.inprocess import InProcess, Stage
from mailer.store import workers

Connection = psycopg.AsyncConnection[Any]

CHANNEL = "mailer"
AGAIN = 1.0  # seconds, after the database was away
ROUND = 2.0  # seconds between two looks for dead processes
PATIENCE = 10.0  # seconds the first connection may take


class Cluster(InProcess):
    """Wakes the stages of this process and of all others. Opened before any part starts, closed after them."""

    def __init__(self, url: sa.URL, worker: int, rescue: Callable[[], Awaitable[workers.Rescued]]) -> None:
        super().__init__()
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._worker, self._rescue = worker, rescue
        self._say: set[Stage] = set()
        self._speak, self._open = asyncio.Event(), asyncio.Event()
        self._voice = 0  # the server's number for the connection we speak on
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Be known as alive, and hear the others."""
        parts = self._connected(self._hear), self._connected(self._talk), self._look_after()
        self._tasks = [asyncio.create_task(part) for part in parts]
        await asyncio.wait_for(self._open.wait(), PATIENCE)

    async def close(self) -> None:
        """Be known as gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

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
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as conn:
                    await talk(conn)
            except (psycopg.Error, OSError) as error:
                journal.trouble("the other processes cannot be heard", error)
                await asyncio.sleep(AGAIN)

    async def _hear(self, conn: Connection) -> None:
        """Hold the lock, and listen."""
        await conn.execute("SELECT pg_advisory_lock(%s, %s)", (workers.LIFE, self._worker))
        await conn.execute(f"LISTEN {CHANNEL}")
        self._open.set()
        self._wake("read")  # what was said meanwhile
        self._wake("send")
        async for heard in conn.notifies():
            if heard.pid != self._voice:
                self._wake(cast(Stage, heard.payload))

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
        while True:
            await asyncio.sleep(ROUND)
            try:
                found = await self._rescue()
            except Exception as error:
                journal.trouble("the work of the dead cannot be looked for", error)
                continue
            if found.mails or found.deliveries:
                journal.say("took over from a process that died", mails=found.mails, deliveries=found.deliveries)
                self.arrived()
                self.queued()
