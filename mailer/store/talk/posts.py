"""Posts and the threads they make, read; withdrawn where their author wishes. They are made in `posting`.

Called by the reader's acts, the importer, digests and the archive.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import threads
from mailer.store import tables as t
from mailer.store.talk import search, weaving
from mailer.store.talk.posting import NewPost, Posted, add, add_many, content_hash

__all__ = [
    "NewPost",
    "PostRow",
    "Posted",
    "ThreadRow",
    "add",
    "add_many",
    "by_message_id",
    "content_hash",
    "latest",
    "post",
    "posts_of",
    "posts_since",
    "thread",
    "threads_since",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class PostRow:
    id: int
    community_id: int
    thread_id: int
    parent_id: int | None
    message_id: str
    inbox_id: int | None
    person_id: int | None
    author: str
    subject: str
    sent_at: datetime
    posted_at: datetime
    new_text: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ThreadRow:
    id: int
    community_id: int
    subject: str
    base_subject: str
    kind: str
    state: str
    person_id: int | None
    started_at: datetime
    last_at: datetime


_POST = [t.post.c[name] for name in PostRow.__slots__]
_THREAD = [t.thread.c[name] for name in ThreadRow.__slots__]


def post(conn: Connection, number: int) -> PostRow | None:
    """The post of this id."""
    return _one(conn, sa.select(*_POST).where(t.post.c.id == number))


def latest(conn: Connection, in_thread: int, person: int, since: datetime) -> PostRow | None:
    """What this person posted last in the thread, at or after `since`; not what was withdrawn."""
    query = sa.select(*_POST).where(
        t.post.c.thread_id == weaving.root(conn, in_thread),
        t.post.c.person_id == person,
        t.post.c.posted_at >= since,
        t.post.c.state == "posted",
    )
    return _one(conn, query.order_by(t.post.c.posted_at.desc(), t.post.c.id.desc()).limit(1))


def by_message_id(conn: Connection, home: int, message_id: str) -> PostRow | None:
    """The post that holds this Message-ID in this community: of several, the first that came."""
    query = sa.select(*_POST).where(t.post.c.community_id == home, t.post.c.message_id == threads.key(message_id))
    return _one(conn, query.order_by(t.post.c.id).limit(1))


def _one(conn: Connection, query: sa.Select[Any]) -> PostRow | None:
    row = conn.execute(query).first()
    return PostRow(*row) if row else None


def thread(conn: Connection, number: int) -> ThreadRow | None:
    """The thread of this id, or the one it went into."""
    row = conn.execute(sa.select(*_THREAD).where(t.thread.c.id == weaving.root(conn, number))).first()
    return ThreadRow(*row) if row else None


def posts_of(conn: Connection, in_thread: int) -> list[PostRow]:
    """The posts of a thread by date, withdrawn ones too (`state`); their parents are a forest without loops."""
    query = sa.select(*_POST).where(t.post.c.thread_id == weaving.root(conn, in_thread))
    rows = [PostRow(*row) for row in conn.execute(query.order_by(t.post.c.sent_at, t.post.c.id))]
    parents = threads.without_loops(
        {row.id: row.parent_id for row in rows}, {row.id: (row.sent_at, row.message_id, row.id) for row in rows}
    )
    return [row if row.parent_id == parents[row.id] else replace(row, parent_id=parents[row.id]) for row in rows]


def threads_since(conn: Connection, home: int, since: datetime, until: datetime) -> list[ThreadRow]:
    """Threads with a word posted at or after `since` and before `until`, the longest waiting first."""
    spoke = sa.select(t.post.c.thread_id).where(
        t.post.c.community_id == home,
        t.post.c.posted_at >= since,
        t.post.c.posted_at < until,
        t.post.c.state == "posted",
    )
    query = sa.select(*_THREAD).where(t.thread.c.id.in_(spoke)).order_by(t.thread.c.started_at, t.thread.c.id)
    return [ThreadRow(*row) for row in conn.execute(query)]


def posts_since(conn: Connection, home: int, since: datetime, until: datetime) -> list[PostRow]:
    """Posts of that time in order; withdrawn ones are left out."""
    query = sa.select(*_POST).where(
        t.post.c.community_id == home,
        t.post.c.posted_at >= since,
        t.post.c.posted_at < until,
        t.post.c.state == "posted",
    )
    return [PostRow(*row) for row in conn.execute(query.order_by(t.post.c.posted_at, t.post.c.id))]


def withdraw(conn: Connection, number: int) -> bool:
    """The post is no longer shown or found; its place in the thread stays. False when it was not there to withdraw."""
    query = sa.update(t.post).where(t.post.c.id == number, t.post.c.state == "posted").values(state="withdrawn")
    if conn.execute(query.returning(t.post.c.id)).first() is None:
        return False
    search.forget(conn, [number])
    return True
