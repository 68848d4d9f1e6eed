"""A community to play with: the real service on 127.0.0.1, a sink for a relay, and a clock one can turn.

    async with World(url, tmp_path) as world:
        wells = world.community("wells")
        ana, bob = world.member("ana@acme.example", "Ana Lima"), world.member("bob@nord.example", "Bob Berg")
        await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses at the shoe?")
        [post] = world.new(bob)
        await world.reply(bob, post, "thanks")

Mail goes in over SMTP and out over SMTP; nothing waits for a clock on the wall.
"""

import asyncio
import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from printing import press
from sink import Sink

from mailer.app import App
from mailer.config import Database, Listen, Relay, Settings, Trust
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.tokens import Keys
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.society.people import Community

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
BORDER = "mx.cop.example"


@dataclass(frozen=True)
class Mail:
    """What someone got: the message as read by us, and the envelope it came in."""

    message: Message
    mail_from: str
    to: str
    raw: bytes

    @property
    def subject(self) -> str:
        return self.message.subject

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def back(self) -> str:
        """Where a Reply goes."""
        return (self.message.reply_to or self.message.senders)[0].address


class World:
    """The service with its clock in our hand."""

    def __init__(self, url: str, place: Path, now: datetime = START, listen: Listen | None = None) -> None:
        self.now = now
        self.sink = Sink()
        self.url, self.place = url, place
        self.batch = 1  # recipients of one mail in one transaction, from the next start on
        self.listen = listen or Listen(smtp="127.0.0.1:0", mails_per_minute_per_peer=100_000)
        self.names: dict[str, str] = {}
        self.seen: dict[str, int] = {}
        self._count = 0

    async def __aenter__(self) -> Self:
        await self.sink.start()
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.app.stop()
        await self.sink.stop()

    async def open(self) -> None:
        """Start the service, anew or for the first time, on the same database."""
        settings = Settings(
            domain="cop.example",
            state=str(self.place),
            database=Database(url=self.url),
            listen=self.listen,
            relay=Relay(host="127.0.0.1", port=self.sink.port, batch=self.batch),
            trust=Trust(authserv_id=BORDER),
        )
        self.app = App(settings, keys=Keys(b"a key for tests, long enough"), clock=lambda: self.now, press=press())
        await self.app.start(("listen",))

    async def restart(self) -> None:
        await self.app.stop()
        await self.open()

    # --- who there is

    def community(self, name: str = "wells", **more: object) -> Community:
        with self.app.store.writing() as conn:
            id = people.add_community(conn, name, self.now, **more)  # type: ignore[arg-type]
            return people.community_by_id(conn, id)

    def member(self, address: str, name: str = "", community: str = "wells", **values: object) -> str:
        """A member; `values` are `role` and `mode`, and `organisation`, `language`, `zone` of the person."""
        own = {key: values.pop(key) for key in ("organisation", "language", "zone") if key in values}
        with self.app.store.writing() as conn:
            where = people.community_named(conn, community)
            assert where
            who = people.by_email(conn, address) or people.add_person(
                conn, address, self.now, name=name, confirmed=True
            )
            if own:
                people.change_person(conn, who.id, **own)
            people.join(conn, who, where.id, self.now, **values)
        self.names[address] = name
        return address

    # --- what they do

    async def write(
        self,
        who: str,
        to: str,
        subject: str = "",
        text: str = "",
        *,
        headers: str = "",
        verified: bool = True,
        html: str = "",
        mail_from: str | None = None,
    ) -> str:
        """A mail of plain words, or of HTML; its Message-ID."""
        self._count += 1
        id = f"m{self._count}@{who.partition('@')[2] or 'nowhere.example'}"
        name = self.names.get(who, "")
        sort = "text/html" if html else "text/plain"
        lines = [
            f"From: {name} <{who}>",
            f"To: <{'>, <'.join(to.split())}>",
            f"Subject: {subject}",
            f"Date: {format_datetime(self.now)}",
            f"Message-ID: <{id}>",
            *headers.strip().splitlines(),
            "MIME-Version: 1.0",
            f"Content-Type: {sort}; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
        ]
        raw = "\r\n".join([*lines, "", *(html or text).splitlines(), ""]).encode()
        await self.hand_in(who if mail_from is None else mail_from, to, raw, verified=verified)
        return id

    async def hand_in(self, mail_from: str, to: str, raw: bytes, *, verified: bool = True) -> None:
        """Any bytes to one address, or to several with blanks between, over SMTP, as the border hands them over; then
        everything they set in motion."""
        if verified:
            domain = parse(raw).senders[0].address.partition("@")[2] if parse(raw).senders else "nowhere.example"
            raw = f"Authentication-Results: {BORDER}; dmarc=pass header.from={domain}\r\n".encode() + raw
        await asyncio.to_thread(_submit, self.app.listener.ports["smtp"], mail_from, to, raw)
        await self.settle()

    async def reply(
        self, who: str, mail: Mail, text: str, *, quote: bool = True, verified: bool = True, headers: str = ""
    ) -> str:
        """Press Reply: to where it says, above a full quote."""
        quoted = "\n".join(f"> {line}" for line in mail.text.splitlines()) if quote else ""
        author = mail.message.senders[0]
        said = (
            f"\n\nOn {self.now:%d %b %Y, at %H:%M}, {author.name} <{author.address}> wrote:\n\n{quoted}"
            if quote
            else ""
        )
        subject = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
        references = " ".join(f"<{id}>" for id in (*mail.message.references, mail.message.message_id))
        named = f"In-Reply-To: <{mail.message.message_id}>\nReferences: {references}\n{headers}"
        return await self.write(who, mail.back, subject, text + said, headers=named, verified=verified)

    async def settle(self) -> None:
        """Until nothing is left to do at this moment."""
        while await self.app.reader.step():
            pass
        await self.app.deliverer.drain()

    async def wait(self, **time: float) -> None:
        """Time passes, and the clock does what is due on the way, hour by hour."""
        until = self.now + timedelta(**time)
        while self.now < until:
            self.now = min(self.now + timedelta(hours=1), until)
            if await self.app.jobs.tick(self.now):
                await self.settle()  # what the clock has written leaves at that hour
        await self.settle()

    async def until(self, when: str, zone: str = "UTC") -> None:
        """Time passes until a local moment, "2026-03-09 07:00"."""
        moment = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone))
        await self.wait(seconds=(moment - self.now).total_seconds())

    # --- what came of it

    def box(self, who: str) -> list[Mail]:
        """Everything this address got, oldest first."""
        return [Mail(parse(got.raw), got.path(who), who, got.raw) for got in self.sink.mails if who in got.rcpts]

    def new(self, who: str) -> list[Mail]:
        """What this address got since this was asked last."""
        box = self.box(who)
        fresh = box[self.seen.get(who, 0) :]
        self.seen[who] = len(box)
        return fresh

    def outcomes(self) -> list[str]:
        """The words of the ledger, in order."""
        with self.app.store.reading() as conn:
            return list(
                conn.scalars(
                    ledger.ledger.select().with_only_columns(ledger.ledger.c.what).order_by(ledger.ledger.c.id)
                )
            )


def _submit(port: int, mail_from: str, to: str, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("client.example")
        code, answer = client.mail(mail_from)
        for one in to.split():
            if code == 250:
                code, answer = client.rcpt(one)
        if code == 250:
            code, answer = client.data(raw)
        if code != 250:
            raise smtplib.SMTPResponseException(code, answer)
