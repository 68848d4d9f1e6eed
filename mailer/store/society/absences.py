"""When someone went away: the ledger remembers. Called by the mail that greets them on their return."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import ledger

AWAY = "away until"  # what the line of the ledger begins with


def began(conn: Connection, community_id: int, person_id: int) -> datetime | None:
    """When this member last said that they would be away."""
    query = sa.select(ledger.c.at).where(
        ledger.c.community_id == community_id,
        ledger.c.person_id == person_id,
        ledger.c.what == "set",
        ledger.c.detail.startswith(AWAY),
    )
    at: datetime | None = conn.scalar(query.order_by(ledger.c.id.desc()).limit(1))
    return at
