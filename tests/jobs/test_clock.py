"""Exactly once: over restarts, a week asleep, both DST nights, clocks set wrong, and two clocks on one database."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from village import Village

from mailer import shelf
from mailer.community.policy import Policy
from mailer.errors import Misconfigured
from mailer.jobs import JOBS
from mailer.jobs.clock import Clock
from mailer.jobs.digest import DAILY, WEEKLY
from mailer.jobs.job import Job
from mailer.jobs.slots import Slot
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.tables import community, mailing, runs


@dataclass(frozen=True, slots=True)
class Stubborn(Job):
    """Renames its community, and then fails as often as it is told to."""

    fails: list[str]

    def due(self, conn: sa.Connection, community: Community, now: datetime) -> Sequence[Slot]:
        return [Slot("only", datetime(2026, 1, 1, tzinfo=UTC))]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        people.change_community(desk.conn, community.id, title=f"{community.title}!")
        if self.fails:
            raise RuntimeError(self.fails.pop())
        return "done"


@dataclass(frozen=True, slots=True)
class Broken(Job):
    """Cannot even tell what is due."""

    def due(self, conn: sa.Connection, community: Community, now: datetime) -> Sequence[Slot]:
        conn.exec_driver_sql("select nothing from nowhere")
        return []

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        return "never"


def periods(village: Village) -> list[str]:
    """The period key of every digest there was, in order."""
    query = sa.select(mailing.c.period_key).where(mailing.c.kind == "member-digest").order_by(mailing.c.id)
    with village.store.reading() as conn:
        return [key.rpartition("/")[2] for key in conn.scalars(query)]


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    ("zone", "hour", "noon", "expected"),
    [
        ("Europe/Berlin", 2, "2026-03-28T12:00", ["2026-03-29", "2026-03-30"]),
        ("Europe/Berlin", 2, "2026-10-24T12:00", ["2026-10-25", "2026-10-26"]),
        ("America/Sao_Paulo", 0, "2018-11-03T12:00", ["2018-11-04", "2018-11-05"]),
        ("Australia/Lord_Howe", 2, "2026-10-03T02:00", ["2026-10-04", "2026-10-05"]),
        ("Australia/Lord_Howe", 1, "2026-04-04T02:00", ["2026-04-05", "2026-04-06"]),
    ],
)
async def test_a_digest_a_date_through_both_nights(
    village: Village, zone: str, hour: int, noon: str, expected: list[str]
) -> None:
    with village.store.writing() as conn:
        people.change_community(conn, village.id, zone=zone, policy=Policy(digest_hour=hour))
    village.now = datetime.fromisoformat(noon).replace(tzinfo=UTC)
    village.join("Ana")
    village.join("Bob", mode="daily")
    await village.clock(DAILY).tick(village.now)
    for _ in range(4 * 44):
        village.now += timedelta(minutes=15)
        village.post("Ana", "Losses", "More words") if village.now.minute == 0 else None
        await village.clock(DAILY).tick(village.now)
    assert periods(village) == expected


@pytest.mark.fault("F13")
async def test_a_week_asleep_ends_with_one_digest_and_no_flood(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="daily")
    village.join("Cleo", mode="weekly")
    await village.tick()
    village.post("Ana", "Losses", "Words")
    ran = await village.tick(days=8)
    assert [name for name in ran if "digest: to" in name] == [
        "weekly-digest: to 1 in 1 variants",
        "daily-digest: to 1 in 1 variants",
    ]
    assert await village.tick(minutes=1) == []


@pytest.mark.fault("F13")
async def test_a_clock_set_wrong_and_right_again_doubles_nothing(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="daily")
    await village.tick()
    village.post("Ana", "Losses", "Words")
    await village.tick(hours=22)
    assert periods(village) == ["2026-03-04"]
    for away in (timedelta(hours=-1), timedelta(hours=1), timedelta(days=365)):
        await village.clock(DAILY, WEEKLY).tick(village.now + away)
        await village.clock(DAILY, WEEKLY).tick(village.now)
    assert periods(village) == ["2026-03-04"]
    village.post("Ana", "Pumps", "Words")
    await village.tick(days=1)
    assert periods(village) == ["2026-03-04", "2026-03-05"]


@pytest.mark.fault("F14")
async def test_two_clocks_on_one_database_do_everything_once(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="daily")
    for day in range(4):
        village.post("Ana", f"Day {day}", "Words")
        village.now += timedelta(days=1)
        clocks = [village.clock(DAILY, WEEKLY) for _ in range(3)]
        ran = await asyncio.gather(*(clock.tick(village.now) for clock in clocks))
        names = [name for some in ran for name, _ in some]
        assert len(names) == len(set(names)) and f"daily-digest wells 2026-03-0{day + 4}" in names
    assert periods(village) == [f"2026-03-0{day + 4}" for day in range(4)]
    assert len([queued for queued in village.new() if queued.kind == "member-digest"]) == 4


async def test_a_failed_slot_leaves_nothing_and_is_tried_again_later(village: Village) -> None:
    job = Stubborn("stubborn", ["third", "second", "first"])
    clock, minute = village.clock(job, DAILY), timedelta(minutes=1)
    first = await clock.tick(village.now)
    assert [name for name, _ in first] == ["daily-digest wells 2026-03-03"], "the others go on"
    ran = []
    for at in range(1, 10):
        ran += [(at, outcome) for _, outcome in await clock.tick(village.now + at * minute)]
    assert ran == [(7, "done")], "tried after 0, 1, 3 and 7 minutes"
    assert village.community.title == "Wells!", "what failed was undone"


async def test_a_clock_set_back_does_not_spare_a_failed_slot_for_long(village: Village) -> None:
    job = Stubborn("stubborn", ["first"])
    clock = village.clock(job)
    assert await clock.tick(village.now + timedelta(days=365)) == []
    assert await clock.tick(village.now) == [("stubborn wells only", "done")]


async def test_a_job_that_cannot_tell_what_is_due_stops_no_other(village: Village) -> None:
    with village.store.writing() as conn:
        kilns = people.add_community(conn, "kilns", village.now, zone="Nowhere/At_All")
    ran = await village.clock(Broken("broken"), DAILY).tick(village.now)
    assert [name for name, _ in ran] == ["daily-digest wells 2026-03-03"]
    with village.store.reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).where(runs.c.community_id == kilns)) == 0
        assert conn.scalar(sa.select(sa.func.count()).select_from(community)) == 2


async def test_the_deliverer_hears_of_what_was_queued(village: Village) -> None:
    heard: list[str] = []
    clock = Clock(village.house, village.store, lambda: heard.append("arrived"))
    await clock.tick(village.now)
    await clock.tick(village.now)
    assert heard == ["arrived"]


async def test_it_runs_until_it_is_cancelled(village: Village) -> None:
    heard = asyncio.Event()
    clock = Clock(village.house, village.store, heard.set, lambda: village.now)
    running = asyncio.create_task(clock.run())
    await asyncio.wait_for(heard.wait(), 60)
    running.cancel()
    assert await asyncio.gather(running, return_exceptions=True) and running.cancelled()


def test_every_job_is_on_the_shelf_once_and_says_what_it_does() -> None:
    digests = {"daily-digest", "weekly-digest", "evening-digest", "while-away"}
    assert digests | {"event-count", "event-over", "event-reminder", "expiry", "set-aside", "thanks"} <= set(JOBS)
    assert [name for name, job in JOBS.items() if not type(job).__doc__] == []
    with pytest.raises(Misconfigured, match="stands twice"):
        shelf.collect("mailer.jobs", Job, lambda job: ("same",))  # type: ignore[type-abstract]
