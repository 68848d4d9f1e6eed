"""Group commit: whatever mails wait share one transaction, then every one of them gets its 250. No wait window.

A commit once begun is carried to its end, whatever becomes of the clients. Refuses nothing for good: inside trouble is
try-later. One mail the database cannot take does not take the others with it. Called by the dialogue after the dot.
"""

import asyncio
import errno
import sqlite3
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mailer import journal
from mailer.errors import TryLater
from mailer.store.db import Store
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope

MAILS = 200  # in one transaction: so that the first does not wait long for the last
OCTETS = 16_000_000  # in one transaction, unless a single mail is larger
_POSTGRES_FULL = "53100"  # disk_full, PostgreSQL manual, appendix A

Waiting = tuple[Envelope, "asyncio.Future[int]"]


class Intake:
    """The way of a mail from the dot into the inbox."""

    def __init__(self, store: Store, arrived: Callable[[], None]) -> None:
        self._store = store
        self._arrived = arrived
        self._waiting: list[Waiting] = []
        self._commits: asyncio.Task[None] | None = None
        self._trouble = ""  # why the last mail could not be kept

    async def keep(self, envelope: Envelope) -> int:
        """The id of the mail, once it is durable. Raises TryLater. A cancelled caller does not undo it."""
        kept: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((envelope, kept))
        if self._commits is None:
            self._commits = asyncio.create_task(self._commit_all())
        return await kept

    async def close(self) -> None:
        """Everything handed over so far is in the database, or its client was told to try later."""
        while self._commits is not None:
            await asyncio.wait([self._commits])

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                await self._commit(self._next_batch())
                self._tell()
        finally:
            self._commits = None

    def _complain(self, why: str) -> None:
        """Say it once, and once that it is over: a full disk is no place for a long log."""
        if why and why != self._trouble:
            journal.trouble("mail cannot be kept", why=why)
        elif self._trouble and not why:
            journal.say("mail is kept again")
        self._trouble = why

    def _tell(self) -> None:
        """Wake the reader; its trouble is not that of the clients who still wait."""
        try:
            self._arrived()
        except Exception as error:
            journal.trouble("the reader could not be woken", error)

    def _next_batch(self) -> list[Waiting]:
        count, octets = 0, 0
        for envelope, _ in self._waiting[:MAILS]:
            octets += len(envelope.raw)
            if count and octets > OCTETS:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _commit(self, batch: list[Waiting]) -> None:
        """Tell each client the id of its mail, or why there is none."""
        try:
            ids = await self._store.write(inbox.accept, [envelope for envelope, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not _of_the_store(error):
                for one in batch:
                    await self._commit([one])
                return
            reason, cause = "full" if _full(error) else "trouble", _cause(error)
            self._complain(f"{type(cause).__name__}: {cause}")
            for _, kept in batch:
                if not kept.done():
                    kept.set_exception(TryLater(reason))
        else:
            self._complain("")
            for (_, kept), mail in zip(batch, ids, strict=True):
                if not kept.done():
                    kept.set_result(mail)


def _of_the_store(error: BaseException) -> bool:
    """The database itself is in trouble, so that one mail at a time would fare no better."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout | OSError)


def _cause(error: BaseException) -> BaseException:
    """What the database said, without the rows that SQLAlchemy quotes."""
    return error.orig if isinstance(error, StatementError) and error.orig is not None else error


def _full(error: BaseException) -> bool:
    """There is no room left on the disk."""
    cause = _cause(error)
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == _POSTGRES_FULL
        or (isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT))
    )
