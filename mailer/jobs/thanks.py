"""Thanks received, in one mail a day at most: who thanked you, and for what.

Who has had their mails of this week from us (law 15) is told later, of all that has come meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mailer.community.policy import Policy
from mailer.jobs.job import LONGEST, Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound import notices, restraint
from mailer.outbound.desk import Desk
from mailer.store.record import ledger
from mailer.store.record.ledger import Entry
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.talk import posts
from mailer.store.traffic import mailings


@dataclass(frozen=True, slots=True)
class Thanks(Rhythm):
    """Once a day, to each who was thanked: by whom, and for what."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        since = desk.now - LONGEST
        told = mailings.told(desk.conn, [restraint.THANKS], since, community.id)
        full = restraint.full(desk)
        received: dict[int, list[Entry]] = {}
        for entry in ledger.thanks_between(desk.conn, community.id, since, desk.now):
            id = entry.other_id
            if id and id != entry.person_id and id not in full and entry.at >= told.get(id, [since])[-1]:
                received.setdefault(id, []).append(entry)
        return f"to {sum(self._tell(desk, community, slot, id, entries) for id, entries in received.items())}"

    def _tell(self, desk: Desk, community: Community, slot: Slot, id: int, entries: Sequence[Entry]) -> bool:
        """One mail to one person; nothing to who has left."""
        member = people.member(desk.conn, id, community.id)
        if member is None or not member.membership.active or member.membership.mode == "none":
            return False
        facts = {
            "total": len({entry.person_id for entry in entries}),
            "posts": [
                {"subject": subject, "people": names}
                for subject, names in _by_subject(desk, community, entries).items()
            ],
        }
        offers = ("help",) if member.person.quiet else ("quiet", "help")
        key = f"{self.name}/{community.id}/{slot.name}/{id}"
        told = notices.tell(
            desk, restraint.THANKS, community, member.person, facts, offers=offers, period_key=key, priority=1
        )
        return told is not None


def _by_subject(desk: Desk, community: Community, entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Who thanked, under what each post was called; each name once."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        post = posts.post(desk.conn, entry.post_id) if entry.post_id else None
        names = found.setdefault(post.subject if post else community.title, [])
        if entry.person_id and (name := notices.name_of(people.by_id(desk.conn, entry.person_id))) not in names:
            names.append(name)
    return found


THANKS = Thanks("thanks")
