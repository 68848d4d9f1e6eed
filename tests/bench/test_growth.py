"""What a mail and a look cost as the archive grows to a million posts. Prints, asserts no time. SQLite.

MAILER_POSTS sets the largest size (1,000,000: some minutes, 3 GB of disk).
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from growing import Archive, Cost, cost, each
from sqlalchemy import Connection

from mailer.config import Settings, Trust
from mailer.inbound.reader import Reader
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.outbound.render import Press
from mailer.store.db import Store

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
LARGEST = int(os.environ.get("MAILER_POSTS", SIZES[-1]))
TIMES = 20
MAILS = 40
LONGEST = 600.0  # seconds for all of it


def shown(costs: list[Cost]) -> tuple[float, float, float]:
    """Median and 95 % in milliseconds of CPU, median in thousands of instructions."""
    seconds = sorted(one.seconds * 1e3 for one in costs)
    return (
        seconds[len(seconds) // 2],
        seconds[len(seconds) * 95 // 100],
        statistics.median(c.steps for c in costs) / 1e3,
    )


def plot(name: str, at: list[tuple[int, float]]) -> None:
    """A bar for each size, the longest forty wide."""
    longest = max(value for _, value in at) or 1
    print(f"  {name}, ms of CPU", file=sys.stderr)
    for size, value in at:
        print(f"  {size:>11,} {'█' * round(40 * value / longest):<40} {value:.2f}", file=sys.stderr)


@pytest.mark.bench
@pytest.mark.timeout(900)
async def test_growth(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(domain="cop.example", state=str(tmp_path), trust=Trust(authserv_id="mx.cop.example"))
    house = House(settings, Keys(b"a key for tests, long enough"), Press(), iter(map(str, range(10**9))).__next__)
    archive = Archive(Store(sqlite_url, tmp_path), house)
    reader = Reader(house, archive.store, lambda: None, lambda: archive.now)
    looks: dict[str, Callable[[Connection], object]] = {
        "send to five": archive.send, "thread": archive.thread, "find": archive.find, "related": archive.related,
        "digest": archive.digest, "vitals": archive.vitals,
    }  # fmt: skip
    lines: dict[str, list[tuple[int, float]]] = {}
    began = time.perf_counter()
    print(f"\n{'posts':>10} {'':>14} {'median':>8} {'95 %':>8} ms CPU {'steps':>8} thousand", file=sys.stderr)
    for size in (size for size in SIZES if size <= LARGEST):
        archive.grow(size)
        if time.perf_counter() - began > LONGEST:
            print(f"  stopped before {size:,}: it took {LONGEST:.0f} s", file=sys.stderr)
            break
        costs: dict[str, list[Cost]] = {"accept and read": []}
        for number in range(MAILS):
            with cost(archive.store) as one:
                await archive.post(reader, reply=bool(number % 2))
            costs["accept and read"].append(one)
            if number % 2:
                costs.setdefault("send to five", []).extend(each(archive.store, 1, archive.send))
        for name, look in looks.items():
            costs[name] = costs.get(name) or each(archive.store, TIMES, look)
        for name, found in costs.items():
            middle, worst, steps = shown(found)
            print(f"{size:>10,} {name:>16} {middle:>8.2f} {worst:>8.2f} {steps:>15.1f}", file=sys.stderr)
            lines.setdefault(name, []).append((size, middle))
    archive.store.close()
    for name, at in lines.items():
        plot(name, at)
    print(f"  {psutil.Process().memory_info().rss >> 20} MiB, {time.perf_counter() - began:.0f} s", file=sys.stderr)
