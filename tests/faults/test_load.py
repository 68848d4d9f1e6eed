"""Asked to stop in the middle of its work, and the figures of a working day: 40 mails a second, a long backlog."""

import asyncio
import os
import random
import signal
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from killing import MEMBERS, Load, Writer, archived, connect, mail, posts, talk, until_quiet, village
from posting import community, deliverer, post
from sink import Received, Sink

from mailer.store.db import Store
from mailer.store.traffic import tries

RATE, SECONDS = 40, 30


@pytest.mark.fault("F22")
async def test_asked_to_stop_under_load_it_ends_what_it_began_and_doubles_nothing(tmp_path: Path) -> None:
    async with village(tmp_path, members=MEMBERS[:6]) as (service, sink, store):
        came: Counter[tuple[str, str]] = Counter()
        sink.on_dot = lambda got: came.update(posts(got))
        await service.start()
        await service.ready()
        load = Load(service)
        await load.more(20)
        assert await service.end(signal.SIGTERM) == 0
        await service.start()
        await service.ready()
        await load.more(5)
        kept = await load.end()
        assert await archived(store, len(kept)) == kept
        wanted = {(id, rcpt) for id in kept for rcpt in MEMBERS[:6] if rcpt != id.partition(".")[2]}
        await until_quiet(came, wanted)
        assert came == Counter(wanted)


@pytest.mark.fault("F22")
async def test_a_hangup_renews_the_certificate_and_ends_nothing(tmp_path: Path) -> None:
    async with village(tmp_path, members=MEMBERS[:1]) as (service, _sink, _store):
        await service.start()
        await service.ready()
        assert service.process
        service.process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(60):
            while not any("certificate read again" in line for line in service.journal):
                assert service.alive
                await asyncio.sleep(0.05)
        await service.ready()
        assert await service.end(signal.SIGTERM) == 0


@pytest.mark.bench
@pytest.mark.fault("F22")
async def test_how_long_a_stop_under_load_takes(tmp_path: Path) -> None:
    async with village(tmp_path) as (service, _sink, _store):
        await service.start()
        await service.ready()
        load, took = Load(service, 8), []
        for _ in range(5):
            await load.more(40)
            began = time.monotonic()
            await service.end(signal.SIGTERM)
            took.append(time.monotonic() - began)
            await service.start()
            await service.ready()
        await load.end()
    print(f"\nstop under load: {statistics.median(took):.1f} s median, {max(took):.1f} s at most", file=sys.stderr)


# --- 40 mails a second


async def steady(writer: Writer, rate: float, count: int) -> list[float]:
    """Hand in so many mails at this rate on one connection; the seconds from each dot to its reply."""
    peer, took = await connect(writer.port), []
    start = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(start + number / rate - time.monotonic(), 0))
        *envelope, raw = mail(writer.member, f"{number}.{writer.member}")
        for piece in envelope:
            await talk(*peer, piece)
        began = time.monotonic()
        await talk(*peer, raw)
        took.append(time.monotonic() - began)
    peer[1].close()
    return took


@pytest.mark.bench
@pytest.mark.fault("F9")
@pytest.mark.fault("F19")
@pytest.mark.parametrize("relay", ["quick", "hangs"])
async def test_how_soon_a_mail_is_answered(tmp_path: Path, relay: str) -> None:
    senders = 8
    async with village(tmp_path, members=MEMBERS[:10]) as (service, sink, _store):
        sink.hang = relay == "hangs"
        await service.start()
        await service.ready()
        writers = [Writer(member, service.port, random.Random(1)) for member in MEMBERS[:senders]]
        each = RATE / senders
        took = await asyncio.gather(*(steady(one, each, int(each * SECONDS)) for one in writers))
        every = sorted(seconds for some in took for seconds in some)
    p50, p99 = (every[int(len(every) * part)] * 1000 for part in (0.5, 0.99))
    print(
        f"\nrelay {relay}: {len(every)} mails at {RATE}/s answered in p50 {p50:.0f} ms, p99 {p99:.0f} ms",
        file=sys.stderr,
    )


# --- a backlog


class Counting(Sink):
    """A relay that remembers how many, and whom it met when."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.met: dict[str, float] = {}

    def _keep(self, mail: Received) -> None:
        self.count += 1
        if mail.rcpts[0].startswith("urgent"):
            self.met[mail.rcpts[0]] = time.monotonic()


@pytest.mark.bench
@pytest.mark.fault("F12")
@pytest.mark.timeout(1200)
async def test_ten_thousand_mails_to_fifty_members_wait(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails, seconds = int(os.environ.get("MAILER_BACKLOG", "10000")), 40
    store = Store(sqlite_url, tmp_path)
    first = post(store, community(store, [f"m{n:02d}@acme.example" for n in range(50)]))
    homes = [community(store, [f"urgent{n}@acme.example"], f"one{n}") for n in range(8)]
    with store.writing() as conn:
        _copies(conn, "mailing", "id = :first", mails - 1, first)
        _copies(conn, "variant", "mailing_id = :first", mails - 1, first)
        _copies(conn, "delivery", "mailing_id = :first", mails - 1, first)
    claims: list[float] = []
    claim = tries.claim

    def timed(*args: object, **more: object) -> object:
        began = time.thread_time()
        try:
            return claim(*args, **more)  # type: ignore[arg-type]
        finally:
            claims.append((time.thread_time() - began) * 1000)

    monkeypatch.setattr(tries, "claim", timed)
    process, asked, most = psutil.Process(), {}, 0
    async with Counting() as sink:
        sender = deliverer(sink, store)
        running = asyncio.create_task(sender.run())
        began, spent = time.monotonic(), time.process_time()
        for number, home in enumerate(homes):
            await asyncio.sleep(seconds / len(homes))
            await asyncio.to_thread(post, store, home, priority=0)
            asked[f"urgent{number}@acme.example"] = time.monotonic()
            sender.wake()
            most = max(most, process.memory_info().rss)
        await asyncio.sleep(1)
        rate, cpu = sink.count / (time.monotonic() - began), (time.process_time() - spent) / max(sink.count, 1)
        await sender.stop()
        await running
    store.close()
    late = [sink.met.get(who, float("inf")) - at for who, at in asked.items()]
    p99 = sorted(claims)[int(len(claims) * 0.99)]
    print(
        f"\n{mails * 50:,} deliveries wait: {rate:,.0f} copies/s with the relay in the same process"
        f" ({cpu * 1e6:,.0f} µs of CPU each), {most / 1e6:.0f} MB at most, claim p99 {p99:.0f} ms of CPU"
        f" ({len(claims)} claims), an urgent mail leaves after {max(late):.2f} s at most",
        file=sys.stderr,
    )


def _copies(conn: sa.Connection, table: str, where: str, times: int, first: int) -> None:
    """So many more rows like these, each for a mailing of its own."""
    columns = [column["name"] for column in sa.inspect(conn).get_columns(table) if column["name"] != "id"]
    fresh = {
        "mailing_id": "n.mailing",
        "variant_id": "n.mailing",
        "message_id": "message_id || n.i",
        "period_key": "NULL",
    }
    conn.execute(
        sa.text(
            "WITH RECURSIVE n(i, mailing) AS"
            " (SELECT 1, :first + 1 UNION ALL SELECT i + 1, mailing + 1 FROM n WHERE i < :times)"
            f" INSERT INTO {table} ({', '.join(columns)})"
            f" SELECT {', '.join(fresh.get(name, name) for name in columns)} FROM n, {table} WHERE {where} ORDER BY n.i"
        ),
        {"times": times, "first": first},
    )
