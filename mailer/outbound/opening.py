"""A connection to the relay from nothing to ready: greeting, EHLO, TLS, login. Called by the pool.

Refuses to log in without TLS, and to go on where TLS was wanted and is not offered or not verified.
"""

import asyncio
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass, field

from mailer.config import Settings, under_state
from mailer.errors import Misconfigured
from mailer.outbound.replies import Reply
from mailer.outbound.wire import Shipper, Wire

CONNECT = 30.0  # seconds for TCP and TLS to be there


@dataclass(frozen=True, slots=True)
class Door:
    """The relay and how to be let in. `tls` is None where none is wanted."""

    host: str
    port: int
    hello: str
    starttls: bool
    tls: ssl.SSLContext | None
    user: str
    password: str = field(repr=False)
    timeout: float
    window: int
    batch: int


def door(settings: Settings, tls: ssl.SSLContext | None = None) -> Door:
    """The door of these settings; `tls` in place of the system's certificates. Raises Misconfigured."""
    relay = settings.relay
    if relay.user and relay.security == "none":
        raise Misconfigured(f'relay.user = {relay.user!r}: a login needs relay.security = "starttls" or "tls"')
    password = ""
    if relay.user:
        try:
            password = under_state(settings, relay.password_file).read_text("utf-8").strip()
        except OSError as error:
            raise Misconfigured(f"relay.password_file = {relay.password_file!r}: {error.strerror}") from None
    context = None if relay.security == "none" else tls or ssl.create_default_context()
    return Door(
        host=relay.host,
        port=relay.port,
        hello=relay.hello or settings.domain,
        starttls=relay.security == "starttls",
        tls=context,
        user=relay.user,
        password=password,
        timeout=relay.timeout,
        window=max(relay.window, 1),
        batch=max(relay.batch, 1),
    )


async def knock(door: Door, shipper: Shipper) -> Wire:
    """A wire that is ready to pump. Raises OSError (ConnectionError, TimeoutError, SSLError) with the relay's words."""
    loop = asyncio.get_running_loop()
    at_once = None if door.starttls else door.tls
    async with asyncio.timeout(CONNECT):
        _, wire = await loop.create_connection(
            lambda: Wire(shipper, door.timeout, door.window, door.batch), door.host, door.port, ssl=at_once
        )
    try:
        wire.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _need(await wire.greeting, 220)
        offers = await _hello(wire, door)
        if door.starttls and door.tls:
            offers = await _secure(wire, door, door.tls, offers)
        if door.user:
            await _login(wire, door, offers)
    except BaseException:
        wire.fail("The opening failed")
        raise
    wire.pipelining = "PIPELINING" in offers
    wire.chunking = wire.pipelining and "CHUNKING" in offers
    wire.size = "SIZE" in offers
    wire.utf8 = "SMTPUTF8" in offers
    wire.verp = "XVERP" in offers
    return wire


async def _hello(wire: Wire, door: Door) -> dict[str, str]:
    """What the relay offers: keyword in upper case to its parameters. HELO where EHLO is unknown."""
    reply = await wire.ask(b"EHLO " + door.hello.encode("ascii", "replace"))
    if reply.code in (500, 502):
        _need(await wire.ask(b"HELO " + door.hello.encode("ascii", "replace")), 250)
        return {}
    _need(reply, 250)
    words = (line.partition(" ") for line in reply.text.split("\n")[1:])
    return {keyword.upper(): rest for keyword, _, rest in words}


async def _secure(wire: Wire, door: Door, tls: ssl.SSLContext, offers: dict[str, str]) -> dict[str, str]:
    if "STARTTLS" not in offers:
        raise ConnectionError("The relay does not offer STARTTLS")
    _need(await wire.ask(b"STARTTLS"), 220)
    if wire.buffered:
        raise ConnectionError("The relay spoke between STARTTLS and TLS")
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT):
        transport = await loop.start_tls(wire.transport, wire, tls, server_hostname=door.host)
    assert transport is not None
    wire.connection_made(transport)
    return await _hello(wire, door)


async def _login(wire: Wire, door: Door, offers: dict[str, str]) -> None:
    """AUTH PLAIN, or LOGIN where that is all there is (RFC 4954)."""
    ways = offers.get("AUTH", "").upper().split()
    if "PLAIN" in ways:
        _need(await wire.ask(b"AUTH PLAIN " + _word(f"\0{door.user}\0{door.password}")), 235)
    elif "LOGIN" in ways:
        _need(await wire.ask(b"AUTH LOGIN"), 334)
        _need(await wire.ask(_word(door.user)), 334)
        _need(await wire.ask(_word(door.password)), 235)
    else:
        raise ConnectionError("The relay offers no login that we know")


def _word(text: str) -> bytes:
    return b64encode(text.encode())


def _need(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise ConnectionError(str(reply))
