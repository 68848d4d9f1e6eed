"""One connection: bytes in pieces become command lines and mails, and every line gets its reply.

aiosmtpd keeps the connection and TLS (RFC 3207); reading, time limits and the loop are ours, because its reader holds
an endless line in memory, costs 4.5 µs a line, and cancels our work when the client hangs up after the dot.
Shows out who is silent, slow, or makes too many errors. The commands are in dialogue.py.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from functools import cache
from ssl import SSLContext
from typing import cast

from aiosmtpd.smtp import SMTP, TLSSetupException

from mailer import journal
from mailer.config import Listen
from mailer.errors import REPLIES, Refused, TryLater
from mailer.inbound.admission import UNIX, Admission
from mailer.inbound.dot import Dot

LINE = 2048  # octets of a command; RFC 5321 and its extensions need 1,200, Postfix takes 2,048
AHEAD = 65_536  # octets a client may send ahead of our replies before we stop reading
ENDLESS = 8  # times the largest mail: who sends that much without a dot is no mail server
TOGETHER = 10  # times the largest mail: memory for all mails coming in; more are asked to come later
COUNTED = 200_000  # octets of one mail before it has to share memory and time with the others
COMMANDS = 1000  # in one session without a mail taken
TURN = 50  # commands sent ahead that are answered before others have their turn
LAST_WORDS = 5.0  # seconds a client we show out has to read why
_GOODBYES = frozenset({221, 421})


def _octets(line: str) -> bytes:
    return line.encode("ascii") + b"\r\n"


@cache
def _fixed(reason: str) -> bytes:
    """A row of REPLIES that names no facts."""
    return _octets(REPLIES[reason].line())


@dataclass(eq=False, slots=True)
class Door:
    """What all connections share."""

    listen: Listen
    domain: str
    admission: Admission
    tls: SSLContext | None
    closing: bool = False
    sessions: set["Session"] = field(default_factory=set)

    def crowded(self) -> bool:
        """The mails not kept yet fill the memory set apart for them."""
        return sum(session.holds() for session in self.sessions) > TOGETHER * self.listen.max_size


class Session(SMTP):
    """A connection, from banner to goodbye."""

    protocol = "ESMTP"

    def __init__(self, door: Door) -> None:
        super().__init__(
            None,
            hostname=door.domain,
            tls_context=door.tls,
            timeout=door.listen.idle,
            loop=asyncio.get_running_loop(),
        )
        self.door = door
        self.peer, self.trusted = UNIX, False
        self.opened = self._heard = self.loop.time()
        self._held = bytearray()  # what came and is not dealt with
        self._out: list[bytes] = []  # replies not sent yet: those to pipelined commands go in one write
        self._more: asyncio.Future[None] | None = None  # somebody waits for octets or the end
        self._dot: Dot | None = None  # a mail is coming in
        self.keeps = 0  # octets of a mail that came in and waits for its commit
        self._busy = False  # we are at work and the client waits: no time limit
        self._ended = False  # the client will send no more
        self._halted = False
        self._leaving = False
        self._errors = self._commands = 0  # since a mail was taken

    # ---- what the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._held.clear()  # after STARTTLS nothing counts that was sent in clear (RFC 3207 §4.2)
        name = transport.get_extra_info("peername")
        self.peer = str(name[0]) if isinstance(name, tuple) else UNIX
        self.trusted = self.door.admission.trusts(self.peer)
        self.wire = cast(asyncio.Transport, transport)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._dot is not None:
            self._heard = self.loop.time()
            rest = self._dot.feed(data)
            if rest is None:
                if self._dot.octets > COUNTED:
                    self._bound(self._dot)
                return
            self._dot = None
            data = rest
        self._held += data
        if len(self._held) > AHEAD and not self._halted:
            self._halted = True
            self.wire.pause_reading()
        self._wake()

    def _bound(self, dot: Dot) -> None:
        """Give up a mail there is no memory for, and a client that will never end; let the others have their turn."""
        if dot.octets > ENDLESS * self.door.listen.max_size:
            self.show_out("too-big")
            return
        if not dot.fault and self.door.crowded():
            dot.fault = "full"
        self.wire.pause_reading()  # libuv would read 32 times, eight megabytes, before it looks at anyone else
        self.loop.call_soon(self.wire.resume_reading)

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        return self._tls_protocol is None  # half-open: replies still go out

    def connection_lost(self, error: Exception | None) -> None:
        self.door.sessions.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """No more of it, now. Python up to 3.11.3 has forgotten the TLS of a line that was closed twice."""
        with contextlib.suppress(AttributeError):
            self.wire.abort()

    # ---- time

    def _timeout_cb(self) -> None:
        now, due = self.loop.time(), self._due()
        if self._leaving:
            self.cut()
        elif now < due:
            self._reset_timeout(due - now)
        else:
            self.show_out("too-slow")

    def _due(self) -> float:
        """When this client is too slow. A mail may stay below min_rate for its first two idle times."""
        listen = self.door.listen
        if self._dot is not None:
            slowest = self._began + 2 * listen.idle + self._dot.octets / max(1, listen.min_rate)
            return min(self._heard + listen.idle, slowest)
        if self._busy:
            return self.loop.time() + listen.idle
        return min(self._heard, self.opened + listen.session) + listen.idle

    def show_out(self, reason: str) -> None:
        """A last reply, then the connection is closed, also under a command that waits for this client."""
        self.say(reason)
        self._leaving = True
        self._flush()
        self.wire.close()
        self._reset_timeout(LAST_WORDS)

    def holds(self) -> int:
        """Octets of memory for a mail."""
        return self.keeps + (self._dot.holds if self._dot is not None else 0)

    def work(self) -> asyncio.Task[None]:
        """Done when the session is."""
        assert self._handler_coroutine is not None
        return self._handler_coroutine

    def hurry(self) -> None:
        """The listener closes: a client we owe nothing is shown out at once, the others after their reply."""
        if not self._busy and self._dot is None:
            self.show_out("closing")

    # ---- in and out

    def say(self, reason: str, **facts: object) -> None:
        """Queue a row of REPLIES; a goodbye in it ends the session."""
        reply = REPLIES[reason]
        self._out.append(_octets(reply.line(**facts)) if facts else _fixed(reason))
        self._leaving |= reply.code in _GOODBYES
        self._errors += reply.code >= 500

    def say_lines(self, reason: str, lines: list[str]) -> None:
        """Queue one reply of several lines with the code of a row (RFC 5321 §4.2.1)."""
        code = REPLIES[reason].code
        marks = "-" * (len(lines) - 1) + " "
        self._out += [_octets(f"{code}{mark}{line}") for mark, line in zip(marks, lines, strict=True)]

    def forgive(self) -> None:
        """A mail was taken: what went before is forgotten."""
        self._errors = self._commands = 0

    def _flush(self) -> None:
        if self._out:
            self.wire.write(b"".join(self._out))
            self._out.clear()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def _wait(self) -> None:
        """Until octets came, or the end. Whatever we have to say is said first."""
        self._more = self.loop.create_future()
        self._flush()
        await self._writer.drain()
        if self._halted:
            self._halted = False
            self.wire.resume_reading()
        await self._more

    async def _line(self) -> bytes | None:
        """The next command line with its ending; None at the end, also at that of patience."""
        while (end := self._held.find(b"\n", 0, LINE) + 1) == 0:
            if len(self._held) >= LINE:
                self.show_out("line-too-long")
            if self._ended or self._leaving:
                return None
            await self._wait()
        line = bytes(self._held[:end])
        del self._held[:end]
        self._heard = self.loop.time()
        return line

    async def receive(self) -> Dot | None:
        """A mail up to its dot; None when the client went away before."""
        dot = self._dot = Dot(self.door.listen.max_size)
        self._began = self._heard
        held, self._held = bytes(self._held), bytearray()
        if held:
            self.data_received(held)
        while self._dot is not None:
            if self._ended or self._leaving:
                self._dot, self._leaving = None, True
                return None
            await self._wait()
        return dot

    async def push(self, status: str | bytes) -> None:
        """aiosmtpd's own words: go ahead with TLS."""
        self.say("tls-ready")
        self._flush()

    # ---- the loop

    async def _handle_client(self) -> None:
        if not self.door.admission.enter(self.peer):
            self.show_out("too-many-connections")
            return
        self.door.sessions.add(self)
        try:
            self.say("banner", domain=self.door.domain, protocol=self.protocol)
            while not self._leaving:
                if self.door.closing:
                    self.say("closing")
                elif line := await self._line():
                    await self._obey(line)
                else:
                    break
            self._flush()
        except ConnectionError:
            pass  # gone without a goodbye
        except Exception as error:
            journal.trouble("a session ended in an error of ours", error)
            self.say("trouble")
            self._flush()
        finally:
            self.door.admission.leave(self.peer)
            self._leaving = True
            self.wire.close()

    async def _obey(self, line: bytes) -> None:
        self._commands += 1
        if self._commands % TURN == 0:
            await asyncio.sleep(0)
        self._busy = True
        try:
            if reason := await self.obey(line):
                self.say(reason)
        except (Refused, TryLater) as no:
            self.say(no.reason)
        except TLSSetupException:
            self._leaving = True
        except Exception as error:
            journal.trouble("a command ended in an error of ours", error)
            self.say("trouble")
        finally:
            self._busy = False
        if self._errors > self.door.listen.max_errors or self._commands > COMMANDS:
            self.say("too-many-errors")

    async def obey(self, line: bytes) -> str:
        """Do what one command line, with its ending, asks for; the row of REPLIES that answers it, or ''."""
        raise NotImplementedError
