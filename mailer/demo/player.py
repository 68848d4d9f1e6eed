"""Plays the month: every mail goes in over SMTP, every mail out over SMTP, and the clock turns in between."""

import asyncio
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mailer.app import App
from mailer.demo import letters, seeing
from mailer.demo.cast import Play, Player, Scene
from mailer.demo.letters import Letter
from mailer.demo.postoffice import Mail, PostOffice
from mailer.store.record import journals
from mailer.store.society import people

COMMUNITY = "wells"
HOUR = timedelta(hours=1)


class Time:
    """Now, which can be set, and which goes on from there once it is let go."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._offset: timedelta | None = None

    def __call__(self) -> datetime:
        return self._now if self._offset is None else datetime.now(UTC) + self._offset

    def set(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def let_go(self) -> None:
        self._offset = self._now - datetime.now(UTC)

    def pass_by(self, much: timedelta) -> None:
        """On by as much, and on from there."""
        self._now += much
        self._offset = None if self._offset is None else self._offset + much


class Refusal(Exception):
    """Our own port did not take a letter; the words are for who wrote it."""


class Stage:
    """The service, the post office and the people, with the clock in one's hand."""

    def __init__(self, app: App, office: PostOffice, time: Time, border: str) -> None:
        self.app, self.office, self.time, self.border = app, office, time, border
        self._count = 0

    def found(self, play: Play) -> bool:
        """Make the community with everyone who is in it from the first day; False when it is there already."""
        with self.app.store.writing() as conn:
            if people.community_named(conn, COMMUNITY):
                return False
            values = {"title": "Wells", "description": "Everyone who drills, completes or looks after wells."}
            id = people.add_community(conn, COMMUNITY, self.time(), zone="Europe/Oslo", **values)
            for one in play.cast:
                if one.outside:
                    continue
                who = people.add_person(conn, one.address, self.time(), name=one.name, confirmed=True)
                people.change_person(conn, who.id, organisation=one.organisation, language=one.language, zone=one.zone)
                people.join(conn, who, id, self.time(), role=one.role, mode=one.mode)
        return True

    def last_moment(self, play: Play) -> datetime:
        """When the last thing happened here; at least the end of the month."""
        with self.app.store.reading() as conn:
            rows = journals.latest(conn, 1)
        return max(play.ends, rows[0]["at"] if rows else play.ends)

    async def play(self, play: Play, step: Callable[[Scene], None]) -> None:
        """Every scene at its moment; `step` is called before each."""
        for at, scene in play.scenes:
            await self.pass_until(at)
            step(scene)
            await self.act(play, scene)
        await self.pass_until(play.ends)

    async def pass_until(self, moment: datetime) -> None:
        """Time passes; whatever is due on the way is done at its hour."""
        while (now := self.time()) < moment:
            whole = (now + HOUR).replace(minute=0, second=0, microsecond=0)
            self.time.set(min(whole, moment))
            if await self.app.jobs.tick(self.time()):
                await self.settle()

    async def let_pass(self, much: timedelta) -> None:
        """Time passes while the service runs by itself; whatever is due on the way is done at its hour."""
        until = self.time() + much
        while (left := until - self.time()) > timedelta(seconds=1):
            self.time.pass_by(min(HOUR, left))
            if await self.app.jobs.tick(self.time()):
                await self.settle()

    async def act(self, play: Play, scene: Scene) -> None:
        """One mail, and everything it sets in motion."""
        player = play.player(scene.who)
        mail = self.newest(player, scene.answers) if scene.answers else None
        if scene.do in ("accept", "decline") and mail:
            partstat = "ACCEPTED" if scene.do == "accept" else "DECLINED"
            raw = letters.answered(player, mail.message, partstat, self.id(player), self.time())
            await self.submit(player.address, mail.message.calendar.organizer, raw)  # type: ignore[union-attr]
        elif scene.do == "bounce" and mail:
            await self.submit("", mail.mail_from, letters.undelivered(player.address, self.id(player), self.time()))
        elif scene.do == "away" and mail:
            raw = letters.written(
                player, Letter(mail.mail_from, scene.subject, scene.text), self.id(player), self.time()
            )
            await self.submit("", mail.mail_from, b"Auto-Submitted: auto-replied\r\n" + raw)
        else:
            await self.send(player, self.letter(scene, mail))

    def letter(self, scene: Scene, mail: Mail | None) -> Letter:
        if mail is None:
            to = scene.to if "@" in scene.to else f"{scene.to}@{self.app.settings.domain}"
            return Letter(to, scene.subject, scene.text, files=scene.files)
        back, subject = seeing.back(mail.message), seeing.answering(mail.message)
        return Letter(back, subject, scene.text, mail.message, scene.inline, scene.files)

    async def send(self, player: Player, letter: Letter) -> None:
        """Hand a letter in, as this player's mail server does. Raises Refusal."""
        await self.submit(player.address, letter.to, letters.written(player, letter, self.id(player), self.time()))

    async def submit(self, mail_from: str, to: str, raw: bytes) -> None:
        """Over SMTP, with the border's word on who it is; then everything it sets in motion."""
        host = mail_from.rpartition("@")[2]
        says = f"Authentication-Results: {self.border}; dmarc=pass header.from={host}\r\n" if host else ""
        await asyncio.to_thread(_submit, self.app.listener.ports["smtp"], mail_from, to, says.encode() + raw)
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is left to do; once the service runs by itself, until it has had a moment for it."""
        if self.app.running("read"):
            await asyncio.sleep(0.6)
            return
        while await self.app.reader.step():
            pass
        await self.app.deliverer.drain()

    def newest(self, player: Player, subject: str) -> Mail:
        """The newest mail in this mailbox with these words in its subject or text."""
        for mail in reversed(self.office.box(player.address)):
            if subject.lower() in mail.message.subject.lower():
                return mail
        got = [mail.message.subject for mail in self.office.box(player.address)]
        raise LookupError(f"{player.name} has no mail about {subject!r}, but {got}")

    def id(self, player: Player) -> str:
        self._count += 1
        return f"{self.time():%Y%m%d%H%M%S}.{self._count}@{player.address.rpartition('@')[2]}"


def _submit(port: int, mail_from: str, to: str, raw: bytes) -> None:
    try:
        _hand_in(port, mail_from, to, raw)
    except OSError as error:
        raise Refusal(f"The server does not answer: {error}") from None


def _hand_in(port: int, mail_from: str, to: str, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo("border.demo.example")
        code, answer = client.mail(mail_from)
        if code == 250:
            code, answer = client.rcpt(to)
        if code == 250:
            code, answer = client.data(raw)
        if code != 250:
            raise Refusal(f"The server says: {code} {answer.decode('utf-8', 'replace')}.")
