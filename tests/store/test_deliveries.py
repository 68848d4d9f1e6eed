from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from posting import community, post, raw, rows

from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.tables import delivery, follow, thread
from mailer.store.traffic import deliveries, mailings, suppressions
from mailer.store.traffic.deliveries import Recipient

THREE = ["ana@acme.example", "bo@nord.example", "cy@sur.example"]


def test_nobody_gets_a_mailing_twice_and_no_one_suppressed(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        id = mailings.add(conn, "notice", None, "n1@cop.example", now, about=mailings.About())
        assert id
        variant = mailings.add_variant(conn, id, "", raw(), personal=False)
        suppressions.suppress(conn, "bo@nord.example", "bounces", now)
        suppressions.suppress(conn, "cy@sur.example", "asked", now, until=now)
        all_three = [Recipient(email, None, variant) for email in THREE]
        assert deliveries.fan_out(conn, id, [*all_three, all_three[0]], now) == 2
        assert deliveries.fan_out(conn, id, all_three, now) == 0
        assert deliveries.fan_out(conn, id, [], now) == 0
    assert sorted(rows(store)) == ["ana@acme.example", "cy@sur.example"]


def test_members_get_it_by_mode_but_for_the_muted_the_left_and_the_named(store: Store, now: datetime) -> None:
    emails = [f"m{n}@acme.example" for n in range(7)]
    wells = community(store, emails)
    with store.writing() as conn:
        new = sa.insert(thread).values(community_id=wells, started_at=now, last_at=now).returning(thread.c.id)
        about, other = conn.scalar(new), conn.scalar(new)
        members = people.members(conn, wells)
        people.change_membership(conn, members[1].membership.id, mode="weekly")
        people.change_membership(conn, members[2].membership.id, state="left")
        for member, where, choice in ((3, about, "mute"), (4, about, "follow"), (4, other, "mute")):
            conn.execute(
                sa.insert(follow).values(membership_id=members[member].membership.id, thread_id=where, choice=choice)
            )
        suppressions.suppress(conn, emails[6], "bounces", now)
    excepted = [members[5].person.address_id]
    first = post(store, wells, thread_id=about, except_address_ids=excepted)
    assert sorted(rows(store)) == [emails[0], emails[4]]
    with store.writing() as conn:
        assert deliveries.stop(conn, first) == 2
        assert deliveries.stop(conn, first) == 0
    post(store, wells, except_person_ids=[members[0].person.id])
    assert sorted(e for e, (state, _) in rows(store).items() if state == "waiting") == [emails[3], emails[4], emails[5]]


def test_a_large_mailing_is_counted_right(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        id = mailings.add(conn, "notice", None, "n1@cop.example", now, about=mailings.About())
        assert id
        variant = mailings.add_variant(conn, id, "", raw(), personal=False)
        many = [Recipient(f"m{n}@acme.example", None, variant) for n in range(1500)]
        assert deliveries.fan_out(conn, id, many, now) == 1500
        assert deliveries.pending(conn) == deliveries.Pending(1500, now)


def test_the_queue_says_what_waits_and_why(store: Store, now: datetime) -> None:
    assert post(store, community(store, THREE)) == 1
    with store.reading() as conn:
        assert [(q.email, q.community, q.state, q.tries, q.reply) for q in deliveries.queue(conn, 2)] == [
            ("ana@acme.example", "wells", "waiting", 0, ""),
            ("bo@nord.example", "wells", "waiting", 0, ""),
        ]
        assert deliveries.pending(conn) == deliveries.Pending(3, now)


@pytest.mark.fault("F7")
def test_an_address_is_left_alone_after_failures_on_many_days_not_after_many_failures(
    store: Store, now: datetime
) -> None:
    wells = community(store, THREE)
    words = []
    for day in range(6):
        at = now + timedelta(days=day)
        sent = [post(store, wells, at) for _ in range(2)]
        with store.writing() as conn:
            for one in suppressions.doubtful(conn, wells, at):
                suppressions.probed(conn, one.address_id, at)
            query = sa.select(delivery.c.id).where(delivery.c.email == THREE[0], delivery.c.mailing_id.in_(sent))
            first, second = conn.scalars(query.order_by(delivery.c.id))
            sent = deliveries.sent(conn, first)
            assert sent and sent[0] == THREE[0]
            words += [deliveries.bounced(conn, id, True, "5.1.1 no such user", at) for id in (first, first, second)]
    assert words == ["scored", "again", "counted"] * 5 + ["suppressed", "again", "counted"]
    before = len(rows(store))
    post(store, wells, now + timedelta(days=6))
    with store.writing() as conn:
        assert before == 3 and deliveries.pending(conn).count == 6 * 2 * 3 - 12 + 2
        suppressions.lift(conn, THREE[0])


def test_a_report_comes_once_and_not_long_after(store: Store, now: datetime) -> None:
    post(store, community(store, THREE))
    with store.writing() as conn:
        one, two, three = conn.scalars(sa.select(delivery.c.id).order_by(delivery.c.id))
        late = now + deliveries.REPORTED
        assert deliveries.bounced(conn, one, True, "gone", late) == "again"
        delays = [deliveries.bounced(conn, two, False, "later", now + timedelta(days=day)) for day in range(4)]
        assert delays == ["scored"] * 4
        assert deliveries.bounced(conn, three, True, "gone", now) == "scored"
        assert deliveries.bounced(conn, three, True, "gone", now + timedelta(days=2)) == "again"
        assert deliveries.bounced(conn, 999, True, "", now) == "again"
        assert deliveries.sent(conn, 999) is None


def test_what_went_out_long_ago_is_forgotten_the_oldest_first(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        sent = []
        for days, state in ((400, "sent"), (399, "waiting"), (398, "failed"), (397, "sent"), (10, "sent")):
            made = now - timedelta(days=days)
            id = mailings.add(conn, "notice", None, f"d{days}@cop.example", made, about=mailings.About())
            assert id
            variant = mailings.add_variant(conn, id, "", raw(), personal=False)
            deliveries.fan_out(conn, id, [Recipient(THREE[0], None, variant)], made)
            sent.append(deliveries.of_mailing(conn, id, THREE[0]))
            conn.execute(sa.update(delivery).where(delivery.c.id == sent[-1]).values(state=state))
        year = now - timedelta(days=365)
        assert [deliveries.forget(conn, year, 3), deliveries.forget(conn, year), deliveries.forget(conn, year)] == [
            2,
            1,
            0,
        ]
        assert list(conn.scalars(sa.select(delivery.c.id).order_by(delivery.c.id))) == [sent[1], sent[4]]
        assert deliveries.forget(conn, now) == 0  # the number of the newest would be given again
