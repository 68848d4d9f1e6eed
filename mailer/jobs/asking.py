"""A long list of people to be asked goes out in slices, each a transaction of its own: nobody waits for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mailer.commands import inviting
from mailer.community.roster import Guest, Roster
from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.society import people
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class Asking(Job):
    """As soon as there is a list, slice by slice; each person on it is looked at again before they are asked."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        lists = asks.open_asks(conn, community.id, "roster")
        return [
            Slot(f"{ask.id}/{at:06}", ask.opens_at)
            for ask in lists
            for at in range(0, len(ask.payload["guests"]), inviting.SLICE)
        ]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        id, _, start = slot.name.partition("/")
        ask = asks.ask(desk.conn, int(id))
        if ask is None:
            return "no such list"
        listed, at = ask.payload["guests"], int(start)
        some = tuple(Guest(**guest) for guest in listed[at : at + inviting.SLICE])
        by = people.by_id(desk.conn, ask.payload["by"]) if ask.payload["by"] else None
        chosen = inviting.sort(desk, community, Roster(some), by, inviting.A_LIST)
        for guest in chosen.ask:
            inviting.ask_guest(desk, community, guest, by)
        if at + inviting.SLICE >= len(listed):
            asks.close(desk.conn, ask.id)
        return f"{len(chosen.ask)} asked"


ASKING = Asking("invite-list")
