"""What the clock's mails ask of the store beyond the nouns: who muted what, who was told when, whose lessons were kept.

Called by the digest, by the reminders and by recognition.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import follow, item, mailing, membership
from mailer.store.talk import wanting


def hidden(conn: Connection, community_id: int, thread_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Of these threads, those that each membership does not want: muted, by tag too, or not among the tags it reads.
    Memberships that want them all are left out."""
    tags = {id: frozenset(wanting.tags_of(conn, id)) for id in thread_ids}
    query = (
        sa.select(membership.c.id, membership.c.mode, follow.c.thread_id, follow.c.tag_id, follow.c.choice)
        .select_from(membership.outerjoin(follow, follow.c.membership_id == membership.c.id))
        .where(membership.c.community_id == community_id, membership.c.state == "active")
        .where(sa.or_(follow.c.choice != "", membership.c.mode == "tags"))
    )
    by_itself: dict[int, bool] = {}
    said: dict[int, dict[tuple[str, int], str]] = {}
    for id, mode, thread, tag, choice in conn.execute(query):
        by_itself[id] = mode != "tags"
        if choice:
            said.setdefault(id, {})["tag" if thread is None else "thread", tag or thread] = choice
    found: dict[int, frozenset[int]] = {}
    for id, usual in by_itself.items():
        mine = said.get(id, {})
        unwanted = frozenset(thread for thread in thread_ids if not _wanted(usual, mine, thread, tags[thread]))
        found |= {id: unwanted} if unwanted else {}
    return found


def _wanted(by_itself: bool, said: Mapping[tuple[str, int], str], thread: int, tags: frozenset[int]) -> bool:
    """As in store/wanting: the thread's choice, a mute of a tag, a follow of one, what comes by itself."""
    if choice := said.get(("thread", thread)):
        return choice == "follow"
    of_tags = {said.get(("tag", tag), "") for tag in tags}
    return "mute" not in of_tags and (by_itself or "follow" in of_tags)


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
