"""What a job is: something the clock does once a slot. Each stands in a file of its own on this shelf.

A job says which slots have come and does one of them in the transaction it is given; it never asks whether it has run
(the clock does) and never sends (it queues). Called by the clock and by `mailer run-job`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailer.community.policy import Policy
from mailer.jobs.slots import Rule, Slot, newest
from mailer.outbound.desk import Desk
from mailer.store.record import schedule
from mailer.store.society.people import Community

LONGEST = timedelta(days=31)  # a longer sleep is not made up for


@dataclass(frozen=True, slots=True)
class Job(ABC):
    """A name, unique on the shelf, under which its slots are kept."""

    name: str

    @abstractmethod
    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        """The slots that have come by `now`, run or not; of a rhythm only the newest."""

    @abstractmethod
    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        """Do it; what came of it, in a few words. An exception undoes everything, and it is tried again."""


@dataclass(frozen=True, slots=True)
class Rhythm(Job):
    """A job that follows the calendar on the wall of its community."""

    @abstractmethod
    def rule(self, policy: Policy) -> Rule:
        """When, as this community has chosen."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        slot = newest(self.rule(community.policy), ZoneInfo(community.zone), now)
        return [slot] if slot else []

    def since(self, desk: Desk, community: Community, slot: Slot, usual: timedelta) -> datetime:
        """Where the time this slot speaks of begins: at the last run, or at the first `usual` before it was due."""
        last = schedule.last_run(desk.conn, self.name, community.id, slot.name)
        return max(last or slot.due - usual, desk.now - LONGEST)
