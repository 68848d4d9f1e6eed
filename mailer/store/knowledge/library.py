"""What the community keeps: items with their sources, revisions and tags, and the tags of posts.

An item is "T-" and its number in its community. Tags come folded (community/tagging). Called by the reader's acts,
digests, exports.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community.kinds import KINDS
from mailer.store.cleaning import clean
from mailer.store.tables import item as item_
from mailer.store.tables import item_post, post, revision, tag, tagging
from mailer.store.talk import turn


@dataclass(frozen=True, slots=True)
class ItemRow:
    id: int
    community_id: int
    number: int
    kind: str
    title: str
    text: str
    status: str
    author_id: int | None
    steward_id: int | None
    thread_id: int | None
    review_on: date | None
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        """How people call it: T-12."""
        return f"T-{self.number}"


@dataclass(frozen=True, slots=True)
class Tagged:
    """These tags on this post, by whom and when."""

    post_id: int
    tags: tuple[str, ...]
    person_id: int | None
    at: datetime


_ITEM = [item_.c[name] for name in ItemRow.__slots__]


def keep(
    conn: Connection,
    community_id: int,
    kind: str,
    post_ids: Sequence[int],
    title: str,
    text: str,
    author_id: int | None,
    steward_id: int | None,
    tags: Sequence[str],
    now: datetime,
) -> ItemRow:
    """A new item of this kind from these posts, with its first revision. `kind` is a name of community/kinds."""
    title, text = clean(title), clean(text)
    turn.take(conn, community_id)
    last = conn.scalar(sa.select(sa.func.max(item_.c.number)).where(item_.c.community_id == community_id))
    months = KINDS[kind].review_months
    values = {
        "community_id": community_id,
        "number": (last or 0) + 1,
        "kind": kind,
        "title": title,
        "text": text,
        "author_id": author_id,
        "steward_id": steward_id,
        "thread_id": conn.scalar(sa.select(post.c.thread_id).where(post.c.id.in_(post_ids)).order_by(post.c.id)),
        "review_on": None if months is None else _months_later(now.date(), months),
        "created_at": now,
        "updated_at": now,
    }
    kept = ItemRow(*conn.execute(sa.insert(item_).values(values).returning(*_ITEM)).one())
    if post_ids:
        conn.execute(sa.insert(item_post), [{"item_id": kept.id, "post_id": number} for number in post_ids])
    conn.execute(
        sa.insert(revision).values(item_id=kept.id, number=1, title=title, text=text, person_id=author_id, at=now)
    )
    ids = tag_ids(conn, community_id, tags)
    rows = [{"tag_id": ids[name], "item_id": kept.id, "person_id": steward_id, "at": now} for name in ids]
    if rows:
        conn.execute(sa.insert(tagging), rows)
    return kept


def item(conn: Connection, community_id: int, number: int) -> ItemRow | None:
    """Item T-`number` of this community."""
    return _one(conn, sa.select(*_ITEM).where(item_.c.community_id == community_id, item_.c.number == number))


def item_of_post(conn: Connection, post_id: int) -> ItemRow | None:
    """The newest item that was made from this post."""
    query = sa.select(*_ITEM).join(item_post, item_post.c.item_id == item_.c.id).where(item_post.c.post_id == post_id)
    return _one(conn, query.order_by(item_.c.id.desc()).limit(1))


def items_since(conn: Connection, community_id: int, since: datetime, until: datetime | None = None) -> list[ItemRow]:
    """Items made at or after `since` (and before `until`) that are not retired, oldest first."""
    query = sa.select(*_ITEM).where(
        item_.c.community_id == community_id, item_.c.created_at >= since, item_.c.status != "retired"
    )
    if until is not None:
        query = query.where(item_.c.created_at < until)
    return [ItemRow(*row) for row in conn.execute(query.order_by(item_.c.created_at, item_.c.id))]


def _one(conn: Connection, query: sa.Select[*tuple[object, ...]]) -> ItemRow | None:
    row = conn.execute(query).first()
    return ItemRow(*row) if row else None  # type: ignore[arg-type]


def sources(conn: Connection, item_id: int) -> list[int]:
    """The posts an item was made from, in order."""
    query = sa.select(item_post.c.post_id).where(item_post.c.item_id == item_id)
    return list(conn.scalars(query.order_by(item_post.c.post_id)))


# --- tags ---------------------------------------------------------------------------------------------------------


def tag_post(
    conn: Connection, post_id: int, tags: Sequence[str], person_id: int | None, now: datetime
) -> tuple[str, ...]:
    """Put these tags on a post, whoever wrote it; the ones it did not have before."""
    community_id = conn.scalars(sa.select(post.c.community_id).where(post.c.id == post_id)).one()
    turn.take(conn, community_id)
    had = set(tags_of_post(conn, post_id))
    new = tuple(name for name in dict.fromkeys(tags) if name not in had)
    tag_posts(conn, community_id, [Tagged(post_id, new, person_id, now)])
    return new


def tag_posts(conn: Connection, community_id: int, tagged: Sequence[Tagged]) -> None:
    """The same for new posts at once; the caller has the turn."""
    ids = tag_ids(conn, community_id, [name for each in tagged for name in each.tags])
    rows = [
        {"tag_id": ids[name], "post_id": each.post_id, "person_id": each.person_id, "at": each.at}
        for each in tagged
        for name in each.tags
    ]
    if rows:
        conn.execute(sa.insert(tagging), rows)


def taggings(conn: Connection, post_id: int) -> frozenset[int]:
    """The rows that tie tags to a post."""
    return frozenset(conn.scalars(sa.select(tagging.c.id).where(tagging.c.post_id == post_id)))


def tags_of_post(conn: Connection, post_id: int) -> tuple[str, ...]:
    """The tags of a post in the order they came."""
    return _tags(conn, tagging.c.post_id == post_id)


def tags_of_item(conn: Connection, item_id: int) -> tuple[str, ...]:
    """The tags of an item in the order they came."""
    return _tags(conn, tagging.c.item_id == item_id)


def tags_of_thread(conn: Connection, thread_id: int) -> tuple[str, ...]:
    """The tags of a thread and of its posts, each once, in the order they came."""
    inside = sa.select(post.c.id).where(post.c.thread_id == thread_id)
    return _tags(conn, sa.or_(tagging.c.thread_id == thread_id, tagging.c.post_id.in_(inside)))


def _tags(conn: Connection, where: sa.ColumnElement[bool]) -> tuple[str, ...]:
    query = sa.select(tag.c.name).join(tagging, tagging.c.tag_id == tag.c.id).where(where)
    return tuple(dict.fromkeys(conn.scalars(query.order_by(tagging.c.id))))


def tag_ids(conn: Connection, community_id: int, names: Sequence[str]) -> dict[str, int]:
    """The id of each of these tags; a new one is taken up without asking."""
    distinct = list(dict.fromkeys(names))
    if not distinct:
        return {}
    query = sa.select(tag.c.name, tag.c.id).where(tag.c.community_id == community_id, tag.c.name.in_(distinct))
    found: dict[str, int] = dict(iter(conn.execute(query)))
    rows = [{"community_id": community_id, "name": name} for name in distinct if name not in found]
    if rows:
        found |= dict(iter(conn.execute(sa.insert(tag).returning(tag.c.name, tag.c.id), rows)))
    return {name: found[name] for name in distinct}


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))
