"""A community that was begun by a CC and that nobody wanted is gone after a fortnight, and its name is free again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mailer.commands import starting
from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound.desk import Desk
from mailer.store.society import starts
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class Faded(Rhythm):
    """Once a day, where there is one."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        if not starts.faded(conn, community.id, now - starting.PATIENCE):
            return []
        return super(Faded, self).due(conn, community, now)  # a slotted dataclass has no super() of its own

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        starts.drop(desk.conn, community.id)
        return "gone"


FADED = Faded("start-faded")
