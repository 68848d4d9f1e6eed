"""What the clock's mails ask of the store beyond the nouns: who muted what, who was told when, whose lessons were kept.

Called by the digest, by the reminders and by recognition.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import follow, item, mailing, membership


def muted(conn: Connection, community_id: int, thread_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Of these threads, those that each membership has muted; memberships that muted none are left out."""
    query = sa.select(follow.c.membership_id, follow.c.thread_id).join_from(
        follow, membership, follow.c.membership_id == membership.c.id
    )
    here = (membership.c.community_id == community_id, follow.c.choice == "mute", follow.c.thread_id.in_(thread_ids))
    found: dict[int, frozenset[int]] = {}
    for member, thread in conn.execute(query.where(*here)):
        found[member] = found.get(member, frozenset()) | {thread}
    return found


def last_told(conn: Connection, event_id: int) -> datetime | None:
    """When members last had a mail about an event: its invitation or a change."""
    kinds = ("event-invite", "event-changed")
    query = sa.select(mailing.c.created_at).where(mailing.c.event_id == event_id, mailing.c.kind.in_(kinds))
    found: datetime | None = conn.scalar(query.order_by(mailing.c.id.desc()).limit(1))
    return found


def lessons_kept(conn: Connection, community_id: int, since: datetime, until: datetime) -> list[tuple[int, str]]:
    """Author and title of every lesson kept with since <= at < until and still current, in order."""
    query = sa.select(item.c.author_id, item.c.title).where(
        item.c.community_id == community_id,
        item.c.kind == "lesson",
        item.c.status == "current",
        item.c.author_id.is_not(None),
        item.c.created_at >= since,
        item.c.created_at < until,
    )
    return [(author, title) for author, title in conn.execute(query.order_by(item.c.id))]
