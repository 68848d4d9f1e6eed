"""The embedded engine: listener, reader and deliverer in one process tell each other by a call. Lost on a crash, which
does no harm: each looks at its rows when it starts."""

from collections import defaultdict
from collections.abc import Callable
from typing import Literal

Stage = Literal["read", "send"]


class InProcess:
    """Who wants to know when there is work at a stage."""

    def __init__(self) -> None:
        self._wakes: dict[Stage, list[Callable[[], None]]] = defaultdict(list)

    async def open(self) -> None:
        """Nobody else is to be heard."""

    async def close(self) -> None:
        """Nor told."""

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
