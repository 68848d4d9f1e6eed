"""Mail that no reader survived or understood: the facilitators learn of it once, whoever runs the service mends it."""

from dataclasses import dataclass
from datetime import timedelta

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.mail import addressing
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope

MOST = 20  # named in one mail


@dataclass(frozen=True, slots=True)
class SetAside(Rhythm):
    """Once a day, to the facilitators: which mails to their community wait on the shunt since the last time."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        since = self.since(desk, community, slot, timedelta(days=1))
        found = [one for one in inbox.set_aside(desk.conn, since, desk.now) if _ours(desk, community, one.envelope)]
        if not found:
            return "none"
        # What a mail says of itself is left alone: reading it is what failed.
        mails = [{"number": one.id, "sender": one.envelope.mail_from, "at": one.envelope.received_at} for one in found]
        facts = {"mails": mails[:MOST], "total": len(mails)}
        for one in people.members(desk.conn, community.id, roles=["facilitator"]):
            notices.tell(desk, "facilitator-set-aside", community, one.person, facts)
        return f"{len(found)} told"


def _ours(desk: Desk, community: Community, envelope: Envelope) -> bool:
    """Whether it came to an address of this community."""
    local = [to.rpartition("@")[0] for to in envelope.recipients if to.endswith(f"@{desk.settings.domain}")]
    return any(addressing.split(one, {community.name}, desk.settings.delimiter) for one in local)


SET_ASIDE = SetAside("set-aside")
