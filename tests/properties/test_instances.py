"""Several processes on one PostgreSQL: the same work, each thing once, whatever becomes of one of them.

The second has a clock that is two minutes off. `make bench` runs the long forms: one, two and four side by side, and
two that are killed, frozen and begun again at random while the database goes away (MAILER_SECONDS says how long).
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from killing import BORDER, LEISURE, MEMBERS, Service, Writer, line_of_settings, posts, until_quiet, village
from sink import Sink

from mailer import config
from mailer.store import tables as t
from mailer.store.db import Store
from mailer.store.traffic import inbox as inbox_of
from mailer.store.traffic.inbox import Envelope

RELAY = config.Relay()
IN_FLIGHT = RELAY.connections * RELAY.window  # of one process: what its end may double
SECONDS = int(os.environ.get("MAILER_SECONDS", "300"))
POSTS = int(os.environ.get("MAILER_POSTS", "345"))
SERVE = """import sys
from datetime import UTC, datetime, timedelta
import time_machine
time_machine.travel(datetime.now(UTC) + timedelta(minutes=float(sys.argv.pop(1))), tick=True).start()
from mailer.__main__ import main
main()
"""


class Instance(Service):
    """`mailer serve` with a journal of its own, on a machine whose clock is `astray` minutes ahead."""

    def __init__(self, place: Path, port: int, number: int, astray: float = 0) -> None:
        super().__init__(place, port)
        self.log, self.astray = place / f"journal-{number}", astray
        self.lives = 0

    async def start(self) -> None:
        clock = ["-c", SERVE, str(self.astray)] if self.astray else ["-m", "mailer"]
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *clock, "serve", "-c", str(self.place / "mailer.toml"), stderr=log
            )
        self.lives = self._readies() + 1

    async def ready(self) -> None:
        """The port is shared: only its own word tells."""
        async with asyncio.timeout(120):
            while self._readies() < self.lives:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def _readies(self) -> int:
        return sum(" ready " in line for line in self.log.read_text().splitlines()) if self.log.exists() else 0


class Several:
    """Processes at one port, what they sent, and what they share."""

    def __init__(self, instances: list[Instance], sink: Sink, store: Store) -> None:
        self.instances, self.sink, self.store = instances, sink, store
        self.came: Counter[tuple[str, str]] = Counter()  # how often each post reached each member
        sink.on_dot = lambda got: self.came.update(posts(got))

    @property
    def doubles(self) -> int:
        return sum(count - 1 for count in self.came.values())

    async def start(self) -> None:
        for instance in self.instances:
            await instance.start()
        for instance in self.instances:
            await instance.ready()

    async def end(self) -> None:
        for instance in self.instances:
            if instance.alive:
                await instance.end(signal.SIGTERM)

    def archived(self) -> list[str]:
        with self.store.reading() as conn:
            return sorted(conn.scalars(sa.select(t.post.c.message_id)))

    def slots(self) -> Counter[tuple[object, ...]]:
        """How often each slot of the clock ran: by its row, and by the mails that only a slot may queue once."""
        with self.store.reading() as conn:
            ran = conn.execute(sa.select(t.runs.c.job, t.runs.c.community_id, t.runs.c.slot)).all()
            return Counter(tuple(row) for row in ran)

    def states(self) -> dict[str, int]:
        with self.store.reading() as conn:
            return dict(conn.execute(sa.select(t.delivery.c.state, sa.func.count()).group_by(t.delivery.c.state)).all())

    def vanish(self) -> None:
        """The database ends every session and lets nobody in."""
        self._admin(
            "ALTER DATABASE {} WITH ALLOW_CONNECTIONS false",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
        )

    def come_back(self) -> None:
        self._admin("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true")

    def _admin(self, *statements: str) -> None:
        engine = sa.create_engine(self.store.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement.format(self.store.url.database))
        engine.dispose()


@asynccontextmanager
async def several(place: Path, url: str, count: int, astray: float = 2) -> AsyncIterator[Several]:
    """So many processes on this database, begun by `start`; the second with its clock astray."""
    more = line_of_settings("database.url", url) + "listen.shared = true\n"
    async with village(place, more) as (service, sink, store):
        instances = [Instance(place, service.port, number, astray if number == 1 else 0) for number in range(count)]
        try:
            yield Several(instances, sink, store)
        finally:
            for instance in instances:
                if instance.alive:
                    with contextlib.suppress(ProcessLookupError):
                        await instance.end(signal.SIGKILL)


def hand_in(store: Store, count: int, twice: bool = False) -> list[str]:
    """So many posts in the inbox, as if the listener had taken them; their Message-IDs. `twice`: each handed over
    again, as by a client that never heard its 250."""
    now = datetime.now(UTC)
    ids, envelopes = [], []
    for number in range(count):
        member = MEMBERS[number % len(MEMBERS)]
        ids.append(f"{number}.{member}")
        raw = (
            f"Authentication-Results: {BORDER}; dmarc=pass header.from={member.partition('@')[2]}\r\n"
            f"From: <{member}>\r\nTo: <wells@cop.example>\r\nSubject: Post {number}\r\nMessage-ID: <{ids[-1]}>\r\n\r\n"
            f"The seal of well {number} held through the night.\r\n"
        ).encode()
        mail = Envelope(raw, member, ("wells@cop.example",), "127.0.0.1", True, now)
        envelopes += [mail, mail] if twice else [mail]
    with store.writing() as conn:
        inbox_of.accept(conn, envelopes)
    return sorted(ids)


def copies(ids: list[str]) -> set[tuple[str, str]]:
    return {(id, member) for id in ids for member in MEMBERS if member != id.partition(".")[2]}


@pytest.mark.fault("F14")
async def test_two_do_the_same_work_and_each_thing_once(tmp_path: Path, postgres_url: str) -> None:
    async with several(tmp_path, postgres_url, 2) as both:
        ids = hand_in(both.store, 35, twice=True)
        await both.start()
        await until_quiet(both.came, copies(ids))
        await asyncio.sleep(1)  # for what should not come
        await both.end()
        assert both.archived() == ids
        assert both.came == dict.fromkeys(copies(ids), 1)
        assert both.states().keys() == {"sent"}
        assert both.slots() and set(both.slots().values()) == {1}
        with both.store.reading() as conn:  # the clock that is astray is nobody's
            ran = conn.scalar(sa.select(sa.func.max(t.runs.c.ran_at)))
            assert ran and ran < datetime.now(UTC) + timedelta(seconds=30)


@pytest.mark.fault("F14")
@pytest.mark.fault("F5")
async def test_one_dies_one_freezes_and_the_database_goes_away(tmp_path: Path, postgres_url: str) -> None:
    async with several(tmp_path, postgres_url, 2) as both:
        one, other = both.instances
        stop = asyncio.Event()
        await both.start()
        writers = [Writer(member, one.port, random.Random(member), LEISURE) for member in MEMBERS[:4]]
        writing = [asyncio.create_task(writer.run(stop)) for writer in writers]
        await asyncio.sleep(1)
        await one.end(signal.SIGKILL)
        await asyncio.sleep(1)
        await one.start()
        await one.ready()
        assert other.process
        other.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(1)
        other.process.send_signal(signal.SIGCONT)
        both.vanish()
        await asyncio.sleep(1)
        both.come_back()
        taken = sum(len(writer.kept) for writer in writers)
        while sum(len(writer.kept) for writer in writers) < taken + 4:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        stop.set()
        await asyncio.gather(*writing)
        ids = sorted(id for writer in writers for id in writer.kept)
        await until_quiet(both.came, copies(ids))
        await both.end()
        assert both.archived() == ids
        assert set(both.came) == copies(ids)
        assert both.doubles <= 4 * IN_FLIGHT  # a kill, a freeze, and both at the database's end
        assert set(both.slots().values()) <= {1}


@pytest.mark.bench
@pytest.mark.timeout(1200)
async def test_one_two_and_four(tmp_path: Path, postgres_url: str) -> None:
    """345 posts to 29 others each, 10,005 copies, read and sent (MAILER_POSTS says how many)."""
    print("\ninstances  posts/s  copies/s  µs CPU a copy  busiest did  doubles", file=sys.stderr)
    for count in (1, 2, 4):
        place = tmp_path / str(count)
        place.mkdir()
        name = f"bench{count}{os.getpid()}"
        admin = sa.create_engine(sa.make_url(postgres_url).set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            conn.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE pattern")
        url = sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        async with several(place, url, count, astray=0) as all_:
            await all_.start()
            before, began = [_cpu(instance) for instance in all_.instances], time.perf_counter()
            ids = hand_in(all_.store, POSTS)
            await until_quiet(all_.came, copies(ids))
            took = time.perf_counter() - began
            used = [_cpu(instance) - was for instance, was in zip(all_.instances, before, strict=True)]
            await all_.end()
            assert set(all_.came) == copies(ids) and all_.archived() == ids
            each = all_.came.total()
            row = f"{count:9} {len(ids) / took:8.1f} {each / took:9.0f} {sum(used) / each * 1e6:14.0f}"
            print(f"{row} {max(used) / sum(used):12.0%} {all_.doubles:8}", file=sys.stderr, flush=True)
        with admin.connect() as conn:
            conn.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _cpu(instance: Instance) -> float:
    assert instance.process
    used = psutil.Process(instance.process.pid).cpu_times()
    return used.user + used.system


@pytest.mark.fault("F14")
@pytest.mark.fault("F1")
@pytest.mark.bench
@pytest.mark.timeout(1800)
async def test_two_at_random_for_minutes(tmp_path: Path, postgres_url: str) -> None:
    dice = random.Random(int(os.environ.get("MAILER_SEED", "3")))
    done: Counter[str] = Counter()
    async with several(tmp_path, postgres_url, 2) as both:
        stop = asyncio.Event()
        await both.start()
        writers = [Writer(member, both.instances[0].port, dice) for member in MEMBERS[:1]]
        writing = [asyncio.create_task(writer.run(stop)) for writer in writers]
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            await asyncio.sleep(dice.uniform(0, 4))
            one = dice.choice(both.instances)
            what = dice.choices(["kill", "both", "freeze", "database"], [6, 2, 2, 1])[0]
            done[what] += 1
            if what == "database":
                both.vanish()
                await asyncio.sleep(dice.uniform(0, 3))
                both.come_back()
            elif what == "freeze" and one.process:
                one.process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(dice.uniform(0, 5))
                one.process.send_signal(signal.SIGCONT)
            else:
                for each in both.instances if what == "both" else [one]:
                    await each.end(signal.SIGKILL)
                    await each.start()
                await asyncio.gather(*(each.ready() for each in both.instances))
        stop.set()
        await asyncio.gather(*writing)
        ids = sorted(id for writer in writers for id in writer.kept)
        await until_quiet(both.came, copies(ids))
        await both.end()
        ends = done["kill"] + done["freeze"] + 2 * (done["both"] + done["database"])
        assert both.archived() == ids
        assert set(both.came) == copies(ids)
        assert both.doubles <= ends * IN_FLIGHT
        assert set(both.slots().values()) <= {1}
    print(
        f"\n{SECONDS} s, {dict(done)}: {len(ids)} posts answered 250, each once in the archive; {len(copies(ids))}"
        f" copies wanted and made, {both.doubles} twice; {len(both.slots())} slots, each once",
        file=sys.stderr,
    )
