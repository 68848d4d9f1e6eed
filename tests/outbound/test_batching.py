"""Several recipients in one transaction: who shares, what each one's answer is, and what a kill or a cut may double."""

import asyncio
import re
from collections import Counter, deque

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from posting import KEYS, Clock, community, deliverer, got, post, raw, relay, rows
from sink import Received, Sink

from mailer.mail import addressing, tokens
from mailer.mail.parse import parse
from mailer.outbound.backoff import Answer
from mailer.outbound.batching import WORTH, together
from mailer.outbound.deliver import Deliverer
from mailer.outbound.parcel import Bundle, Parcel, Shared, content
from mailer.store.db import Store
from mailer.store.tables import delivery
from mailer.store.traffic.deliveries import queue

MEMBERS = [f"m{n:03d}@acme.example" for n in range(120)]
WAYS = {
    "data": ["PIPELINING", "SIZE 104857600"],
    "bdat": ["PIPELINING", "SIZE 104857600", "CHUNKING"],
    "lock-step": ["SIZE 104857600", "XVERP"],
    "xverp": ["PIPELINING", "CHUNKING", "XVERP"],
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> list[str]:
    return WAYS[request.param]


def sizes(sink: Sink) -> list[int]:
    return [len(mail.rcpts) for mail in sink.mails]


async def drained(sender: Deliverer) -> int:
    count = await sender.drain()
    await sender.stop()
    return count


# --- who shares


async def test_a_list_goes_in_batches_with_one_sender_and_a_way_out_for_all(store: Store, way: list[str]) -> None:
    wells = community(store, MEMBERS)
    id = post(store, wells)
    async with relay(way) as sink:
        assert await drained(deliverer(sink, store, batch=50)) == 120
    assert got(sink) == Counter(MEMBERS)
    assert sum(sizes(sink)) == 120 and max(sizes(sink)) == 50
    shared = [mail for mail in sink.mails if len(mail.rcpts) > 1]
    assert sum(len(mail.rcpts) for mail in shared) >= 100
    [sender] = {mail.mail_from for mail in shared}
    local = addressing.split(sender.partition("@")[0], {"wells"})
    assert local and tokens.unseal(KEYS, "mailing", local.token) == (id,)
    assert tokens.unseal(KEYS, "bounce", local.token) is None
    [fields] = {parse(mail.raw).headers.get("list-unsubscribe") for mail in shared}
    assert fields == "<mailto:wells-leave@cop.example?subject=stop>"
    assert {mail.raw.endswith(raw()) for mail in shared} == {True}
    assert rows(store) == dict.fromkeys(MEMBERS, ("sent", 1))
    asked = [line for line in sink.dialogue if line.startswith("MAIL") and "XVERP" in line]
    assert len(asked) == (len(shared) if "XVERP" in way else 0)
    assert all(line.endswith(" XVERP=-=") for line in asked)


async def test_few_go_alone_with_a_return_path_and_one_click_of_their_own(lite: Store, way: list[str]) -> None:
    few = MEMBERS[: WORTH - 1]
    post(lite, community(lite, few))
    async with relay(way) as sink:
        assert await drained(deliverer(sink, lite, batch=50)) == len(few)
    assert sizes(sink) == [1] * len(few)
    assert len({mail.mail_from for mail in sink.mails}) == len(few)
    assert not any("XVERP" in line for line in sink.dialogue if line.startswith("MAIL"))


async def test_what_is_one_persons_and_who_could_not_be_named_goes_alone(lite: Store) -> None:
    long = [f"{'x' * 30}{n}@acme.example" for n in range(9)]
    beyond = ["josé@acme.example"]
    everyone = sorted(MEMBERS[:40] + long + beyond)
    wells = community(lite, everyone)
    for extensions, alone in ((["PIPELINING"], beyond), (["PIPELINING", "XVERP"], beyond + long)):
        post(lite, wells)
        async with relay([*extensions, "SMTPUTF8"]) as sink:
            assert await drained(deliverer(sink, lite, batch=100)) == 50
        assert Counter(sizes(sink)) == {50 - len(alone): 1, 1: len(alone)}
        assert {rcpt for mail in sink.mails if len(mail.rcpts) == 1 for rcpt in mail.rcpts} == set(alone)


async def test_two_mails_never_share(lite: Store) -> None:
    wells, hills = community(lite, MEMBERS[:60]), community(lite, MEMBERS[60:], "hills")
    for one in (wells, hills, wells):
        post(lite, one, content=raw(f"post{one}@cop.example"))
    async with Sink() as sink:
        assert await drained(deliverer(sink, lite, batch=100)) == 180
    assert len({(mail.mail_from, mail.raw) for mail in sink.mails if len(mail.rcpts) > 1}) == 3
    for mail in sink.mails:
        assert ("wells" in mail.mail_from) == (mail.rcpts[0] in MEMBERS[:60])


SHARED = Shared(b"wells-b-aaaaaaaaaaaaaaaaaaaaaaa@cop.example", b"", b"")


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(5, 45), st.booleans()), min_size=1, max_size=9),
    st.integers(1, 60),
    st.integers(1, 80),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_whatever_waits_is_taken_once_and_no_more_than_there_is_room_for(
    waiting: list[tuple[int, int, bool]], most: int, room: int, verp: bool
) -> None:
    contents = [content(raw(), True, SHARED), content(raw(), True, SHARED), content(raw(), False)]
    lane = deque[Parcel]()
    for number, (which, length, cut) in enumerate([one for one in waiting for _ in range(one[1])]):
        shared = contents[which % 3]
        assert shared
        cuts = int(cut and number % 3 == 0)
        lane.append(Parcel(number, 1, b"x" * (length - 4) + b"@a.b", shared, cuts=cuts))
    seen: list[int] = []
    while lane:
        before, first = len(lane), lane[0]
        chosen = together(lane, most, room, verp)
        if not chosen:
            assert room < min(WORTH, most) and len(lane) == before and lane[0] is first
            chosen = together(lane, most, most, verp)
        else:
            assert len(chosen) <= max(room, 1)
        assert chosen[0] is first and len(lane) == before - len(chosen)
        assert len(chosen) == 1 or min(WORTH, most) <= len(chosen) <= most
        assert all(one.content is first.content for one in chosen)
        if len(chosen) > 1:
            assert first.content.shared and not any(one.cuts for one in chosen)
            assert not verp or all(len(b"wells-b-aaaaaaaaaaaaaaaaaaaaaaa-" + one.rcpt) <= 64 for one in chosen)
        left = [one.id for one in lane]
        assert left == sorted(left)  # who was first still is
        seen += [one.id for one in chosen]
    assert sorted(seen) == list(range(sum(length for _, length, _ in waiting)))


# --- what each one's answer is

NO = {
    "gone": "550 5.1.1 No such user",
    "later": "451 4.2.1 Later",
    "full": "452 4.2.2 Full",
    "too much": "552 5.2.2 Full",
}


@pytest.mark.fault("F7")
async def test_a_no_to_one_of_a_batch_is_theirs_alone(lite: Store, way: list[str]) -> None:
    said = dict(zip([MEMBERS[0], MEMBERS[7], MEMBERS[8], MEMBERS[30]], NO.values(), strict=True))
    post(lite, community(lite, MEMBERS[:60]))
    async with relay(way) as sink:
        sink.on_rcpt = lambda mail_from, rcpt: said.get(rcpt)
        assert await drained(deliverer(sink, lite, batch=60)) == 56
    assert got(sink) == Counter(MEMBERS[:60]) - Counter(list(said))
    assert sizes(sink) == [56]
    found = rows(lite)
    assert {m: found[m] for m in said} == {
        m: ("failed" if text.startswith("550") else "waiting", 1) for m, text in said.items()
    }
    assert Counter(sink.refused) == Counter(list(said))


async def test_where_all_are_refused_nothing_is_sent_and_each_has_their_own_answer(lite: Store, way: list[str]) -> None:
    post(lite, community(lite, MEMBERS[:60]))
    for lenient in (False, True):
        async with relay(way) as sink:
            sink.lenient = lenient
            sink.on_rcpt = lambda mail_from, rcpt: f"451 4.2.1 {rcpt} later"
            clock = Clock()
            clock.move(hours=lenient)
            assert await drained(deliverer(sink, lite, clock, batch=60)) == 0
        assert sink.mails == []
    with lite.reading() as conn:
        assert {row.email: row.reply for row in queue(conn)} == {m: f"451 4.2.1 {m} later" for m in MEMBERS[:60]}


async def test_the_answer_to_the_mail_is_everybodys(lite: Store, way: list[str]) -> None:
    answers = iter(["554 5.7.1 Not that", "451 4.3.0 Later"])
    became: dict[str, tuple[str, int]] = {}

    def say(mail: Received) -> str | None:
        reply = next(answers, None)
        state = {"5": "failed", "4": "waiting", "2": "sent"}[(reply or "250")[0]]
        became.update(dict.fromkeys(mail.rcpts, (state, 1)))
        return reply

    post(lite, community(lite, MEMBERS))
    async with relay(way) as sink:
        sink.on_dot = say
        await drained(deliverer(sink, lite, batch=30))
    assert rows(lite) == became and len(set(became.values())) == 3
    with lite.reading() as conn:
        assert conn.scalar(sa.text("SELECT max(bounce_score + bounce_weight) FROM address")) == 0


async def test_a_no_to_our_sender_is_nobodys_fault_and_costs_them_a_wait(lite: Store, way: list[str]) -> None:
    post(lite, community(lite, MEMBERS[:40]))
    async with relay(way) as sink:
        sink.on_mail = lambda mail_from: "550 5.7.1 Sender not allowed"
        assert await drained(deliverer(sink, lite, batch=40)) == 0
    assert rows(lite) == dict.fromkeys(MEMBERS[:40], ("waiting", 1))


@pytest.mark.parametrize("code", ["452 4.5.3 Too many recipients", "552 Too many recipients"])
async def test_who_was_too_many_goes_with_the_next_and_later_batches_are_smaller(
    lite: Store, way: list[str], code: str
) -> None:
    post(lite, community(lite, MEMBERS))
    taken = 0

    def count(mail_from: str) -> None:
        nonlocal taken
        taken = 0

    def limited(mail_from: str, rcpt: str) -> str | None:
        nonlocal taken
        taken += 1
        return code if taken > 25 else None

    async with relay(way) as sink:
        sink.on_mail, sink.on_rcpt = count, limited
        assert await drained(deliverer(sink, lite, batch=60, connections=1)) == 120
    assert got(sink) == Counter(MEMBERS)
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))
    assert len(sink.refused) <= 60 - 25 + 1 and max(sizes(sink)) == 25  # once, and not again


FULL, GONE = Answer("RCPT", 452, "4.2.2 Full"), Answer("RCPT", 550, "5.1.1 Gone")


@pytest.mark.parametrize(
    ("answers", "surplus"),
    [
        ([None, None, FULL, None], 0),  # a mailbox, and no limit
        ([None, None, FULL, FULL], 2),
        ([None, FULL, GONE, FULL], 1),  # what comes before is not known to be one
        ([GONE, FULL, FULL, GONE], 0),
        ([FULL, FULL, FULL, FULL], 0),  # nobody was taken: it speaks of each
        ([FULL], 0),
    ],
)
def test_only_those_at_the_end_were_too_many(answers: list[Answer | None], surplus: int) -> None:
    shared = content(raw(), True, SHARED)
    assert shared
    bundle = Bundle([Parcel(n, 1, b"ana@acme.example", shared) for n, _ in enumerate(answers)], shared)
    for answer in answers:
        bundle.answer_rcpt(answer)
    assert len(bundle.surplus()) == surplus
    bundle.refused = Answer("MAIL", 451, "4.3.0 Later")
    assert bundle.surplus() == []


# --- what is doubled


@pytest.mark.fault("F10")
async def test_a_cut_after_the_dot_is_in_doubt_for_all_who_were_taken(lite: Store, way: list[str]) -> None:
    clock = Clock()
    post(lite, community(lite, MEMBERS[:40]))
    async with relay(way) as sink:
        sink.on_rcpt = lambda mail_from, rcpt: NO["gone"] if rcpt == MEMBERS[3] else None
        sink.cut_after_dot = lambda mail: True
        sender = deliverer(sink, lite, clock, batch=40)
        assert await sender.drain() == 0
        with lite.reading() as conn:
            assert {(row.state, row.tries, row.ambiguous) for row in queue(conn)} == {("waiting", 1, True)}
            assert len(queue(conn)) in (39, 40)  # the no may be lost with the connection
        sink.cut_after_dot = lambda mail: False
        clock.move(minutes=15)
        assert await drained(sender) == 39
    assert got(sink) == Counter({m: 2 for m in MEMBERS[:40] if m != MEMBERS[3]})
    assert {mail.raw for mail in sink.mails} == {sink.mails[0].raw}


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_cut_before_the_content_costs_no_try(lite: Store, command: str) -> None:
    post(lite, community(lite, MEMBERS))
    cuts = 0

    def cut(line: str) -> bool:
        nonlocal cuts
        cuts += line.startswith(command)
        return line.startswith(command) and cuts == 2

    async with Sink() as sink:
        sink.cut_at = cut
        assert await drained(deliverer(sink, lite, connections=1, batch=30)) == 120
    assert got(sink) == Counter(MEMBERS)
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))


async def test_one_at_whom_the_relay_hangs_up_holds_up_nobody_of_their_batch(lite: Store) -> None:
    post(lite, community(lite, MEMBERS))
    async with Sink() as sink:
        sink.cut_at = lambda line: line.startswith(f"RCPT TO:<{MEMBERS[5]}>")
        assert await drained(deliverer(sink, lite, connections=1, batch=40)) == 119
    assert rows(lite)[MEMBERS[5]] == ("waiting", 1)
    assert got(sink) == Counter(MEMBERS) - Counter(MEMBERS[5:6])


@pytest.mark.fault("F1")
async def test_after_a_kill_no_more_than_a_batch_for_each_connection_comes_twice(store: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(300)]
    post(store, community(store, many))
    clock = Clock()
    async with Sink() as sink:
        killed = deliverer(sink, store, clock, connections=2, window=4, batch=25)
        die_when_marking(store, lambda: len(got(sink)) > 100)
        task = asyncio.create_task(killed.drain())
        await sink.wait(5)
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for name in ("write", "write_lightly"):
            store.__dict__.pop(name, None)
        assert sum(sizes(sink)) < 300
        heir = deliverer(sink, store, clock, batch=25)
        await heir.drain()
        clock.move(minutes=6)
        await heir.drain()
        await heir.stop()
        await killed.pool.close(0)
    assert set(got(sink)) == set(many)
    assert 0 < sum(sizes(sink)) - 300 <= 2 * 25
    assert {state for state, _ in rows(store).values()} == {"sent"}


def die_when_marking(store: Store, due: object) -> None:
    """From then on no mark is written."""
    for name in ("write", "write_lightly"):
        if written := getattr(store, name, None):

            async def die(work: object, *args: object, _written: object = written, **more: object) -> object:
                if getattr(work, "__name__", "") == "mark" and due():  # type: ignore[operator]
                    await asyncio.sleep(3600)
                return await _written(work, *args, **more)  # type: ignore[operator]

            setattr(store, name, die)


async def test_what_one_person_waits_for_overtakes_a_long_list(lite: Store) -> None:
    many = [f"m{n:03d}@acme.example" for n in range(300)]
    wells, oil = community(lite, many), community(lite, ["ana@acme.example"], "oil")
    post(lite, wells)
    async with Sink() as sink:
        sink.slow = 0.001
        sender = deliverer(sink, lite, batch=30)
        running = asyncio.create_task(sender.run())
        await sink.wait(2)
        post(lite, oil, priority=0)
        sender.wake()
        await sink.wait(11)
        await sender.stop()
        await running
    assert "ana@acme.example" in [mail.rcpts[0] for mail in sink.mails[:9]]


async def test_no_recipient_reads_of_another(lite: Store) -> None:
    post(lite, community(lite, MEMBERS))
    async with Sink() as sink:
        assert await drained(deliverer(sink, lite, batch=120)) == 120

    def names(mail: Received) -> set[str]:
        return set(re.findall(r"[\w.]+@acme\.example", mail.raw.decode()))

    assert [names(mail) for mail in sink.mails] == [set()] * len(sink.mails)


async def test_each_has_the_reply_in_their_row(lite: Store) -> None:
    post(lite, community(lite, MEMBERS[:40]))
    async with Sink() as sink:
        await drained(deliverer(sink, lite, batch=40))
    with lite.reading() as conn:
        assert set(conn.scalars(sa.select(delivery.c.reply))) == {"250 2.0.0 Ok: kept as 1"}
