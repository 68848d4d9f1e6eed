"""Whoever was away gets one mail on the morning of their return: what was said meanwhile, of what they want to read.

Its name comes after those of the digests, which leave out whoever is still marked as away: so nobody gets both.
"""

from dataclasses import dataclass
from datetime import datetime

from mailer.community.policy import Policy
from mailer.jobs import digest
from mailer.jobs.job import LONGEST, Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound.desk import Desk
from mailer.store.society import absences, people
from mailer.store.society.people import Community, Member

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Return(Rhythm):
    """Every morning, to those whose day has come; from then on their mail comes as before."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        back = [one for one in people.members(desk.conn, community.id) if _is_due(one, desk.now)]
        told = [self._tell(desk, community, members, stretch, slot) for stretch, members in _by_stretch(desk, back)]
        for one in back:
            people.change_membership(desk.conn, one.membership.id, away_until=None)
        return f"{len(back)} back; {sum(told)} told" if back else "nobody is back"

    def _tell(self, desk: Desk, community: Community, members: list[Member], stretch: Stretch, slot: Slot) -> int:
        found = digest.gather(desk.conn, community, *stretch)
        copies = digest.copies(desk, community, members, found, "away") if found else []
        if copies:
            once = Slot(f"{slot.name}/{stretch[0].isoformat()}/{stretch[1].isoformat()}", slot.due)
            digest.send(desk, community, copies, found, "away", once, self)
        return sum(len(copy.members) for copy in copies)


def _is_due(one: Member, now: datetime) -> bool:
    return one.membership.away_until is not None and one.membership.away_until <= now


def _by_stretch(desk: Desk, back: list[Member]) -> list[tuple[Stretch, list[Member]]]:
    """Who missed the same days: whoever gets each post has had those since they were back; the others until now."""
    groups: dict[Stretch, list[Member]] = {}
    for one in back:
        member = one.membership
        if member.mode in ("events", "none") or member.away_until is None:
            continue
        since = absences.began(desk.conn, member.community_id, member.person_id) or desk.now - LONGEST
        until = member.away_until if member.mode in ("each", "tags") else desk.now
        groups.setdefault((max(since, desk.now - LONGEST), until), []).append(one)
    return sorted(groups.items(), key=lambda group: group[0])


RETURN = Return("while-away")
