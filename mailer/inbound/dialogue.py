"""What each command of SMTP (RFC 5321) and LMTP (RFC 2033) does here. Every answer is a row of REPLIES.

Takes mail for our own existing addresses alone; offers no login; forgives what Microsoft 365 and old clients do without
being asked (AUTH=<>, DSN parameters, a space after the colon). Built by the listener, one for each connection.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from mailer import journal
from mailer.errors import TryLater
from mailer.inbound import hops, path
from mailer.inbound.admission import GUESSES, UNIX, Room
from mailer.inbound.dot import Dot, clean
from mailer.inbound.intake import Intake
from mailer.inbound.session import Door, Session
from mailer.mail import addressing
from mailer.store.traffic.inbox import Envelope

_COMMAND = re.compile(rb"([A-Za-z]+)(?: ([^\x00-\x1f\x7f]*))?\r\n")
_HELLO = re.compile(rb"[A-Za-z0-9._:\[\]-]{1,255}")
_MAIL_PARAMETERS = frozenset({"SIZE", "BODY", "SMTPUTF8", "AUTH", "RET", "ENVID"})
_RCPT_PARAMETERS = frozenset({"NOTIFY", "ORCPT"})
FRONT = 500  # recipients of one mail that a server in front may name over LMTP
_BODIES = frozenset({"7BIT", "8BITMIME"})


@dataclass(frozen=True, slots=True)
class House:
    """What is behind the door: `knows` tells which addresses at our domain exist, `room` is where mails go, `now` tells
    the time, aware UTC."""

    intake: Intake
    knows: Callable[[str], Awaitable[bool] | bool]
    room: Room
    now: Callable[[], datetime]


class Smtp(Session):
    """A client that says EHLO or HELO."""

    hellos = frozenset({b"EHLO", b"HELO"})

    def __init__(self, door: Door, house: House) -> None:
        super().__init__(door)
        self.house = house
        self._forget()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._greeted = False  # after STARTTLS too (RFC 3207 §4.2)
        self._forget()
        super().connection_made(transport)

    def _forget(self) -> None:
        self._sender: str | None = None
        self._recipients: list[str] = []  # as often as they were granted
        self._utf8 = False

    async def obey(self, line: bytes) -> str:
        match = _COMMAND.fullmatch(line)
        if match is None:
            return "bad-syntax"
        verb, argument = match[1].upper(), (match[2] or b"").strip(b" ")
        if verb in self.hellos:
            return self._hello(verb, argument)
        if command := _COMMANDS.get(verb):
            return await command(self, argument)
        return _SHORT.get(verb, "unknown-command")

    def _hello(self, verb: bytes, name: bytes) -> str:
        if not _HELLO.fullmatch(name):
            return "bad-syntax"
        self._forget()
        self._greeted = True
        words = [self.door.domain]
        if verb != b"HELO":
            words += [
                f"SIZE {self.door.listen.max_size:d}",
                "8BITMIME",
                "SMTPUTF8",
                "PIPELINING",
                "ENHANCEDSTATUSCODES",
            ]
            words += ["STARTTLS"] if self.tls_context and not self._tls_protocol else []
        self.say_lines("hello", words)
        return ""

    async def _starttls(self, argument: bytes) -> str:
        if self.tls_context is None:
            return "not-done-here"
        if argument or self._tls_protocol is not None:
            return "out-of-order"
        await self.smtp_STARTTLS("")
        return ""

    async def _mail(self, argument: bytes) -> str:
        if not self._greeted or self._sender is not None:
            return "out-of-order"
        found = path.read(b"FROM", argument)
        if found is None:
            return "bad-sender"
        if reason := self._bad_parameters(found.parameters) or self._not_now(found):
            return reason
        utf8 = "SMTPUTF8" in found.parameters
        if not (found.address.isascii() or utf8):
            return "needs-utf8"
        sender = addressing.address(found.address, utf8=utf8) if found.address else ""
        if sender is None:
            return "bad-sender"
        self._sender, self._utf8 = sender, utf8
        return "sender-ok"

    def _bad_parameters(self, parameters: dict[str, str]) -> str:
        """Why these parameters of MAIL cannot be met, or ''."""
        size = parameters.get("SIZE", "0")
        if not parameters.keys() <= _MAIL_PARAMETERS or parameters.get("BODY", "7BIT").upper() not in _BODIES:
            return "bad-parameter"
        if not (size.isascii() and size.isdigit()) or parameters.get("SMTPUTF8"):
            return "bad-syntax"
        return "too-big" if len(size) > 20 or int(size) > self.door.listen.max_size else ""

    def _not_now(self, found: path.Path) -> str:
        """Why no mail is taken from this client at this moment, or ''. Bounces may use half of the reserve."""
        listen, now = self.door.listen, self.loop.time()
        reserve = listen.reserve if found.address else listen.reserve // 2
        if listen.require_tls and self._tls_protocol is None and self.peer != UNIX:
            return "tls-required"
        if now > self.opened + listen.session:
            return "closing"
        if not self.trusted and not self.door.admission.mail(self.peer, now):
            return "too-many-mails"
        if self.house.room.free(now) < reserve + int(found.parameters.get("SIZE", "0")):
            return "full"
        return ""

    async def _rcpt(self, argument: bytes) -> str:
        if self._sender is None:
            return "out-of-order"
        found = path.read(b"TO", argument)
        if found is None:
            return "bad-address"
        if not found.parameters.keys() <= _RCPT_PARAMETERS:
            return "bad-parameter"
        if not (found.address.isascii() or self._utf8):
            return "needs-utf8"
        if len(self._recipients) >= self.most():
            return "too-many-recipients"
        bare = addressing.lower(found.address) == "postmaster"  # RFC 5321 §4.5.1: taken without a domain
        text = f"postmaster@{self.door.domain}" if bare else found.address
        address = addressing.address(text, utf8=self._utf8)
        if address is None:
            return "bad-address"
        if reason := await self._not_ours(address):
            journal.note("refused", reason=reason, peer=self.peer)
            return reason
        self._recipients.append(address)
        return "recipient-ok"

    async def _not_ours(self, address: str) -> str:
        """Why this recipient is none of ours, or ''. Whoever has named too many tokens that were none hears nothing of
        any; a server in front speaks for everybody, and slows strangers itself."""
        if not address.endswith("@" + self.door.domain):
            return "foreign-domain"
        guesses, now = self.door.admission.guesses, self.loop.time()
        guess = not self.trusted and addressing.with_token(address.partition("@")[0])
        if guess and guesses.of(self.peer, now) >= GUESSES:
            return "too-many-guesses"
        known = self.house.knows(address)
        if known if isinstance(known, bool) else await known:
            return ""
        if guess:
            guesses.more(self.peer, now)
        return "unknown-address"

    async def _data(self, argument: bytes) -> str:
        if argument:
            return "bad-syntax"
        if not self._recipients:
            return "out-of-order"
        self.say("go-ahead")
        dot = await self.receive()
        if dot is None:
            return ""
        reason, mail = await self._decide(dot)
        for _ in range(self.replies()):
            self.say(reason, id=mail)
        self.keeps = 0
        self._forget()
        return ""

    def replies(self) -> int:
        """How many replies the dot gets."""
        return 1

    async def _decide(self, dot: Dot) -> tuple[str, int]:
        """What becomes of this mail, and its id when it is kept. Never raises."""
        try:
            raw = dot.mail()
            if reason := self._bad_mail(dot, raw):
                journal.note("refused", reason=reason, peer=self.peer)
                return reason, 0
            self.keeps = len(raw)
            recipients = tuple(dict.fromkeys(self._recipients))
            sender = self._sender or ""
            mail = await self.house.intake.keep(
                Envelope(raw, sender, recipients, self.peer, self.trusted, self.house.now())
            )
        except TryLater as later:
            return later.reason, 0
        except Exception as error:
            journal.trouble("a mail could not be taken", error)
            return "trouble", 0
        self.forgive()
        journal.note("accepted", mail, octets=len(raw), recipients=len(recipients))
        return "queued", mail

    def _bad_mail(self, dot: Dot, raw: bytes) -> str:
        """Why this mail is refused as a whole, or ''."""
        if dot.fault or len(raw) > self.door.listen.max_size:
            return dot.fault or "too-big"
        if not clean(raw):
            return "bad-content"
        return "loop" if hops.looping(raw, self.door.domain) else ""

    def most(self) -> int:
        """Recipients of one mail."""
        return self.door.listen.max_recipients

    async def _rset(self, argument: bytes) -> str:
        self._forget()
        return "ok"


class Lmtp(Smtp):
    """A client that says LHLO and wants one reply for each recipient it was granted."""

    protocol = "LMTP"
    hellos = frozenset({b"LHLO"})

    def replies(self) -> int:
        return len(self._recipients)

    def most(self) -> int:
        """A server in front hands over a mail once, for all it is for."""
        return max(FRONT, super().most()) if self.trusted else super().most()


_COMMANDS: dict[bytes, Callable[[Smtp, bytes], Awaitable[str]]] = {
    b"MAIL": Smtp._mail,
    b"RCPT": Smtp._rcpt,
    b"DATA": Smtp._data,
    b"RSET": Smtp._rset,
    b"STARTTLS": Smtp._starttls,
}
_SHORT = {
    b"NOOP": "ok",
    b"QUIT": "bye",
    b"HELP": "help",
    b"VRFY": "not-telling",
    **dict.fromkeys((b"GET", b"POST", b"PUT", b"HEAD", b"CONNECT", b"OPTIONS"), "not-smtp"),
    **dict.fromkeys((b"AUTH", b"BDAT", b"EXPN", b"ETRN", b"TURN", b"XCLIENT", b"XFORWARD"), "not-done-here"),
}
