"""The relay is away for days, says later to everything, hangs, or has no name: all waits, and mail still comes in."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from posting import Clock, community, deliverer, post, rows
from sink import Sink
from world import World

from mailer.config import Relay
from mailer.store.db import Store
from mailer.store.traffic import deliveries
from mailer.store.traffic.tries import next_due

MEMBERS = [f"m{n:02d}@acme.example" for n in range(20)]
DAYS = timedelta(days=3)


@pytest.fixture
def lite(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    store = Store(sqlite_url, tmp_path)
    yield store
    store.close()


async def pass_time(store: Store, clock: Clock, until: Callable[[], bool], work: Callable[[], object]) -> None:
    """Do the work whenever something is due, and at least each hour, until it is time."""
    while not until():
        await work()  # type: ignore[misc]
        with store.reading() as conn:
            due = next_due(conn)
        clock.now = min(max(due or clock.now, clock.now + timedelta(minutes=1)), clock.now + timedelta(hours=1))


@pytest.mark.fault("F6")
async def test_a_relay_that_says_later_to_everything_for_three_days(lite: Store) -> None:
    clock = Clock()
    post(lite, community(lite, MEMBERS))
    async with Sink() as sink:
        sink.on_rcpt = lambda mail_from, rcpt: "451 4.7.1 Not now"
        sender = deliverer(sink, lite, clock)
        began = clock.now
        await pass_time(lite, clock, lambda: clock.now - began >= DAYS, sender.drain)
        tries = [count for _, count in rows(lite).values()]
        assert {state for state, _ in rows(lite).values()} == {"waiting"}
        assert 60 <= min(tries) <= max(tries) <= 150 and len(sink.refused) == sum(tries)
        assert sink.peak <= 4
        sink.on_rcpt = lambda mail_from, rcpt: None
        clock.move(hours=2)
        assert await sender.drain() == len(MEMBERS)
        await sender.stop()
    assert sorted(mail.rcpts[0] for mail in sink.mails) == MEMBERS


@pytest.mark.fault("F11")
async def test_a_relay_without_an_address_is_a_relay_that_is_away(lite: Store) -> None:
    post(lite, community(lite, MEMBERS[:3]))
    sender = deliverer(25, lite, host="relay.invalid")
    assert await sender.drain() == 0
    await sender.stop()
    assert rows(lite) == dict.fromkeys(MEMBERS[:3], ("waiting", 0))
    with lite.reading() as conn:
        assert all(one.reply for one in deliveries.queue(conn))


@pytest.mark.fault("F9")
async def test_while_the_relay_hangs_mail_is_taken_and_read(sqlite_url: str, tmp_path: Path) -> None:
    async with World(sqlite_url, tmp_path) as world:
        world.community("wells")
        for member in MEMBERS:
            world.member(member)
        world.sink.hang = True
        sending = asyncio.create_task(world.app.deliverer.run())
        world.settle = read.__get__(world)  # type: ignore[method-assign]
        for number in range(10):
            await world.write(MEMBERS[0], "wells@cop.example", f"Post {number}", "Something new.")
        assert world.outcomes().count("posted") == 10
        assert world.sink.mails == []
        assert world.sink.peak <= Relay().connections
        await world.app.deliverer.stop(0.1)
        await sending


async def read(world: World) -> None:
    """What came in is read; nobody waits for what goes out."""
    while await world.app.reader.step():
        pass


@pytest.mark.fault("F9")
def test_a_reply_may_take_five_minutes_and_no_more() -> None:
    assert Relay().timeout <= 300
