"""How the service is, in figures that cost little: what waits and since when, and what mails came to.

Reads only indexes, and of the ledger only what is new. Called by the web door and by `mailer check`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store import tables as t
from mailer.store.traffic import deliveries, inbox

DAILY = "set-aside"  # the job that runs once a day in every community
STUCK = timedelta(minutes=10)  # mail that nobody has read, or that is due and has not left, for so long
ASLEEP = timedelta(hours=26)  # a day, and the longest night


@dataclass(frozen=True, slots=True)
class Vitals:
    """`unread` mails came in and nobody has dealt with them, `unsent` deliveries wait; each with its oldest."""

    unread: int
    unread_since: datetime | None
    shunted: int
    unsent: int
    unsent_since: datetime | None
    due_since: datetime | None  # when the first delivery that waits was due, or will be
    clock_ran: datetime | None  # the last daily slot of the oldest community; None where there is none
    taken: int  # mails ever taken
    queued: int  # deliveries ever made

    def troubles(self, now: datetime) -> list[str]:
        """What is amiss: reader (mail waits unread), relay (mail that is due does not leave), clock (it stands)."""
        waits = {
            "reader": (self.unread_since, STUCK),
            "relay": (self.due_since, STUCK),
            "clock": (self.clock_ran, ASLEEP),
        }
        return [what for what, (since, patience) in waits.items() if since and now - since >= patience]


def look(conn: Connection) -> Vitals:
    """As it is now."""
    oldest = sa.select(t.inbox.c.received_at).where(t.inbox.c.state == "waiting").order_by(t.inbox.c.id).limit(1)
    pending = deliveries.pending(conn)
    counts = dict(inbox.counts(conn))
    return Vitals(
        unread=counts.get("waiting", 0),
        unread_since=conn.scalar(oldest),
        shunted=counts.get("shunted", 0),
        unsent=pending.count,
        unsent_since=pending.oldest,
        due_since=deliveries.due_since(conn),
        clock_ran=clock_ran(conn),
        taken=conn.scalar(sa.select(sa.func.max(t.inbox.c.id))) or 0,
        queued=conn.scalar(sa.select(sa.func.max(t.delivery.c.id))) or 0,
    )


def clock_ran(conn: Connection) -> datetime | None:
    """When the clock last did what it does every day, in the community that is there longest; when that began, where
    it never has."""
    oldest = conn.execute(
        sa.select(t.community.c.id, t.community.c.created_at).order_by(t.community.c.id).limit(1)
    ).first()
    if oldest is None:
        return None
    query = sa.select(t.runs.c.ran_at).where(t.runs.c.job == DAILY, t.runs.c.community_id == oldest.id)
    ran: datetime | None = conn.scalar(query.order_by(t.runs.c.slot.desc()).limit(1))
    return ran or oldest.created_at


def newest_mail(conn: Connection) -> datetime | None:
    """When the last mail that was taken came in."""
    found: datetime | None = conn.scalar(sa.select(t.inbox.c.received_at).order_by(t.inbox.c.id.desc()).limit(1))
    return found


def outcomes(conn: Connection, after: int) -> tuple[int, Mapping[str, int]]:
    """How often each word stands in the ledger behind this id, and the last id there is.

    On PostgreSQL a line that is committed after a later one was counted is missed.
    """
    query = sa.select(t.ledger.c.what, sa.func.count(), sa.func.max(t.ledger.c.id)).where(t.ledger.c.id > after)
    rows = conn.execute(query.group_by(t.ledger.c.what).order_by(t.ledger.c.what)).all()
    return max((row[2] for row in rows), default=after), {row[0]: row[1] for row in rows}
