"""What the open archive shows: threads by their last word, and the posts of one, a page at a time.

Threads that went into others and posts that were withdrawn are not there. Called by the web door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store import tables as t


@dataclass(frozen=True, slots=True)
class Title:
    """One thread in a list."""

    id: int
    subject: str
    last_at: datetime
    posts: int


@dataclass(frozen=True, slots=True)
class Words:
    """One post as anyone may read it."""

    author: str
    posted_at: datetime
    text: str


def titles(conn: Connection, community_id: int, offset: int, limit: int) -> Sequence[Title]:
    """Threads in which something was posted, the latest word first."""
    said = sa.select(sa.func.count()).where(t.post.c.thread_id == t.thread.c.id, t.post.c.state == "posted")
    here = (t.thread.c.community_id == community_id, t.thread.c.into_id.is_(None))
    posted = sa.exists().where(t.post.c.thread_id == t.thread.c.id, t.post.c.state == "posted")
    query = sa.select(t.thread.c.id, t.thread.c.subject, t.thread.c.last_at, said.scalar_subquery())
    query = query.where(*here, posted).order_by(t.thread.c.last_at.desc(), t.thread.c.id.desc())
    return [Title(*row) for row in conn.execute(query.offset(offset).limit(limit))]


def subject(conn: Connection, community_id: int, thread_id: int) -> str | None:
    """The subject of a thread of this community that is a thread of its own."""
    query = sa.select(t.thread.c.subject).where(t.thread.c.id == thread_id, t.thread.c.community_id == community_id)
    found: str | None = conn.scalar(query.where(t.thread.c.into_id.is_(None)))
    return found


def words(conn: Connection, thread_id: int, offset: int, limit: int) -> Sequence[Words]:
    """The posts of a thread by date."""
    query = sa.select(t.post.c.author, t.post.c.posted_at, t.post.c.new_text)
    query = query.where(t.post.c.thread_id == thread_id, t.post.c.state == "posted")
    rows = conn.execute(query.order_by(t.post.c.sent_at, t.post.c.id).offset(offset).limit(limit))
    return [Words(*row) for row in rows]
