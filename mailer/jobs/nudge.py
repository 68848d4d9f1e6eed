"""Whoever was invited and has said nothing is reminded twice, then left in peace. A no is never asked about again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailer.commands import inviting
from mailer.community.policy import Policy
from mailer.jobs.job import Rhythm
from mailer.jobs.slots import Rule, Slot, daily
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.society import people
from mailer.store.society.people import Community

AFTER = (timedelta(days=3), timedelta(days=10))  # a week has a day on which one has time; a holiday two weeks
EARLY = timedelta(hours=12)  # an invitation of the afternoon counts as one of the morning


@dataclass(frozen=True, slots=True)
class Nudge(Rhythm):
    """Once a day, in slices: each waiting invitation that has come of age gets one mail more."""

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour)

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        waiting = len(_ripe(conn, community, now))
        slices = range(-(-waiting // inviting.SLICE))
        days = super(Nudge, self).due(conn, community, now)  # a slotted dataclass has no super() of its own
        return [Slot(f"{slot.name}/{at:03}", slot.due) for slot in days for at in slices]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        ripe = _ripe(desk.conn, community, desk.now)[: inviting.SLICE]
        for ask in ripe:
            payload = {**ask.payload, "reminded": _passed(ask, desk.now)}
            asks.change_payload(desk.conn, ask.id, payload)
            who = people.by_id(desk.conn, ask.person_id or 0)
            inviting.write(desk, community, who, ask.id, payload, payload["reminded"])
        return f"{len(ripe)} reminded"


def _ripe(conn: Connection, community: Community, now: datetime) -> list[Ask]:
    """Those who are to hear from us again."""
    return [ask for ask in asks.open_asks(conn, community.id, "invite") if ask.payload["reminded"] < _passed(ask, now)]


def _passed(ask: Ask, now: datetime) -> int:
    """How many reminders its age is worth."""
    return sum(now - ask.opens_at >= age - EARLY for age in AFTER)


NUDGE = Nudge("invite-reminder")
