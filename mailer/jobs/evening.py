"""The evening's digest: what came on top of the number of mails a day that a member wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from mailer.community.policy import Policy
from mailer.jobs import digest
from mailer.jobs.digest import News
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.outbound.fanout import Copy
from mailer.store.society import people
from mailer.store.society.people import Community, Member
from mailer.store.talk import wanting

HOUR = 18  # local: the end of a working day


@dataclass(frozen=True, slots=True)
class Evening(Rhythm):
    """Once a day, to each whose cap has held something back since the last one."""

    def rule(self, policy: Policy) -> Rule:
        return daily(HOUR)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        capped = {
            one.membership.id: one for one in people.members(desk.conn, community.id) if one.membership.cap is not None
        }
        if not capped:
            return "nobody wants it"
        since = self.since(desk, community, slot, timedelta(days=1))
        found = digest.gather(desk.conn, community, since, desk.now)
        left = held_back(desk.conn, community, found)
        if not left:
            return "nothing held back"
        found = found.only(frozenset().union(*left.values()))
        copies = _copies(desk, community, [(capped[id], posts) for id, posts in left.items()], found)
        return digest.send(desk, community, copies, found, "daily", slot, self)


def held_back(conn: Connection, community: Community, found: News) -> dict[int, frozenset[int]]:
    """Membership to the posts of this news that its cap has kept from it."""
    left: dict[int, frozenset[int]] = {}
    for talk in found.talks:
        ids = [post.id for post in talk.posts]
        first = min(post.posted_at for post in talk.posts)
        for member, post in wanting.held_back(conn, community.id, talk.id, ids, first):
            left[member] = left.get(member, frozenset()) | {post}
    return left


def _copies(desk: Desk, community: Community, left: Sequence[tuple[Member, frozenset[int]]], found: News) -> list[Copy]:
    """One variant for all who missed the same and read it the same way."""
    groups: dict[tuple[str, str, bool, frozenset[int]], list[Member]] = {}
    for member, posts in left:
        way = (notices.spoken(member.person, community), notices.zone_of(member.person, community))
        groups.setdefault((*way, member.membership.plain, posts), []).append(member)
    made = []
    for number, ((language, zone, plain, posts), readers) in enumerate(groups.items()):
        facts = digest.facts_for(desk, found, found.only(posts), ())
        facts |= {"period": "evening", "until": desk.now, "zone": zone}
        made.append(Copy(str(number), readers, language, facts, plain=plain))
    return made


EVENING = Evening("evening-digest")
