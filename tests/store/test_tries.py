import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from posting import NOW, community, post

from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.tables import address, delivery, ledger, suppression
from mailer.store.traffic import deliveries, suppressions, tries, workers
from mailer.store.traffic.tries import Result

LEASE = timedelta(minutes=5)
MEMBERS = [f"m{n}@acme.example" for n in range(6)]


@pytest.fixture
def wells(store: Store) -> int:
    return community(store, MEMBERS)


def test_the_urgent_go_first_then_the_longest_due(store: Store, wells: int, now: datetime) -> None:
    post(store, wells, now, priority=1)
    post(store, wells, now - timedelta(hours=1), priority=1)
    urgent = post(store, wells, now, priority=0)
    bulk = post(store, wells, now, priority=9)
    post(store, wells, now + timedelta(seconds=1), priority=0)
    with store.writing() as conn:
        assert {c.mailing_id for c in tries.claim(conn, 3, now, LEASE, urgent=True)} == {urgent}
        rest = tries.claim(conn, 100, now, LEASE)
        assert tries.claim(conn, 100, now, LEASE) == []
    assert [c.mailing_id for c in rest] == [urgent] * 3 + [2] * 6 + [1] * 6 + [bulk] * 6
    assert {(c.community, c.community_id, c.tries) for c in rest} == {("wells", wells, 1)}
    with store.reading() as conn:
        assert tries.next_due(conn) == now + timedelta(seconds=1)


def test_two_workers_never_hold_the_same_delivery(store: Store, wells: int, now: datetime) -> None:
    post(store, wells)
    with store.writing() as conn:
        mine = tries.claim(conn, 4, now, LEASE)
    with store.writing() as conn:
        yours = tries.claim(conn, 4, now, LEASE)
    assert [len(mine), len(yours)] == [4, 2]
    assert not {c.id for c in mine} & {c.id for c in yours}


def test_what_came_of_a_try_is_on_its_row(store: Store, wells: int, now: datetime) -> None:
    post(store, wells)
    later = now + timedelta(minutes=5)
    with store.writing() as conn:
        a, b, c, d, e, f = (one.id for one in tries.claim(conn, 9, now, LEASE))
        results = [
            Result(a, 1, "sent", "250 2.0.0 Ok"),
            Result(b, 1, "deferred", "451 Later", later),
            Result(c, 1, "deferred", "cut", later, ambiguous=True),
            Result(d, 1, "failed", "550 No such user", blames_address=True),
            Result(e, 1, "failed", "554 Not that"),
            Result(f, 1, "released", "not there"),
        ]
        tries.mark(conn, results, now)
    t = delivery.c
    with store.reading() as conn:
        found = conn.execute(sa.select(t.state, t.tries, t.reply, t.ambiguous, t.lease, t.sent_at).order_by(t.id)).all()
        assert [tuple(row) for row in found] == [
            ("sent", 1, "250 2.0.0 Ok", False, None, now),
            ("waiting", 1, "451 Later", False, None, None),
            ("waiting", 1, "cut", True, None, None),
            ("failed", 1, "550 No such user", False, None, None),
            ("failed", 1, "554 Not that", False, None, None),
            ("waiting", 0, "not there", False, None, None),
        ]
        assert conn.scalars(sa.select(ledger.c.detail).where(ledger.c.what == "failed")).all() == [
            f"delivery {d}: 550 No such user",
            f"delivery {e}: 554 Not that",
        ]
        scores = {row.email: row.bounce_weight for row in conn.execute(sa.select(address))}
        assert scores == {**dict.fromkeys(MEMBERS, 0.0), MEMBERS[3]: 1.0}
        assert conn.scalar(sa.select(sa.func.count()).select_from(suppression)) == 0
        assert tries.next_due(conn) == now
    with store.writing() as conn:
        assert [one.id for one in tries.claim(conn, 9, now, LEASE)] == [f]
        again = tries.claim(conn, 9, later, LEASE)
        assert [(one.id, one.tries) for one in again] == [(f, 2), (b, 2), (c, 2)]


def test_a_lease_that_ran_out_is_anothers_try_and_the_first_can_no_longer_say_anything(
    store: Store, wells: int, now: datetime
) -> None:
    post(store, wells)
    with store.writing() as conn:
        mine = tries.claim(conn, 9, now, LEASE)
        tries.renew(conn, {mine[0].id: 1}, now + 3 * LEASE)
        tries.renew(conn, {}, now)
        assert tries.claim(conn, 9, now + LEASE / 2, LEASE) == []
        assert tries.next_due(conn) == now + LEASE
    with store.writing() as conn:
        yours = tries.claim(conn, 9, now + LEASE, LEASE)
        assert [(c.id, c.tries) for c in yours] == [(c.id, 2) for c in mine[1:]]
        tries.mark(conn, [Result(c.id, 1, "sent", "250 Ok") for c in mine], now)
        tries.renew(conn, {c.id: 1 for c in mine}, now + 9 * LEASE)
        tries.mark(conn, [Result(yours[0].id, 2, "failed", "550 No", blames_address=True)], now)
        tries.mark(conn, [Result(yours[1].id, 1, "failed", "550 No", blames_address=True)], now)
    with store.reading() as conn:
        c = delivery.c
        found = conn.execute(sa.select(c.state, c.ambiguous).order_by(c.id)).all()
        assert [tuple(row) for row in found] == [("sent", False), ("failed", True)] + [("sending", True)] * 4
        assert conn.scalar(sa.select(sa.func.count()).select_from(ledger)) == 1


def test_failing_days_suppress_once_asked(store: Store, wells: int, now: datetime) -> None:
    for day in range(6):
        at = now + timedelta(days=day)
        with store.writing() as conn:
            for one in suppressions.doubtful(conn, wells, at):
                suppressions.probed(conn, one.address_id, at)
        post(store, wells, at)
        with store.writing() as conn:
            claimed = tries.claim(conn, 9, at, LEASE)
            gone = [c for c in claimed if c.email == MEMBERS[0]]
            tries.mark(conn, [Result(c.id, 1, "failed", "550", blames_address=True) for c in gone], at)
            tries.mark(conn, [Result(c.id, 1, "sent", "250") for c in claimed if c not in gone], at)
    with store.reading() as conn:
        assert list(conn.scalars(sa.select(suppression.c.email))) == [MEMBERS[0]]


def test_however_much_was_sent_only_what_waits_is_read(sqlite_url: str, tmp_path: Path) -> None:
    asked = []
    store = Store(sqlite_url, tmp_path)
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", NOW)
        sa.event.listen(conn, "before_cursor_execute", lambda c, cursor, query, given, *_: asked.append((query, given)))
        tries.claim(conn, 10, NOW, LEASE)
        tries.next_due(conn)
        workers.rescue(conn, 1)
        deliveries.pending(conn)
        deliveries.queue(conn)
        plans = [conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given).all() for query, given in list(asked)]
    read = {row.detail for plan in plans for row in plan if re.match("(SCAN|SEARCH) delivery ?", row.detail)}
    assert read and not [way for way in read if not re.search("ix_delivery_(due|leased)|PRIMARY KEY", way)]
    assert len(asked) > 10 and wells
    store.close()
