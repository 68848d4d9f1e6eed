"""The whole walk of `mailer serve`: posts in by SMTP, each to a thousand members out by SMTP, every step counted; and
how long a start takes and what it holds when idle. Prints, asserts no time.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import figures
import psutil
import pytest
from sink import Received, Sink

from mailer import config
from mailer.store.society import people
from mailer.verbs.doorway import ready_store

BENCH = Path(os.environ.get("MAILER_BENCH", Path(__file__).parents[2].parent / "shared" / "bench"))
POSTS, MEMBERS = 20, 1000
LONGEST = 200.0  # seconds for all of it
STARTS = 5
WINDOW = config.Relay().window
PAGE = b"The pump at the lower well has run dry since Tuesday, what did you do?\r\n" * 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(place: Path, relay: int, window: int = WINDOW) -> Iterator[tuple[psutil.Process, int, float]]:
    """`mailer serve` with a thousand members at `wells@`: process, port and seconds until it said it was ready."""
    port = free_port()
    (place / "secret.key").touch(0o600)
    (place / "secret.key").write_text("a key for tests, long enough")
    (place / "mailer.toml").write_text(
        f'domain = "cop.example"\n[listen]\nsmtp = "127.0.0.1:{port}"\n[relay]\nport = {relay}\nwindow = {window}\n'
    )
    _settle(place)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "mailer", "serve", "-c", str(place / "mailer.toml")], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    next(line for line in process.stderr if " ready " in line)
    took = time.perf_counter() - began
    devour = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
    try:
        yield psutil.Process(process.pid), port, took
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        devour.wait(5)


def _settle(place: Path) -> None:
    store = ready_store(config.load(place / "mailer.toml"))
    now = datetime.now(UTC)
    with store.writing() as conn:
        if people.community_named(conn, "wells") is None:
            wells = people.add_community(conn, "wells", now)
            for number in range(MEMBERS):
                email = f"m{number:06d}@d{number % 40:02d}.example.com"
                people.join(conn, people.add_person(conn, email, now, confirmed=True), wells, now)
    store.close()


class Count:
    """What a relay took: of the sink in C where there is one, else of the one in Python."""

    def __init__(self, port: int, control: int = 0) -> None:
        self.port, self.control, self.taken = port, control, 0

    def hear(self, mail: Received) -> None:
        self.taken += len(mail.rcpts)

    async def reached(self, recipients: int) -> None:
        """Until it took so many. Raises TimeoutError."""
        async with asyncio.timeout(LONGEST):
            while True:
                if self.control:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.control)
                    writer.write(b"stats\n")
                    self.taken = json.loads(await reader.readline())["rcpt"]
                    writer.close()
                if self.taken >= recipients:
                    return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def relay(place: Path) -> AsyncIterator[Count]:
    source, binary = BENCH / "fsink.c", str(place / "fsink")
    if not source.is_file() or not shutil.which("gcc"):
        async with Sink() as sink:
            count = Count(sink.port)
            sink.on_dot = count.hear
            yield count
        return
    compiler = await asyncio.create_subprocess_exec("gcc", "-O2", "-w", "-o", binary, str(source))
    assert await compiler.wait() == 0
    count = Count(free_port(), free_port())
    process = await asyncio.create_subprocess_exec(binary, "-p", str(count.port), "-c", str(count.control), "-Q")
    await asyncio.sleep(0.5)
    try:
        yield count
    finally:
        process.terminate()
        await process.wait()


def hand_in(port: int) -> None:
    """Twenty posts of one member, one after the other, on one connection."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        replies = peer.makefile("rb")
        replies.readline()
        for piece in _dialogue():
            peer.sendall(piece)
            while (reply := replies.readline())[3:4] == b"-":
                pass
            assert reply[:1] in b"23", reply


def _dialogue() -> Iterator[bytes]:
    member = "m000000@d00.example.com"
    yield b"EHLO border.example\r\n"
    for number in range(POSTS):
        yield f"MAIL FROM:<{member}>\r\n".encode()
        yield b"RCPT TO:<wells@cop.example>\r\n"
        yield b"DATA\r\n"
        head = f"From: Ana <{member}>\r\nTo: wells@cop.example\r\nSubject: Pump {number}\r\nMessage-ID: <{number}@d>"
        yield head.encode() + b"\r\n\r\n" + PAGE + b".\r\n"


@pytest.mark.bench
@pytest.mark.timeout(300)
@pytest.mark.parametrize("window", [WINDOW, 64])
async def test_from_the_door_to_a_thousand_mailboxes(tmp_path: Path, window: int) -> None:
    wanted = POSTS * (MEMBERS - 1)  # a post does not come back to its writer
    async with relay(tmp_path) as count:
        with serving(tmp_path, count.port, window) as (process, port, _):
            before, began = process.cpu_times(), time.perf_counter()
            await asyncio.to_thread(hand_in, port)
            accepted = time.perf_counter() - began
            await count.reached(wanted)
            wall, after, held = time.perf_counter() - began, process.cpu_times(), process.memory_full_info()
    cpu = after.user + after.system - before.user - before.system
    what, memory = f"door to {MEMBERS:,} members", held.rss / 2**20
    figures.keep(what, f"ours, window {window}", "recipients", [wanted / wall], 1e6 * cpu / wanted, memory)
    print(
        f"\nwindow {window}: {POSTS} posts, taken in {accepted:.2f} s, to {MEMBERS:,} members each in {wall:.1f} s:"
        f" {wanted / wall:,.0f} recipients/s, {1e6 * cpu / wanted:.0f} µs CPU each, {held.rss / 2**20:.0f} MiB",
        file=sys.stderr,
    )


@pytest.mark.bench
async def test_start_and_rest(tmp_path: Path) -> None:
    starts, held = [], 0
    async with relay(tmp_path) as count:
        for _ in range(STARTS):
            with serving(tmp_path, count.port) as (process, _port, took):
                starts.append(took)
                await asyncio.sleep(1)
                held = process.memory_full_info().rss
                used = sum(process.cpu_times()[:2])
    print(
        f"\nready after {min(starts):.2f} to {max(starts):.2f} s, median {statistics.median(starts):.2f}"
        f" ({used:.2f} s CPU); idle {held / 2**20:.0f} MiB",
        file=sys.stderr,
    )
