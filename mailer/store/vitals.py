"""How the service is, in figures that cost little: what waits and since when, and what mails came to.

Reads only indexes, and of the ledger only what is new. Called by the web door and by `mailer check`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store import deliveries, inbox
from mailer.store import tables as t


@dataclass(frozen=True, slots=True)
class Vitals:
    """`unread` mails came in and nobody has dealt with them, `unsent` deliveries wait; each with its oldest."""

    unread: int
    unread_since: datetime | None
    shunted: int
    unsent: int
    unsent_since: datetime | None
    taken: int  # mails ever taken
    queued: int  # deliveries ever made


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
        taken=conn.scalar(sa.select(sa.func.max(t.inbox.c.id))) or 0,
        queued=conn.scalar(sa.select(sa.func.max(t.delivery.c.id))) or 0,
    )


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
