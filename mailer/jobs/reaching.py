"""Whom mail does not reach: asked once more, then told where else they read, and the facilitators hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.traffic import suppressions
from mailer.store.traffic.deliveries import PROBE
from mailer.store.traffic.suppressions import Unreached

MOST = 20  # named in one mail


@dataclass(frozen=True, slots=True)
class Reaching(Rhythm):
    """Once a day: probes to addresses in doubt, and one mail about those given up since the last time."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        since = self.since(desk, community, slot, timedelta(days=1))
        forgiven = suppressions.forgive(desk.conn, desk.now)
        doubtful = suppressions.doubtful(desk.conn, community.id, desk.now)
        for one in doubtful:
            self._probe(desk, community, one)
        lost = suppressions.given_up(desk.conn, community.id, since, desk.now)
        for one in lost:
            self._tell_elsewhere(desk, community, one)
        outages = suppressions.outages(desk.conn, community.id, since)
        if lost or outages:
            self._tell_facilitators(desk, community, lost, outages)
        return f"{len(doubtful)} asked, {len(lost)} given up, {forgiven} reached"

    def _probe(self, desk: Desk, community: Community, one: Unreached) -> None:
        """The last mail, should this fail as well."""
        if who := people.by_address(desk.conn, one.address_id):
            suppressions.probed(desk.conn, one.address_id, desk.now)
            notices.tell(desk, PROBE, community, who, {"reason": one.reason}, offers=("help",), priority=1)

    def _tell_elsewhere(self, desk: Desk, community: Community, one: Unreached) -> None:
        """At another address of theirs, once: they may not know that their mail comes back."""
        for id in suppressions.others(desk.conn, one.person_id, one.email, desk.now)[:1]:
            if who := people.by_address(desk.conn, id):
                key = f"bounced/{community.id}/{one.address_id}/{one.since:%Y-%m-%d}"
                facts = {"address": one.email, "since": one.since, "reason": one.reason, "why": one.why}
                notices.tell(desk, "member-bounced", community, who, facts, offers=("help",), period_key=key)

    def _tell_facilitators(
        self, desk: Desk, community: Community, lost: Sequence[Unreached], outages: Sequence[tuple[str, int]]
    ) -> None:
        named = [
            {"name": notices.name_of(people.by_id(desk.conn, one.person_id)), "address": one.email, "why": one.why}
            | {
                "reason": one.reason,
                "elsewhere": bool(suppressions.others(desk.conn, one.person_id, one.email, desk.now)),
            }
            for one in lost[:MOST]
        ]
        facts = {
            "people": named,
            "total": len(lost),
            "domains": [{"name": name, "members": count} for name, count in outages],
        }
        for one in people.members(desk.conn, community.id, roles=["facilitator"]):
            notices.tell(desk, "facilitator-unreached", community, one.person, facts, offers=("help",), priority=1)


REACHING = Reaching("reaching")
