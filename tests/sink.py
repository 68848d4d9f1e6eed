"""A relay for tests: takes every mail, keeps it in memory, and misbehaves on demand. `from sink import Sink`.

    async with Sink() as sink:
        sink.on_rcpt = lambda mail_from, rcpt: "550 5.1.1 No such user" if rcpt.startswith("gone") else None
        ...
        assert [mail.rcpts for mail in sink.mails] == [("ana@acme.example",)]

Every switch may be turned while it runs.
"""

import asyncio
import base64
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it came over the wire, dots unstuffed. `acknowledged` is False where the sender was not told."""

    mail_from: str
    rcpts: tuple[str, ...]
    raw: bytes = field(repr=False)
    acknowledged: bool = True
    verp: str = ""  # the two marks that XVERP asked for

    def path(self, rcpt: str) -> str:
        """The Return-Path that this recipient sees."""
        if not self.verp:
            return self.mail_from
        local, _, domain = self.mail_from.rpartition("@")
        return f"{local}{self.verp[0]}{rcpt.replace('@', self.verp[1])}@{domain}"


class Sink:
    """An SMTP server on 127.0.0.1. `mails` in the order of their dots, `dialogue` every command line of every peer."""

    def __init__(self, port: int = 0, *, tls: ssl.SSLContext | None = None, implicit_tls: bool = False) -> None:
        self.port = port
        self.tls, self.implicit_tls = tls, implicit_tls
        self.extensions = ["PIPELINING", "SIZE 104857600", "8BITMIME", "ENHANCEDSTATUSCODES"]  # CHUNKING, SMTPUTF8, ...
        self.login: tuple[str, str] | None = None  # the user and password that AUTH wants
        self.login_ways = "AUTH PLAIN LOGIN"
        self.starttls_reply = "220 2.0.0 Go ahead"
        self.old = False  # knows no EHLO
        self.greeting = "220 sink.example ESMTP"
        self.hang = False  # accept connections and never say a word
        self.garbage = False  # answer every command with what is no reply
        self.slow = 0.0  # seconds before every reply
        self.on_mail: Callable[[str], str | None] = lambda mail_from: None  # a reply line, or None for 250
        self.on_rcpt: Callable[[str, str], str | None] = lambda mail_from, rcpt: None
        self.on_dot: Callable[[Received], str | None] = lambda mail: None
        self.cut_after_dot: Callable[[Received], bool] = lambda mail: False  # kept, but the sender never hears of it
        self.cut_at: Callable[[str], bool] = lambda line: False  # hang up instead of answering this command
        self.lenient = False  # 354 even with no recipient, as some servers do
        self.mails: list[Received] = []
        self.dialogue: list[str] = []
        self.refused: list[str] = []  # recipients that on_rcpt did not take, each time
        self.connections = self.open = self.peak = 0
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    async def start(self) -> "Sink":
        context = self.tls if self.implicit_tls else None
        self._server = await asyncio.start_server(self._client, "127.0.0.1", self.port, ssl=context, limit=1 << 26)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Hang up on everybody and close the door; `start` opens the same port again."""
        if self._server:
            self._server.close()
        for task in list(self._clients):
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._server = None

    async def __aenter__(self) -> "Sink":
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def wait(self, mails: int, seconds: float = 60.0) -> list[Received]:
        """The mails, once there are at least so many. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.mails) < mails:
                self._changed.clear()
                await self._changed.wait()
        return self.mails

    def to(self, rcpt: str) -> list[Received]:
        """What this recipient got."""
        return [mail for mail in self.mails if rcpt in mail.rcpts]

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._clients.add(task)
        self.connections += 1
        self.open += 1
        self.peak = max(self.peak, self.open)
        try:
            await _Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError, TimeoutError):
            pass
        finally:
            self.open -= 1
            self._clients.discard(task)
            writer.transport.abort()

    def _keep(self, mail: Received) -> None:
        self.mails.append(mail)
        self._changed.set()


class _Session:
    def __init__(self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sink, self.reader, self.writer = sink, reader, writer
        self.secure = sink.implicit_tls
        self.known = False
        self.reset()

    def reset(self) -> None:
        self.mail_from: str | None = None
        self.rcpts: list[str] = []
        self.chunks = b""
        self.verp = ""

    async def say(self, line: str) -> None:
        if self.sink.slow:
            await asyncio.sleep(self.sink.slow)
        self.writer.write(b"\x00\xffwhat\r\n" if self.sink.garbage else line.encode() + b"\r\n")
        await self.writer.drain()

    async def run(self) -> None:
        if self.sink.hang:
            await asyncio.sleep(3600)
        await self.say(self.sink.greeting)
        while True:
            line = (await self.reader.readuntil(b"\r\n"))[:-2].decode("utf-8", "surrogateescape")
            self.sink.dialogue.append(line)
            if self.sink.cut_at(line):
                return
            verb = re.split("[ :]", line)[0].upper()
            if self.sink.login and not self.known and verb in ("MAIL", "RCPT", "DATA", "BDAT"):
                await self.say("530 5.7.0 Log in first")
            elif await getattr(self, "do_" + verb.lower(), self.unknown)(line):
                return

    async def unknown(self, line: str) -> None:
        await self.say("500 5.5.2 What")

    async def do_ehlo(self, line: str) -> None:
        if self.sink.old:
            await self.unknown(line)
            return
        extensions = list(self.sink.extensions)
        if self.sink.tls and not self.secure:
            extensions.append("STARTTLS")
        if self.sink.login and (self.secure or not self.sink.tls):
            extensions.append(self.sink.login_ways)
        lines = ["sink.example", *extensions]
        await self.say("\r\n".join(f"250{'-' if n < len(lines) else ' '}{word}" for n, word in enumerate(lines, 1)))

    async def do_helo(self, line: str) -> None:
        await self.say("250 sink.example")

    async def do_starttls(self, line: str) -> None:
        assert self.sink.tls
        await self.say(self.sink.starttls_reply)
        await self.writer.start_tls(self.sink.tls)
        self.secure = True

    async def do_auth(self, line: str) -> None:
        words = line.split(" ")
        if words[1] == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            answers = []
            for prompt in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"):
                await self.say(f"334 {prompt}")
                answers.append(base64.b64decode(await self.reader.readuntil(b"\r\n")).decode())
            user, password = answers
        self.known = (user, password) == self.sink.login
        await self.say("235 2.7.0 Welcome" if self.known else "535 5.7.8 Wrong")

    async def do_mail(self, line: str) -> None:
        found = re.fullmatch(r"MAIL FROM:<([^<>]*)>(.*)", line, re.I)
        if not found or self.mail_from is not None:
            await self.say("501 5.5.4 Bad MAIL" if not found else "503 5.5.1 Nested MAIL")
            return
        if reply := self.sink.on_mail(found[1]):
            await self.say(reply)
            return
        self.mail_from = found[1]
        self.verp = next(iter(re.findall(r" XVERP=([-+=]{2})(?: |$)", found[2])), "")
        await self.say("250 2.1.0 Ok")

    async def do_rcpt(self, line: str) -> None:
        found = re.fullmatch(r"RCPT TO:<([^<>]+)>", line, re.I)
        if not found or self.mail_from is None:
            await self.say("501 5.5.4 Bad RCPT" if not found else "503 5.5.1 MAIL first")
        elif reply := self.sink.on_rcpt(self.mail_from, found[1]):
            self.sink.refused.append(found[1])
            await self.say(reply)
        else:
            self.rcpts.append(found[1])
            await self.say("250 2.1.5 Ok")

    async def do_data(self, line: str) -> bool:
        if not self.rcpts and not (self.sink.lenient and self.mail_from is not None):
            await self.say("503 5.5.1 RCPT first")
            return False
        await self.say("354 Go")
        raw = await self._until_dot()
        if not self.rcpts:
            self.reset()
            await self.say("554 5.5.1 No valid recipients")
            return False
        return await self._settle(raw)

    async def _until_dot(self) -> bytes:
        raw = bytearray()
        while (line := await self.reader.readuntil(b"\r\n")) != b".\r\n":
            raw += line[1:] if line.startswith(b".") else line
        return bytes(raw)

    async def do_bdat(self, line: str) -> bool:
        words = line.split(" ")
        self.chunks += await self.reader.readexactly(int(words[1]))
        if not self.rcpts:
            await self.say("503 5.5.1 RCPT first")
            return False
        if words[-1] != "LAST":
            await self.say("250 2.0.0 Ok")
            return False
        return await self._settle(self.chunks)

    async def _settle(self, raw: bytes) -> bool:
        mail = Received(self.mail_from or "", tuple(self.rcpts), raw, verp=self.verp)
        self.reset()
        if self.sink.cut_after_dot(mail):
            self.sink._keep(replace(mail, acknowledged=False))
            return True
        reply = self.sink.on_dot(mail)
        if not reply:
            self.sink._keep(mail)
        await self.say(reply or f"250 2.0.0 Ok: kept as {len(self.sink.mails)}")
        return False

    async def do_rset(self, line: str) -> None:
        self.reset()
        await self.say("250 2.0.0 Ok")

    async def do_noop(self, line: str) -> None:
        await self.say("250 2.0.0 Ok")

    async def do_quit(self, line: str) -> bool:
        await self.say("221 2.0.0 Bye")
        return True
