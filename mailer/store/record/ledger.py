"""The ledger: what every mail came to and what happened besides, only ever added to.

Called by whatever acts; read by receipts, recognition and reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.record import reversals
from mailer.store.tables import ledger


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; `person_id` did it, `other_id` is whom it concerns."""

    id: int
    at: datetime
    what: str
    detail: str
    community_id: int | None
    inbox_id: int | None
    mailing_id: int | None
    person_id: int | None
    other_id: int | None
    post_id: int | None


_COLUMNS = [ledger.c[name] for name in Entry.__dataclass_fields__]


def record(
    conn: Connection,
    what: str,
    *,
    at: datetime,
    community_id: int | None = None,
    inbox_id: int | None = None,
    mailing_id: int | None = None,
    person_id: int | None = None,
    other_id: int | None = None,
    post_id: int | None = None,
    detail: str = "",
    undo: Sequence[tuple[str, int, dict[str, Any]]] = (),
) -> int:
    """One line more. `what` is a word: posted joined answered thanked expired ...; `undo` is what puts it back: table,
    id, and the columns as they were, none of a row that was not there. How they stand now is kept beside it."""
    refs = {"community_id": community_id, "inbox_id": inbox_id, "mailing_id": mailing_id, "post_id": post_id}
    values: dict[str, Any] = {**refs, "person_id": person_id, "other_id": other_id, "detail": detail}
    values["undo"] = reversals.kept(conn, undo) if undo else None
    query = sa.insert(ledger).values(what=what, at=at, **values).returning(ledger.c.id)
    return int(conn.scalars(query).one())


def outcomes_of(conn: Connection, inbox_id: int) -> list[Entry]:
    """What a mail came to, in order."""
    query = sa.select(*_COLUMNS).where(ledger.c.inbox_id == inbox_id).order_by(ledger.c.id)
    return [Entry(*row) for row in conn.execute(query)]


def entries(conn: Connection, community_id: int, what: str, since: datetime, until: datetime) -> list[Entry]:
    """The lines of one word with since <= at < until, in order."""
    query = sa.select(*_COLUMNS).where(ledger.c.community_id == community_id, ledger.c.what == what)
    query = query.where(ledger.c.at >= since, ledger.c.at < until).order_by(ledger.c.id)
    return [Entry(*row) for row in conn.execute(query)]


def thanks_between(conn: Connection, community_id: int, since: datetime, until: datetime) -> list[Entry]:
    """Thanks with since <= at < until, in order: `person_id` thanked `other_id`, where there is one, for `post_id`."""
    return [entry for entry in entries(conn, community_id, "thanked", since, until) if entry.other_id is not None]
