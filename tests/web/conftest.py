"""The service with its web door open, in a world whose clock is ours, and a browser that says what it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from printing import press
from world import BORDER, World

from mailer.app import App
from mailer.config import Database, Relay, Settings, Trust, Web
from mailer.mail.tokens import Keys, seal
from mailer.store.society import people

KEYS = Keys(b"a key for tests, long enough")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class Site(World):
    """A world with a web door; its archive is open."""

    async def open(self) -> None:
        settings = Settings(
            domain="cop.example",
            state=str(self.place),
            database=Database(url=self.url),
            listen=self.listen,
            relay=Relay(host="127.0.0.1", port=self.sink.port),
            trust=Trust(authserv_id=BORDER),
            web=Web(listen="127.0.0.1:0", url="https://web.example/", archive=True),
        )
        self.app = App(settings, keys=KEYS, clock=lambda: self.now, press=press())
        await self.app.start(("listen", "web"))

    @property
    def port(self) -> int:
        assert self.app.web
        return self.app.web.port

    def token(self, address: str, community: str = "wells") -> str:
        """What stands behind /u/ in the header of this member's mails."""
        with self.app.store.reading() as conn:
            who, home = people.by_email(conn, address), people.community_named(conn, community)
        assert who and home
        return seal(KEYS, "leave", who.address_id, home.id)

    async def get(self, path: str, method: str = "GET", headers: str = "") -> Answer:
        return await self.ask(f"{method} {path} HTTP/1.1\r\nHost: evil.example\r\n{headers}\r\n".encode())

    async def post(self, path: str, body: str = "List-Unsubscribe=One-Click", kind: str = FORM) -> Answer:
        raw = body.encode()
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\n\r\n"
        return await self.ask(head.encode() + raw)

    async def ask(self, request: bytes) -> Answer:
        """These bytes on a connection of their own; the answer until it is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        raw = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        head, _, body = raw.decode().partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        fields = (line.partition(": ") for line in lines)
        return Answer(int(first.split()[1]), {name.lower(): value for name, _, value in fields}, body)


@asynccontextmanager
async def opened(url: str, place: Path) -> AsyncIterator[Site]:
    async with Site(url, place) as made:
        made.community("wells")
        made.member("ana@acme.example", "Ana Lima", role="facilitator")
        made.member("bob@nord.example", "Bob Berg")
        yield made


@pytest.fixture
async def site(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """Community `wells` with a facilitator, ana, and a member, bob."""
    async with opened(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
async def any_site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """The same, on each sort of database."""
    async with opened(database_url, tmp_path) as made:
        yield made
