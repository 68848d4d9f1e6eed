"""The addresses of one person: linked, looked at, taken away. Two persons that turn out to be one become one.

Refuses to leave anybody without an address. Who calls has proof that both belong to one person: commands/linking.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store import tables as t

# what a person has for themselves; everything else that names them is handed over when two become one
_OWN = frozenset({"address", "membership", "habit"})
# what names persons in the payload of an ask
ONE = frozenset({"person", "by", "other", "member", "nominee", "stopped"})
SEVERAL = frozenset({"people", "asked", "passed"})


@dataclass(frozen=True, slots=True)
class Address:
    id: int
    person_id: int
    email: str
    confirmed: bool


def of(conn: Connection, person_id: int) -> list[Address]:
    """All addresses of a person, the oldest first."""
    return _found(conn, sa.select(t.address).where(t.address.c.person_id == person_id))


def by_id(conn: Connection, id: int) -> Address | None:
    return next(iter(_found(conn, sa.select(t.address).where(t.address.c.id == id))), None)


def _found(conn: Connection, query: sa.Select[tuple[object, ...]]) -> list[Address]:
    rows = conn.execute(query.order_by(t.address.c.id))
    return [Address(row.id, row.person_id, row.email, row.confirmed_at is not None) for row in rows]


def banned(conn: Connection, *person_ids: int) -> bool:
    """Whether one of them is not welcome somewhere: such a person gets no second name."""
    query = sa.select(t.membership.c.id).where(
        t.membership.c.person_id.in_(person_ids), t.membership.c.state == "banned"
    )
    return conn.execute(query).first() is not None


def link(conn: Connection, address_id: int, person_id: int, now: datetime) -> None:
    """The address is theirs, confirmed. Whoever had it before becomes one with them, other addresses and all."""
    found = by_id(conn, address_id)
    if found is None:
        return
    if found.person_id != person_id:
        _become_one(conn, found.person_id, person_id)
    confirmed = sa.func.coalesce(t.address.c.confirmed_at, sa.literal(now, t.Moment))
    conn.execute(sa.update(t.address).where(t.address.c.id == address_id).values(confirmed_at=confirmed))


def remove(conn: Connection, address_id: int) -> bool:
    """It is theirs no longer; mail that came there goes to their oldest other address. False where it is the last."""
    found = by_id(conn, address_id)
    left = [one for one in of(conn, found.person_id) if one.id != address_id and one.confirmed] if found else []
    if not left:
        return False
    moved = sa.update(t.membership).where(t.membership.c.address_id == address_id)
    conn.execute(moved.values(address_id=left[0].id))
    conn.execute(sa.update(t.delivery).where(t.delivery.c.address_id == address_id).values(address_id=None))
    conn.execute(sa.delete(t.address).where(t.address.c.id == address_id))
    return True


def naming(*but: str) -> Iterator[sa.Column[int]]:
    """Every column that names a person, in all tables but these."""
    for table in t.meta.sorted_tables:
        if table.name not in but:
            yield from (key.parent for key in table.foreign_keys if key.column is t.person.c.id)


def _become_one(conn: Connection, gone: int, stays: int) -> None:
    """All that `gone` had is `stays`'s now. What `stays` said of themselves holds, and so do their memberships."""
    conn.execute(sa.update(t.address).where(t.address.c.person_id == gone).values(person_id=stays))
    _merge_memberships(conn, gone, stays)
    for column in naming(*_OWN):
        conn.execute(sa.update(column.table).where(column == gone).values({column.name: stays}))
    conn.execute(sa.update(t.membership).where(t.membership.c.invited_by == gone).values(invited_by=stays))
    _one_answer_each(conn, stays)
    rename_in_asks(conn, gone, stays)
    kept, lost = (conn.execute(sa.select(t.person).where(t.person.c.id == id)).one() for id in (stays, gone))
    own = ("name", "organisation", "language", "zone")
    known = {name: getattr(kept, name) or getattr(lost, name) for name in own}
    known |= {"quiet": kept.quiet or lost.quiet, "created_at": min(kept.created_at, lost.created_at)}
    conn.execute(sa.update(t.person).where(t.person.c.id == stays).values(known))
    # the row stays, empty: the ledger's line about this very act may name it
    conn.execute(sa.update(t.person).where(t.person.c.id == gone).values(dict.fromkeys(own, "")))


def rename_in_asks(conn: Connection, person_id: int, to: int | None) -> None:
    """What asks keep of a person beside their columns: the same of `to`, or of nobody. Lists keep who is nobody now."""
    for id, payload in conn.execute(sa.select(t.ask.c.id, t.ask.c.payload)).all():
        new = {
            key: to
            if key in ONE and value == person_id
            else [to if one == person_id else one for one in value]
            if key in SEVERAL and to is not None and isinstance(value, list)
            else value
            for key, value in payload.items()
        }
        if new != payload:
            conn.execute(sa.update(t.ask).where(t.ask.c.id == id).values(payload=new))


def _merge_memberships(conn: Connection, gone: int, stays: int) -> None:
    """One membership a community: where both have one, that of `stays`, unless only the other is active."""
    c = t.membership.c
    theirs = {row.community_id: row for row in conn.execute(sa.select(t.membership).where(c.person_id == stays))}
    for row in conn.execute(sa.select(t.membership).where(c.person_id == gone)).all():
        rival = theirs.get(row.community_id)
        if rival is not None:
            worse = rival if row.state == "active" and rival.state != "active" else row
            conn.execute(sa.delete(t.membership).where(c.id == worse.id))
            if worse is row:
                continue
        conn.execute(sa.update(t.membership).where(c.id == row.id).values(person_id=stays))


def _one_answer_each(conn: Connection, person_id: int) -> None:
    """To an ask that both had answered, the later answer counts."""
    c = t.answer.c
    query = sa.select(c.ask_id, sa.func.max(c.id).label("last")).where(c.person_id == person_id)
    query = query.where(c.superseded_by.is_(None)).group_by(c.ask_id).having(sa.func.count() > 1)
    for ask_id, last in conn.execute(query).all():
        older = sa.and_(c.ask_id == ask_id, c.person_id == person_id, c.superseded_by.is_(None), c.id != last)
        conn.execute(sa.update(t.answer).where(older).values(superseded_by=last))
