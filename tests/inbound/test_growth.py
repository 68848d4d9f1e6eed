"""A mail costs the same whether the archive holds a thousand posts or ten times as many: counted in instructions of
the database's machine, which no busy processor changes.
"""

import statistics
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from growing import Archive, cost, each
from printing import press
from sqlalchemy import Connection

from mailer.config import Settings, Trust
from mailer.inbound.reader import Reader
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.store.db import Store

SIZES = (1_000, 10_000)
FLAT = 1.5  # times as much at ten times the size: what grows with the archive is far above


def settled(sqlite_url: str, place: Path) -> tuple[Archive, Reader]:
    settings = Settings(domain="cop.example", state=str(place), trust=Trust(authserv_id="mx.cop.example"))
    house = House(settings, Keys(b"a key for tests, long enough"), press(), iter(map(str, range(10**9))).__next__)
    archive = Archive(Store(sqlite_url, place), house)
    return archive, Reader(house, archive.store, lambda: None, lambda: archive.now)


async def test_a_mail_costs_the_same_in_a_larger_archive(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    archive, reader = settled(sqlite_url, tmp_path)
    looks: dict[str, Callable[[Connection], object]] = {
        "send": archive.send, "thread": archive.thread, "digest": archive.digest, "vitals": archive.vitals,
    }  # fmt: skip
    steps: list[dict[str, float]] = []
    for size in SIZES:
        archive.grow(size)
        mails = []
        for number in range(8):
            with cost(archive.store) as one:
                await archive.post(reader, reply=bool(number % 2))
            mails.append(one.steps)
        found = {name: [one.steps for one in each(archive.store, 3, look)] for name, look in looks.items()}
        steps.append({name: statistics.median(each) for name, each in {"mail": mails, **found}.items()})
    archive.store.close()
    small, large = steps
    grown = {name: (small[name], large[name]) for name in small if large[name] > FLAT * small[name] + 2_000}
    assert grown == {}
