"""Questions nobody answered are closed after a fortnight, in silence: the ledger knows."""

from dataclasses import dataclass
from datetime import timedelta

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.record import ledger
from mailer.store.society.people import Community

PATIENCE = timedelta(days=14)  # for an answer to an ask that names no end


@dataclass(frozen=True, slots=True)
class Expiry(Rhythm):
    """Once a day, asks whose time is over are closed: joining, confirming, drafts."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        over = asks.due(desk.conn, community.id, desk.now, PATIENCE)
        for ask in over:
            asks.close(desk.conn, ask.id)
            ledger.record(
                desk.conn,
                "expired",
                at=desk.now,
                community_id=community.id,
                inbox_id=ask.inbox_id,
                person_id=ask.person_id,
                detail=ask.kind,
            )
        return f"{len(over)} closed"


EXPIRY = Expiry("expiry")
