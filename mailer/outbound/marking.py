"""What came of each try is written down: many in one commit, soon. Called by the deliverer, whose loop it runs in.

A commit costs more than all else that is done for a mail, and until it is made the mail counts as out. So what has
ended waits for others, but for no longer than a moment, and not where nothing else is on its way. While more waits to
leave, a commit does not wait for the disk: no kill undoes it, a power cut undoes a tenth of a second of them.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from mailer import journal
from mailer.outbound.pool import Pool
from mailer.store.db import Store
from mailer.store.traffic import tries
from mailer.store.traffic.tries import Result

LINGER = 0.02  # seconds what ended may wait for others to share its commit
RIPE = 0.75  # of the mails that may be out: as many ends do not wait, for soon no mail could leave
SYNC = 0.1  # seconds: what was marked before that is on the disk
TROUBLED = 1.0  # seconds, after the database failed us


class Marks:
    """Ends of tries, until they are written down; then `written` hears of them."""

    def __init__(
        self, store: Store, pool: Pool, clock: Callable[[], datetime], written: Callable[[Sequence[Result]], None]
    ) -> None:
        self.store, self.pool, self.clock = store, pool, clock
        self._written = written
        self._results: list[Result] = []
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._synced = 0.0  # `loop.time()` of the last commit that waited for the disk
        self._late = False  # the first of them has waited long enough

    def end(self, result: Result) -> None:
        """This came of a try."""
        self._results.append(result)
        if len(self._results) == 1:
            self._timer = asyncio.get_running_loop().call_later(LINGER, self._hurry)
        if self._ripe:
            self._wake.set()

    async def run(self) -> None:
        """Write down until cancelled: what ends during a commit shares the next."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(0)  # replies that are here already share it
            try:
                if self._ripe:
                    await self.write_down()
            except Exception as error:
                journal.trouble("deliveries cannot be written down", error)
                await asyncio.sleep(TROUBLED)

    async def write_down(self) -> None:
        """Everything that has ended. What cannot be written is kept for the next time, and the reason raised."""
        results, self._results, self._late = self._results, [], False
        if self._timer:
            self._timer.cancel()
        if not results:
            return
        now = asyncio.get_running_loop().time()
        light = len(self.pool) > 0 and now < self._synced + SYNC  # what waits brings one that is not
        try:
            await (self.store.write_lightly if light else self.store.write)(tries.mark, results, self.clock())
        except BaseException:
            self._results[:0] = results
            self._hurry()
            raise
        self._synced = self._synced if light else now
        self._written(results)

    @property
    def _ripe(self) -> bool:
        return self._late or not self.pool.flying or len(self._results) >= self.pool.allowed * RIPE

    def _hurry(self) -> None:
        self._late = True
        self._wake.set()
