"""On Monday, where the facilitators take turns: whose week it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mailer.commands import duty
from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, weekly
from mailer.outbound.desk import Desk
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class Rota(Rhythm):
    """Once a week, to the one who decides what waits; not where every facilitator gets it all."""

    def rule(self, policy: Policy) -> Rule:
        return weekly("monday", policy.digest_hour)

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        if community.policy.rota != "weekly":
            return []
        return Rhythm.due(self, conn, community, now)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        chosen = duty.begin(desk, community, slot.name)
        return f"person {chosen.person.id}" if chosen else "nobody to take it"


ROTA = Rota("rota")
