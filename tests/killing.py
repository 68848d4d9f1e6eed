"""The service in a process of its own, members' mail servers that try again until they hear 250, a relay that counts.

    async with village(tmp_path) as (service, sink, store):
        await service.start()
        await service.ready()
        ...
        await service.end(signal.SIGKILL)

For tests that take something away from the service while it works.
"""

import asyncio
import json
import random
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import printing
import sqlalchemy as sa
from sink import Received, Sink

from mailer import config
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.tables import post
from mailer.verbs.doorway import ready_store

MEMBERS = [f"m{number:02d}@d{number % 5}.example" for number in range(30)]
BORDER = "mx.cop.example"
START = 60.0  # seconds a start may take on a busy machine
PAUSE = 0.1  # seconds at most between two mails of a connection
LEISURE = 1.0  # the same where a machine that is slow to start something must not meanwhile be given ever more to do
QUIET = 80  # half-seconds without a mail after which none is expected


def free_port() -> int:
    """A port below those that the system hands out by itself: nobody gets it while a service is down."""
    for port in random.SystemRandom().sample(range(10_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def line_of_settings(key: str, value: str) -> str:
    """As the settings file wants a text."""
    return f"{key} = {json.dumps(value)}\n"


class Service:
    """`mailer serve` in a process of its own, begun again whenever it is killed."""

    def __init__(self, place: Path, port: int) -> None:
        self.place, self.port = place, port
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, python: Sequence[str] = (sys.executable,)) -> None:
        with (self.place / "journal").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *python, "-m", "mailer", "serve", "-c", str(self.place / "mailer.toml"), stderr=log
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

    async def end(self, how: signal.Signals) -> int:
        """Its exit status, once it is gone."""
        assert self.process
        self.process.send_signal(how)
        return await self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    @property
    def journal(self) -> list[str]:
        """What it said, whatever its number of lives."""
        return (self.place / "journal").read_text().splitlines()


class Writer:
    """A member's mail server: one connection, one mail after the other, each until it is answered 250."""

    def __init__(self, member: str, port: int, dice: random.Random, pause: float = PAUSE) -> None:
        self.member, self.port, self.dice, self.pause = member, port, dice, pause
        self.kept: list[str] = []  # Message-IDs answered 250
        self.refused: list[str] = []  # replies that were no yes

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
                except (OSError, EOFError) as error:
                    if isinstance(error, No):
                        self.refused.append(str(error))
                    peer = None
                    await asyncio.sleep(0.05)
            self.kept.append(id)
            await asyncio.sleep(self.dice.uniform(0, self.pause))


class No(ConnectionError):
    """A reply that is no yes."""


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
    """Say something and hear the whole reply. Raises No."""
    writer.write(said)
    while (reply := await line(reader))[3:4] == b"-":
        pass
    if reply[:1] not in b"23":
        raise No(reply.decode("ascii", "replace").strip())


async def line(reader: asyncio.StreamReader) -> bytes:
    got = await reader.readline()
    if not got.endswith(b"\n"):
        raise EOFError
    return got


async def until(true: Callable[[], bool], seconds: float = 100.0) -> None:
    """Look again and again. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.02)


class Load:
    """Members' mail servers that hand in posts until they are told to stop."""

    def __init__(self, service: Service, count: int = 3) -> None:
        self.stop = asyncio.Event()
        self.writers = [Writer(member, service.port, random.Random(member)) for member in MEMBERS[:count]]
        self.tasks = [asyncio.create_task(one.run(self.stop)) for one in self.writers]

    @property
    def kept(self) -> list[str]:
        return sorted(id for one in self.writers for id in one.kept)

    @property
    def refused(self) -> set[str]:
        """Every reply that was no yes, without its words."""
        return {" ".join(reply.split()[:2]) for one in self.writers for reply in one.refused}

    async def more(self, count: int, seconds: float = 100.0) -> float:
        """Until so many more are kept; the seconds it took."""
        began, goal = time.monotonic(), len(self.kept) + count
        await until(lambda: len(self.kept) >= goal, seconds)
        return time.monotonic() - began

    async def end(self) -> list[str]:
        self.stop.set()
        await asyncio.gather(*self.tasks)
        return self.kept


async def archived(store: Store, count: int) -> list[str]:
    """The Message-IDs in the archive, once there are so many."""
    for _ in range(400):
        with store.reading() as conn:
            ids = sorted(conn.scalars(sa.select(post.c.message_id)))
        if len(ids) >= count:
            return ids
        await asyncio.sleep(0.25)
    return ids


@asynccontextmanager
async def village(
    place: Path, more: str = "", members: Sequence[str] = tuple(MEMBERS)
) -> AsyncIterator[tuple[Service, Sink, Store]]:
    """A database with members, settings (`more`: lines like `relay.timeout = "1s"`), and a relay that counts."""
    port = free_port()
    async with Sink() as sink:
        (place / "secret.key").touch(0o600)
        (place / "secret.key").write_text("a key for tests, long enough")
        (place / "mailer.toml").write_text(
            f'domain = "cop.example"\nsecret_file = "{place / "secret.key"}"\nlisten.smtp = "127.0.0.1:{port}"\n'
            f'relay.port = {sink.port}\nrelay.first_retry = "1s"\ntrust.authserv_id = "{BORDER}"\n{more}'
        )
        settings = config.load(place / "mailer.toml")
        printing.lend(Path(settings.state))
        store = ready_store(settings)
        now = datetime.now(UTC)
        with store.writing() as conn:
            wells = people.add_community(conn, "wells", now)
            for email in members:
                people.join(conn, people.add_person(conn, email, now, confirmed=True), wells, now)
        service = Service(place, port)
        try:
            yield service, sink, store
        finally:
            store.close()
            if service.alive:
                await service.end(signal.SIGKILL)


def posts(got: Received) -> list[tuple[str, str]]:
    """The posts of members in what the relay took: Message-ID and recipient. Receipts are not counted."""
    found = re.search(rb"(?mi)^message-id:\s*<([^>]+)>", got.raw)
    id = found[1].decode() if found else ""
    return [(id, rcpt) for rcpt in got.rcpts if id.partition(".")[2] in MEMBERS]


async def until_quiet(came: Counter[tuple[str, str]], wanted: set[tuple[str, str]]) -> None:
    """Until the relay has everything, or has heard nothing new for a while."""
    heard, since = -1, 0
    while wanted - set(came) and since < QUIET:
        since = since + 1 if heard == came.total() else 0
        heard = came.total()
        await asyncio.sleep(0.5)
