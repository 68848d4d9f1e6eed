"""Processes on one PostgreSQL hear of each other's work, and take over from the dead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from mailer.engine.cluster import CHANNEL, Cluster
from mailer.store.traffic.workers import LIFE, Rescued


class Process:
    """One engine, what woke it, and what it is told there was to rescue."""

    def __init__(self, url: str, worker: int) -> None:
        self.engine = Cluster(sa.make_url(url), worker, self._rescue)
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.found = [Rescued()]
        self.engine.at("read", lambda: self.heard.put_nowait("read"))
        self.engine.at("send", lambda: self.heard.put_nowait("send"))

    async def _rescue(self, missed: frozenset[int]) -> Rescued:
        return self.found.pop() if self.found else Rescued()

    async def quiet(self) -> None:
        """Forget what it has heard by the time it has nothing more to hear."""
        async with asyncio.timeout(30):
            while True:
                try:
                    await asyncio.wait_for(self.heard.get(), 0.3)
                except TimeoutError:
                    return

    async def hears(self) -> str:
        return await asyncio.wait_for(self.heard.get(), 30)


@asynccontextmanager
async def process(url: str, worker: int) -> AsyncIterator[Process]:
    made = Process(url, worker)
    await made.engine.open()
    await made.quiet()
    try:
        yield made
    finally:
        await made.engine.close()


async def test_what_arrives_at_one_wakes_all_and_its_own_echo_nobody(postgres_url: str) -> None:
    async with process(postgres_url, 1) as one, process(postgres_url, 2) as other:
        one.engine.arrived()
        assert [await one.hears(), await other.hears()] == ["read", "read"]
        other.engine.queued()
        assert [await one.hears(), await other.hears()] == ["send", "send"]
        await asyncio.sleep(0.2)
        assert one.heard.empty() and other.heard.empty()


async def test_a_process_is_known_to_live_until_it_closes(postgres_url: str) -> None:
    free = sa.select(sa.func.pg_try_advisory_lock(LIFE, 7))
    admin = sa.create_engine(postgres_url)
    async with process(postgres_url, 7):
        with admin.connect() as conn:
            assert conn.scalar(free) is False
    async with asyncio.timeout(30):
        while True:  # the server needs a moment to see it
            with admin.connect() as conn:
                if conn.scalar(free):
                    break
            await asyncio.sleep(0.05)
    admin.dispose()


async def test_a_lost_connection_is_made_again(postgres_url: str) -> None:
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    async with process(postgres_url, 1) as one, process(postgres_url, 2) as other:
        with admin.connect() as conn:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            conn.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        for each in (one, other):
            assert await each.hears() in ("read", "send")  # back, and looking for what was said meanwhile
        await one.quiet()
        await other.quiet()
        one.engine.arrived()
        assert await other.hears() == "read"
        with admin.connect() as conn:
            conn.execute(sa.text(f"SELECT pg_notify('{CHANNEL}', 'send')"))
        assert await other.hears() == "send"
    admin.dispose()


async def test_what_the_dead_left_wakes_everybody(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailer.engine.cluster.ROUND", 0.05)
    async with process(postgres_url, 1) as one:
        one.found.append(Rescued(mails=3))
        assert sorted([await one.hears(), await one.hears()]) == ["read", "send"]


async def test_who_loses_its_life_is_told_and_lives_again(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailer.engine.cluster.SILENCE", 4)  # the server gives up on us, who say nothing
    told = asyncio.Event()
    alive: list[bool] = []
    async with process(postgres_url, 1) as one:
        assert one.engine.alive
        one.engine.at("lost", lambda: alive.append(one.engine.alive))
        one.engine.at("lost", told.set)
        await asyncio.wait_for(told.wait(), 30)
        assert alive == [False]
        while await one.hears() != "send":
            pass
        assert one.engine.alive


async def test_the_time_is_the_databases(postgres_url: str) -> None:
    admin = sa.create_engine(postgres_url)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        async with process(postgres_url, 1) as one:
            with admin.connect() as conn:
                theirs = conn.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
            assert abs(one.engine.now() - theirs) < timedelta(minutes=1)
            assert datetime.now(UTC) - one.engine.now() > timedelta(minutes=1)
    admin.dispose()
