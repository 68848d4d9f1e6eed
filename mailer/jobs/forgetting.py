"""The last mail to somebody who was erased is forgotten as well, once it is sent."""

from dataclasses import dataclass

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound.desk import Desk
from mailer.store.society import erasing
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class Forgetting(Rhythm):
    """Once a day: where the last mails went, and what they said, goes."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        return f"{erasing.last_mails_sent(desk.conn)} forgotten"


FORGETTING = Forgetting("forgetting")
