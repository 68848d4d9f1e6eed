"""uvicorn in the loop of the service: no hands on signals, no lines in the log, and patience with nobody.

A connection has DEADLINE seconds for a request and its answer. When MOST are open, the one that has said nothing whole
for the longest is shown out, so that half-open ones keep nobody away. Called by the app and by the demo.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from mailer.web import ports

DEADLINE = 20.0  # seconds
MOST = 64  # connections: with the database's and the relay's within the files that the listener keeps free
LONGEST_HEAD = 16_384  # octets of request line and header fields


class WebServer:
    """An ASGI application at a host and port; `key` is the setting that names them. `port` is known once started."""

    def __init__(self, app: Any, where: str, key: str = "web.listen", *, reuse_port: bool = False) -> None:
        config = uvicorn.Config(
            app,
            http=_Brief,
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            h11_max_incomplete_event_size=LONGEST_HEAD,
        )
        self._server = _Quiet(config)
        self._where, self._key, self._reuse_port = where, key, reuse_port
        self._serving: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self) -> asyncio.Task[None]:
        """Open the door; the task that ends when it is closed. Raises Misconfigured when the port is taken."""
        place = ports.bound(self._key, self._where, reuse_port=self._reuse_port)
        place.listen(socket.SOMAXCONN)
        self.port = place.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([place]), name="web")
        return self._serving

    async def stop(self, grace: float = 3.0) -> None:
        """Nobody comes in; answers under way have `grace` seconds."""
        self._server.should_exit = True
        if self._serving:
            with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._serving, grace)


class _Quiet(uvicorn.Server):
    """Signals are the service's own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Brief(H11Protocol):
    """A connection with a deadline, and with an end when others wait outside."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._deadline = self.loop.call_later(DEADLINE, transport.abort)
        self._since = self.loop.time()
        if len(self.connections) >= MOST:
            waiting = [one for one in self.connections if isinstance(one, _Brief) and one.waiting]
            eldest = min(waiting, key=lambda one: one._since, default=None)
            (eldest.transport if eldest else transport).abort()
        super().connection_made(transport)

    @property
    def waiting(self) -> bool:
        """No request of it is being answered, and it has not been shown out."""
        return (self.cycle is None or self.cycle.response_complete) and not self.transport.is_closing()

    def on_response_complete(self) -> None:
        self._deadline.cancel()
        self._since = self.loop.time()
        self._deadline = self.loop.call_later(DEADLINE, self.transport.abort)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)
