"""A mailing to one address: who gets it, what waits, and what became of it afterwards.

Rows of people become rows of deliveries in one statement, however many they are. Nobody gets a mailing twice, and an
address that is suppressed gets none. Called by fan-out and notices inside their transaction, and by operators.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from mailer.store.tables import address, community, delivery, mailing, membership, suppression
from mailer.store.talk.wanting import Audience
from mailer.store.traffic import suppressions

URGENT, USUAL, BULK = PRIORITIES = (0, 1, 2)
REPLY = 300  # characters of a reply that are kept
CHUNK = 500  # addresses one question names
TEMPORARY = 0.5  # of a failure, where a report says it may still arrive
REPORTED = timedelta(days=10)  # servers try for five days, RFC 5321 §4.5.4.1, and ours may have tried as long before
FORGOTTEN = 100_000  # rows at once: SQLite is busy with them for 0.7 s
PROBE = "member-probe"  # the mail that asks an address once more

# said as the partial indexes say it: a prepared statement with a parameter in its place cannot count on them
WAITING = delivery.c.state == sa.literal_column("'waiting'", sa.Text)
SENDING = delivery.c.state == sa.literal_column("'sending'", sa.Text)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address and the variant it gets. `email` is canonical; `address_id` where it is one we keep."""

    email: str
    address_id: int | None
    variant_id: int


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits: how many, and since when the oldest."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery that waits, and why."""

    id: int
    mailing_id: int
    community: str
    subject: str
    email: str
    state: str
    tries: int
    next_try: datetime
    created_at: datetime
    ambiguous: bool
    reply: str


def fan_out(
    conn: Connection, mailing_id: int, recipients: Sequence[Recipient], now: datetime, priority: int = 1
) -> int:
    """A delivery for each of these, but for the suppressed and those who have one already. How many are new."""
    silent = _suppressed(conn, [r.email for r in recipients], now)
    rows = [
        {
            **_common(mailing_id, now, priority),
            "variant_id": r.variant_id,
            "address_id": r.address_id,
            "email": r.email,
        }
        for r in recipients
        if r.email not in silent
    ]
    return _insert(conn, mailing_id, _new(conn), rows) if rows else 0


def fan_out_members(
    conn: Connection, mailing_id: int, variant_id: int, audience: Audience, now: datetime, priority: int = 1
) -> int:
    """A delivery for every member of this audience. How many are new."""
    common = _common(mailing_id, now, priority) | {"variant_id": variant_id}
    chosen = (
        sa.select(
            address.c.id,
            address.c.email,
            *(sa.literal(value, type_=delivery.c[name].type) for name, value in common.items()),
        )
        .select_from(membership.join(address, address.c.id == membership.c.address_id))
        .where(*audience.among(now))
    )
    query = _new(conn).from_select(["address_id", "email", *common], chosen, include_defaults=False)
    return _insert(conn, mailing_id, query)


def _common(mailing_id: int, now: datetime, priority: int) -> dict[str, Any]:
    return {
        "mailing_id": mailing_id,
        "state": "waiting",
        "priority": min(max(priority, 0), BULK),
        "tries": 0,
        "next_try": now,
        "ambiguous": False,
        "reply": "",
        "created_at": now,
    }


def _new(conn: Connection) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(delivery) if conn.dialect.name == "sqlite" else postgresql.insert(delivery)


def _insert(
    conn: Connection,
    mailing_id: int,
    query: sqlite.Insert | postgresql.Insert,
    rows: Sequence[dict[str, Any]] | None = None,
) -> int:
    """How many rows it made, counted, because drivers do not agree on what they tell of an ON CONFLICT."""
    count = sa.select(sa.func.count()).where(delivery.c.mailing_id == mailing_id)
    before = conn.scalar(count) or 0
    conn.execute(query.on_conflict_do_nothing(index_elements=["mailing_id", "email"]), rows)
    return (conn.scalar(count) or 0) - before


def _suppressed(conn: Connection, emails: Sequence[str], now: datetime) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(emails), CHUNK):
        query = sa.select(suppression.c.email).where(
            suppression.c.email.in_(emails[at : at + CHUNK]), suppressions.holding(now)
        )
        found.update(conn.scalars(query))
    return found


def sent(conn: Connection, id: int) -> tuple[str, int | None] | None:
    """Where this delivery went, and the community it came from."""
    query = sa.select(delivery.c.email, mailing.c.community_id)
    row = conn.execute(query.join_from(delivery, mailing).where(delivery.c.id == id)).first()
    return (row.email, row.community_id) if row else None


def told(conn: Connection, address_id: int, kind: str, since: datetime) -> int:
    """How many mails of this kind have gone to this address since then."""
    query = sa.select(sa.func.count()).select_from(delivery).join(mailing, mailing.c.id == delivery.c.mailing_id)
    query = query.where(delivery.c.address_id == address_id, delivery.c.created_at > since, mailing.c.kind == kind)
    return conn.scalar(query) or 0


def of_mailing(conn: Connection, mailing_id: int, email: str) -> int | None:
    """The delivery of a mailing to this address."""
    return conn.scalar(sa.select(delivery.c.id).where(delivery.c.mailing_id == mailing_id, delivery.c.email == email))


def bounced(conn: Connection, id: int, permanent: bool, reason: str, now: datetime, *, hearsay: bool = False) -> str:
    """A report came back for this delivery: keep the reason, count it against the address. What that led to: "again"
    for one that has failed already or went out long ago, whoever sends the report once more.

    `hearsay`: others knew where to send it. It stops nothing that has not left, and no address for good.
    """
    values = {"reply": reason[:REPLY].replace("\0", "")} | ({"state": "failed"} if permanent else {})
    open_ = delivery.c.state == "sent" if hearsay else delivery.c.state != "failed"
    query = sa.update(delivery).where(delivery.c.id == id, open_)
    query = query.where(delivery.c.created_at > now - REPORTED)
    row = conn.execute(query.values(**values).returning(delivery.c.address_id, delivery.c.mailing_id)).first()
    if row is None:
        return "again"
    if row.address_id is None:
        return "unknown"
    probe = permanent and conn.scalar(sa.select(mailing.c.kind).where(mailing.c.id == row.mailing_id)) == PROBE
    weight = 1.0 if permanent else TEMPORARY
    return suppressions.score(conn, row.address_id, now, weight, reason, probe=probe, hearsay=hearsay)


def stop(conn: Connection, mailing_id: int) -> int:
    """Call off what has not been sent of a mailing; how many."""
    query = sa.update(delivery).where(delivery.c.mailing_id == mailing_id, delivery.c.state == "waiting")
    return len(conn.execute(query.values(state="stopped").returning(delivery.c.id)).all())


def forget(conn: Connection, before: datetime, limit: int = FORGOTTEN) -> int:
    """Drop what went out, failed or was called off and is from before then, the oldest first and so many at once; how
    many. The newest row stays, for its number must not be given again: a bounce would find another's mail."""
    c = delivery.c
    oldest = sa.select(c.id, c.created_at, c.state).order_by(c.id).limit(limit).subquery()
    newest = sa.select(sa.func.max(c.id)).scalar_subquery()
    over = (oldest.c.created_at < before, oldest.c.state.not_in(("waiting", "sending")), oldest.c.id < newest)
    return conn.execute(sa.delete(delivery).where(c.id.in_(sa.select(oldest.c.id).where(*over)))).rowcount


def pending(conn: Connection) -> Pending:
    """What waits or is on its way."""
    found = [
        conn.execute(sa.select(sa.func.count().label("count"), sa.func.min(delivery.c.created_at)).where(state)).one()
        for state in (WAITING, SENDING)
    ]
    return Pending(sum(row[0] for row in found), min((row[1] for row in found if row[1]), default=None))


def due_since(conn: Connection) -> datetime | None:
    """When the first delivery that waits was due, or will be."""
    first = sa.select(sa.func.min(delivery.c.next_try)).where(WAITING)
    found = (conn.scalar(first.where(delivery.c.priority == priority)) for priority in PRIORITIES)
    return min((at for at in found if at), default=None)


def overdue(conn: Connection, community_id: int, by: datetime) -> Pending:
    """What of this community was due by then and has not left. Reads all that was: for trouble."""
    query = sa.select(sa.func.count(), sa.func.min(delivery.c.next_try)).join_from(delivery, mailing)
    return Pending(
        *conn.execute(query.where(WAITING, delivery.c.next_try <= by, mailing.c.community_id == community_id)).one()
    )


def queue(conn: Connection, limit: int = 100) -> list[Queued]:
    """What waits and why, the next due first."""
    c = delivery.c
    query = (
        sa.select(
            *(c.id, c.mailing_id, sa.func.coalesce(community.c.name, ""), mailing.c.subject, c.email, c.state),
            *(c.tries, c.next_try, c.created_at, c.ambiguous, c.reply),
        )
        .join(mailing, mailing.c.id == c.mailing_id)
        .outerjoin(community, community.c.id == mailing.c.community_id)
        .order_by(c.next_try, c.id)
        .limit(limit)
    )
    rows = [Queued(*row) for state in (WAITING, SENDING) for row in conn.execute(query.where(state))]
    return sorted(rows, key=lambda row: (row.next_try, row.id))[:limit]
