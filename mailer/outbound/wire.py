"""One connection to the relay, once it is open: commands out ahead of their replies (RFC 2920), replies in by order.

Three ways, by what the relay offers: several mails in flight with BDAT (RFC 3030); one with DATA, whose dot goes out
with the next envelope in one write; or one command at a time. A mail goes to one recipient or to several; each
recipient ends in one call of settle, give_back or put_back. Opened by `opening`, kept by `pool`.
"""

import asyncio
import contextlib
from collections import deque
from typing import Literal, Protocol, cast

from mailer.outbound.backoff import Answer
from mailer.outbound.parcel import Bundle, Parcel
from mailer.outbound.replies import Replies, Reply

IDLE = 20.0  # seconds without a mail after which the connection is closed


class Shipper(Protocol):
    """Who has mails to send and wants to know what came of them. None of these may block or raise."""

    def take(self, most: int, verp: bool) -> Bundle | None: ...
    def settle(self, parcel: Parcel, answer: Answer) -> None: ...
    def give_back(self, parcel: Parcel, reason: str) -> None: ...
    def put_back(self, parcel: Parcel) -> None: ...
    def closed(self, wire: "Wire", reason: str) -> None: ...


Expected = Literal["ask", "RSET", "MAIL", "RCPT", "DATA", "dot", "empty", "QUIT"]


class Wire(asyncio.Protocol):
    """`pump` begins to take mails; until then `ask` sends one command and waits for its reply."""

    def __init__(self, shipper: Shipper, timeout: float, window: int, batch: int = 1) -> None:
        self.shipper, self.timeout, self.window = shipper, timeout, window
        self.batch = batch  # recipients of one mail; fewer once the relay has said so
        self.pipelining = self.chunking = self.utf8 = self.size = self.verp = False
        self.served = 0  # mails settled by the relay's own word
        self._pumping = self._closed = self._leaving = self._full = False
        self._dirty = False  # the next envelope needs a RSET before it
        self._free = True  # DATA: no envelope is out that waits for its 354
        self._loop = asyncio.get_running_loop()
        self._asked: deque[asyncio.Future[Reply]] = deque()
        self._expected: deque[tuple[Expected, Bundle | None]] = deque()
        self._held: deque[tuple[Expected, Bundle | None, bytes]] = deque()
        self._out: list[bytes] = []
        self._replies = Replies()
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
        try:
            for code, text in self._replies.read(data):
                if self._closed:
                    return
                self._reply(code, text)
        except ConnectionError as error:
            self.fail(str(error))
        self._flush()

    # what the opening and the pool call

    @property
    def buffered(self) -> bool:
        """Whether the relay said more than it was asked, or is gone: before STARTTLS that is an attack."""
        return self._replies.begun or self._closed

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
        """From here on take mails, by what the relay offers."""
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
        with contextlib.suppress(AttributeError):  # Python up to 3.11.3 has forgotten the TLS of a line closed twice
            self.transport.abort()

    # out

    def _feed(self) -> None:
        while self._free and not self._full and not self._leaving:
            if self.chunking and len(self._expected) >= 4 * self.window:  # four replies a mail
                return
            bundle = self.shipper.take(self.batch, self.verp)
            if bundle is None:
                return
            self._envelope(bundle)

    def _envelope(self, bundle: Bundle) -> None:
        beyond = not bundle.parcels[0].rcpt.isascii()  # such a one is alone
        if beyond and not self.utf8:
            answer = Answer("DATA", 550, "5.6.7 The relay takes no addresses beyond ASCII")
            self.shipper.settle(bundle.parcels[0], answer)
            return
        if self._dirty:
            self._send("RSET", None, b"RSET\r\n")
        size = len(bundle.head) + len(bundle.content.raw)
        more = b" SIZE=%d" % size if self.size else b""
        more += b" SMTPUTF8" if beyond else b""
        more += bundle.verp if self.verp else b""
        self._send("MAIL", bundle, b"MAIL FROM:<%b>%b\r\n" % (bundle.mail_from, more))
        for parcel in bundle.parcels:
            self._send("RCPT", bundle, b"RCPT TO:<%b>\r\n" % parcel.rcpt)
        self._dirty = self.chunking
        if self.chunking:
            self._send("dot", bundle, b"BDAT %d LAST\r\n%b%b" % (size, bundle.head, bundle.content.raw))
        else:
            self._free = False
            self._send("DATA", bundle, b"DATA\r\n")

    def _send(self, step: Expected, bundle: Bundle | None, data: bytes) -> None:
        self._held.append((step, bundle, data))

    def _flush(self) -> None:
        """Write what may go: everything where the relay pipelines, else one command when no reply is due."""
        if self._closed:
            return
        if self._leaving and not self._expected and not self._held:  # never behind DATA: it would be content
            self._send("QUIT", None, b"QUIT\r\n")
        while self._held and (self.pipelining or not self._expected):
            step, bundle, data = self._held.popleft()
            if not self._expected:
                self._since = self._loop.time()
            self._expected.append((step, bundle))
            self._out.append(data)
            if step == "dot" and bundle:
                bundle.gone = True
        if self._out:
            self.transport.write(b"".join(self._out))
            self._out.clear()

    # in

    def _reply(self, code: int, text: bytes) -> None:
        if not self._expected:
            self.fail(str(Reply.of(code, text)))  # 421 and a closed door, mostly
            return
        step, bundle = self._expected.popleft()
        taken = 200 <= code <= 299
        if bundle is None:
            self._answered(step, taken, Reply.of(code, text))
        elif step == "dot" or step == "empty":
            self._settle(bundle, Answer("dot", *Reply.of(code, text)))
        elif step == "DATA":
            self._go_ahead(bundle, code, text)
        elif step == "RCPT":
            bundle.answer_rcpt(None if taken else Answer("RCPT", *Reply.of(code, text)))
        elif not taken:
            bundle.refused = Answer("MAIL", *Reply.of(code, text))
        if code == 421 and not self._closed:
            self.fail(str(Reply.of(code, text)))

    def _answered(self, step: Expected, taken: bool, reply: Reply) -> None:
        """A reply that is about no mail."""
        if step == "ask":
            future = self._asked.popleft()
            if not future.done():
                future.set_result(reply)
        elif step == "QUIT":
            self.fail("Goodbye")
        elif not taken:
            self.fail(str(reply))

    def _go_ahead(self, bundle: Bundle, code: int, text: bytes) -> None:
        """The reply to DATA: the mail goes, or an empty one where there is nobody to send it to (RFC 2920 §3.1)."""
        self._free = True
        if code != 354:
            self._dirty = True
            self._settle(bundle, Answer("DATA", *Reply.of(code, text)))
        elif bundle.wanted:
            self._send("dot", bundle, b"%b%b.\r\n" % (bundle.head, bundle.content.stuffed))
        else:
            self._send("empty", bundle, b".\r\n")
        self._feed()

    def _settle(self, bundle: Bundle, answer: Answer) -> None:
        """Each recipient has an end; those who were too many go back, and the next mail has fewer."""
        self.served += 1
        surplus = bundle.surplus()
        if surplus:
            self.batch = len(bundle.parcels) - len(surplus)
            del bundle.parcels[self.batch :]
        for parcel in bundle.parcels:
            self.shipper.settle(parcel, bundle.answer(parcel, answer))
        for parcel in reversed(surplus):
            self.shipper.put_back(parcel)
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
        """Each recipient still here is ambiguous if the content went, given back if not."""
        if self._closed:
            return
        self._closed = True
        self._timer.cancel()
        for future in self._asked:
            if not future.done():
                future.set_exception(ConnectionError(reason))
        here = [bundle for _, bundle in self._expected] + [bundle for _, bundle, _ in self._held]
        lost = Answer("dot", 0, reason, ambiguous=True)
        for bundle in dict.fromkeys(bundle for bundle in here if bundle):
            for parcel in reversed(bundle.parcels):
                if bundle.gone or bundle.refused or parcel.refused:
                    self.shipper.settle(parcel, bundle.answer(parcel, lost))
                else:
                    self.shipper.give_back(parcel, reason)
        self._expected.clear()
        self._held.clear()
        self.shipper.closed(self, reason)
