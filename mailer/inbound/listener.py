"""The door mail comes in by: SMTP and LMTP, over TCP or a Unix socket, with STARTTLS.

Refuses to start when a port is taken, a certificate cannot be read or the system allows too few files.
Stops without losing what was begun. Built by app.
"""

import asyncio
import logging
import os
import resource
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from mailer import journal
from mailer.config import Settings, host_and_port
from mailer.errors import Misconfigured
from mailer.inbound.admission import Admission, Room
from mailer.inbound.dialogue import House, Lmtp, Smtp
from mailer.inbound.intake import Intake
from mailer.inbound.session import Door
from mailer.mail import addressing
from mailer.store.db import Store

BACKLOG = 512  # connections the system keeps for us while we are busy
SPARE = 100  # open files kept for the database, the deliverer and the web
UNIX_PREFIX = "unix:"


class Listener:
    """Takes mail for the addresses `knows` says exist, into the inbox of `store`; `arrived` wakes who reads it.

    `knows` gets a canonical address at our domain. `arrived` is called in the loop after each commit.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        knows: Callable[[str], Awaitable[bool] | bool],
        arrived: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        reuse_port: bool = False,
    ) -> None:
        domain = addressing.domain(settings.domain)
        if domain is None:
            raise Misconfigured(f'domain = "{settings.domain}": that is no mail domain')
        place = Path(store.url.database or ".").parent if store.sqlite else Path(settings.state)
        listen = settings.listen
        self._listen = listen
        self._intake = Intake(store, arrived)
        self._house = House(self._intake, knows, Room(place), now)
        self._door = Door(
            listen, domain, Admission(listen, settings.trust.peers), _tls(listen.tls_cert, listen.tls_key)
        )
        self._reuse_port = reuse_port
        self._servers: list[asyncio.Server] = []
        self._sockets: list[Path] = []
        self.ports: dict[str, int] = {}

    async def start(self) -> None:
        """Open the doors of listen.smtp and listen.lmtp. Raises Misconfigured when one cannot be opened."""
        _make_descriptors(self._listen.max_connections)
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: peers and commands at INFO
        try:
            await self._open("smtp", self._listen.smtp, lambda: Smtp(self._door, self._house))
            await self._open("lmtp", self._listen.lmtp, lambda: Lmtp(self._door, self._house))
        except BaseException:
            self._close()
            raise

    async def stop(self, grace: float = 5.0) -> None:
        """Nobody comes in; the idle are shown out; mails under way have `grace` seconds; what is kept is durable."""
        self._close()
        self._door.closing = True
        for session in list(self._door.sessions):
            session.hurry()
        if under_way := [session.work() for session in self._door.sessions]:
            await asyncio.wait(under_way, timeout=grace)
        for session in list(self._door.sessions):
            session.cut()
        await self._intake.close()

    def renew(self) -> None:
        """Read the certificate again, for connections from now on. Raises Misconfigured; then the old one stays."""
        self._door.tls = _tls(self._listen.tls_cert, self._listen.tls_key)

    async def _open(self, name: str, where: str, session: Callable[[], Smtp]) -> None:
        if not where:
            return
        loop = asyncio.get_running_loop()
        try:
            if where.startswith(UNIX_PREFIX):
                place = Path(where.removeprefix(UNIX_PREFIX))
                self._servers.append(await loop.create_unix_server(session, sock=_unix_socket(place), backlog=BACKLOG))
                self._sockets.append(place)
            else:
                host, port = host_and_port(f"listen.{name}", where)
                server = await loop.create_server(
                    session, host, port, backlog=BACKLOG, reuse_port=self._reuse_port or None
                )
                self._servers.append(server)
                self.ports[name] = server.sockets[0].getsockname()[1]
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
            raise Misconfigured(f'listen.{name} = "{where}": {why}; `mailer check` says more') from None
        journal.say("listening", protocol=name, at=where, port=self.ports.get(name))

    def _close(self) -> None:
        for server in self._servers:
            server.close()
        for place in self._sockets:
            place.unlink(missing_ok=True)
        self._servers, self._sockets = [], []


def _unix_socket(place: Path) -> socket.socket:
    """A socket at this path, also where a killed process left one; not where somebody answers. Raises OSError."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(place))
            raise OSError("another process listens there")
        except FileNotFoundError:
            pass
        except ConnectionRefusedError:
            place.unlink()
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(place))
    place.chmod(0o660)  # who may write to it is trusted
    return bound


def _make_descriptors(connections: int) -> None:
    """Every connection is a file to the system; the database and the deliverer need some too. Raises Misconfigured."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Misconfigured(
            f"listen.max_connections = {connections}: this process may open {hard} files and keeps {SPARE} for others;"
            f" lower it, or raise LimitNOFILE to {wanted}"
        )
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _tls(cert: str, key: str) -> ssl.SSLContext | None:
    if not cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(cert, key or None)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f'listen.tls_cert = "{cert}", listen.tls_key = "{key}": {error}') from None
    return context
