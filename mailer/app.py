"""The composition root: settings become a running service. Nothing else constructs I/O."""

import asyncio
import contextlib
import secrets
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from mailer import config, journal
from mailer.config import Settings
from mailer.engine.inprocess import InProcess
from mailer.errors import Misconfigured
from mailer.inbound.known import Known
from mailer.inbound.listener import Listener
from mailer.inbound.reader import Reader
from mailer.inbound.verifying import verifier
from mailer.jobs.clock import Clock
from mailer.mail.tokens import Keys
from mailer.outbound.deliver import Deliverer
from mailer.outbound.desk import House
from mailer.outbound.render import Press
from mailer.store import migrate
from mailer.store.db import Store
from mailer.store.traffic import workers

if TYPE_CHECKING:
    from mailer.web.webserver import WebServer

Part = Literal["listen", "read", "send", "clock", "web"]
PARTS: tuple[Part, ...] = ("listen", "read", "send", "clock", "web")
GRACE = 8.0  # seconds to finish what is under way when asked to stop (SECURITY F22: 10 in all)


def open_store(settings: Settings) -> Store:
    return Store(settings.database.url, Path(settings.state), settings.database.connections)


def read_keys(settings: Settings) -> Keys:
    """The key file: the current key on the first line, older ones below. Raises Misconfigured."""
    path = config.under_state(settings, settings.secret_file)
    try:
        lines = [line.strip() for line in path.read_text("ascii").splitlines() if line.strip()]
        mode = path.stat().st_mode
    except OSError as error:
        hint = f"; bring it back from where it is kept, or `mailer init {settings.state}` makes a new one"
        why = f"{error.strerror or error}{hint if isinstance(error, FileNotFoundError) else ''}"
        raise Misconfigured(f"secret_file = {str(path)!r}: {why}") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"secret_file = {str(path)!r}: a key is a line of letters and digits") from None
    if mode & 0o004:
        raise Misconfigured(f"secret_file = {str(path)!r}: anyone on this machine can read it; chmod 600 mends that")
    if not lines or any(len(line) < 16 for line in lines):
        raise Misconfigured(f"secret_file = {str(path)!r}: a key has at least 16 characters")
    current, *previous = (line.encode() for line in lines)
    return Keys(current, tuple(previous))


def furnish(settings: Settings, keys: Keys | None = None, press: Press | None = None) -> House:
    """Everything that does not change while the service runs. A broken template stops here."""
    press = press or Press(kept=config.under_state(settings, "templates"))
    return House(settings, keys or read_keys(settings), press, lambda: secrets.token_hex(10))


class App:
    """One process of the service. `clock` is now, for those who play in virtual time; one `press` may serve several;
    with `reuse_port` several processes share the doors."""

    def __init__(
        self,
        settings: Settings,
        *,
        keys: Keys | None = None,
        clock: Callable[[], datetime] | None = None,
        press: Press | None = None,
        reuse_port: bool = False,
    ) -> None:
        self.settings = settings
        self.house = furnish(settings, keys, press)
        self.store = open_store(settings)
        self.engine = engine = self._engine()
        self.clock = clock or engine.now
        known = Known(settings, self.store, self.house.keys)
        reuse_port = reuse_port or settings.listen.shared
        self.listener = Listener(settings, self.store, known, engine.arrived, engine.now, reuse_port=reuse_port)
        self.reader = Reader(self.house, self.store, engine.queued, self.clock, verifier(settings))
        self.deliverer = Deliverer(settings, self.store, self.house.keys, self.clock, alive=lambda: engine.alive)
        self.jobs = Clock(self.house, self.store, engine.queued, self.clock)
        self.web: WebServer | None = None
        self._queued, self._reuse_port = engine.queued, reuse_port
        engine.at("read", self.reader.wake)
        engine.at("send", self.deliverer.wake)
        engine.at("lost", self.deliverer.release)
        self._tasks: list[asyncio.Task[None]] = []
        self._parts: Sequence[Part] = ()

    async def start(self, parts: Sequence[Part] = PARTS) -> None:
        """Bring the database up to date and start these parts. Raises Misconfigured."""
        if not self._parts:
            await self._begin()
        self._parts = (*self._parts, *parts)
        if "read" in parts:
            self._tasks.append(asyncio.create_task(self.reader.run(), name="read"))
        if "send" in parts:
            self._tasks.append(asyncio.create_task(self.deliverer.run(), name="send"))
        if "clock" in parts:
            self._tasks.append(asyncio.create_task(self.jobs.run(), name="clock"))
        if "listen" in parts:
            await self.listener.start()
        if "web" in parts and self.settings.web.listen:
            self._tasks.append(await self._open_web())
        web = {"web": self.web.port} if self.web else {}
        journal.say("ready", parts=" ".join(parts), **self.listener.ports, **web)

    async def _begin(self) -> None:
        """The database brought up to date, and this process known to those that share it."""
        if self.store.sqlite:
            await self.engine.open()
        await asyncio.to_thread(migrate.upgrade, self.store)
        if self.store.sqlite:
            await self._rescue()
        else:
            await self.engine.open()

    def _engine(self) -> InProcess:
        """SQLite belongs to one process; PostgreSQL to as many as there are."""
        if self.store.sqlite:
            return InProcess(Path(self.store.url.database) if self.store.url.database else None)
        from mailer.engine.cluster import Cluster  # its driver is loaded only where it is used

        direct = self.settings.database.direct
        return Cluster(sa.make_url(direct) if direct else self.store.url, self.store.worker, self._rescue)

    async def _rescue(self, missed: frozenset[int] | None = None) -> workers.Rescued:
        return await self.store.write(workers.rescue, self.store.worker, missed)

    def _renew(self) -> None:
        """New connections get the certificate that stands in the file now; a broken one changes nothing."""
        try:
            self.listener.renew()
            journal.say("certificate read again")
        except Misconfigured as error:
            journal.say("certificate not read again, the old one stays", why=str(error))

    def running(self, part: Part) -> bool:
        """Whether this part was started."""
        return part in self._parts

    async def stop(self) -> None:
        """Stop taking mail, finish what is under way, close the database."""
        if self.web:
            await self.web.stop()
        if "listen" in self._parts:
            await self.listener.stop(GRACE / 2)
        if "send" in self._parts:
            await self.deliverer.stop(GRACE / 2)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.engine.close()
        await asyncio.to_thread(self.store.close)
        journal.say("stopped")

    async def _open_web(self) -> asyncio.Task[None]:
        """The web door, with all it is made of imported only where there is one."""
        from mailer.web import webdoor
        from mailer.web.archivepages import ArchivePages
        from mailer.web.gauges import Gauges
        from mailer.web.oneclick import OneClick
        from mailer.web.webserver import WebServer

        pages, web = webdoor.pages(), self.settings.web
        rooms = (
            OneClick(self.house, self.store, pages, self.clock, self._queued),
            ArchivePages(self.store, pages, self.settings.domain, web.archive),
            Gauges(self.settings, self.store, self.clock),
        )
        door = webdoor.build(*(room.routes() for room in rooms))
        self.web = WebServer(door, web.listen, reuse_port=self._reuse_port)
        return await self.web.start()

    async def run(self, parts: Sequence[Part] = PARTS) -> None:
        """Start, and stay until SIGTERM, SIGINT or a part that ends with an error; SIGHUP renews the certificate."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name, act in ((signal.SIGTERM, stop.set), (signal.SIGINT, stop.set), (signal.SIGHUP, self._renew)):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(name, act)
        await self.start(parts)
        ended = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([ended, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        await self.stop()
        for task in done - {ended}:
            task.result()
