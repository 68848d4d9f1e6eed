"""The clock: wakes each minute and does what has come, each slot once, whatever restarts and whoever else is awake.

A slot's row, what its job did and the mails it queued are one transaction. A job that fails is undone and tried again
later; the others go on. Refuses to hold anything that a restart would miss: what it remembers is only whom to spare.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from mailer import jobs, journal
from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound.desk import House
from mailer.store.db import Store
from mailer.store.record import schedule
from mailer.store.society import people
from mailer.store.society.people import Community

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # before a failed slot is tried again; it doubles


@dataclass(frozen=True, slots=True)
class Turn:
    """One slot of one job in one community."""

    job: Job
    community: Community
    slot: Slot

    @property
    def name(self) -> str:
        return f"{self.job.name} {self.community.name} {self.slot.name}"


class Clock:
    """`arrived` is called when something may have been queued; `now` gives the time, aware UTC."""

    def __init__(
        self,
        house: House,
        store: Store,
        arrived: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        shelf: Mapping[str, Job] | None = None,
    ) -> None:
        self._house = house
        self._store = store
        self._arrived = arrived
        self._now = now
        self._jobs = jobs.JOBS if shelf is None else shelf
        self._failed: dict[str, tuple[timedelta, datetime]] = {}  # how long to wait, since when

    async def run(self) -> None:
        """Tick at every minute until cancelled."""
        while True:
            now = self._now()
            try:
                await self.tick(now)
            except Exception as error:
                journal.trouble("the clock could not tell what is due", error)
            await asyncio.sleep(60 - self._now().second % 60)

    async def tick(self, now: datetime) -> list[tuple[str, str]]:
        """Do everything due at `now`, the longest waiting first; (job, community and slot; outcome) of each."""
        turns = await self._store.read(waiting, self._jobs.values(), now)
        self._failed = {turn.name: self._failed[turn.name] for turn in turns if turn.name in self._failed}
        done = []
        for turn in turns:
            if self._spared(turn, now):
                continue
            outcome = await self._try(turn, now)
            if outcome is not None:
                done.append((turn.name, outcome))
        if done:
            self._arrived()
        return done

    async def _try(self, turn: Turn, now: datetime) -> str | None:
        """The outcome, or None where it failed or somebody else was first."""
        try:
            outcome = await self._store.write(perform, self._house, turn, now)
        except Exception as error:
            wait, _ = self._failed.get(turn.name, (FIRST_WAIT / 2, now))
            self._failed[turn.name] = (min(wait * 2, LONGEST_WAIT), now)
            journal.trouble("a job failed and will be tried again", error, turn=turn.name)
            return None
        self._failed.pop(turn.name, None)
        return outcome

    def _spared(self, turn: Turn, now: datetime) -> bool:
        """Whether it failed too lately; a clock set back spares nothing."""
        wait, at = self._failed.get(turn.name, (timedelta(0), now))
        return timedelta(0) <= now - at < wait


def waiting(conn: Connection, shelf: Iterable[Job], now: datetime) -> list[Turn]:
    """Every slot that has come and has not run, the longest waiting first. A job that cannot tell stops no other."""
    turns = []
    for community in people.communities(conn):
        here = []
        for job in shelf:
            try:
                here += come(conn, job, community, now)
            except Exception as error:
                conn.rollback()  # after an error PostgreSQL answers nothing more in a transaction
                journal.trouble("a job could not tell what is due", error, job=job.name, community=community.name)
        turns += not_run(conn, community, here)
    return sorted(turns, key=lambda turn: (turn.slot.due, turn.name))


def come(conn: Connection, job: Job, community: Community, now: datetime) -> list[Turn]:
    """The slots of one job in one community that have come, run or not."""
    return [Turn(job, community, slot) for slot in job.due(conn, community, now)]


def not_run(conn: Connection, community: Community, turns: Iterable[Turn]) -> list[Turn]:
    """Those of the community's turns that have not run."""
    slots = {(turn.job.name, turn.slot.name): turn for turn in turns}
    ran = schedule.ran(conn, community.id, slots.keys())
    return [turn for slot, turn in slots.items() if slot not in ran]


def perform(conn: Connection, house: House, turn: Turn, now: datetime) -> str | None:
    """Do one slot in this transaction; None when it was taken meanwhile."""
    job, community, slot = turn.job, turn.community, turn.slot
    if not schedule.claim(conn, job.name, community.id, slot.name, now):
        return None
    outcome = job.run(house.desk(conn, now), community, slot)
    schedule.conclude(conn, job.name, community.id, slot.name, outcome)
    return outcome
