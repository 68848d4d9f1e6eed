"""A weekly digest for 10,000 members who read in 30 ways: queries, prints, CPU, memory. Prints, asserts no time."""

import itertools
import resource
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from printing import press
from sqlalchemy import event
from village import Village

from mailer.config import Settings
from mailer.jobs.digest import WEEKLY
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.outbound.render import Press, Rendered
from mailer.store import tables
from mailer.store.db import Store
from mailer.store.pouring import pour
from mailer.store.society import people

SIZES = (300, 1_000, 10_000)
WAYS = list(product(("en", "fr", "es", "de", "pt"), ("Europe/Oslo", "Africa/Kampala", "UTC"), (False, True)))
THREADS, POSTS = 20, 5
KEYS = Keys(b"a key for tests, long enough")


def crowd(village: Village, members: int) -> None:
    """So many who read weekly, the same number of each way of language, zone and plainness."""
    with village.store.writing() as conn:
        first = (conn.scalar(sa.select(sa.func.max(tables.person.c.id))) or 0) + 1
        ids = range(first, first + members)
        ways = dict(zip(ids, itertools.cycle(WAYS), strict=False))
        person = {id: {"language": language, "zone": zone} for id, (language, zone, _) in ways.items()}
        pour(conn, tables.person, [{"id": id, "created_at": village.now, **person[id]} for id in ids])
        emails = {id: f"m{id:06d}@d{id % 40:02d}.example" for id in ids}
        pour(conn, tables.address, [{"id": id, "person_id": id, "email": emails[id]} for id in ids])
        plain = {id: way[2] for id, way in ways.items()}
        joined = {"community_id": village.id, "joined_at": village.now, "mode": "weekly"}
        rows = [{"person_id": id, "address_id": id, "plain": plain[id], **joined} for id in ids]
        pour(conn, tables.membership, rows)


@pytest.mark.bench
@pytest.mark.timeout(300)
@pytest.mark.parametrize("members", SIZES)
async def test_a_weekly_digest(
    database_url: str, tmp_path: Path, now: datetime, members: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, count = Store(database_url, tmp_path), itertools.count(1)
    house = House(Settings(domain="cop.example"), KEYS, press(), lambda: f"w{next(count)}")
    with store.writing() as conn:
        village = Village(house, store, now, people.add_community(conn, "wells", now, zone="Europe/Oslo"))
    village.join("Ana")
    crowd(village, members)
    await village.clock(WEEKLY).tick(village.now)
    for thread in range(THREADS):
        at = village.post("Ana", f"Matter {thread}", "What did you do about the seal? " * 20).thread_id
        for _ in range(POSTS - 1):
            village.post("Ana", f"Re: Matter {thread}", "We changed the seal twice. " * 20, at)
    village.now += timedelta(days=7)
    seen: Counter[str] = Counter()
    render = Press.render

    def printed(press: Press, *about: Any) -> Rendered:
        seen["printed"] += 1
        return render(press, *about)

    def asked(*_: object) -> None:
        seen["queries"] += 1

    monkeypatch.setattr(Press, "render", printed)
    event.listen(store.engine, "before_cursor_execute", asked)
    held, used, wall = peak(), time.process_time(), time.perf_counter()
    outcomes = [outcome for _, outcome in await village.clock(WEEKLY).tick(village.now)]
    used, wall = time.process_time() - used, time.perf_counter() - wall
    store.close()
    outcome = f"to {members} in {len(WAYS)} variants"
    assert set(outcomes) == {outcome, "nobody wants it"}  # other days of the week, which nobody chose
    print(
        f"\n{store.url.get_backend_name()}: digest {outcome}: {seen['printed']} printed, {seen['queries']} queries,"
        f" {used:.2f} s CPU of ours ({1e6 * used / members:.0f} µs a member), {wall:.2f} s,"
        f" peak {held:.0f} -> {peak():.0f} MiB",
        file=sys.stderr,
    )


def peak() -> float:
    """MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
