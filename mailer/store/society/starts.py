"""Communities that wait for a first yes: begun by a CC of `new@`, gone again where nobody wants them.

The ask of kind "start" is what waits: while it is open the community is pending. Called by commands/starting, by the
reader for which conversation belongs where, and by the clock.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import threads
from mailer.store.tables import ask, community, ledger, mailing, membership, node


def of_chain(conn: Connection, message_ids: Sequence[str]) -> int | None:
    """The community that was begun from a conversation with one of these Message-IDs, or None."""
    if not message_ids:
        return None
    wanted = set(message_ids)
    waiting = sa.select(ask.c.community_id, ask.c.payload).where(ask.c.kind == "start", ask.c.state == "open")
    for found, payload in conn.execute(waiting.order_by(ask.c.id)):
        if wanted.intersection(payload["ids"]):
            return int(found)
    keys = [key for id in message_ids if (key := threads.key(id))]
    begun = sa.select(ask.c.community_id).where(ask.c.kind == "start")
    query = sa.select(node.c.community_id).where(node.c.message_id.in_(keys), node.c.community_id.in_(begun))
    return conn.scalar(query.order_by(node.c.community_id).limit(1))


def open_by(conn: Connection, person_id: int) -> int:
    """How many of theirs wait."""
    query = sa.select(sa.func.count()).where(ask.c.kind == "start", ask.c.state == "open")
    return conn.scalar(query.where(ask.c.person_id == person_id)) or 0


def faded(conn: Connection, community_id: int, before: datetime) -> bool:
    """Whether it was begun before this moment and nobody ever came in."""
    query = sa.select(ask.c.id).where(ask.c.community_id == community_id, ask.c.kind == "start")
    begun = conn.scalar(query.where(ask.c.opens_at <= before).limit(1)) is not None
    inside = sa.select(membership.c.id).where(membership.c.community_id == community_id)
    return begun and conn.scalar(inside.limit(1)) is None


def drop(conn: Connection, community_id: int) -> None:
    """As if it had never been; what was sent about it stays in the ledger, about nothing."""
    here = mailing.c.community_id == community_id
    conn.execute(sa.update(mailing).where(here).values(community_id=None, ask_id=None))
    conn.execute(sa.update(ledger).where(ledger.c.community_id == community_id).values(community_id=None))
    conn.execute(sa.delete(community).where(community.c.id == community_id))
