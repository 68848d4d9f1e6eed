"""A real listener on a real socket, and a client that says exactly what it is told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailer import config
from mailer.inbound.listener import Listener
from mailer.store.db import Store
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope

KNOWN = {"wells@cop.example", "wells-join@cop.example", "postmaster@cop.example", "wells-b-k7q@cop.example"}


class Client:
    """One connection. `await client("NOOP")` gives the reply, lines joined by newlines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def reply(self) -> str:
        lines = []
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 60)).decode().rstrip("\r\n")
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    async def replies(self, count: int) -> list[str]:
        return [await self.reply() for _ in range(count)]

    def send(self, octets: bytes) -> None:
        self.writer.write(octets)

    async def __call__(self, line: str | bytes) -> str:
        self.send((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return await self.reply()

    async def all(self, *lines: str | bytes) -> list[str]:
        """The replies to these commands, given one at a time."""
        return [await self(line) for line in lines]

    async def gone(self) -> bool:
        """The listener closed the connection, within the seconds a test may take."""
        return await asyncio.wait_for(self.reader.read(), 60) == b""

    async def starttls(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        await self.writer.start_tls(context)


class Talk:
    """A listener, its store, and what is in its inbox."""

    def __init__(self, listener: Listener, store: Store, settings: config.Settings, arrived: list[int]) -> None:
        self.listener, self.store, self.settings, self.arrived = listener, store, settings, arrived
        self._clients: list[Client] = []

    async def client(self, name: str = "smtp") -> Client:
        """A client that has not read the banner."""
        where = self.settings.listen.lmtp if name == "unix" else ""
        if where:
            client = Client(*await asyncio.open_unix_connection(where.removeprefix("unix:")))
        else:
            client = Client(*await asyncio.open_connection("127.0.0.1", self.listener.ports[name]))
        self._clients.append(client)
        return client

    async def greeted(self, name: str = "smtp") -> Client:
        """A client that has said hello."""
        client = await self.client(name)
        await client.reply()
        await client("EHLO client.example" if name == "smtp" else "LHLO client.example")
        return client

    async def at_data(self, *recipients: str, name: str = "smtp") -> Client:
        """A client that was told to go ahead."""
        client = await self.greeted(name)
        recipients = recipients or ("wells@cop.example",)
        said = await client.all("MAIL FROM:<ana@acme.example>", *(f"RCPT TO:<{one}>" for one in recipients), "DATA")
        assert said[-1].startswith("354"), said
        return client

    async def kept(self) -> list[Envelope]:
        """Every mail of the inbox, oldest first."""
        return [
            mail.envelope for mail in await self.store.write(lambda conn: inbox.begin(conn, inbox.waiting(conn, 999)))
        ]

    async def close(self) -> None:
        for client in self._clients:
            client.writer.close()
        await self.listener.stop(0.5)


Talks = Callable[..., AbstractAsyncContextManager[Talk]]


@pytest.fixture
def talks(sqlite_url: str, tmp_path: Path) -> Talks:
    """`async with talks(max_size="1 kB") as talk:` starts a listener with these settings of [listen]."""

    @asynccontextmanager
    async def start(
        peers: list[str] | None = None, knows: Callable[[str], Any] = KNOWN.__contains__, **listen: Any
    ) -> AsyncIterator[Talk]:
        listen = {"smtp": "127.0.0.1:0", "lmtp": "127.0.0.1:0", **listen}
        raw: dict[str, Any] = {"domain": "cop.example", "state": str(tmp_path), "listen": listen}
        if peers is not None:
            raw["trust"] = {"peers": peers}
        settings, store, arrived = config.parse(raw), Store(sqlite_url, tmp_path), []
        listener = Listener(settings, store, knows, lambda: arrived.append(1))
        await listener.start()
        talk = Talk(listener, store, settings, arrived)
        try:
            yield talk
        finally:
            await talk.close()
            store.close()

    return start


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of a self-signed certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cop.example")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=36500))
    place = tmp_path_factory.mktemp("tls")
    (place / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return {"tls_cert": str(place / "cert.pem"), "tls_key": str(place / "key.pem")}
