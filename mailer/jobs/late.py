"""Mail that is due and cannot leave for hours: the log says so, and facilitators hear of it when it leaves again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailer import journal
from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.traffic import deliveries

PATIENCE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Late(Job):
    """After four hours without a relay, once for the day it went away: a mail to each facilitator, which waits too."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        first = deliveries.due_since(conn)
        if first is None or now - first < PATIENCE:  # the usual case, and a look at an index
            return []
        here = deliveries.overdue(conn, community.id, now - PATIENCE)
        return [Slot(f"{here.oldest:%Y-%m-%d}", here.oldest + PATIENCE)] if here.oldest else []

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        late = deliveries.overdue(desk.conn, community.id, desk.now)
        journal.trouble("mail cannot leave", community=community.name, waiting=late.count, since=str(late.oldest))
        facts = {"since": late.oldest, "total": late.count}
        for one in people.members(desk.conn, community.id, roles=["facilitator"]):
            notices.tell(desk, "facilitator-late", community, one.person, facts)
        return f"{late.count} waiting"


LATE = Late("late")
