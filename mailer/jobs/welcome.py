"""What comes to someone new by itself: on day 3 who they are and what helped others, on day 14 how it suits them, and
on day 30, of those who have written, who else should be here.

The first is written when they join. Nobody gets one who has left, wants no mail or was added by somebody else; none
goes out that would say nothing. A service that was down for longer than a week is silent about it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound import notices, restraint
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, charters
from mailer.store.society import guests, people
from mailer.store.society.people import Community, Member
from mailer.store.talk import talks
from mailer.store.traffic import mailings
from mailer.store.traffic.mailings import About

LATE = 7  # days: a welcome that comes later than this welcomes nobody
ITEMS = 5  # of the library in one mail
MODES = ("each", "daily", "weekly")
MONTH = timedelta(days=30)  # how long the question who else should be here may be answered


@dataclass(frozen=True, slots=True)
class Welcome(Rhythm):
    """Once a day, to whoever has been here for so many days."""

    days: Literal[3, 14, 30]

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        zone = ZoneInfo(community.zone)
        today = desk.now.astimezone(zone).date()
        since = desk.now - timedelta(days=self.days + LATE)
        told, full = 0, restraint.full(desk)
        for id, at in guests.welcomed(desk.conn, community.id, since, desk.now):
            if id not in full and (today - at.astimezone(zone).date()).days >= self.days:
                told += self._tell(desk, community, id, at)
        return f"to {told}"

    def _tell(self, desk: Desk, community: Community, id: int, joined: datetime) -> bool:
        member = people.member(desk.conn, id, community.id)
        if member is None or not member.membership.active or member.membership.mode == "none":
            return False
        away = member.membership.away_until
        key = f"{self.name}/{community.id}/{id}/{joined:%Y-%m-%d}"
        if (away and away > desk.now) or mailings.had(desk.conn, key):
            return False
        return BY_DAY[self.days](desk, community, member, key)


def _third_day(desk: Desk, community: Community, member: Member, key: str) -> bool:
    """One line about yourself, and the most useful there is."""
    found = charters.most_useful(desk.conn, community.id, ITEMS)
    id = asks.open_ask(desk.conn, community.id, "intro", "line", desk.now, person_id=member.person.id)
    facts = {"items": [{"number": number, "title": title} for number, title in found]}
    offers, also = ("help",), ("charter", "rules", "invite", "daily", "weekly", "stop")
    return _written(desk, restraint.LINE, community, member, facts, offers, also, About(ask_id=id), key)


def _fortnight(desk: Desk, community: Community, member: Member, key: str) -> bool:
    """How much mail suits them."""
    offers = tuple(mode for mode in MODES if mode != member.membership.mode)
    facts = {"mode": member.membership.mode}
    return _written(
        desk, restraint.FORTNIGHT, community, member, facts, (*offers, "help"), ("invite", "stop"), About(), key
    )


def _who_else(desk: Desk, community: Community, member: Member, key: str) -> bool:
    """Whom they would ask in: only who takes part is asked, and once."""
    if talks.silent(desk.conn, community.id, member.person.id):
        return False
    closes = desk.now + MONTH
    id = asks.open_ask(
        desk.conn, community.id, "nominate", "line", desk.now, person_id=member.person.id, closes_at=closes
    )
    facts, offers, about = {"done": "asked"}, ("no", "help"), About(ask_id=id)
    return _written(desk, restraint.WHO_ELSE, community, member, facts, offers, ("invite",), about, key)


BY_DAY = {3: _third_day, 14: _fortnight, 30: _who_else}


def _written(
    desk: Desk,
    name: str,
    community: Community,
    member: Member,
    facts: notices.Facts,
    offers: tuple[str, ...],
    also: tuple[str, ...],
    about: About,
    key: str,
) -> bool:
    told = notices.tell(
        desk,
        name,
        community,
        member.person,
        facts,
        offers=offers,
        also=also,
        about=about,
        period_key=key,
        priority=1,
    )
    return told is not None


DAY_3 = Welcome("welcome-3", 3)
DAY_14 = Welcome("welcome-14", 14)
DAY_30 = Welcome("welcome-30", 30)
