from datetime import datetime, timedelta

import sqlalchemy as sa
from posting import community, post, raw, rows

from mailer.store import deliveries, mailings, people, suppressions
from mailer.store.db import Store
from mailer.store.deliveries import Recipient
from mailer.store.tables import follow, thread

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


def test_an_address_is_left_alone_after_failures_on_five_days_not_after_five_failures(
    store: Store, now: datetime
) -> None:
    wells = community(store, THREE)
    post(store, wells)
    with store.writing() as conn:
        first = deliveries.queue(conn, 1)[0].id
        assert deliveries.recipient(conn, first) == "ana@acme.example"
        words = []
        for day in range(5):
            for hour in range(3):
                at = now + timedelta(days=day, hours=hour)
                words.append(deliveries.bounced(conn, first, True, "5.1.1 no such user", at))
        assert words == ["scored", "counted", "counted"] * 4 + ["suppressed", "counted", "counted"]
        assert deliveries.bounced(conn, 999, True, "", now) == "unknown"
        assert deliveries.recipient(conn, 999) is None
    later = now + timedelta(days=5)
    post(store, wells, later)
    assert len(rows(store)) == 3  # the dictionary is by address; ana has only the first
    with store.writing() as conn:
        assert deliveries.pending(conn).count == 5
        suppressions.lift(conn, "ana@acme.example")
    post(store, wells, later)
    with store.reading() as conn:
        assert deliveries.pending(conn).count == 8


def test_a_score_goes_stale_after_a_week_and_a_temporary_failure_counts_half(store: Store, now: datetime) -> None:
    post(store, community(store, THREE))
    with store.writing() as conn:
        first = deliveries.queue(conn, 1)[0].id
        days = [0, 1, 2, 3, 10, 11, 12, 13]
        assert {deliveries.bounced(conn, first, True, "", now + timedelta(days=day)) for day in days} == {"scored"}
        days = [21, 22, 23, 24, 25, 26, 27, 28, 29, 30]
        words = [deliveries.bounced(conn, first, False, "", now + timedelta(days=day)) for day in days]
        assert words == ["scored"] * 9 + ["suppressed"]
