"""Asks and their answers: a question to one, to the facilitators or to all, and what each person said last.

Nothing is overwritten: a new answer supersedes the one before. An ask is closed once, so the first who closes it is
the one who decided. Called by the commands that ask and answer, by invitations and by the clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import tally
from mailer.community.tally import Shape
from mailer.store import tables

Audience = Literal["one", "facilitators", "members"]
Ended = Literal["closed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Ask:
    id: int
    community_id: int
    kind: str  # join confirm rsvp event-send contributor hold
    shape: Shape
    question: str
    options: tuple[str, ...]
    audience: Audience
    person_id: int | None  # the one asked, where the audience is one
    threshold: int | None
    k_min: int | None
    state: str
    payload: Mapping[str, Any]
    thread_id: int | None
    inbox_id: int | None
    opens_at: datetime
    closes_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state == "open"


def open_ask(
    conn: Connection,
    community_id: int,
    kind: str,
    shape: Shape,
    now: datetime,
    *,
    audience: Audience = "one",
    options: Sequence[str] = (),
    payload: Mapping[str, Any] | None = None,
    **more: object,
) -> int:
    """A new ask; `more` are `question`, `person_id`, `threshold`, `k_min`, `visibility`, `thread_id`, `inbox_id`,
    `closes_at`."""
    values = {"community_id": community_id, "kind": kind, "shape": shape, "audience": audience, "opens_at": now, **more}
    query = sa.insert(tables.ask).values(**values, options=list(options), payload=dict(payload or {}))
    return int(conn.scalars(query.returning(tables.ask.c.id)).one())


def ask(conn: Connection, id: int) -> Ask | None:
    row = conn.execute(sa.select(tables.ask).where(tables.ask.c.id == id)).first()
    return _ask(row) if row else None


def open_asks(conn: Connection, community_id: int, kind: str, person_id: int | None = None) -> list[Ask]:
    """The open ones of a kind, oldest first; those put to one person where `person_id` is given."""
    query = _of_kind(community_id, kind).where(tables.ask.c.state == "open")
    if person_id is not None:
        query = query.where(tables.ask.c.person_id == person_id)
    return [_ask(row) for row in conn.execute(query)]


def asks_since(conn: Connection, community_id: int, kind: str, since: datetime) -> list[Ask]:
    """All of a kind opened after a moment, oldest first, whatever their state."""
    query = _of_kind(community_id, kind).where(tables.ask.c.opens_at > since)
    return [_ask(row) for row in conn.execute(query)]


def due(conn: Connection, community_id: int, now: datetime, patience: timedelta) -> list[Ask]:
    """Open ones whose close has come; one without a close is waited for as long as `patience`. Oldest first."""
    over = sa.or_(
        tables.ask.c.closes_at <= now,
        sa.and_(tables.ask.c.closes_at.is_(None), tables.ask.c.opens_at <= now - patience),
    )
    query = sa.select(tables.ask).where(tables.ask.c.community_id == community_id, tables.ask.c.state == "open", over)
    return [_ask(row) for row in conn.execute(query.order_by(tables.ask.c.id))]


def answer(
    conn: Connection, ask_id: int, person_id: int, value: str, comment: str, inbox_id: int | None, now: datetime
) -> bool:
    """Keep what a person says; whether it differs from what they said before. A closed ask takes no answer."""
    locked = sa.select(tables.ask.c.state).where(tables.ask.c.id == ask_id).with_for_update()
    if conn.scalar(locked) != "open":
        return False
    table = tables.answer
    mine = sa.and_(table.c.ask_id == ask_id, table.c.person_id == person_id, table.c.superseded_by.is_(None))
    before = conn.execute(sa.select(table.c.value, table.c.comment).where(mine)).first()
    if before is not None and tuple(before) == (value, comment):
        return False
    values = {"value": value, "comment": comment, "inbox_id": inbox_id, "at": now}
    query = sa.insert(table).values(ask_id=ask_id, person_id=person_id, **values).returning(table.c.id)
    new = conn.scalars(query).one()
    conn.execute(sa.update(table).where(mine, table.c.id != new).values(superseded_by=new))
    return True


def answers(conn: Connection, ask_id: int) -> list[tally.Answer]:
    """What each person said last, in the order in which they said it."""
    table = tables.answer
    columns = (table.c.person_id, table.c.value, table.c.comment, table.c.at)
    query = sa.select(*columns).where(table.c.ask_id == ask_id, table.c.superseded_by.is_(None)).order_by(table.c.id)
    return [tally.Answer(*row) for row in conn.execute(query)]


def settled(conn: Connection, community_id: int, kind: str, inbox_id: int) -> str:
    """What was answered to the ask about a mail, once it is closed; or nothing."""
    asked = sa.and_(tables.ask.c.community_id == community_id, tables.ask.c.kind == kind)
    query = sa.select(tables.answer.c.value).join(tables.ask, tables.ask.c.id == tables.answer.c.ask_id)
    query = query.where(asked, tables.ask.c.inbox_id == inbox_id, tables.ask.c.state == "closed")
    return conn.scalar(query.order_by(tables.answer.c.id.desc()).limit(1)) or ""


def close(conn: Connection, ask_id: int, state: Ended = "closed") -> bool:
    """End an ask; False when it had ended already: somebody else was first."""
    query = sa.update(tables.ask).where(tables.ask.c.id == ask_id, tables.ask.c.state == "open").values(state=state)
    return conn.scalar(query.returning(tables.ask.c.id)) is not None


def change_payload(conn: Connection, ask_id: int, payload: Mapping[str, Any]) -> None:
    conn.execute(sa.update(tables.ask).where(tables.ask.c.id == ask_id).values(payload=dict(payload)))


def prolong(conn: Connection, ask_id: int, until: datetime) -> None:
    conn.execute(sa.update(tables.ask).where(tables.ask.c.id == ask_id).values(closes_at=until))


def _of_kind(community_id: int, kind: str) -> sa.Select[Any]:
    query = sa.select(tables.ask).where(tables.ask.c.community_id == community_id, tables.ask.c.kind == kind)
    return query.order_by(tables.ask.c.id)


def _ask(row: Any) -> Ask:
    m = row._mapping
    return Ask(
        id=m["id"],
        community_id=m["community_id"],
        kind=m["kind"],
        shape=cast(Shape, m["shape"]),
        question=m["question"],
        options=tuple(m["options"]),
        audience=m["audience"],
        person_id=m["person_id"],
        threshold=m["threshold"],
        k_min=m["k_min"],
        state=m["state"],
        payload=m["payload"],
        thread_id=m["thread_id"],
        inbox_id=m["inbox_id"],
        opens_at=m["opens_at"],
        closes_at=m["closes_at"],
    )
