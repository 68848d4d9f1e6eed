"""Which process has what in hand, and what to do when it dies.

A process has a number (`Store.worker`) and writes it on each mail it begins and each delivery it claims. On PostgreSQL
it holds an advisory lock of that number for as long as it lives, on a connection of its own: when it dies, however it
dies, the server lets go of the lock, and any other process takes its work back within seconds. No clock is asked, so
clocks may differ. SQLite belongs to one process (store/alone): whoever else's number is found there is dead.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import delivery, inbox
from mailer.store.traffic.deliveries import SENDING

LIFE = 0x6D616972  # the first half of every worker's lock; any number that nothing else in the database locks


@dataclass(frozen=True, slots=True)
class Rescued:
    """What dead processes had in hand: mails to be read again, deliveries that may have been made. `missed` are those
    who may be back in a moment."""

    mails: int = 0
    deliveries: int = 0
    missed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hand:
    """A process and what it has in hand. `name` is empty for one that lives no more."""

    name: str
    mails: int
    deliveries: int


def hands(conn: Connection, alone: str = "") -> list[Hand]:
    """Every process that lives or has something in hand; `alone` names the only one that SQLite can have."""
    mails = _count(conn, sa.select(inbox.c.worker, sa.func.count()).where(_BEGUN), inbox.c.worker)
    sending = _count(conn, sa.select(delivery.c.worker, sa.func.count()).where(SENDING), delivery.c.worker)
    if conn.dialect.name == "sqlite":
        living = dict.fromkeys([*mails, *sending] or [0], alone) if alone else {}
    else:
        living = dict(conn.execute(_LIVING, {"life": LIFE}).all())
    numbers = sorted({*living, *mails, *sending}, key=lambda number: (living.get(number, ""), number))
    return [Hand(living.get(number, ""), mails.get(number, 0), sending.get(number, 0)) for number in numbers]


def _count(conn: Connection, query: sa.Select[Any], worker: sa.Column[Any]) -> dict[int, int]:
    return dict(conn.execute(query.where(worker.is_not(None)).group_by(worker)).all())


_LIVING = sa.text(  # a process says its name on the connection it lives by: engine/cluster
    """SELECT CAST(CAST(lock.objid AS bigint) AS integer), process.application_name
       FROM pg_locks AS lock JOIN pg_stat_activity AS process ON process.pid = lock.pid
       WHERE lock.locktype = 'advisory' AND lock.granted AND lock.mode = 'ExclusiveLock'
       AND CAST(lock.classid AS bigint) = :life
       AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
)


def rescue(conn: Connection, me: int, missed: Collection[int] | None = None) -> Rescued:
    """Take back what processes have in hand that live no more; with `missed`, only of those who were missed before: a
    database that starts again has forgotten the locks of the living."""
    gone = frozenset(worker for worker in _at_work(conn) if worker != me and _dead(conn, worker))
    dead = sorted(gone if missed is None else gone.intersection(missed))
    return Rescued(let_go(conn, dead), _take_back(conn, dead), gone.difference(dead)) if gone else Rescued()


def let_go(conn: Connection, workers: Sequence[int]) -> int:
    """Mails these processes have begun and not ended may be begun again, by anybody; how many."""
    query = sa.update(inbox).where(_BEGUN, inbox.c.worker.in_(workers)).values(worker=None)
    return len(conn.execute(query.returning(inbox.c.id)).all())


def _take_back(conn: Connection, workers: Sequence[int]) -> int:
    """Their deliveries are due at once, and each may have been made already."""
    query = sa.update(delivery).where(SENDING, delivery.c.worker.in_(workers))
    query = query.values(state="waiting", lease=None, worker=None, ambiguous=True)
    return len(conn.execute(query.returning(delivery.c.id)).all())


def _at_work(conn: Connection) -> set[int]:
    """Every process whose number stands on something that is not done."""
    begun = sa.select(inbox.c.worker).where(_BEGUN, inbox.c.worker.is_not(None))
    sending = sa.select(delivery.c.worker).where(SENDING, delivery.c.worker.is_not(None))
    return set(conn.scalars(begun.union(sending)))


def _dead(conn: Connection, worker: int) -> bool:
    """Nobody holds its lock. Held here until the end of this transaction, so that two do not take back the same."""
    if conn.dialect.name == "sqlite":
        return True
    return bool(conn.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LIFE, worker))))


_BEGUN = inbox.c.state == sa.literal_column("'waiting'", sa.Text)  # as its partial index says it
