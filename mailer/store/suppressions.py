"""Addresses that mail does not reach: how a permanent failure counts, and whom we no longer write to.

One failure is no reason: mailboxes are full, servers mistaken. As GNU Mailman does, an address scores at most once a
day, a score goes stale, and only at the threshold is the address left alone. Called for replies of the relay and for
bounces that come back.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from mailer.store.tables import address, suppression

THRESHOLD = 5.0  # days with a permanent failure
ONCE = timedelta(days=1)
STALE = timedelta(days=7)  # without a failure, and the score begins anew


def score(conn: Connection, address_id: int, now: datetime, weight: float = 1.0) -> str:
    """Count a failure against this address: "scored", "suppressed" when it is left alone from now on, or "counted"
    when it had its score today."""
    row = conn.execute(sa.select(address).where(address.c.id == address_id)).first()
    if row is None or (row.bounced_at is not None and now - row.bounced_at < ONCE):
        return "counted"
    stale = row.bounced_at is None or now - row.bounced_at >= STALE
    total = weight if stale else row.bounce_score + weight
    conn.execute(
        sa.update(address).where(address.c.id == address_id).values(bounce_score=total, bounced_at=now),
    )
    if total < THRESHOLD:
        return "scored"
    suppress(conn, row.email, "bounces", now)
    return "suppressed"


def suppress(conn: Connection, email: str, reason: str, now: datetime, until: datetime | None = None) -> None:
    """No mail to this address, for good or until then; an earlier reason stands."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    query = insert(suppression).values(email=email, reason=reason, since=now, until=until)
    conn.execute(query.on_conflict_do_nothing(index_elements=["email"]))


def lift(conn: Connection, email: str) -> None:
    """Mail may go to this address again, with a clean sheet."""
    conn.execute(sa.delete(suppression).where(suppression.c.email == email))
    conn.execute(sa.update(address).where(address.c.email == email).values(bounce_score=0.0, bounced_at=None))


def holding(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that a suppression holds now."""
    return sa.or_(suppression.c.until.is_(None), suppression.c.until > now)
