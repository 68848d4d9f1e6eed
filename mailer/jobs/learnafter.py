"""A week after an event, whoever called it is asked what to do next time; the answer is kept as a lesson."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailer.jobs.job import LONGEST, Job
from mailer.jobs.slots import Slot, before
from mailer.outbound import invitations
from mailer.outbound.desk import Desk
from mailer.store.knowledge import events
from mailer.store.society.people import Community

DAYS = 7  # enough to have tried what was learnt, soon enough to remember


@dataclass(frozen=True, slots=True)
class LearnAfter(Job):
    """Once for each event that took place."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        zone = ZoneInfo(community.zone)
        past = events.past(conn, community.id, now - LONGEST, now - timedelta(days=DAYS - 1))
        slots = [Slot(str(one.id), before(one.plan.ends_at, -DAYS, community.policy.digest_hour, zone)) for one in past]
        return [slot for slot in slots if slot.due <= now]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        told = invitations.ask_what_was_learnt(desk, community, int(slot.name), f"{self.name}/{slot.name}")
        return f"asked {told}"


LEARN_AFTER = LearnAfter("learn-after")
