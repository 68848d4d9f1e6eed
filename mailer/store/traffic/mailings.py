"""Mail out, before it is addressed to anyone: what it is about, and the bytes its recipients share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from mailer.mail.parse import parse
from mailer.store.tables import mailing, variant


@dataclass(frozen=True, slots=True)
class About:
    """What a mail is about, so that a reply to it finds its way. `numbers`: digest item number to (what, id)."""

    person_id: int | None = None
    thread_id: int | None = None
    post_id: int | None = None
    ask_id: int | None = None
    item_id: int | None = None
    event_id: int | None = None
    inbox_id: int | None = None
    numbers: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mailing:
    """Something we sent, or are sending. `offers` are the commands it may be answered with, by name."""

    id: int
    community_id: int | None
    kind: str
    subject: str
    message_id: str
    offers: tuple[str, ...]
    about: About
    created_at: datetime


def add(
    conn: Connection,
    kind: str,
    community_id: int | None,
    message_id: str,
    now: datetime,
    *,
    offers: Sequence[str] = (),
    about: About,
    period_key: str | None = None,
    priority: int = 1,
) -> int | None:
    """A new mailing; None when one with this period_key exists already: its period has had its mail."""
    values = {name: getattr(about, name) for name in About.__dataclass_fields__ if name != "numbers"}
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    query = (
        insert(mailing)
        .values(
            **values,
            numbers={key: list(value) for key, value in about.numbers.items()},
            kind=kind,
            community_id=community_id,
            message_id=message_id,
            offers=list(offers),
            period_key=period_key,
            priority=priority,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["period_key"])
        .returning(mailing.c.id)
    )
    id: int | None = conn.scalar(query)
    return id


def name_subject(conn: Connection, id: int, subject: str) -> None:
    """The subject as rendered, once it is."""
    conn.execute(sa.update(mailing).where(mailing.c.id == id).values(subject=subject))


def add_variant(conn: Connection, mailing_id: int, key: str, raw: bytes, *, personal: bool) -> int:
    """The bytes some recipients of a mailing share; `personal` asks for each one's own header fields on top."""
    query = sa.insert(variant).values(mailing_id=mailing_id, key=key, raw=raw, personal=personal)
    return int(conn.scalars(query.returning(variant.c.id)).one())


def by_id(conn: Connection, id: int) -> Mailing | None:
    row = conn.execute(sa.select(mailing).where(mailing.c.id == id)).first()
    return _mailing(row) if row else None


def by_message_ids(conn: Connection, community_id: int, ids: Sequence[str]) -> Mailing | None:
    """The mailing of this community that carries one of these Message-IDs; the first id wins."""
    query = sa.select(mailing).where(mailing.c.community_id == community_id, mailing.c.message_id.in_(ids))
    found = {row.message_id: row for row in conn.execute(query.order_by(mailing.c.id.desc()))}
    return next((_mailing(found[id]) for id in ids if id in found), None)


def _mailing(row: Any) -> Mailing:
    facts = {name: getattr(row, name) for name in About.__dataclass_fields__ if name != "numbers"}
    about = About(**facts, numbers={key: (what, id) for key, (what, id) in row.numbers.items()})
    return Mailing(
        row.id, row.community_id, row.kind, row.subject, row.message_id, tuple(row.offers), about, row.created_at
    )


def texts(conn: Connection, id: int, limit: int = 3) -> list[str]:
    """The texts of a mailing as its recipients read them, for telling quotes from new words."""
    query = sa.select(variant.c.raw).where(variant.c.mailing_id == id).order_by(variant.c.id).limit(limit)
    return [parse(raw).text for raw in conn.scalars(query)]


def recent(conn: Connection, kinds: Sequence[str], since: datetime) -> int:
    """How many mailings of these kinds there were since: the budget for mail nobody may have asked for."""
    query = sa.select(sa.func.count()).where(mailing.c.kind.in_(kinds), mailing.c.created_at >= since)
    return conn.scalar(query) or 0


def told(
    conn: Connection, kinds: Sequence[str], since: datetime, community_id: int | None = None
) -> dict[int, list[datetime]]:
    """When mails of these kinds were written to one person each, by person, the newest last."""
    query = sa.select(mailing.c.person_id, mailing.c.created_at).where(
        mailing.c.kind.in_(kinds), mailing.c.created_at > since, mailing.c.person_id.is_not(None)
    )
    if community_id is not None:
        query = query.where(mailing.c.community_id == community_id)
    found: dict[int, list[datetime]] = {}
    for person, at in conn.execute(query.order_by(mailing.c.created_at)):
        found.setdefault(person, []).append(at)
    return found


def had(conn: Connection, period_key: str) -> bool:
    """Whether this period has had its mail."""
    return conn.scalar(sa.select(mailing.c.id).where(mailing.c.period_key == period_key)) is not None


def of_post(conn: Connection, post_id: int) -> Mailing | None:
    """The mailing that carried a post."""
    row = conn.execute(sa.select(mailing).where(mailing.c.post_id == post_id, mailing.c.kind == "post")).first()
    return _mailing(row) if row else None
