"""What a person looks at to see what happened: the latest of the ledger, of threads, library and events."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import event, inbox, item, ledger, person, post, thread


def latest(conn: Connection, limit: int) -> list[Mapping[str, Any]]:
    """The last lines of the ledger, newest first: id, at, what, detail, mail, who, size."""
    query = (
        sa.select(
            ledger.c.id,
            ledger.c.at,
            ledger.c.what,
            ledger.c.detail,
            ledger.c.inbox_id.label("mail"),
            sa.func.coalesce(person.c.name, "").label("who"),
            sa.func.coalesce(sa.func.length(inbox.c.raw), 0).label("size"),
        )
        .outerjoin(person, person.c.id == ledger.c.person_id)
        .outerjoin(inbox, inbox.c.id == ledger.c.inbox_id)
        .order_by(ledger.c.id.desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in conn.execute(query)]


def overview(conn: Connection, community_id: int, limit: int) -> dict[str, list[Mapping[str, Any]]]:
    """`threads` by their last post, `items` and `events`, newest first."""
    said = sa.select(sa.func.count()).where(post.c.thread_id == thread.c.id, post.c.state == "posted")
    threads = (
        sa.select(thread, said.scalar_subquery().label("posts"))
        .where(thread.c.community_id == community_id)
        .order_by(thread.c.last_at.desc())
    )
    items = (
        sa.select(item, sa.func.coalesce(person.c.name, "").label("author"))
        .outerjoin(person, person.c.id == item.c.author_id)
        .where(item.c.community_id == community_id)
        .order_by(item.c.id.desc())
    )
    events = sa.select(event).where(event.c.community_id == community_id).order_by(event.c.starts_at.desc())
    named = {"threads": threads, "items": items, "events": events}
    return {name: [dict(row._mapping) for row in conn.execute(query.limit(limit))] for name, query in named.items()}
