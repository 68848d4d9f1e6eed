"""Sending over real sockets to a relay that takes everything, and to relays that do not."""

import asyncio
import re
from collections import Counter

import pytest
import sqlalchemy as sa
from posting import TEXT, Clock, community, deliverer, got, post, raw, relay, rows
from sink import Received, Sink

from mailer.mail.parse import parse
from mailer.store.db import Store
from mailer.store.tables import delivery
from mailer.store.traffic import mailings
from mailer.store.traffic.deliveries import Recipient, fan_out, queue

MEMBERS = [f"m{n:02d}@acme.example" for n in range(20)]
WAYS = {
    "data": ["PIPELINING", "SIZE 104857600"],
    "bdat": ["PIPELINING", "SIZE 104857600", "CHUNKING"],
    "lock-step": ["SIZE 104857600"],
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> list[str]:
    """What the relay offers: each test that asks runs in every way a mail can go."""
    return WAYS[request.param]


def replies(store: Store) -> dict[str, str]:
    with store.reading() as conn:
        return {row.email: row.reply for row in conn.execute(sa.select(delivery))}


async def test_each_member_gets_one_mail_with_a_return_path_and_a_way_out_of_their_own(
    lite: Store, way: list[str]
) -> None:
    post(lite, community(lite, MEMBERS))
    async with relay(way) as sink:
        sender = deliverer(sink, lite)
        assert await sender.drain() == 20
        assert await sender.drain() == 0
        await sender.stop()
    assert got(sink) == Counter(MEMBERS)
    assert all(len(mail.rcpts) == 1 for mail in sink.mails)
    assert len({mail.mail_from for mail in sink.mails}) == 20
    assert all(re.fullmatch(r"wells-b-[a-z2-7]{20,30}@cop\.example", mail.mail_from) for mail in sink.mails)
    messages = [parse(mail.raw) for mail in sink.mails]
    assert len({message.headers.get("list-unsubscribe") for message in messages}) == 20
    assert {message.message_id for message in messages} == {"post1@cop.example"}
    assert {message.text for message in messages} == {TEXT}
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))
    assert all(re.fullmatch(r"250 2\.0\.0 Ok: kept as \d+", reply) for reply in replies(lite).values())


async def test_what_goes_over_the_wire_is_what_was_composed(lite: Store, way: list[str]) -> None:
    content = raw(text=".\n..\n.x\n\n" + "\n".join("." * n for n in range(70)) + "\n" + "long " * 5000)
    with lite.writing() as conn:
        id = mailings.add(conn, "notice", None, "post1@cop.example", Clock().now, about=mailings.About())
        assert id
        variant = mailings.add_variant(conn, id, "", content, personal=False)
        fan_out(conn, id, [Recipient("ana@acme.example", None, variant)], Clock().now)
    async with relay(way) as sink:
        sender = deliverer(sink, lite)
        await sender.drain()
        await sender.stop()
    assert [mail.raw for mail in sink.mails] == [content]
    assert sink.mails[0].mail_from.startswith("mailer-b-")


async def test_the_dot_of_one_mail_and_the_envelope_of_the_next_share_a_write(lite: Store) -> None:
    post(lite, community(lite, MEMBERS))
    async with Sink() as sink:
        sender = deliverer(sink, lite, connections=1, window=20)
        await sender.drain()
        await sender.stop()
    assert sink.connections == 1
    envelope = ["MAIL", "RCPT", "DATA"]
    assert [re.split("[ :]", line)[0] for line in sink.dialogue] == ["EHLO", *envelope * 20, "QUIT"]


@pytest.mark.fault("F7")
async def test_a_no_concerns_only_its_recipient(lite: Store, way: list[str]) -> None:
    answers = {
        MEMBERS[0]: "550 5.1.1 No such user",
        MEMBERS[1]: "451 4.2.1 Later",
        MEMBERS[2]: "552 5.2.2 Full",
        MEMBERS[19]: "550 5.1.1 No such user",
    }
    clock = Clock()
    post(lite, community(lite, MEMBERS))
    async with relay(way) as sink:
        sink.on_rcpt = lambda mail_from, rcpt: answers.get(rcpt)
        sender = deliverer(sink, lite, clock)
        assert await sender.drain() == 16
        assert got(sink) == Counter([m for m in MEMBERS if m not in answers])
        first = {m: ("failed" if answers[m].startswith("550") else "waiting", 1) for m in answers}
        assert {m: row for m, row in rows(lite).items() if m in answers} == first
        assert {m: replies(lite)[m] for m in answers} == answers
        clock.move(minutes=4)
        assert await sender.drain() == 0
        answers.clear()
        clock.move(minutes=11)
        assert await sender.drain() == 2
        await sender.stop()
    assert {m: rows(lite)[m] for m in MEMBERS[:3]} == {
        MEMBERS[0]: ("failed", 1),
        MEMBERS[1]: ("sent", 2),
        MEMBERS[2]: ("sent", 2),
    }
    assert Counter(sink.refused) == dict.fromkeys((MEMBERS[0], MEMBERS[1], MEMBERS[2], MEMBERS[19]), 1)


async def test_a_relay_that_says_go_with_no_recipient_gets_an_empty_mail_and_keeps_none(lite: Store) -> None:
    post(lite, community(lite, MEMBERS[:3]))
    async with Sink() as sink:
        sink.lenient = True
        sink.on_rcpt = lambda mail_from, rcpt: "550 5.1.1 No such user" if rcpt == MEMBERS[1] else None
        sender = deliverer(sink, lite, connections=1)
        assert await sender.drain() == 2
        await sender.stop()
    assert rows(lite) == {MEMBERS[0]: ("sent", 1), MEMBERS[1]: ("failed", 1), MEMBERS[2]: ("sent", 1)}
    assert replies(lite)[MEMBERS[1]] == "550 5.1.1 No such user"


async def test_a_mail_that_is_refused_fails_and_one_put_off_waits(lite: Store, way: list[str]) -> None:
    post(lite, community(lite, MEMBERS[:4]))
    answers = {MEMBERS[0]: "554 5.7.1 Not that", MEMBERS[1]: "451 4.3.0 Later"}
    async with relay(way) as sink:
        sink.on_dot = lambda mail: answers.get(mail.rcpts[0])
        sender = deliverer(sink, lite)
        assert await sender.drain() == 2
        await sender.stop()
    assert [rows(lite)[m] for m in MEMBERS[:4]] == [("failed", 1), ("waiting", 1), ("sent", 1), ("sent", 1)]


async def test_a_no_to_our_own_sender_is_nobodys_fault(lite: Store, way: list[str]) -> None:
    post(lite, community(lite, MEMBERS[:3]))
    async with relay(way) as sink:
        sink.on_mail = lambda mail_from: "550 5.7.1 Sender not allowed"
        sender = deliverer(sink, lite)
        assert await sender.drain() == 0
        await sender.stop()
    assert rows(lite) == dict.fromkeys(MEMBERS[:3], ("waiting", 1))
    assert set(replies(lite).values()) == {"550 5.7.1 Sender not allowed"}


@pytest.mark.fault("F8")
async def test_greylisting_is_passed_at_the_second_try_with_the_same_sender(store: Store) -> None:
    clock, seen = Clock(), {}
    post(store, community(store, MEMBERS))

    def greylist(mail_from: str, rcpt: str) -> str | None:
        first = seen.setdefault((mail_from, rcpt), clock.now)
        return None if (clock.now - first).total_seconds() >= 300 else "451 4.7.1 Greylisted"

    async with Sink() as sink:
        sink.on_rcpt = greylist
        sender = deliverer(sink, store, clock)
        assert await sender.drain() == 0
        clock.move(minutes=15)
        assert await sender.drain() == 20
        await sender.stop()
    assert len(seen) == 20
    assert rows(store) == dict.fromkeys(MEMBERS, ("sent", 2))


@pytest.mark.fault("F10")
async def test_a_cut_after_the_dot_doubles_that_mail_alone_and_says_so(lite: Store, way: list[str]) -> None:
    clock, cut = Clock(), set(MEMBERS[3::7])
    post(lite, community(lite, MEMBERS))
    async with relay(way) as sink:
        sink.cut_after_dot = lambda mail: mail.rcpts[0] in cut
        sender = deliverer(sink, lite, clock)
        await sender.drain()
        with lite.reading() as conn:
            waiting = queue(conn)
            assert all(row.ambiguous for row in waiting)
            assert cut <= {row.email for row in waiting}
        if "CHUNKING" not in way:  # there the others of the window are on their way too
            assert {row.email for row in waiting} == cut
        sink.cut_after_dot = lambda mail: False
        clock.move(minutes=15)
        await sender.drain()
        await sender.stop()
    assert got(sink) == Counter(MEMBERS) + Counter(cut)
    assert all(state == "sent" for state, _ in rows(lite).values())
    for email in cut:
        first, second = sink.to(email)
        assert (first.mail_from, first.raw) == (second.mail_from, second.raw)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_cut_before_the_content_costs_no_try(lite: Store, command: str) -> None:
    post(lite, community(lite, MEMBERS))
    seen: list[str] = []

    def cut(line: str) -> bool:
        seen.append(line)
        return line.startswith(command) and sum(s.startswith(command) for s in seen) in (5, 12)

    async with Sink() as sink:
        sink.cut_at = cut
        sender = deliverer(sink, lite, connections=1)
        await sender.drain()
        await sender.stop()
    assert got(sink) == Counter(MEMBERS)
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))


async def test_a_mail_at_which_the_relay_always_hangs_up_waits_and_holds_nobody_up(lite: Store) -> None:
    post(lite, community(lite, MEMBERS))
    async with Sink() as sink:
        sink.cut_at = lambda line: line.startswith(f"RCPT TO:<{MEMBERS[5]}>")
        sender = deliverer(sink, lite, connections=1)
        assert await sender.drain() == 19
        await sender.stop()
    assert rows(lite)[MEMBERS[5]] == ("waiting", 1)
    assert got(sink) == Counter([m for m in MEMBERS if m != MEMBERS[5]])


async def test_a_relay_that_closes_for_a_moment_says_so_to_one_mail(lite: Store, way: list[str]) -> None:
    post(lite, community(lite, MEMBERS))
    async with relay(way) as sink:
        sink.on_rcpt = lambda mail_from, rcpt: "421 4.3.2 Closing" if rcpt == MEMBERS[7] else None
        sender = deliverer(sink, lite, connections=1)
        await sender.drain()
        await sender.stop()
    assert rows(lite)[MEMBERS[7]] == ("waiting", 1)
    assert replies(lite)[MEMBERS[7]] == "421 4.3.2 Closing"
    assert max(got(sink).values()) == 1 or "CHUNKING" in way


@pytest.mark.fault("F6")
async def test_a_relay_that_is_down_is_nobodys_try_for_five_days(store: Store) -> None:
    clock = Clock()
    post(store, community(store, MEMBERS))
    async with Sink() as sink:
        port = sink.port
    sender = deliverer(port, store, clock)
    for _ in range(12):
        assert await sender.drain() == 0
        clock.move(hours=6)
    assert rows(store) == dict.fromkeys(MEMBERS, ("waiting", 0))
    with store.reading() as conn:
        assert "onnect" in queue(conn, 1)[0].reply
    async with Sink(port) as sink:
        assert await sender.drain() == 20
        await sender.stop()
    assert got(sink) == Counter(MEMBERS)


@pytest.mark.fault("F6")
async def test_what_waits_for_five_days_has_failed_and_no_address_is_blamed(store: Store) -> None:
    clock = Clock()
    post(store, community(store, MEMBERS))
    async with Sink() as sink:
        port = sink.port
    sender = deliverer(port, store, clock)
    clock.move(days=5)
    for _ in range(3):
        await sender.drain()
    await sender.stop()
    assert rows(store) == dict.fromkeys(MEMBERS, ("failed", 1))
    with store.reading() as conn:
        assert conn.scalar(sa.text("SELECT max(bounce_score) FROM address")) == 0


@pytest.mark.fault("F9")
@pytest.mark.parametrize("fault", ["garbage", "hang", "greeting", "slow"])
async def test_a_relay_that_is_no_help_is_left_in_time(lite: Store, fault: str) -> None:
    post(lite, community(lite, MEMBERS[:3]))
    async with Sink() as sink:
        if fault == "greeting":
            sink.greeting = "421 4.3.2 Not now"
        else:
            setattr(sink, fault, 30.0 if fault == "slow" else True)
        sender = deliverer(sink, lite, timeout="0.3s")
        assert await sender.drain() == 0
        await sender.stop()
    assert rows(lite) == dict.fromkeys(MEMBERS[:3], ("waiting", 0))


@pytest.mark.fault("F9")
async def test_a_relay_that_falls_silent_in_the_middle_is_left_and_its_mails_wait(lite: Store) -> None:
    post(lite, community(lite, MEMBERS[:6]))
    async with Sink() as sink:

        def fall_silent(mail: Received) -> str | None:
            sink.slow = 30.0 if len(sink.mails) == 2 else 0.0
            return None

        sink.on_dot = fall_silent
        sender = deliverer(sink, lite, timeout="1s", connections=1)
        await sender.drain()
        await sender.stop()
        states = Counter(rows(lite).values())
        assert states["sent", 1] == 2
        assert states["waiting", 1] >= 1
        with lite.reading() as conn:
            assert [row.reply for row in queue(conn) if row.ambiguous] == ["No answer from the relay within 1 s"]


async def test_a_mail_that_is_not_clean_never_leaves(lite: Store) -> None:
    post(lite, community(lite, MEMBERS[:2]), content=raw().replace(b"seal", b"se\nal"))
    async with Sink() as sink:
        sender = deliverer(sink, lite)
        assert await sender.drain() == 0
        await sender.stop()
    assert sink.mails == []
    assert rows(lite) == dict.fromkeys(MEMBERS[:2], ("failed", 1))


HOSTILE = [
    "b@y.example>\r\nRCPT TO:<eve@z.example",
    "b@y.example\nx",
    "a b@y.example",
    "b@y.example\0",
    "@y.example",
    "b",
]


async def test_an_address_that_is_more_never_reaches_the_dialogue(lite: Store) -> None:
    with lite.writing() as conn:
        id = mailings.add(conn, "notice", None, "n@cop.example", Clock().now, about=mailings.About())
        assert id
        variant = mailings.add_variant(conn, id, "", raw(), personal=False)
        fan_out(conn, id, [Recipient(email, None, variant) for email in [*HOSTILE, "ana@acme.example"]], Clock().now)
    async with Sink() as sink:
        sender = deliverer(sink, lite)
        assert await sender.drain() == 1
        await sender.stop()
    assert [line for line in sink.dialogue if line.startswith("RCPT")] == ["RCPT TO:<ana@acme.example>"]
    assert rows(lite) == {**dict.fromkeys(HOSTILE, ("failed", 1)), "ana@acme.example": ("sent", 1)}


async def test_a_reply_is_kept_as_one_line_of_plain_words(store: Store) -> None:
    post(store, community(store, MEMBERS[:1]))
    async with Sink() as sink:
        sink.on_rcpt = lambda mail_from, rcpt: "450-4.2.1 \x1b[31mGo\x00\r\n450 4.2.1 away"
        sender = deliverer(sink, store)
        await sender.drain()
        await sender.stop()
    assert replies(store) == {MEMBERS[0]: "450 4.2.1 [31mGo 4.2.1 away"}


async def test_an_address_beyond_ascii_goes_where_the_relay_takes_it(lite: Store) -> None:
    wells = community(lite, ["josé@acme.example"])
    post(lite, wells)
    async with Sink() as sink:
        sender = deliverer(sink, lite)
        assert await sender.drain() == 0
        assert rows(lite) == {"josé@acme.example": ("failed", 1)}
        await sender.stop()
        post(lite, wells)
        sink.extensions.append("SMTPUTF8")
        sender = deliverer(sink, lite)
        assert await sender.drain() == 1
        await sender.stop()
    assert [mail.rcpts for mail in sink.mails] == [("josé@acme.example",)]
    assert any(line.endswith(" SMTPUTF8") for line in sink.dialogue)
    with lite.reading() as conn:
        assert conn.scalar(sa.text("SELECT max(bounce_score) FROM address")) == 0


@pytest.mark.fault("F14")
async def test_two_deliverers_on_one_database_send_nothing_twice(store: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(300)]
    post(store, community(store, many))
    async with Sink() as sink:
        one, two = deliverer(sink, store), deliverer(sink, store)
        sent = await asyncio.gather(one.drain(), two.drain())
        await asyncio.gather(one.stop(), two.stop())
    assert sum(sent) == 300 and min(sent) > 0
    assert got(sink) == Counter(many)


@pytest.mark.fault("F1")
async def test_after_a_kill_what_was_in_flight_and_no_more_may_come_twice(store: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(100)]
    post(store, community(store, many))
    clock = Clock()
    async with Sink() as sink:
        killed = deliverer(sink, store, clock, connections=2, window=4)
        written = store.write

        async def die(work: object, *args: object, **more: object) -> object:
            if getattr(work, "__name__", "") == "mark" and len(sink.mails) > 40:
                await asyncio.sleep(3600)
            return await written(work, *args, **more)  # type: ignore[arg-type]

        store.write = die  # type: ignore[assignment, method-assign]
        task = asyncio.create_task(killed.drain())
        await sink.wait(41)
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        store.write = written  # type: ignore[method-assign]
        before = len(sink.mails)
        assert before < 100
        heir = deliverer(sink, store, clock)
        assert await heir.drain() <= 100 - before
        clock.move(minutes=6)
        await heir.drain()
        await heir.stop()
        await killed.pool.close(0)
    assert set(got(sink)) == set(many)
    assert len(sink.mails) - 100 <= 8
    assert {state for state, _ in rows(store).values()} == {"sent"}


async def test_run_sends_what_comes_until_it_is_stopped(store: Store) -> None:
    wells = community(store, MEMBERS)
    post(store, wells)
    async with Sink() as sink:
        sender = deliverer(sink, store, window=20)
        running = asyncio.create_task(sender.run())
        await sink.wait(20)
        post(store, wells)
        sender.wake()
        await sink.wait(40)
        await sender.stop()
        await running
        assert sink.open == 0
        post(store, wells)
        running = asyncio.create_task(sender.run())
        await sink.wait(60)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await sender.stop()
    assert got(sink) == Counter(MEMBERS * 3)
    with store.reading() as conn:
        assert queue(conn) == []


@pytest.mark.fault("F22")
async def test_stopping_lets_what_is_under_way_end_and_leaves_the_rest_to_others(lite: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(200)]
    post(lite, community(lite, many))
    async with Sink() as sink:
        sink.slow = 0.005
        sender = deliverer(sink, lite)
        running = asyncio.create_task(sender.run())
        await sink.wait(20)
        await sender.stop()
        await running
        sink.slow = 0
        assert 20 <= len(sink.mails) < 200
        with lite.reading() as conn:
            assert {(row.state, row.tries, row.ambiguous) for row in queue(conn, 500)} == {("waiting", 0, False)}
        heir = deliverer(sink, lite)
        await heir.drain()
        await heir.stop()
    assert got(sink) == Counter(many)


async def test_stopping_ends_a_drain_and_does_not_wait_for_a_relay_that_hangs(store: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(100)]
    post(store, community(store, many))
    async with Sink() as sink:
        sink.slow = 0.005
        sender = deliverer(sink, store)
        draining = asyncio.create_task(sender.drain())
        await sink.wait(5)
        sink.slow = 30.0
        await sender.stop(0.2)
        sent = await draining
        assert 5 <= sent <= len(sink.mails) <= sent + sender.pool.connections  # a reply may still have been on its way
    with store.reading() as conn:
        waiting = queue(conn, 500)
    assert len(waiting) == 100 - sent
    assert {row.state for row in waiting} == {"waiting"}
    assert sum(row.tries for row in waiting) <= 8


@pytest.mark.fault("F12")
async def test_what_one_person_waits_for_overtakes_a_long_list(lite: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(200)]
    wells = community(lite, many)
    oil = community(lite, ["ana@acme.example"], "oil")
    post(lite, wells)
    async with Sink() as sink:
        sink.slow = 0.003
        sender = deliverer(sink, lite)
        running = asyncio.create_task(sender.run())
        await sink.wait(10)
        post(lite, oil, priority=0)
        sender.wake()
        await sink.wait(100)
        await sender.stop()
        await running
    assert "ana@acme.example" in [mail.rcpts[0] for mail in sink.mails[:60]]


async def test_no_more_connections_than_allowed_and_none_where_one_will_do(lite: Store) -> None:
    post(lite, community(lite, [f"m{n:02d}@acme.example" for n in range(40)]))
    async with Sink() as sink:
        sink.slow = 0.02  # no mail is quick
        sender = deliverer(sink, lite, connections=3, window=8)
        await sender.drain()
        await sender.stop()
        assert sink.peak == 3
    async with Sink() as sink:
        post(lite, community(lite, ["ana@acme.example"], "oil"))
        sender = deliverer(sink, lite, connections=3)
        await sender.drain()
        await sender.drain()
        assert sink.connections == 1
        await sender.stop()


@pytest.mark.parametrize("reply", ["250-Taken\r\n250 2.0.0 Ok", "250", "250 ", "250 \xff\x00 odd"])
async def test_replies_come_in_many_shapes(lite: Store, reply: str) -> None:
    post(lite, community(lite, MEMBERS[:3]))
    async with Sink() as sink:
        sink.on_dot = lambda mail: reply
        sender = deliverer(sink, lite)
        assert await sender.drain() == 3
        await sender.stop()
    assert rows(lite) == dict.fromkeys(MEMBERS[:3], ("sent", 1))


NO_REPLIES = ["99 what", "25", " ", "x" * 20_000, "250-a\r\n" * 300 + "250 b", "999 what", "250_x"]


@pytest.mark.parametrize("reply", NO_REPLIES)
async def test_what_is_no_reply_ends_the_connection_and_the_mail_is_in_doubt(lite: Store, reply: str) -> None:
    post(lite, community(lite, MEMBERS[:1]))
    async with Sink() as sink:
        sink.on_dot = lambda mail: reply
        sender = deliverer(sink, lite, timeout="2s")
        assert await sender.drain() == 0
        await sender.stop()
    with lite.reading() as conn:
        assert [(row.state, row.ambiguous) for row in queue(conn)] == [("waiting", True)]


async def test_a_try_another_has_taken_over_is_not_sent(lite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    post(lite, community(lite, MEMBERS))
    async with Sink() as sink:
        sender = deliverer(sink, lite)
        claimed = sender._parcel
        late = set(MEMBERS[::3])
        monkeypatch.setattr(sender, "_parcel", lambda one, until: claimed(one, 0.0 if one.email in late else until))
        feeding = asyncio.create_task(sender.run())
        await sink.wait(13)
        late.clear()
        sender.wake()
        await sink.wait(20)
        await sender.stop()
        await feeding
    assert got(sink) == Counter(MEMBERS)
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))


@pytest.mark.fault("F5")
async def test_a_database_that_fails_for_a_moment_loses_nothing(lite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    post(lite, community(lite, MEMBERS))
    monkeypatch.setattr("mailer.outbound.marking.TROUBLED", 0.01)
    written, calls = lite.write, 0

    async def sometimes(work: object, *args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise OSError("disk")
        return await written(work, *args, **more)  # type: ignore[arg-type]

    lite.write = sometimes  # type: ignore[assignment, method-assign]
    async with Sink() as sink:
        sender = deliverer(sink, lite)
        running = asyncio.create_task(sender.run())
        await sink.wait(20)
        await asyncio.sleep(0.2)
        lite.write = written  # type: ignore[method-assign]
        await sender.stop()
        await running
    assert got(sink) == Counter(MEMBERS)
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))


@pytest.mark.fault("F13")
async def test_a_clock_that_jumps_past_all_leases_doubles_nothing(lite: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(60)]
    clock = Clock()
    post(lite, community(lite, many))
    async with Sink() as sink:
        sink.slow = 0.005
        sender = deliverer(sink, lite, clock)
        running = asyncio.create_task(sender.run())
        await sink.wait(5)
        clock.move(hours=1)
        sender.wake()
        await sink.wait(20)
        clock.move(hours=-1)
        sender.wake()
        await sink.wait(60)
        await sender.stop()
        await running
    assert got(sink) == Counter(many)
