"""What a member wants to hear more or nothing of: threads and tags, followed or muted.

A choice is a row that stays, so that what was chosen before can be put back; an empty choice is none. Called by the
commands that choose, by the settings that show it, and by erasure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.knowledge import library
from mailer.store.tables import follow, tag, thread

Choice = Literal["follow", "mute", ""]
Before = tuple[str, int, dict[str, Any]]  # what puts it back: table, id, columns as they were


@dataclass(frozen=True, slots=True)
class Choices:
    """What one membership has chosen: names of tags, subjects of threads, in the order they were chosen."""

    followed_tags: tuple[str, ...]
    muted_tags: tuple[str, ...]
    followed_threads: tuple[str, ...]
    muted_threads: tuple[str, ...]


def choose(
    conn: Connection, membership_id: int, choice: Choice, *, thread_id: int | None = None, tag_id: int | None = None
) -> Before:
    """The last word on a thread or a tag; what puts the one before it back."""
    same = sa.and_(
        follow.c.membership_id == membership_id,
        follow.c.thread_id.is_not_distinct_from(thread_id),
        follow.c.tag_id.is_not_distinct_from(tag_id),
    )
    found = conn.execute(sa.select(follow.c.id, follow.c.choice).where(same).order_by(follow.c.id)).first()
    if found:
        conn.execute(sa.update(follow).where(same).values(choice=choice))
        return "follow", found.id, {"choice": found.choice}
    values = {"membership_id": membership_id, "thread_id": thread_id, "tag_id": tag_id, "choice": choice}
    id = conn.scalars(sa.insert(follow).values(**values).returning(follow.c.id)).one()
    return "follow", id, {"choice": ""}


def choose_tags(
    conn: Connection, community_id: int, membership_id: int, choice: Choice, names: Sequence[str]
) -> list[Before]:
    """The last word on these tags, known or new; what puts the ones before back."""
    ids = library.tag_ids(conn, community_id, names)
    return [choose(conn, membership_id, choice, tag_id=ids[name]) for name in ids]


def only_tags(conn: Connection, community_id: int, membership_id: int, names: Sequence[str]) -> list[Before]:
    """Follow these tags and no others; what puts it back."""
    query = (
        sa.select(tag.c.name)
        .join_from(follow, tag)
        .where(follow.c.membership_id == membership_id, follow.c.choice == "follow", tag.c.name.not_in(names))
    )
    others = list(conn.scalars(query))
    dropped = choose_tags(conn, community_id, membership_id, "", others)
    return dropped + choose_tags(conn, community_id, membership_id, "follow", names)


def chosen(conn: Connection, membership_id: int, thread_id: int) -> str | None:
    """What a member chose for a thread."""
    query = sa.select(follow.c.choice).where(follow.c.membership_id == membership_id, follow.c.thread_id == thread_id)
    return conn.scalar(query) or None


def of_member(conn: Connection, membership_id: int) -> Choices:
    """Everything a member has chosen."""
    query = (
        sa.select(follow.c.choice, tag.c.name, thread.c.subject)
        .select_from(follow.outerjoin(tag, tag.c.id == follow.c.tag_id).outerjoin(thread))
        .where(follow.c.membership_id == membership_id, follow.c.choice != "")
        .order_by(follow.c.id)
    )
    rows = conn.execute(query).all()

    def named(choice: str, column: int) -> tuple[str, ...]:
        return tuple(row[column] for row in rows if row[0] == choice and row[column] is not None)

    return Choices(named("follow", 1), named("mute", 1), named("follow", 2), named("mute", 2))
