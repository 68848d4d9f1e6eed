"""What is around the house: its doors, its certificate, the relay, the border it trusts. Called by `mailer check`."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from mailer.config import Settings, host_and_port
from mailer.errors import REPLIES, Misconfigured
from mailer.inbound.listener import UNIX_PREFIX
from mailer.inbound.verifying import verifier
from mailer.outbound import opening
from mailer.outbound.backoff import Answer
from mailer.outbound.batching import WORTH
from mailer.outbound.parcel import Bundle, Parcel
from mailer.outbound.wire import Wire
from mailer.verbs.inspection import Finding, mend, ok, worth_a_look
from mailer.web import ports

PATIENCE = 10.0  # seconds the relay has, all in all
GLANCE = 2.0  # seconds something on one of our ports has to say what it is
EXTENSIONS = ("PIPELINING", "CHUNKING", "XVERP", "STARTTLS", "SIZE", "SMTPUTF8")


# --- doors --------------------------------------------------------------------------------------------------------


def doors(settings: Settings) -> Iterator[Finding]:
    """Each port is free, or it is this service that has it."""
    listen = settings.listen
    for key, where in (
        ("listen.smtp", listen.smtp),
        ("listen.lmtp", listen.lmtp),
        ("web.listen", settings.web.listen),
    ):
        if where.startswith(UNIX_PREFIX):
            yield _socket(key, Path(where.removeprefix(UNIX_PREFIX)))
        elif where:
            yield _port(key, where, settings.domain)
    if not listen.smtp and not listen.lmtp:
        yield mend("listen", "neither listen.smtp nor listen.lmtp is set, so no mail comes in; set one")
    if settings.web.listen and not settings.web.url.startswith("https://"):
        yield worth_a_look("web.url", "mail programs leave by one click only where it begins with https:// (RFC 8058)")


def _port(key: str, where: str, domain: str) -> Finding:
    try:
        ports.bound(key, where).close()
    except Misconfigured as error:
        host, port = _try_host_and_port(key, where)
        if port and _ours(key, host, port, domain):
            return ok(key, f"{where}, where this service is running")
        holder = _holder(port)
        return mend(key, f"{error}{f'; {holder} has it' if holder else ''}; stop that, or choose another port")
    return ok(key, f"{where} is free")


def _socket(key: str, place: Path) -> Finding:
    if os.access(place.parent, os.W_OK | os.X_OK):
        return ok(key, str(place))
    return mend(key, f"no socket can be made in {place.parent}; make that directory writable for this user")


def _try_host_and_port(key: str, where: str) -> tuple[str, int]:
    with contextlib.suppress(Misconfigured):
        return host_and_port(key, where)
    return "", 0


def _ours(key: str, host: str, port: int, domain: str) -> bool:
    """Whether what answers there is this service, by its greeting or by its health."""
    with contextlib.suppress(OSError, ValueError):
        if key == "web.listen":
            with urllib.request.urlopen(f"http://{host or '127.0.0.1'}:{port}/health", timeout=GLANCE) as answer:
                return "well" in json.loads(answer.read(10_000))
        with socket.create_connection((host or "127.0.0.1", port), GLANCE) as client:
            line = client.recv(512).decode("ascii", "replace").strip()
            return line == REPLIES["banner"].line(domain=domain, protocol="LMTP" if key == "listen.lmtp" else "ESMTP")
    return False


def _holder(port: int) -> str:
    """Which process listens at this port, where the system lets us see (Linux)."""
    sockets = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _listening(table, port)}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        with contextlib.suppress(OSError):
            if any(_link(file) in sockets for file in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def _link(file: Path) -> str:
    """Where this open file leads; '' where it has been closed meanwhile."""
    try:
        return str(file.readlink())
    except OSError:
        return ""


def _listening(table: str, port: int) -> list[str]:
    """The inodes of listening sockets at this port: proc(5), state 0A."""
    try:
        rows = [line.split() for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]]
    except OSError:
        return []
    return [row[9] for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port]


def certificate(settings: Settings) -> Iterator[Finding]:
    """The files of STARTTLS."""
    cert, key = settings.listen.tls_cert, settings.listen.tls_key
    if not cert:
        if settings.listen.require_tls:
            yield mend("listen.tls_cert", "listen.require_tls is set and there is no certificate; name one")
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key or None)
    except (OSError, ssl.SSLError) as error:
        yield mend("listen.tls_cert", f'"{cert}" with "{key}": {error}; both must be PEM and readable by this user')
    else:
        yield ok("listen.tls_cert", cert)


def trust(settings: Settings) -> Iterator[Finding]:
    """Whether anybody can be known."""
    try:
        looks_up = verifier(settings) is not None
    except Misconfigured as error:
        yield mend("trust.verify", str(error))
        return
    if looks_up:
        yield ok("trust.verify", "SPF, DKIM and DMARC are looked up here")
    elif settings.trust.authserv_id:
        yield ok("trust.authserv_id", settings.trust.authserv_id)
    else:
        yield worth_a_look(
            "trust.authserv_id", "it is empty, so whatever changes something is confirmed by a reply first"
        )


# --- the relay ----------------------------------------------------------------------------------------------------


def relay(settings: Settings) -> Iterator[Finding]:
    """Connect as the deliverer does, with TLS and login, and see what it offers. Sends nothing."""
    where = f"{settings.relay.host}:{settings.relay.port}"
    try:
        offers = asyncio.run(_offers(settings))
    except Misconfigured as error:
        yield mend("relay", str(error))
    except TimeoutError:
        yield mend(
            "relay", f"{where} says nothing within {PATIENCE:g} s; see relay.host, relay.port and relay.security"
        )
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and not isinstance(error, ssl.SSLError) else str(error)
        yield mend("relay", f"{where}: {why}; start it, or change relay.host, relay.port or relay.security")
    else:
        known = [name for name in EXTENSIONS if name in offers]
        lacks = [name for name in ("PIPELINING", "CHUNKING") if name not in offers]
        slower = f"; without {' and '.join(lacks)} it goes slower" if lacks else ""
        yield ok("relay", f"{where} offers {' '.join(known) or 'nothing we use'}{slower}")
        yield ok("sending", _way(settings.relay.batch, offers))


def _way(batch: int, offers: frozenset[str]) -> str:
    """How mail to many will go, and why."""
    if batch <= 1:
        return "each recipient has a mail of their own: relay.batch is 1"
    several = f"from {min(WORTH, batch)} recipients of one mail on, up to {batch} share a transaction"
    if "XVERP" in offers:
        return f"{several}; a bounce names its recipient by XVERP"
    return f"{several}; the relay offers no XVERP, so a bounce names its recipient only in its report"


async def _offers(settings: Settings) -> frozenset[str]:
    """The keywords of its EHLO, in the clear and under TLS."""
    door = opening.door(settings)
    async with asyncio.timeout(PATIENCE):
        wire = await opening.knock(door, _Nobody())
        try:
            reply = await wire.ask(b"EHLO " + door.hello.encode("ascii", "replace"))
        finally:
            wire.fail("That was all")
    lines = reply.text.split("\n")[1:] if reply.code == 250 else []
    return frozenset(line.partition(" ")[0].upper() for line in lines) | ({"STARTTLS"} if door.starttls else set())


class _Nobody:
    """Who has no mail to send."""

    def take(self, most: int, verp: bool) -> Bundle | None:
        return None

    def settle(self, parcel: Parcel, answer: Answer) -> None: ...
    def give_back(self, parcel: Parcel, reason: str) -> None: ...
    def put_back(self, parcel: Parcel) -> None: ...
    def closed(self, wire: Wire, reason: str) -> None: ...
