"""What is asked of a thread besides its posts: its kind and state, what it said, who has spoken before."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import item, ledger, post, thread

Kind = Literal["", "question", "announcement", "introduction"]
State = Literal["open", "answered", "closed"]
QUOTED = 12  # latest posts of a thread that an answer is likely to quote


def set_kind(conn: Connection, thread_id: int, kind: Kind) -> None:
    conn.execute(sa.update(thread).where(thread.c.id == thread_id).values(kind=kind))


def set_state(conn: Connection, thread_id: int, state: State) -> None:
    conn.execute(sa.update(thread).where(thread.c.id == thread_id).values(state=state))


def texts(conn: Connection, thread_id: int) -> list[str]:
    """The new words of the latest posts."""
    query = sa.select(post.c.new_text).where(post.c.thread_id == thread_id).order_by(post.c.id.desc()).limit(QUOTED)
    return list(conn.scalars(query))


def silent(conn: Connection, community_id: int, person_id: int) -> bool:
    """Whether a person has posted nothing here yet but a line about themselves."""
    query = sa.select(post.c.id).where(post.c.person_id == person_id, post.c.community_id == community_id)
    introduced = sa.exists().where(thread.c.id == post.c.thread_id, thread.c.kind == "introduction")
    return conn.scalar(query.where(~introduced).limit(1)) is None  # for a join SQLite would read every thread


def of_item(conn: Connection, item_id: int) -> int | None:
    """The thread an item came from."""
    found: int | None = conn.scalar(sa.select(item.c.thread_id).where(item.c.id == item_id))
    return found


def thanked(conn: Connection, person_id: int, post_id: int) -> bool:
    """Whether a person has thanked for a post before."""
    query = sa.select(ledger.c.id).where(
        ledger.c.person_id == person_id, ledger.c.post_id == post_id, ledger.c.what == "thanked"
    )
    return conn.scalar(query.limit(1)) is not None


def pace(conn: Connection, thread_id: int, person_id: int, since: datetime) -> int:
    """How many posts a person has made in a thread since."""
    query = sa.select(sa.func.count()).where(post.c.thread_id == thread_id, post.c.person_id == person_id)
    return conn.scalar(query.where(post.c.posted_at >= since)) or 0
