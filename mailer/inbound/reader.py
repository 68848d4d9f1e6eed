"""The loop between the inbox and everything else: count a try, read, decide, act, done. One transaction a mail.

A mail that fails three times is set aside with its traceback, one that takes ten readers down without a word; the
next one goes on.
"""

import asyncio
import contextlib
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mailer import journal
from mailer.commands import moderating
from mailer.commands.case import Case, Outcome
from mailer.inbound import acts, bouncing, gather, learning
from mailer.inbound.gather import Reading
from mailer.inbound.route import decide
from mailer.inbound.verifying import Verify
from mailer.outbound.desk import Desk, House
from mailer.store.db import Store
from mailer.store.record import ledger
from mailer.store.traffic import inbox, workers
from mailer.store.traffic.inbox import Waiting

BATCH = 20  # mails whose tries are counted in one commit
LOOK = 5.0  # seconds until it looks by itself: another process may have brought or replayed a mail
RELEASES = 50  # mails one word may let go


class Reader:
    """Reads the inbox until it is empty, again whenever it is woken. `sent` is called after each batch."""

    def __init__(
        self,
        house: House,
        store: Store,
        sent: Callable[[], None],
        clock: Callable[[], datetime] | None = None,
        verify: Verify | None = None,
    ) -> None:
        self._house = house
        self._store = store
        self._sent = sent
        self._clock = clock or (lambda: datetime.now(UTC))
        self._verify = verify
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is mail. Called in the loop after the commit that brought it."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        stopped = False
        while True:
            self._woken.clear()
            try:
                if stopped:  # what it had begun it begins again
                    await self._store.write(workers.let_go, [self._store.worker])
                    stopped = False
                while await self.step():
                    pass
            except Exception as error:  # the database is away: nothing is lost, look again in a moment
                journal.trouble("the reader stopped for a moment", error)
                await asyncio.sleep(1)
                stopped = True
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK)

    async def step(self) -> int:
        """Deal with the oldest waiting mails; how many there were."""
        begun = await self._store.write(_begin, BATCH, self._store.worker, self._clock())
        mails = deque(await asyncio.gather(*map(self._looked_up, begun)))
        begun, count = [], len(begun)
        while mails:  # each is let go of once it has been read: mails are large
            await self._deal(mails.popleft())
        if count:
            self._sent()
        return count

    async def _looked_up(self, mail: Waiting) -> Waiting:
        """The mail with what we find out about its sender ourselves, a whole batch at the same time."""
        if self._verify is None:
            return mail
        try:
            return replace(mail, looked_up=await self._verify(mail.envelope))
        except Exception as error:  # whatever goes wrong with names, the mail is read: as unverified
            journal.trouble("a sender could not be looked up", error, mail=mail.id)
            return mail

    async def _deal(self, mail: Waiting) -> None:
        try:
            reading = await asyncio.to_thread(gather.read, self._house, mail)
            mail = reading.mail
            outcomes = await self._store.write(handle, self._house, reading, self._clock())
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise  # the database is away, which says nothing about the mail
            shunted = await self._store.write(inbox.trouble, mail.id, traceback.format_exc(), self._clock())
            journal.trouble("shunted" if shunted else "will be tried again", error, mail=mail.id)
            return
        for outcome in outcomes:
            journal.note("routed", mail.id, outcome=outcome.what, detail=outcome.detail)


def _begin(conn: Connection, limit: int, worker: int, now: datetime) -> list[Waiting]:
    """Fresh mails in a batch; one that has stopped a reader before is taken alone, so that it harms no other."""
    if spent := inbox.shunt_spent(conn, now):
        journal.trouble("shunted: the reader died of them", mails=spent)
    ids = inbox.waiting(conn, limit, fresh=True) or inbox.waiting(conn, 1)
    return inbox.begin(conn, ids, worker) if ids else []


def handle(conn: Connection, house: House, reading: Reading, now: datetime) -> list[Outcome]:
    """All that one mail sets in motion: acts, their mails out, the ledger, and the mark that it is done."""
    if not inbox.done(conn, reading.mail.id, reading.fingerprint, now, reading.mail.looked_up):
        return []  # another reader was first
    desk = house.desk(conn, now)
    outcomes = _perform(desk, gather.cases(desk, reading))
    if not outcomes:
        outcomes = [Outcome("recorded", "for no address of ours any more")]
        ledger.record(conn, "recorded", at=now, inbox_id=reading.mail.id, detail=outcomes[0].detail)
    return outcomes


def _perform(desk: Desk, cases: list[Case]) -> list[Outcome]:
    """Each case its act, and what a word in it lets go."""
    outcomes = []
    for case in cases:
        outcome = bouncing.returned(desk, case) or acts.perform(desk, case)
        _record(desk.conn, case, outcome, desk.now)
        learning.learn(desk, case, outcome)
        outcomes.append(outcome)
        for id in outcome.release[:RELEASES]:
            if held := inbox.fetch(desk.conn, id):
                outcomes += _perform(desk, _let_go(desk, held, case))
        for id in outcome.release[RELEASES:]:
            ledger.record(desk.conn, "limited", at=desk.now, inbox_id=id, detail="too many at once")
    return outcomes


def _let_go(desk: Desk, held: Waiting, by: Case) -> list[Case]:
    """A held mail, for the community whose word lets it go. A facilitator's word lets a post go and proves nothing
    else in it: what it would change for its writer waits for theirs."""
    here = [
        moderating.edited(desk, case)
        for case in gather.cases(desk, gather.read(desk, held), released=True)
        if case.community.id == by.community.id
    ]
    if by.ask is None or by.ask.kind != "hold":
        return here
    return [case.but(said=None) for case in here if _goes_out(case.but(said=None))]


def _goes_out(case: Case) -> bool:
    """Its words are for others to read: a post, one changed after a rule, or what its writer says to a digest."""
    way = decide(case).name
    return case.local.verb == "" or way == "anew" or (way == "digest" and case.verdict.verified)


def _record(conn: Connection, case: Case, outcome: Outcome, now: datetime) -> None:
    ledger.record(
        conn,
        outcome.what,
        at=now,
        community_id=case.community.id,
        inbox_id=case.mail,
        person_id=case.sender.id if case.sender else None,
        other_id=outcome.other_id,
        post_id=outcome.post_id,
        detail=outcome.detail,
        undo=outcome.undo,
    )
