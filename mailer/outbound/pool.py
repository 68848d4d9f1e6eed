"""The mails in hand and the connections that carry them: who goes next, how many at once, when to knock again.

Called by the deliverer, which hears of every end of every mail. Nothing here knows of rows.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain

from mailer import journal
from mailer.outbound.backoff import Answer
from mailer.outbound.batching import together
from mailer.outbound.opening import Door, knock
from mailer.outbound.parcel import Bundle, Parcel
from mailer.outbound.wire import Wire
from mailer.store.traffic.deliveries import PRIORITIES

FIRST_PAUSE = 1.0  # seconds before we knock again at a relay that is not there; it doubles
LAST_PAUSE = 60.0
LATE = Answer("connect", 0, "Another worker has taken over")
BARREN = 2  # connections in a row that carry nothing: not the fault of one mail
CUTS = 2  # connections a mail may lose before it waits like any other
SHARE, BEYOND = 12, 200  # one mail is out at a time, or one in so many of those at hand beyond so many
FAR_SHARE = 8  # or one in so many of all, where the relay is far or slow: there mails spend their time with it
FAR = 0.015  # seconds that even the quickest of the last mails spends with the relay
LAST = 32  # mails; among so many one is quick even on a machine that is busy


class Pool:
    """At most `allowed` mails are out, or back and not yet written down: what a kill may send twice."""

    def __init__(
        self,
        door: Door,
        connections: int,
        dress: Callable[[Bundle], None],
        settled: Callable[[Parcel, Answer], None],
        hungry: Callable[[], None],
        down: Callable[[str], None],
    ) -> None:
        self.door, self.connections = door, max(connections, 1)
        self.limit = max(door.window, door.batch) * self.connections
        self._dress, self._settled, self._hungry, self._down = dress, settled, hungry, down
        self._lanes: tuple[deque[Parcel], ...] = tuple(deque() for _ in PRIORITIES)
        self._waiting = 0  # in all lanes
        self.flying: set[Parcel] = set()  # with a wire
        self._wires: set[Wire] = set()
        self._knocks: set[asyncio.Task[None] | None] = set()
        self._pause, self._again = FIRST_PAUSE, 0.0
        self._barren = 0  # connections in a row that opened and carried nothing
        self._took: deque[float] = deque(maxlen=LAST)  # seconds with the relay
        self._far = False
        self._ended = asyncio.Event()
        self._wake: asyncio.TimerHandle | None = None
        self.out = 0  # taken, and not yet written down
        self.low = 0  # the deliverer is told when fewer than this many wait
        self.closing = False

    def __len__(self) -> int:
        return self._waiting

    @property
    def allowed(self) -> int:
        """One where few are at hand, more where many are or the relay is far, and never more than `limit`; but always
        a batch for each connection, where there are batches.
        """
        few = self.connections * self.door.batch if self.door.batch > 1 else 1
        far = max(self._waiting // FAR_SHARE, 2 * self.connections)  # one on the way, one right behind it
        many = far if self._far else (self._waiting - BEYOND) // SHARE
        return min(max(many, few), self.limit)

    def put(self, parcels: Iterable[Parcel]) -> None:
        """Of two of one priority, the first here goes first."""
        for parcel in parcels:
            self._lanes[parcel.priority].append(parcel)
            self._waiting += 1
        self.kick()

    def kick(self) -> None:
        """Let every wire take what it can, and open another where that is not enough."""
        for wire in list(self._wires):
            wire.kick()
        busy = len(self._wires) + len(self._knocks)
        if self._waiting and self.out < self.allowed and busy < self.connections and not self.closing:
            self._knock()

    def written(self, count: int) -> None:
        """So many ends are written down: as many more mails may go."""
        self.out -= count
        self._far = min(self._took, default=0.0) > FAR
        self.kick()

    def take_all(self) -> list[Parcel]:
        """What waits here, for somebody else to deal with; each is to be written down like any other."""
        parcels = [parcel for lane in self._lanes for parcel in lane]
        for lane in self._lanes:
            lane.clear()
        self._waiting = 0
        self.out += len(parcels)
        return parcels

    def fresh(self) -> list[Parcel]:
        """What is here or on its way, and still ours."""
        now = asyncio.get_running_loop().time()
        return [parcel for parcel in chain(self.flying, *self._lanes) if parcel.until > now]

    @property
    def asleep(self) -> float:
        """Seconds until we knock again at a relay that was not there; 0 when it may be tried."""
        return max(self._again - asyncio.get_running_loop().time(), 0.0)

    def open(self) -> None:
        """Begin, or begin again: knock at once next time."""
        self.closing = False
        self._again, self._pause, self._barren = 0.0, FIRST_PAUSE, 0

    async def close(self, grace: float) -> None:
        """No more; what is under way may end within `grace` seconds."""
        self.closing = True
        for task in list(self._knocks):
            if task:
                task.cancel()
        for wire in list(self._wires):
            wire.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._wires:
                    self._ended.clear()
                    await self._ended.wait()
        for wire in list(self._wires):
            wire.fail("We are closing")
        if self._wake:
            self._wake.cancel()

    # what a wire calls

    def take(self, most: int = 1, verp: bool = False) -> Bundle | None:
        while (room := self.allowed - self.out) > 0 and not self.closing:
            lane = next(filter(None, self._lanes), None)
            parcels = together(lane, most, room, verp) if lane else []
            if not parcels:
                return None
            self._waiting -= len(parcels)
            self.out += len(parcels)
            if self._waiting < self.low:
                self._hungry()
            now = asyncio.get_running_loop().time()
            for late in [parcel for parcel in parcels if parcel.until <= now]:
                parcels.remove(late)
                self._settled(late, LATE)
            if parcels:
                self.flying.update(parcels)
                for parcel in parcels:
                    parcel.since = now
                bundle = Bundle(parcels, parcels[0].content)
                self._dress(bundle)
                return bundle
        return None

    def settle(self, parcel: Parcel, answer: Answer) -> None:
        self.flying.discard(parcel)
        self._took.append(asyncio.get_running_loop().time() - parcel.since)
        self._settled(parcel, answer)

    def give_back(self, parcel: Parcel, reason: str) -> None:
        parcel.cuts += 1
        if parcel.cuts >= CUTS:
            self.settle(parcel, Answer("connect", 0, reason))
        else:
            self.put_back(parcel)

    def put_back(self, parcel: Parcel) -> None:
        parcel.refused = None
        self.flying.discard(parcel)
        self.out -= 1
        self._lanes[parcel.priority].appendleft(parcel)
        self._waiting += 1

    def closed(self, wire: Wire, reason: str) -> None:
        if wire not in self._wires:
            return  # it never opened: the knock hears of it
        self._wires.discard(wire)
        self._ended.set()
        if wire.served:
            self._barren, self._pause = 0, FIRST_PAUSE
        else:
            self._barren += 1
        if self._barren < BARREN or not self._waiting:
            asyncio.get_running_loop().call_soon(self.kick)
        else:
            self._failed(reason)

    # knocking

    def _knock(self) -> None:
        if self.asleep:
            if not self._wires:
                self._down("")
            return
        task = asyncio.get_running_loop().create_task(self._open())
        self._knocks.add(task)
        task.add_done_callback(self._knocks.discard)

    async def _open(self) -> None:
        task = asyncio.current_task()
        try:
            wire = await knock(self.door, self)
        except Exception as error:
            if not isinstance(error, OSError):
                journal.trouble("the relay cannot be spoken to", error)
            self._knocks.discard(task)
            self._failed(str(error) or "The relay did not answer in time")
            return
        self._knocks.discard(task)
        self._wires.add(wire)
        self._again = 0.0
        wire.pump()
        self.kick()

    def _failed(self, reason: str) -> None:
        """The relay is not there, or not for us: wait, longer each time. Other connections go on."""
        loop = asyncio.get_running_loop()
        self._again = loop.time() + self._pause
        if self._wake:
            self._wake.cancel()
        self._wake = loop.call_later(self._pause, self.kick)
        self._pause = min(self._pause * 2, LAST_PAUSE)
        if not self._wires and not self._knocks:
            self._down(reason)
