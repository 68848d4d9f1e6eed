"""What was sent is forgotten in time: the last mail to somebody who was erased, and who got what after a year."""

from dataclasses import dataclass
from datetime import timedelta

from mailer.community.policy import Policy
from mailer.jobs.job import LONGEST, Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound.desk import Desk
from mailer.store.society import erasing
from mailer.store.society.people import Community
from mailer.store.traffic import deliveries

LEAST = LONGEST + timedelta(days=1)  # digests look as far back, bounces a third as far


@dataclass(frozen=True, slots=True)
class Forgetting(Rhythm):
    """Once a day: where the last mails went, and what they said, goes; so does what went to whom, once it is old."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        erased = erasing.last_mails_sent(desk.conn)
        old = max(timedelta(seconds=desk.settings.relay.remember), LEAST)
        return f"{erased} forgotten, {deliveries.forget(desk.conn, desk.now - old)} old"


FORGETTING = Forgetting("forgetting")
