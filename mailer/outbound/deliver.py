"""Deliveries that are due go to the relay, and what it says goes back to their rows. An edge: it owns the connections.

claim (a lease) -> pool -> wire -> mark, each in bulk and all at the same time. No more mails are out than the pool's
limit until their marks are committed, so a kill sends no more than those twice, under the same Message-ID.
Made by the app; `wake` after every commit that queues.
"""

import asyncio
import ssl
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from mailer import journal
from mailer.config import Settings
from mailer.errors import Malformed, Misconfigured
from mailer.mail.tokens import Keys
from mailer.mail.writing.headline import clean
from mailer.outbound import backoff
from mailer.outbound.backoff import Answer
from mailer.outbound.marking import Marks
from mailer.outbound.opening import door
from mailer.outbound.parcel import Bundle, Content, Parcel, content, is_plain
from mailer.outbound.personal import Place, Stamp, leave_fields, return_path, shared, stamp
from mailer.outbound.pool import LATE, Pool
from mailer.store.db import Store
from mailer.store.traffic import tries
from mailer.store.traffic.tries import Claimed, Result

LEASE = timedelta(minutes=5)  # two clocks may differ by two minutes and more
RENEW = 60.0  # seconds
SMALLEST, LARGEST = 64, 1000  # deliveries claimed at once, more while they go quickly: 13 ms of CPU
QUICK = 10.0  # seconds: where the database is slow, small batches would keep it so
PATIENCE = 30.0  # seconds between two looks at the rows when nobody wakes us: another process may have queued
SHORTEST, SHY = 0.01, 1.0  # while another worker has what is due; it doubles
TROUBLED = 1.0  # after the database failed us
VARIANTS = 32  # contents kept at hand


class Deliverer:
    """Sends what is due, by `run` until stopped or by `drain` once. Raises Misconfigured when made."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        keys: Keys,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tls: ssl.SSLContext | None = None,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        self.relay, self.store, self.clock, self.alive = settings.relay, store, clock, alive
        self.place = Place(keys, settings.domain, settings.delimiter, settings.web.url)
        self._stamps: dict[str, Stamp] = {}
        try:
            self._stamps[""] = stamp(self.place, "")
        except Malformed as error:
            raise Misconfigured(f"domain = {settings.domain!r}: {error}") from None
        self.pool = Pool(
            door(settings, tls), settings.relay.connections, self._dress, self._settled, self._hungry, self._down
        )
        self.marks = Marks(store, self.pool, clock, self._written)
        self._hand: dict[int, Claimed] = {}  # claimed and not yet written down
        self._variants: OrderedDict[int, Content | None] = OrderedDict()
        self._sent: Counter[tuple[int, int | None]] = Counter()
        self._batch, self._fed, self._shy = SMALLEST, 0.0, SHORTEST
        self._more = self._stopping = False  # more: the last claim was not the end of what is due
        self._wake = asyncio.Event()
        self._quiet, self._rest = asyncio.Event(), asyncio.Event()  # nothing in hand; neither running nor draining
        self._rest.set()

    def wake(self) -> None:
        """There may be something new to send. Called in the loop."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled or stopped."""
        async with self._working():
            while not self._stopping:
                try:
                    await self._pass()
                except Exception as error:
                    journal.trouble("deliveries cannot be claimed", error)
                    await asyncio.sleep(TROUBLED)

    async def drain(self) -> int:
        """Send all that is due now, retry nothing, and return how many went."""
        total = 0
        async with self._working():
            while not (self._stopping or self.pool.asleep) and await self._feed():
                await self._quiet.wait()
                total += sum(self._sent.values())
                self._tell()
        return total

    async def stop(self, grace: float = 10.0) -> None:
        """Take nothing new, let what is under way end within `grace` seconds, write it down, close."""
        self._stopping = self.pool.closing = True
        self._wake.set()
        self.release()
        await self.pool.close(grace)
        self.release()  # what a wire gave back at its end
        await self._rest.wait()
        try:
            await self.marks.write_down()
        except Exception as error:
            journal.trouble("deliveries cannot be written down", error)
        self._tell()

    # the passes of the feeder

    async def _pass(self) -> None:
        self._wake.clear()
        claimed = 0 if self.pool.asleep or not self.alive() else await self._feed()
        self._tell()
        self._shy = SHORTEST if claimed else min(self._shy * 2, SHY)
        if claimed < self._batch:
            await self._pause()

    async def _feed(self) -> int:
        """Claim what is due and hand it to the pool; only the urgent while there is enough at hand. How many."""
        loop = asyncio.get_running_loop()
        full = len(self.pool) >= self._batch
        if not full:
            quick = loop.time() - self._fed < QUICK
            self._batch = min(self._batch * 4, LARGEST) if quick else max(self._batch // 2, SMALLEST)
            self._fed = loop.time()
        until = loop.time() + LEASE.total_seconds()
        known = frozenset(self._variants)
        claimed, new = await self.store.write(_claim, self._batch, self.clock(), full, self.store.worker, known)
        self._more = full or len(claimed) == self._batch
        firsts = {one.variant_id: one for one in claimed} if new else {}
        self._variants.update((id, self._content(firsts[id], *found)) for id, found in new.items())
        unheld = [one for one in claimed if one.id not in self._hand]  # the clock may jump past our own leases
        self._hand.update((one.id, one) for one in claimed)
        if self._hand:
            self._quiet.clear()
        self.pool.low = self._batch // 2
        self.pool.put(parcel for one in unheld if (parcel := self._parcel(one, until)))
        if self._stopping or not self.alive():
            self.release()
        while len(self._variants) > VARIANTS:
            self._variants.popitem(last=False)
        return len(claimed)

    async def _pause(self) -> None:
        """Until woken, the pool is hungry, something is due, or the relay may be knocked at again."""
        due = await self.store.read(tries.next_due)
        wait = PATIENCE if due is None else min((due - self.clock()).total_seconds(), PATIENCE)
        if due is not None and wait <= 0 and len(self.pool):
            wait = PATIENCE  # what is due is behind what is at hand
        with suppress(TimeoutError):
            async with asyncio.timeout(max(wait, self.pool.asleep, self._shy)):
                await self._wake.wait()

    def _stamp(self, community: str) -> Stamp:
        return self._stamps.get(community) or self._stamps.setdefault(community, stamp(self.place, community))

    def _content(self, one: Claimed, raw: bytes, personal: bool) -> Content | None:
        """What this one and others get, and how it goes to several at once where it may."""
        several = self.relay.batch > 1 and one.community_id is not None
        return content(raw, personal, shared(self._stamp(one.community), one.mailing_id) if several else None)

    def _parcel(self, one: Claimed, until: float) -> Parcel | None:
        """The mail of this delivery, or None where its content may not leave: that is a failure, and said."""
        variant = self._variants[one.variant_id]
        self._variants.move_to_end(one.variant_id)
        if variant is None or not is_plain(one.email):
            self.pool.out += 1
            self.marks.end(Result(one.id, one.tries, "failed", "This mail is not fit to leave"))
            return None
        return Parcel(one.id, one.priority, one.email.encode(), variant, until)

    # what the pool calls

    def _dress(self, bundle: Bundle) -> None:
        """What is this recipient's own, made as the mail goes: a thousand at once would hold everybody up."""
        if len(bundle.parcels) > 1 and bundle.content.shared:
            bundle.mail_from, bundle.head, bundle.verp = bundle.content.shared
            return
        one = self._hand[bundle.parcels[0].id]
        own = self._stamp(one.community)
        bundle.mail_from = return_path(own, one.id)
        if bundle.content.personal and one.community_id is not None and one.address_id is not None:
            bundle.head = leave_fields(own, one.community_id, one.address_id)

    def _hungry(self) -> None:
        if self._more:
            self._wake.set()

    def _settled(self, parcel: Parcel, answer: Answer) -> None:
        """What the relay said becomes what the row will say."""
        one = self._hand[parcel.id]
        text = answer.text if answer.text.isprintable() else clean(answer.text)
        reply = f"{answer.code} {text}" if answer.code else text
        verdict = backoff.verdict(answer)
        if answer is LATE:
            self.marks.end(Result(one.id, one.tries, "released", reply))
        elif verdict == "delivered":
            self._sent[one.mailing_id, one.inbox_id] += 1
            self.marks.end(Result(one.id, one.tries, "sent", reply))
        elif verdict == "failed" or backoff.given_up(self.relay, one.created_at, self.clock()):
            journal.note("failed", one.inbox_id, delivery=one.id, to=journal.who(one.email), reply=reply)
            blame = verdict == "failed" and backoff.blames_address(answer)
            self.marks.end(Result(one.id, one.tries, "failed", reply, blames_address=blame))
        else:
            journal.note("deferred", one.inbox_id, delivery=one.id, to=journal.who(one.email), reply=reply)
            again = self.clock() + backoff.wait(self.relay, one.tries, one.id)
            self.marks.end(Result(one.id, one.tries, "deferred", reply, again, answer.ambiguous))

    def _down(self, reason: str) -> None:
        """The relay is not there: nobody's try. What is at hand goes back to its rows."""
        journal.say("the relay cannot be reached", reason=reason)
        self.release(reason)

    def release(self, reason: str = "") -> None:
        """What is at hand and not under way goes back to its rows: it may be another's by now, or there is no relay."""
        now = self.clock()
        for parcel in self.pool.take_all():
            one = self._hand[parcel.id]
            old = reason and backoff.given_up(self.relay, one.created_at, now)
            self.marks.end(Result(one.id, one.tries, "failed" if old else "released", reason))

    # writing down

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """While this lasts, what ends is written down and what is held is kept."""
        self._stopping = False
        self._rest.clear()
        self.pool.open()
        tasks = [asyncio.create_task(self.marks.run()), asyncio.create_task(self._renewing())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._rest.set()

    def _written(self, results: Sequence[Result]) -> None:
        for result in results:
            del self._hand[result.id]
            if result.state == "released":
                self._wake.set()  # it is due again, and nobody else may say so
        if not self._hand:
            self._quiet.set()
        self.pool.written(len(results))

    async def _renewing(self) -> None:
        """While we live, what we hold stays ours; what has run out already may be another's."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(RENEW)
            until = loop.time() + LEASE.total_seconds()
            fresh = self.pool.fresh()
            held = {parcel.id: self._hand[parcel.id].tries for parcel in fresh}
            try:
                await self.store.write(tries.renew, held, self.clock() + LEASE)
            except Exception as error:
                journal.trouble("leases cannot be renewed", error)
            else:
                for parcel in fresh:
                    parcel.until = until

    def _tell(self) -> None:
        """One line a mailing for what was sent since the last."""
        for (mailing, inbox), count in self._sent.items():
            journal.note("sent", inbox, mailing=mailing, recipients=count)
        self._sent.clear()


def _claim(
    conn: Connection, limit: int, now: datetime, urgent: bool, worker: int, known: frozenset[int]
) -> tuple[list[Claimed], dict[int, tuple[bytes, bool]]]:
    """What is due, with the contents not at hand yet, in one transaction: without them nothing is claimed."""
    claimed = tries.claim(conn, limit, now, LEASE, urgent, worker)
    return claimed, tries.variants(conn, {one.variant_id for one in claimed} - known)
