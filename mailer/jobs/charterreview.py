"""Once a year the facilitators are asked whether the charter still says what the community is for."""

from dataclasses import dataclass

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, charters
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.traffic.mailings import About

OFFERS = ("yes", "no", "help")


@dataclass(frozen=True, slots=True)
class CharterReview(Rhythm):
    """On the day the charter wants to be looked at; once for each such day."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        found = charters.charter(desk.conn, community.id)
        if found is None or found.review_on is None or found.review_on > desk.now.date():
            return "nothing to look at"
        key = f"{self.name}/{community.id}/{found.id}/{found.review_on}"
        team = people.members(desk.conn, community.id, roles=["facilitator"])
        if asks.open_asks(desk.conn, community.id, "charter") or not team:
            return "asked already" if team else "no facilitator"
        payload = {"item": found.id}
        more = {"audience": "facilitators", "payload": payload}
        id = asks.open_ask(desk.conn, community.id, "charter", "yes-no", desk.now, **more)  # type: ignore[arg-type]
        facts = {"charter": found}
        told = [
            notices.tell(
                desk,
                "charter-review",
                community,
                one.person,
                facts,
                offers=OFFERS,
                about=About(ask_id=id),
                period_key=f"{key}/{one.person.id}",
                priority=1,
            )
            for one in team
        ]
        return f"to {sum(one is not None for one in told)}"


CHARTER_REVIEW = CharterReview("charter-review")
