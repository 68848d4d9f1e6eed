"""The processes of test_accept: a server that is ours or a bare aiosmtpd, and a load that waits for each reply.

accepting.py ours STATE | bare | load PORT CONNECTIONS MAILS OCTETS
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import uvloop
from aiosmtpd.smtp import SMTP

from mailer import config, journal
from mailer.inbound.listener import Listener
from mailer.store import migrate
from mailer.store.db import Store

HEAD = (
    b"From: Ana <ana@acme.example>\r\nTo: wells@cop.example\r\nSubject: Pumps\r\nMessage-ID: <1@acme.example>\r\n\r\n"
)
LINE = b"The pump at the lower well has run dry since Tuesday, what did you do?\r\n"
COMMANDS = (b"MAIL FROM:<ana@acme.example>\r\n", b"RCPT TO:<wells@cop.example>\r\n", b"DATA\r\n")


class Nothing:
    """A handler that keeps nothing."""

    async def handle_DATA(self, *_: object) -> str:
        return "250 OK"


async def until_told() -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()


async def ours(state: str) -> None:
    """The listener as it runs in service: SQLite with a sync at each commit, the journal at INFO."""
    journal.setup("INFO")
    listen = {"smtp": "127.0.0.1:0"}
    settings = config.parse({"domain": "cop.example", "state": state, "listen": listen})
    store = Store(settings.database.url, Path(state))
    migrate.upgrade(store)
    listener = Listener(settings, store, {"wells@cop.example"}.__contains__, lambda: None)
    await listener.start()
    print(listener.ports["smtp"], flush=True)
    await until_told()
    await listener.stop()
    store.close()


async def bare() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Nothing(), hostname="cop.example", data_size_limit=26_214_400, loop=loop), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await until_told()


async def load(port: int, connections: int, mails: int, octets: int) -> None:
    """Prints the mails a second and how long one takes (median, 99 %), in milliseconds, as JSON."""
    mail = HEAD + LINE * ((octets - len(HEAD)) // len(LINE)) + b".\r\n"
    took: list[float] = []

    async def one(count: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(b"EHLO client.example\r\n")
        while (await reader.readline())[3:4] == b"-":
            pass
        for _ in range(count):
            start = time.perf_counter()
            for piece in (*COMMANDS, mail):
                writer.write(piece)
                if (await reader.readline())[:1] not in b"23":
                    raise SystemExit("a mail was not taken")
            took.append(time.perf_counter() - start)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(one(mails // connections) for _ in range(connections)))
    rate = len(took) / (time.perf_counter() - start)
    took.sort()
    print(json.dumps([rate, took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3]))


if __name__ == "__main__":
    does: dict[str, Callable[..., object]] = {"ours": ours, "bare": bare, "load": load}
    words = [int(word) if word.isdigit() else word for word in sys.argv[2:]]
    uvloop.run(does[sys.argv[1]](*words))  # type: ignore[arg-type]
