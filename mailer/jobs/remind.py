"""Before an event: a reminder to its members the day before; the count to its facilitator then, and a week before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailer.jobs.job import Job
from mailer.jobs.slots import Slot, before
from mailer.outbound import invitations
from mailer.outbound.desk import Desk
from mailer.store.knowledge import events
from mailer.store.knowledge.events import Event
from mailer.store.society.people import Community
from mailer.store.talk import news


@dataclass(frozen=True, slots=True)
class Before(Job):
    """Once for each event and date it is on, so many days before it; late by half of them at most."""

    days: int = 1

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        return [slot for _, slot in self._coming(conn, community, now)]

    def _coming(self, conn: Connection, community: Community, now: datetime) -> Iterator[tuple[Event, Slot]]:
        """Events so near whose hour has come, unless their members have heard of them since."""
        zone = ZoneInfo(community.zone)
        today = now.astimezone(zone).date()
        for event in events.coming(conn, community.id, now):
            on = event.plan.starts_at.astimezone(zone).date()
            at = before(event.plan.starts_at, self.days, community.policy.digest_hour, zone)
            told = news.last_told(conn, event.id)
            if at <= now and today < on - timedelta(days=self.days // 2) and (told is None or told < at):
                yield event, Slot(f"{event.id}/{on}", at)

    def _event(self, desk: Desk, slot: Slot) -> Event:
        return events.event(desk.conn, int(slot.name.partition("/")[0]))


@dataclass(frozen=True, slots=True)
class Reminder(Before):
    """The day before an event, to those who come, may come or have not answered."""

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        event = self._event(desk, slot)
        id = invitations.remind(desk, community, event, f"{self.name}/{slot.name}")
        return "reminded" if id else "nobody to remind"


@dataclass(frozen=True, slots=True)
class Count(Before):
    """Before an event, to the facilitator: who comes."""

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        event = self._event(desk, slot)
        told = invitations.count_to_facilitator(desk, community, event.id, f"{self.name}/{slot.name}")
        return f"to {told}"


REMINDER = Reminder("event-reminder")
COUNT = Count("event-count")
WEEK = Count("event-count-week", days=7)
