"""What a member wants to hear more or nothing of: threads and tags, followed or muted."""

from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import follow

Choice = Literal["follow", "mute"]


def choose(
    conn: Connection, membership_id: int, choice: Choice, *, thread_id: int | None = None, tag_id: int | None = None
) -> None:
    """The last word on a thread or a tag."""
    same = sa.and_(
        follow.c.membership_id == membership_id,
        follow.c.thread_id.is_not_distinct_from(thread_id),
        follow.c.tag_id.is_not_distinct_from(tag_id),
    )
    conn.execute(sa.delete(follow).where(same))
    values = {"membership_id": membership_id, "thread_id": thread_id, "tag_id": tag_id, "choice": choice}
    conn.execute(sa.insert(follow).values(**values))


def chosen(conn: Connection, membership_id: int, thread_id: int) -> str | None:
    """What a member chose for a thread."""
    query = sa.select(follow.c.choice).where(follow.c.membership_id == membership_id, follow.c.thread_id == thread_id)
    return conn.scalar(query)
