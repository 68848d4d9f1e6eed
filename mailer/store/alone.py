"""SQLite belongs to one process: who serves it holds a lock on a file beside it, and a second one is told so.

The system lets go of the lock with the process, however it ends. Called by the embedded engine and by verbs that must
not work beside it.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from mailer.errors import Misconfigured

PATIENCE = 3.0  # seconds for one that is just going
AGAIN = 0.1


def take(database: Path) -> TextIO:
    """The lock on this database, held until it is closed or the process ends. Raises Misconfigured where another
    process has it."""
    until = time.monotonic() + PATIENCE
    lock = _file(database).open("a+", encoding="ascii")
    while not _locked(lock):
        if time.monotonic() > until:
            who = _said(lock)
            lock.close()
            raise Misconfigured(
                f"{database} is being served by process {who}, and SQLite belongs to one process; stop that, or move"
                " to PostgreSQL (`mailer migrate-db`), which takes any number"
            )
        time.sleep(AGAIN)
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def holder(database: Path) -> str:
    """The number of the process that serves this database, or nothing."""
    with contextlib.suppress(OSError), _file(database).open(encoding="ascii") as lock:
        return "" if _locked(lock, fcntl.LOCK_SH) else _said(lock)
    return ""


@contextlib.contextmanager
def held(database: Path) -> Iterator[None]:
    """Nobody serves it meanwhile. Raises Misconfigured where somebody does."""
    with take(database):
        yield


def _file(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


def _locked(lock: TextIO, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _said(lock: TextIO) -> str:
    lock.seek(0)
    return lock.read(20).strip() or "unknown"
