"""The service is killed at random moments while mail comes in: what was answered 250 is kept, and reaches everyone.

Four connections hand in posts and try again as mail servers do: the same mail, until it is answered 250. A relay of
thirty mailboxes counts. `make bench` runs the long form.
"""

import asyncio
import os
import random
import re
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sink import Received, Sink

from mailer import config
from mailer.store import inbox as inbox_of
from mailer.store import people
from mailer.store.db import Store
from mailer.store.tables import inbox, post
from mailer.verbs.doorway import ready_store

MEMBERS = [f"m{number:02d}@d{number % 5}.example" for number in range(30)]
CONNECTIONS = 4
BORDER = "mx.cop.example"
START = 30.0  # seconds a start may take on a busy machine
PAUSE = 0.1  # seconds at most between two mails of a connection
QUIET = 80  # half-seconds without a mail after which none is expected
RELAY = config.Relay()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """`mailer serve` in a process of its own, begun again whenever it is killed."""

    def __init__(self, place: Path, port: int) -> None:
        self.place, self.port = place, port
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self.place / "journal").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "mailer", "serve", "-c", str(self.place / "mailer.toml"), stderr=log
            )

    async def ready(self) -> None:
        async with asyncio.timeout(START):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return

    async def end(self, how: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(how)
        await self.process.wait()


class Writer:
    """A member's mail server: one connection, one mail after the other, each until it is answered 250."""

    def __init__(self, member: str, port: int, dice: random.Random) -> None:
        self.member, self.port, self.dice = member, port, dice
        self.kept: list[str] = []  # Message-IDs answered 250

    async def run(self, stop: asyncio.Event) -> None:
        """Until stopped, which ends no mail half-way."""
        peer = None
        while not stop.is_set():
            id = f"{len(self.kept)}.{self.member}"
            while True:
                try:
                    peer = peer or await connect(self.port)
                    for piece in mail(self.member, id):
                        await talk(*peer, piece)
                    break
                except (OSError, EOFError):
                    peer = None
                    await asyncio.sleep(0.05)
            self.kept.append(id)
            await asyncio.sleep(self.dice.uniform(0, PAUSE))


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await line(reader)
    await talk(reader, writer, b"EHLO border.example\r\n")
    return reader, writer


def mail(member: str, id: str) -> tuple[bytes, ...]:
    raw = (
        f"Authentication-Results: {BORDER}; dmarc=pass header.from={member.partition('@')[2]}\r\n"
        f"From: <{member}>\r\nTo: <wells@cop.example>\r\nSubject: Post {id.partition('.')[0]} of {member[:3]}\r\n"
        f"Message-ID: <{id}>\r\n\r\nThe seal of well {id} held through the night.\r\n.\r\n"
    ).encode()
    return (f"MAIL FROM:<{member}>\r\n".encode(), b"RCPT TO:<wells@cop.example>\r\n", b"DATA\r\n", raw)


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes) -> None:
    """Say something and hear the whole reply. Raises ConnectionError when it is no."""
    writer.write(said)
    while (reply := await line(reader))[3:4] == b"-":
        pass
    if reply[:1] not in b"23":
        raise ConnectionError(reply)


async def line(reader: asyncio.StreamReader) -> bytes:
    got = await reader.readline()
    if not got.endswith(b"\n"):
        raise EOFError
    return got


@asynccontextmanager
async def village(place: Path) -> AsyncIterator[tuple[Service, Sink, Store]]:
    """A database with thirty members, settings, and a relay that counts."""
    port = free_port()
    async with Sink() as sink:
        (place / "secret.key").touch(0o600)
        (place / "secret.key").write_text("a key for tests, long enough")
        (place / "mailer.toml").write_text(
            f'domain = "cop.example"\n[listen]\nsmtp = "127.0.0.1:{port}"\n[relay]\nport = {sink.port}\n'
            f'first_retry = "1s"\n[trust]\nauthserv_id = "{BORDER}"\n'
        )
        store = ready_store(config.load(place / "mailer.toml"))
        now = datetime.now(UTC)
        with store.writing() as conn:
            wells = people.add_community(conn, "wells", now)
            for email in MEMBERS:
                people.join(conn, people.add_person(conn, email, now, confirmed=True), wells, now)
        service = Service(place, port)
        try:
            yield service, sink, store
        finally:
            store.close()
            if service.process and service.process.returncode is None:
                await service.end(signal.SIGKILL)


def posts(got: Received) -> list[tuple[str, str]]:
    """The posts of members in what the relay took: Message-ID and recipient. Receipts are not counted."""
    found = re.search(rb"(?mi)^message-id:\s*<([^>]+)>", got.raw)
    id = found[1].decode() if found else ""
    return [(id, rcpt) for rcpt in got.rcpts if id.partition(".")[2] in MEMBERS]


async def play(place: Path, kills: int, seed: int) -> str:
    """Kill the service so many times, then let it come to rest; what there is to say about it."""
    dice = random.Random(seed)
    async with village(place) as (service, sink, store):
        came: Counter[tuple[str, str]] = Counter()  # how often each post reached each member
        sink.on_dot = lambda got: came.update(posts(got))
        stop = asyncio.Event()
        writers = [Writer(member, service.port, dice) for member in MEMBERS[:CONNECTIONS]]
        writing = [asyncio.create_task(one.run(stop)) for one in writers]
        await service.start()
        for number in range(kills):
            if number % 5 != 4:  # one kill in five falls into the start
                await service.ready()
            await asyncio.sleep(dice.uniform(0, 1))
            await service.end(signal.SIGKILL)
            await service.start()
        await service.ready()
        stop.set()
        await asyncio.gather(*writing)
        kept = sorted(id for one in writers for id in one.kept)
        wanted = {(id, rcpt) for id in kept for rcpt in MEMBERS if rcpt != id.partition(".")[2]}
        await until_quiet(came, wanted)
        await service.end(signal.SIGTERM)
        with store.reading() as conn:
            archived = sorted(conn.scalars(post.select().with_only_columns(post.c.message_id)))
            waits = inbox_of.counts(conn), inbox_of.shunted(conn, 9)
            handed_in = len(list(conn.scalars(inbox.select().with_only_columns(inbox.c.id))))
        twice = sum(count - 1 for count in came.values())
        assert kept, "no mail was taken"
        troubles = [
            line for line in (place / "journal").read_text().splitlines() if "[error" in line or "Error" in line
        ]
        assert not set(kept) - set(archived), (waits, troubles[-5:])
        assert archived == kept  # each once, although handed in again after a kill
        assert set(came) == wanted
        assert twice <= kills * RELAY.connections * RELAY.window
        return (
            f"{kills} kills: {len(kept)} posts answered 250, {len(archived)} in the archive;"
            f" {handed_in - len(kept)} handed in again; {len(wanted)} deliveries wanted, {len(came)} made,"
            f" {twice} of them twice"
        )


async def until_quiet(came: Counter[tuple[str, str]], wanted: set[tuple[str, str]]) -> None:
    """Until the relay has everything, or has heard nothing new for a while."""
    heard, since = -1, 0
    while wanted - set(came) and since < QUIET:
        since = since + 1 if heard == came.total() else 0
        heard = came.total()
        await asyncio.sleep(0.5)


async def test_what_was_answered_survives_five_kills(tmp_path: Path) -> None:
    await play(tmp_path, 5, seed=1)


@pytest.mark.bench
@pytest.mark.timeout(600)
async def test_what_was_answered_survives_fifty_kills(tmp_path: Path) -> None:
    print(f"\n{await play(tmp_path, 50, seed=int(os.environ.get('MAILER_SEED', '2')))}", file=sys.stderr)
