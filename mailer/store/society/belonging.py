"""Who belongs to a community, with what facilitators look at: since when, and their last post. Reads only."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import address, membership, person, post


@dataclass(frozen=True, slots=True)
class Entry:
    """A membership in any state, with its person at the address they chose for it."""

    membership_id: int
    person_id: int
    name: str
    organisation: str
    email: str
    role: str
    mode: str
    state: str
    joined_at: datetime | None
    left_at: datetime | None
    last_post: datetime | None


def roster(conn: Connection, community_id: int) -> list[Entry]:
    """Everyone by name, then address; those who left or were banned too."""
    last = (
        sa.select(post.c.person_id, sa.func.max(post.c.posted_at, type_=post.c.posted_at.type).label("at"))
        .where(post.c.community_id == community_id, post.c.state == "posted")
        .group_by(post.c.person_id)
        .subquery()
    )
    m, p = membership.c, person.c
    columns = (m.id, p.id, p.name, p.organisation, address.c.email, m.role, m.mode, m.state, m.joined_at, m.left_at)
    query = (
        sa.select(*columns, last.c.at)
        .join_from(membership, person, m.person_id == p.id)
        .join(address, m.address_id == address.c.id)
        .outerjoin(last, last.c.person_id == p.id)
        .where(m.community_id == community_id)
    )
    rows = (Entry(*row) for row in conn.execute(query))
    return sorted(rows, key=lambda one: (one.name.casefold() or one.email, one.email))
