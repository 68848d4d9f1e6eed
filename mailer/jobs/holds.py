"""What waits for a facilitator: gathered mails within the hour, others after a day, the writer told once.

A slot is a minute in which there is something to do; what was done is kept with each ask, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailer.commands import duty, holdqueue
from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.record import ledger
from mailer.store.society.people import Community
from mailer.store.traffic.mailings import About

END = timedelta(days=13)  # a day before every unanswered ask is closed in silence


@dataclass(frozen=True, slots=True)
class Holds(Job):
    """As long as anything waits: to whoever has not been asked yet, at most one mail an hour each."""

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        if not asks.open_asks(conn, community.id, holdqueue.KIND):
            return []
        return [Slot(f"{now:%Y-%m-%dT%H:%M}", now)]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        waiting = asks.open_asks(desk.conn, community.id, holdqueue.KIND)
        over = sum(_over(desk, community, ask) for ask in waiting if desk.now - ask.opens_at >= END)
        told = sum(_still(desk, community, ask) for ask in waiting if desk.now - ask.opens_at >= duty.PATIENCE)
        mails = holdqueue.put(desk, community)
        return f"{mails} mails, {told} writers told, {over} given up"


def _still(desk: Desk, community: Community, ask: Ask) -> bool:
    """The writer hears once that it still waits."""
    id = ask.payload.get("person")
    if ask.payload.get("writer_told") or not id:
        return False
    asks.change_payload(desk.conn, ask.id, {**ask.payload, "writer_told": True})
    return _tell(desk, community, ask, id, "waiting")


def _over(desk: Desk, community: Community, ask: Ask) -> bool:
    """Nobody decided: it is not sent, and its writer knows."""
    if not asks.close(desk.conn, ask.id, "withdrawn"):
        return False
    id: int | None = ask.payload.get("person")
    ledger.record(
        desk.conn,
        "expired",
        at=desk.now,
        community_id=community.id,
        inbox_id=ask.inbox_id,
        other_id=id,
        detail=holdqueue.KIND,
    )
    return id is not None and _tell(desk, community, ask, id, "unanswered")


def _tell(desk: Desk, community: Community, ask: Ask, person_id: int, done: str) -> bool:
    facts = {"done": done, "subject": ask.payload["subject"], "stopped": 0, "text": ""}
    who = holdqueue.reach(desk, community, person_id)
    notices.tell(desk, "sender-outcome", community, who, facts, offers=("help",), about=About(ask_id=ask.id))
    return True


HOLDS = Holds("holds")
