"""What waits for a facilitator, as far as the asks do not tell: when someone last heard, how a mail was decided.

Called by the hold queue and by moderating.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store import tables
from mailer.store.tables import mailing

MAIL = "facilitator-hold"


@dataclass(frozen=True, slots=True)
class Settled:
    """The word that closed a hold, what went with it, and whose it was."""

    value: str
    comment: str
    person_id: int


def last_told(conn: Connection, community_id: int, person_id: int) -> datetime | None:
    """When this person last got a mail about what waits here."""
    mine = sa.and_(mailing.c.community_id == community_id, mailing.c.kind == MAIL, mailing.c.person_id == person_id)
    found: datetime | None = conn.scalar(
        sa.select(mailing.c.created_at).where(mine).order_by(mailing.c.id.desc()).limit(1)
    )
    return found


def settled(conn: Connection, community_id: int, inbox_id: int) -> Settled | None:
    """How the hold of this mail was decided, if it was."""
    query = (
        sa.select(tables.answer.c.value, tables.answer.c.comment, tables.answer.c.person_id)
        .join(tables.ask, tables.ask.c.id == tables.answer.c.ask_id)
        .where(tables.ask.c.community_id == community_id, tables.ask.c.kind == "hold")
        .where(tables.ask.c.inbox_id == inbox_id, tables.ask.c.state == "closed")
        .order_by(tables.answer.c.id.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return Settled(*row) if row else None
