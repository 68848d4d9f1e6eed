"""Once a month, the facilitators are asked whom to thank. See outbound/recognition for how and why."""

from dataclasses import dataclass
from datetime import date

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, month_before, monthly
from mailer.outbound import recognition
from mailer.outbound.desk import Desk
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class Contributor(Rhythm):
    """Once a month, to the facilitators: a draft of thanks to who helped most."""

    def rule(self, policy: Policy) -> Rule:
        return monthly(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        if not community.policy.contributor:
            return "not wanted"
        month, _ = month_before(date.fromisoformat(f"{slot.name}-01"))
        return recognition.propose(desk, community, month)


CONTRIBUTOR = Contributor("contributor")
