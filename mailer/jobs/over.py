"""When an event has ended: its ask closes, and the facilitator gets the last count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound import invitations
from mailer.outbound.desk import Desk
from mailer.store import events
from mailer.store.people import Community


@dataclass(frozen=True, slots=True)
class Over(Job):
    """After an event: no more answers, and the count to the facilitator."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        return [Slot(str(event.id), event.plan.ends_at) for event in events.ended(conn, community.id, now)]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        event = events.move(desk.conn, int(slot.name), "over")
        if event is None:
            return "over already"
        told = invitations.count_to_facilitator(desk, community, event.id, f"{self.name}/{slot.name}")
        return f"over, count to {told}"


OVER = Over("event-over")
