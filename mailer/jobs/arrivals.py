"""Whoever invited somebody hears who has come: all of a day in one mail."""

from dataclasses import dataclass
from datetime import timedelta

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import guests, people
from mailer.store.society.people import Community

SHOWN = 20  # names in one mail


@dataclass(frozen=True, slots=True)
class Arrivals(Rhythm):
    """Once a day, to each whose guests have joined since."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        came: dict[int, list[int]] = {}
        since = self.since(desk, community, slot, timedelta(days=1))
        for by, who in guests.came(desk.conn, community.id, since, desk.now):
            came.setdefault(by, []).append(who)
        return f"to {sum(self._tell(desk, community, slot, by, newcomers) for by, newcomers in came.items())}"

    def _tell(self, desk: Desk, community: Community, slot: Slot, by: int, newcomers: list[int]) -> bool:
        inviter = people.member(desk.conn, by, community.id)
        if inviter is None or not inviter.membership.active or inviter.membership.mode == "none":
            return False
        names = [notices.name_of(people.by_id(desk.conn, id)) for id in newcomers[:SHOWN]]
        facts = {"names": names, "count_all": len(newcomers)}
        key = f"{self.name}/{community.id}/{slot.name}/{by}"
        notices.tell(
            desk, "invite-joined", community, inviter.person, facts, offers=("help",), period_key=key, priority=1
        )
        return True


ARRIVALS = Arrivals("invite-joined")
