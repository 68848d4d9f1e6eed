"""Everything a community has, row after row, for those who want to take it along. Changes nothing.

Called by `mailer export` and `mailer threads`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.knowledge.library import ItemRow, tags_of_item
from mailer.store.tables import address, event, inbox, item, item_post, membership, person, post, thread

BATCH = 500  # rows in memory


@dataclass(frozen=True, slots=True)
class Belonging:
    """A member, as a row of a table."""

    email: str
    name: str
    organisation: str
    role: str
    mode: str
    state: str
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event, as it stands in a calendar."""

    uid: str
    sequence: int
    title: str
    text: str
    place: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An item with its tags and the Message-IDs it came from."""

    item: ItemRow
    tags: tuple[str, ...]
    sources: tuple[str, ...]


def threads(conn: Connection, community_id: int) -> Iterator[tuple[str, int]]:
    """Message-ID and thread of every post, thread by thread, each in order of date."""
    query = sa.select(post.c.message_id, post.c.thread_id).where(post.c.community_id == community_id)
    ordered = query.order_by(post.c.thread_id, post.c.sent_at, post.c.id)
    yield from conn.execute(ordered, execution_options={"yield_per": BATCH})


def talks(conn: Connection, community_id: int) -> Iterator[tuple[int, int, datetime, str]]:
    """Every thread with its number of posts, its last word and its subject, the latest last."""
    count = sa.select(post.c.thread_id, sa.func.count().label("posts")).where(post.c.community_id == community_id)
    per = count.group_by(post.c.thread_id).subquery()
    query = sa.select(thread.c.id, per.c.posts, thread.c.last_at, thread.c.subject).join(
        per, per.c.thread_id == thread.c.id
    )
    yield from conn.execute(query.order_by(thread.c.last_at, thread.c.id))


def mails(conn: Connection, community_id: int) -> Iterator[tuple[bytes, str, datetime]]:
    """The raw mail of every post that stands, with its sender and its date, in order of arrival."""
    query = sa.select(inbox.c.raw, post.c.sender, post.c.sent_at).join(inbox, inbox.c.id == post.c.inbox_id)
    standing = query.where(post.c.community_id == community_id, post.c.state == "posted").order_by(post.c.id)
    yield from conn.execute(standing, execution_options={"yield_per": 50})


def members(conn: Connection, community_id: int) -> Iterator[Belonging]:
    """Every member, past ones too, by address."""
    columns = (address.c.email, person.c.name, person.c.organisation)
    query = (
        sa.select(*columns, membership.c.role, membership.c.mode, membership.c.state, membership.c.joined_at)
        .join(person, person.c.id == membership.c.person_id)
        .join(address, address.c.id == membership.c.address_id)
        .where(membership.c.community_id == community_id)
    )
    for row in conn.execute(query.order_by(address.c.email)):
        yield Belonging(*row)


def library(conn: Connection, community_id: int) -> Iterator[Kept]:
    """Every item in order of its number."""
    columns = [item.c[name] for name in ItemRow.__slots__]
    query = sa.select(*columns).where(item.c.community_id == community_id).order_by(item.c.number)
    for row in conn.execute(query).all():
        kept = ItemRow(*row)
        names = sa.select(post.c.message_id).join(item_post, item_post.c.post_id == post.c.id)
        here = names.where(item_post.c.item_id == kept.id, post.c.state == "posted").order_by(post.c.id)
        yield Kept(kept, tags_of_item(conn, kept.id), tuple(conn.scalars(here)))


def meetings(conn: Connection, community_id: int) -> Iterator[Meeting]:
    """Every event that members were told of, by its beginning."""
    columns = (event.c.uid, event.c.sequence, event.c.title, event.c.text, event.c.place)
    query = sa.select(*columns, event.c.starts_at, event.c.ends_at, event.c.state == "cancelled", event.c.created_at)
    told = query.where(event.c.community_id == community_id, event.c.state != "draft")
    for row in conn.execute(told.order_by(event.c.starts_at, event.c.id)):
        yield Meeting(*row)
