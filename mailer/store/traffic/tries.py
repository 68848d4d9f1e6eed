"""One try at one delivery: claimed for a while, and marked with what came of it. Only the deliverer calls this.

waiting -> sending (a lease) -> sent, failed, or waiting again. Everything here works on many rows at once, and a row is
only changed by the one who claimed that try of it: the number of the try is the fence.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import community, delivery, ledger, mailing, variant
from mailer.store.traffic import suppressions
from mailer.store.traffic.deliveries import PRIORITIES, PROBE, REPLY, SENDING, WAITING


class Claimed(NamedTuple):
    """One try at one delivery, ours until the lease ends. `tries` counts this one."""

    id: int
    mailing_id: int
    variant_id: int
    address_id: int | None
    email: str
    tries: int
    priority: int
    next_try: datetime
    created_at: datetime
    community_id: int | None
    community: str  # its name, or empty
    inbox_id: int | None


class Result(NamedTuple):
    """What came of a try. `next_try` only for deferred; `released`: it was not tried at all and does not count.

    A released one without a reply keeps the reply it had.
    """

    id: int
    tries: int
    state: Literal["sent", "deferred", "failed", "released"]
    reply: str
    next_try: datetime | None = None
    ambiguous: bool = False
    blames_address: bool = False


def claim(
    conn: Connection, limit: int, now: datetime, lease: timedelta, urgent: bool = False, worker: int | None = None
) -> list[Claimed]:
    """Up to `limit` deliveries that are due, the urgent first, then the longest due; with `urgent` none but those.

    A try whose lease ran out was cut off in the middle: it is due at once, and ambiguous. Several workers may claim at
    the same time: PostgreSQL skips what another has locked, SQLite has one writer.
    """
    given = {"b_now": now, "b_lease": now + lease, "b_worker": worker}
    rows = [] if urgent else list(conn.execute(_TAKE_EXPIRED, given | {"b_limit": limit}))
    for priority in PRIORITIES[: 1 if urgent else None]:
        if len(rows) < limit:
            rows += conn.execute(_TAKE_DUE, given | {"b_limit": limit - len(rows), "b_priority": priority})
    mailings = list({row.mailing_id for row in rows})
    places = {row.id: row[1:] for row in conn.execute(_PLACES, {"b_ids": mailings})} if rows else {}
    claimed = [Claimed._make((*row, *places[row.mailing_id])) for row in rows]
    return sorted(claimed, key=attrgetter("priority", "next_try", "id"))


def _take(which: Sequence[sa.ColumnElement[bool]], order: sa.ColumnElement[Any], **more: object) -> sa.Update:
    """Built once: putting a statement together costs more than running it."""
    c = delivery.c
    chosen = sa.select(c.id).where(*which).order_by(order).limit(sa.bindparam("b_limit", type_=sa.Integer))
    return (
        sa.update(delivery)
        .where(c.id.in_(chosen.with_for_update(skip_locked=True).scalar_subquery()))
        .values(
            state="sending",
            lease=sa.bindparam("b_lease"),
            worker=sa.bindparam("b_worker", type_=sa.Integer),
            tries=c.tries + 1,
            **more,
        )
        .returning(
            *(c.id, c.mailing_id, c.variant_id, c.address_id, c.email, c.tries, c.priority, c.next_try, c.created_at)
        )
    )


_NOW = sa.bindparam("b_now", type_=delivery.c.next_try.type)
_TAKE_DUE = _take(
    (
        WAITING,
        delivery.c.priority == sa.bindparam("b_priority"),
        delivery.c.next_try <= _NOW,
    ),
    delivery.c.next_try,
)
_TAKE_EXPIRED = _take((SENDING, delivery.c.lease <= _NOW), delivery.c.lease, ambiguous=True)
_PLACES = (
    sa.select(mailing.c.id, mailing.c.community_id, sa.func.coalesce(community.c.name, ""), mailing.c.inbox_id)
    .outerjoin(community, community.c.id == mailing.c.community_id)
    .where(mailing.c.id.in_(sa.bindparam("b_ids", expanding=True)))
)


def variants(conn: Connection, ids: Collection[int]) -> dict[int, tuple[bytes, bool]]:
    """The bytes recipients share, and whether each one's own fields go on top."""
    query = sa.select(variant.c.id, variant.c.raw, variant.c.personal).where(variant.c.id.in_(ids))
    return {row.id: (row.raw, row.personal) for row in conn.execute(query)} if ids else {}


def mark(conn: Connection, results: Sequence[Result], now: datetime) -> None:
    """Write down what came of these tries. A try that another worker has taken over meanwhile is left to that one."""
    by_state: dict[str, list[Result]] = {}
    for result in results:
        by_state.setdefault(result.state, []).append(result)
    if sent := by_state.pop("sent", None):
        _sent(conn, sent, now)
    for state, some in by_state.items():
        conn.execute(_MARKS[state], [_marked(result) for result in some])
    for result in by_state.get("failed", ()):
        _failed(conn, result, now)


def _sent(conn: Connection, results: Sequence[Result], now: datetime) -> None:
    """Said to the driver itself: what SQLAlchemy does for each row costs several times what the database does."""
    at = delivery.c.sent_at.type.process_bind_param(now, conn.dialect)  # type: ignore[attr-defined]
    statement = _SENT.replace("?", "%s") if conn.dialect.paramstyle == "pyformat" else _SENT
    conn.exec_driver_sql(statement, [(_kept(one.reply), at, one.id, one.tries) for one in results])


# waiting: taken back from us meanwhile, and claimed by nobody since; what is sent is sent
_SENT = """UPDATE delivery SET state = 'sent', lease = NULL, worker = NULL, reply = ?, sent_at = ?
           WHERE id = ? AND tries = ? AND state IN ('sending', 'waiting')"""


def _marked(result: Result) -> dict[str, object]:
    """What _MARKS wants for this state."""
    row: dict[str, object] = {"b_id": result.id, "b_tries": result.tries, "b_reply": _kept(result.reply)}
    if result.state == "deferred":
        row |= {"b_next": result.next_try, "b_ambiguous": result.ambiguous}
    return row


def _kept(reply: str) -> str:
    """A reply as a text column takes it: PostgreSQL knows no NUL."""
    return reply[:REPLY].replace("\0", "")


_REPLY = sa.bindparam("b_reply", type_=sa.Text)
_OURS = (delivery.c.id == sa.bindparam("b_id"), delivery.c.tries == sa.bindparam("b_tries"))


def _mark(**values: Any) -> sa.Update:
    return sa.update(delivery).where(*_OURS, SENDING).values({"lease": None, "worker": None, "reply": _REPLY, **values})


_MARKS = {
    "deferred": _mark(
        state="waiting",
        next_try=sa.bindparam("b_next"),
        ambiguous=sa.or_(delivery.c.ambiguous, sa.bindparam("b_ambiguous", type_=sa.Boolean)),
    ),
    "failed": _mark(state="failed"),
    "released": _mark(
        state="waiting",
        tries=delivery.c.tries - 1,
        reply=sa.case((_REPLY == "", delivery.c.reply), else_=_REPLY),
    ),
}


def _failed(conn: Connection, result: Result, now: datetime) -> None:
    """A failure has its line in the ledger, and counts against the address where it is to blame."""
    query = (
        sa.select(delivery.c.address_id, delivery.c.mailing_id, mailing.c.community_id, mailing.c.inbox_id)
        .add_columns(mailing.c.kind)
        .join(mailing, mailing.c.id == delivery.c.mailing_id)
        .where(delivery.c.id == result.id, delivery.c.tries == result.tries, delivery.c.state == "failed")
    )
    if (row := conn.execute(query).first()) is None:
        return
    detail = f"delivery {result.id}: {_kept(result.reply)}"
    conn.execute(
        sa.insert(ledger).values(
            at=now,
            community_id=row.community_id,
            inbox_id=row.inbox_id,
            mailing_id=row.mailing_id,
            what="failed",
            detail=detail,
        )
    )
    if result.blames_address and row.address_id is not None:
        suppressions.score(conn, row.address_id, now, reason=_kept(result.reply), probe=row.kind == PROBE)


def renew(conn: Connection, tries: Mapping[int, int], until: datetime) -> None:
    """Keep these tries (delivery id to try) for longer: they are still in hand."""
    query = sa.update(delivery).where(
        delivery.c.id == sa.bindparam("b_id"),
        delivery.c.tries == sa.bindparam("b_tries"),
        delivery.c.state == "sending",
    )
    if tries:
        conn.execute(query.values(lease=until), [{"b_id": id, "b_tries": count} for id, count in tries.items()])


def next_due(conn: Connection) -> datetime | None:
    """When the next delivery is due, or a lease ends."""
    asked = [(_FIRST_DUE, {"b_priority": priority}) for priority in PRIORITIES] + [(_FIRST_LEASE, {})]
    return min((found for query, given in asked if (found := conn.scalar(query, given))), default=None)


_FIRST_DUE = sa.select(sa.func.min(delivery.c.next_try)).where(
    WAITING, delivery.c.priority == sa.bindparam("b_priority")
)
_FIRST_LEASE = sa.select(sa.func.min(delivery.c.lease)).where(SENDING)
