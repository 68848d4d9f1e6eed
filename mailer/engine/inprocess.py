"""The embedded engine: listener, reader and deliverer in one process tell each other by a call. Lost on a crash, which
does no harm: each looks at its rows when it starts."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

from mailer.store import alone

Stage = Literal["read", "send", "lost"]  # "lost": what this process has claimed may be another's by now


class InProcess:
    """Who wants to know when there is work at a stage. `database` is a SQLite file that must be this process's own."""

    def __init__(self, database: Path | None = None) -> None:
        self._wakes: dict[Stage, list[Callable[[], None]]] = defaultdict(list)
        self._database = database
        self._lock: TextIO | None = None

    async def open(self) -> None:
        """Nobody else is to be heard, nor to be there. Raises Misconfigured."""
        if self._database:
            self._lock = await asyncio.to_thread(alone.take, self._database)

    async def close(self) -> None:
        """Another process may follow."""
        if self._lock:
            self._lock.close()

    @property
    def alive(self) -> bool:
        """Whether others would leave alone what this process claims."""
        return True

    def now(self) -> datetime:
        """What time it is, for all processes alike."""
        return datetime.now(UTC)

    def at(self, stage: Stage, wake: Callable[[], None]) -> None:
        """Call `wake` whenever there is work at this stage."""
        self._wakes[stage].append(wake)

    def arrived(self) -> None:
        """Mail was committed to the inbox."""
        self._wake("read")

    def queued(self) -> None:
        """Deliveries were committed."""
        self._wake("send")

    def _wake(self, stage: Stage) -> None:
        for wake in self._wakes[stage]:
            wake()
