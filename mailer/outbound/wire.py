"""One connection to the relay, once it is open: commands out ahead of their replies (RFC 2920), replies in by order.

Three ways, by what the relay offers: several mails in flight with BDAT (RFC 3030); one with DATA, whose dot goes out
with the next envelope in one write; or one command at a time. Every mail ends in one call of settle or give_back.
Opened by `opening`, kept by `pool`. Refuses to guess: what is no reply ends the connection.
"""

import asyncio
from collections import deque
from typing import Literal, NamedTuple, Protocol, cast

from mailer.outbound.backoff import Answer, Step
from mailer.outbound.parcel import Parcel

IDLE = 20.0  # seconds without a mail after which the connection is closed
LONGEST_REPLY = 16_384  # octets of one reply, all its lines together
MOST_LINES = 200  # of one reply

_LAST = {b"%d " % code: code for code in range(200, 600)}  # how the last line of a reply begins


class Reply(NamedTuple):
    """A whole reply; the lines of its text are joined by line feeds."""

    code: int
    text: str


class Shipper(Protocol):
    """Who has mails to send and wants to know what came of them. None of these may block or raise."""

    def take(self) -> Parcel | None: ...
    def settle(self, parcel: Parcel, answer: Answer) -> None: ...
    def give_back(self, parcel: Parcel, reason: str) -> None: ...
    def closed(self, wire: "Wire", reason: str) -> None: ...


Expected = Literal["ask", "RSET", "MAIL", "RCPT", "DATA", "dot", "empty", "QUIT"]


class Wire(asyncio.Protocol):
    """`pump` begins to take parcels; until then `ask` sends one command and waits for its reply."""

    def __init__(self, shipper: Shipper, timeout: float, window: int) -> None:
        self.shipper, self.timeout, self.window = shipper, timeout, window
        self.pipelining = self.chunking = self.utf8 = self.size = False
        self.served = 0  # mails settled by the relay's own word
        self.trip = 0.0  # seconds from EHLO to its reply
        self._pumping = self._closed = self._leaving = self._full = False
        self._dirty = False  # the next envelope needs a RSET before it
        self._free = True  # DATA: no envelope is out that waits for its 354
        self._loop = asyncio.get_running_loop()
        self._asked: deque[asyncio.Future[Reply]] = deque()
        self._expected: deque[tuple[Expected, Parcel | None]] = deque()
        self._held: deque[tuple[Expected, Parcel | None, bytes]] = deque()
        self._out: list[bytes] = []
        self._buffer, self._lines = b"", list[bytes]()
        self._since = self._loop.time()  # the last time anything was heard, or asked after silence
        self._timer = self._loop.call_later(min(timeout, IDLE), self._tick)
        self.greeting = self._await()  # nobody asks for it, and it may be here before the opening looks

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own are no subclass of it

    def connection_lost(self, error: Exception | None) -> None:
        self._end(str(error) if error else "The relay closed the connection")

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self.kick()

    def data_received(self, data: bytes) -> None:
        self._since = self._loop.time()
        lines = (self._buffer + data).split(b"\n")
        self._buffer = lines.pop()
        for line in lines:
            if self._closed:
                return
            self._line(line.rstrip(b"\r"))
        if len(self._buffer) > LONGEST_REPLY:
            self.fail("The relay answered with an endless line")
        self._flush()

    # what the opening and the pool call

    @property
    def buffered(self) -> bool:
        """Whether the relay said more than it was asked, or is gone: before STARTTLS that is an attack."""
        return bool(self._buffer or self._lines or self._closed)

    def ask(self, command: bytes) -> "asyncio.Future[Reply]":
        """Send one line; its reply. The future fails with ConnectionError when the connection does."""
        self._since = self._loop.time()
        if not self._closed:
            self.transport.write(command + b"\r\n")
        return self._await()

    def _await(self) -> "asyncio.Future[Reply]":
        future: asyncio.Future[Reply] = self._loop.create_future()
        if self._closed:
            future.set_exception(ConnectionError("The relay closed the connection"))
        else:
            self._asked.append(future)
            self._expected.append(("ask", None))
        return future

    def pump(self) -> None:
        """From here on take parcels, by what the relay offers."""
        self._pumping = True
        self.kick()

    def kick(self) -> None:
        """There may be something to take."""
        if self._pumping and not self._closed:
            self._feed()
            self._flush()

    @property
    def idle(self) -> bool:
        return self._pumping and not self._closed and not self._expected and not self._held

    def leave(self) -> None:
        """Take nothing more, and say goodbye once all replies are in."""
        self._leaving = True
        self._flush()

    def fail(self, reason: str) -> None:
        """Hang up, now."""
        self._end(reason)
        self.transport.abort()

    # out

    def _feed(self) -> None:
        while self._free and not self._full and not self._leaving:
            if self.chunking and len(self._expected) >= 4 * self.window:  # four replies a mail
                return
            parcel = self.shipper.take()
            if parcel is None:
                return
            self._envelope(parcel)

    def _envelope(self, parcel: Parcel) -> None:
        if not parcel.rcpt.isascii() and not self.utf8:
            self.shipper.settle(parcel, Answer("DATA", 550, "5.6.7 The relay takes no addresses beyond ASCII"))
            return
        if self._dirty:
            self._send("RSET", None, b"RSET\r\n")
        size = len(parcel.head) + len(parcel.content.raw)
        more = b" SIZE=%d" % size if self.size else b""
        more += b"" if parcel.rcpt.isascii() else b" SMTPUTF8"
        self._send("MAIL", parcel, b"MAIL FROM:<%b>%b\r\n" % (parcel.mail_from, more))
        self._send("RCPT", parcel, b"RCPT TO:<%b>\r\n" % parcel.rcpt)
        self._dirty = self.chunking
        if self.chunking:
            self._send("dot", parcel, b"BDAT %d LAST\r\n%b%b" % (size, parcel.head, parcel.content.raw))
        else:
            self._free = False
            self._send("DATA", parcel, b"DATA\r\n")

    def _send(self, step: Expected, parcel: Parcel | None, data: bytes) -> None:
        self._held.append((step, parcel, data))

    def _flush(self) -> None:
        """Write what may go: everything where the relay pipelines, else one command when no reply is due."""
        if self._closed:
            return
        if self._leaving and not self._expected and not self._held:  # never behind DATA: it would be content
            self._send("QUIT", None, b"QUIT\r\n")
        while self._held and (self.pipelining or not self._expected):
            step, parcel, data = self._held.popleft()
            if not self._expected:
                self._since = self._loop.time()
            self._expected.append((step, parcel))
            self._out.append(data)
            if step == "dot" and parcel:
                parcel.gone = True
        if self._out:
            self.transport.write(b"".join(self._out))
            self._out.clear()

    # in

    def _line(self, line: bytes) -> None:
        code = _LAST.get(line[:4])
        if code is None:
            self._odd_line(line)
        elif self._lines:
            text = b"\n".join([*self._lines, line[4:]])
            self._lines.clear()
            self._reply(code, text)
        else:
            self._reply(code, line[4:])

    def _odd_line(self, line: bytes) -> None:
        """A line that is not the last of its reply, has no text, or is no reply."""
        if _LAST.get(line[:3] + b" ") is None or line[3:4] not in (b"-", b""):
            self.fail("The relay answered with what is no reply")
        elif line[3:4] == b"":
            self._line(line + b" ")
        else:
            self._lines.append(line[4:])
            if sum(map(len, self._lines)) > LONGEST_REPLY or len(self._lines) > MOST_LINES:
                self.fail("The relay answered without end")

    def _reply(self, code: int, text: bytes) -> None:
        if not self._expected:
            self.fail(_said(code, text))  # 421 and a closed door, mostly
            return
        step, parcel = self._expected.popleft()
        if parcel is None:
            self._answered(step, code, text)
        elif step == "dot" or step == "empty":
            self._settle(parcel, code, text)
        elif step == "DATA":
            self._go_ahead(parcel, code, text)
        elif not 200 <= code <= 299:
            self._refuse(parcel, "MAIL" if step == "MAIL" else "RCPT", code, text)
        if code == 421 and not self._closed:
            self.fail(_said(code, text))

    def _answered(self, step: Expected, code: int, text: bytes) -> None:
        """A reply that is about no mail."""
        if step == "ask":
            future = self._asked.popleft()
            if not future.done():
                future.set_result(Reply(code, text.decode("utf-8", "replace")))
        elif step == "QUIT":
            self.fail("Goodbye")
        elif not 200 <= code <= 299:
            self.fail(_said(code, text))

    def _refuse(self, parcel: Parcel, step: Step, code: int, text: bytes) -> None:
        parcel.refused = parcel.refused or Answer(step, code, text.decode("utf-8", "replace"))

    def _go_ahead(self, parcel: Parcel, code: int, text: bytes) -> None:
        """The reply to DATA: the mail goes, or an empty one where there is nobody to send it to (RFC 2920 §3.1)."""
        self._free = True
        if code != 354:
            self._refuse(parcel, "DATA", code, text)
            self._dirty = True
            self._settle(parcel, code, text)
        elif parcel.refused:
            self._send("empty", parcel, b".\r\n")
        else:
            self._send("dot", parcel, b"%b%b.\r\n" % (parcel.head, parcel.content.stuffed))
        self._feed()

    def _settle(self, parcel: Parcel, code: int, text: bytes) -> None:
        self.served += 1
        self.shipper.settle(parcel, parcel.refused or Answer("dot", code, text.decode("utf-8", "replace")))
        self._feed()

    # the end

    def _tick(self) -> None:
        """Look after silence: a reply that does not come, or nothing to do."""
        silent = self._loop.time() - self._since
        if self._expected and silent >= self.timeout:
            self.fail(f"No answer from the relay within {self.timeout:.0f} s")
        elif self.idle and silent >= IDLE:
            self.leave()
        if not self._closed:
            self._timer = self._loop.call_later(min(self.timeout, IDLE) / 4, self._tick)

    def _end(self, reason: str) -> None:
        """Each parcel still here is ambiguous if its content went, given back if not."""
        if self._closed:
            return
        self._closed = True
        self._timer.cancel()
        for future in self._asked:
            if not future.done():
                future.set_exception(ConnectionError(reason))
        here = [parcel for _, parcel in self._expected] + [parcel for _, parcel, _ in self._held]
        for parcel in dict.fromkeys(parcel for parcel in here if parcel):
            if parcel.refused:
                self.shipper.settle(parcel, parcel.refused)
            elif parcel.gone:
                self.shipper.settle(parcel, Answer("dot", 0, reason, ambiguous=True))
            else:
                self.shipper.give_back(parcel, reason)
        self._expected.clear()
        self._held.clear()
        self.shipper.closed(self, reason)


def _said(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"
