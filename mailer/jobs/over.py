"""When an event has ended: its ask closes, in silence. What was learnt is asked a week later: see `learnafter`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound.desk import Desk
from mailer.store.knowledge import events
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class Over(Job):
    """After an event: no more answers."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        return [Slot(str(event.id), event.plan.ends_at) for event in events.ended(conn, community.id, now)]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        return "over" if events.move(desk.conn, int(slot.name), "over") else "over already"


OVER = Over("event-over")
