"""A thousand mails that mean harm, through the real service in one process: over SMTP in, over SMTP out.

After each class: nobody crashed, nothing is on the shunt, every mail that was taken has its outcome, whatever left is
fit to be received and holds nothing of anybody else's, memory has a bound, and an honest mail goes out at once.
"""

import asyncio
import re
import time
from collections.abc import Iterable
from email import message_from_bytes

import psutil
import pytest
from world import BORDER, World

from mailer.mail.parse import parse
from mailer.mail.tokens import unseal
from mailer.mail.writing.lint import lint
from mailer.store.society import people
from mailer.store.traffic import inbox

from . import hostile
from .hostile import ANA, BOB, CLEO, DINA, Harm

GROWTH = 200 << 20  # octets that a class may add to the process; the judges allow a worker 256 MB in all
PATIENCE = 8.0  # seconds of CPU for one mail: SECURITY F15 allows a bomb as much of the wall clock
OURS = re.compile(
    r"from|to|cc|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-type|precedence|"
    r"content-transfer-encoding|content-language|auto-submitted|list-(id|post|help|owner|subscribe|unsubscribe|unsubscribe-post|archive)"
)
RUNS = re.compile(
    rb"(?i)<\s*(script|img|iframe|object|form|svg|embed|base|link|video|template)\b|<meta[^>]*refresh|"
    rb"(href|src)\s*=\s*[\"']?\s*(javascript|data|vbscript):|<[^>]*\s(on[a-z]+|src|srcset|background|poster)\s*=|"
    rb"<[^>]*style=[^>]*(url|expression)\("
)
MEMBERS = {ANA: "facilitator", BOB: "member", CLEO: "member", DINA: "member"}
PRODUCT = "62615533"  # of what stands in double braces
ASKED = re.compile(r"(victim|p)\d*@innocent\.example|a@b\.example")  # strangers that our mails question or invite
TOKEN = re.compile(r"-(r|leave)-([a-z2-7]{16,64})@")


class Client:
    """One SMTP session after the other; every reply is of the table."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def say(self, octets: bytes) -> str:
        assert self.writer
        self.writer.write(octets)
        return await self.reply()

    async def reply(self) -> str:
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 60)).decode("ascii")
            if line[3:4] != "-":
                return line

    async def hand_in(self, harm: Harm) -> str:
        """The last reply: to the dot, or to what was refused before."""
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            await self.reply()
            await self.say(b"EHLO client.example\r\n")
        raw = f"Authentication-Results: {BORDER}; {harm.border}\r\n".encode() + harm.raw
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        for line in (f"MAIL FROM:<{harm.mail_from}>\r\n", f"RCPT TO:<{harm.to}>\r\n", "DATA\r\n"):
            if (said := await self.say(line.encode()))[0] not in "23":
                break
        else:
            said = await self.say(stuffed + end)
        if said[0] != "2":
            self.writer.close()
        return said


def unfit(raw: bytes) -> list[str]:
    """What is wrong with a mail of ours, seen by others' eyes."""
    head = raw.partition(b"\r\n\r\n")[0]
    names = [name.decode().lower() for name in re.findall(rb"(?m)^([^\s:]+):", head.replace(b"\r\n", b"\n"))]
    found = lint(raw) + [f"a field {name}" for name in names if not OURS.fullmatch(name)]
    pages = [
        one.get_payload(decode=True) for one in message_from_bytes(raw).walk() if one.get_content_type() == "text/html"
    ]
    return found + [f"it acts: {hit[0]!r}" for page in pages if (hit := RUNS.search(page))]


def told(world: World, raw: bytes, to: str) -> list[str]:
    """What of others stands in a mail to this person."""
    message = parse(raw)
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    shown = "\n".join(
        (head, message.subject, message.text, message.html, *(one.name for one in message.attachments))
    ).lower()
    others = [one for one in MEMBERS if one != to and MEMBERS.get(to) != "facilitator" and one in shown]
    if "invites you" in message.subject:  # whoever is invited may know by whom
        others = [one for one in others if one != ANA]
    with world.app.store.reading() as conn:
        person = people.by_email(conn, to)
    for purpose, token in TOKEN.findall(shown):
        ids = unseal(world.app.house.keys, {"r": "reply", "leave": "leave"}[purpose], token)
        if ids and person and person.id not in ids:
            others.append(f"a token {purpose}")
    return others + (["a template was run"] if PRODUCT in shown else [])


class Play:
    """The service and what was seen of it until now."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, Client(world.app.listener.ports["smtp"])
        self.process, self.seen, self.slowest = psutil.Process(), 0, 0.0
        self.faults: list[str] = []

    async def one(self, name: str, harm: Harm) -> None:
        start = time.process_time()
        said = await self.client.hand_in(harm)
        if not re.match(r"(250|5\d\d|452) \d\.\d\.\d+ [ -~]*\r\n$", said):
            self.faults.append(f"{name}: {said!r}")
        await self.world.settle()
        if (spent := time.process_time() - start) > PATIENCE:
            self.faults.append(f"{name}: {spent:.1f} s of CPU")
        self.slowest = max(self.slowest, spent)
        if said.startswith("250"):
            self._has_outcome(name, int(said.split()[-1]))
        self._fit(name)

    def _has_outcome(self, name: str, id: int) -> None:
        with self.world.app.store.reading() as conn:
            lines = conn.exec_driver_sql(f"SELECT count(*) FROM ledger WHERE inbox_id = {id}").scalar()
            row = conn.exec_driver_sql(f"SELECT state, trouble FROM inbox WHERE id = {id}").one()
        if row[0] != "done" or not lines or row[1]:
            self.faults.append(f"{name}: {row[0]}, {lines} lines, {str(row[1])[-600:]}")

    def _fit(self, name: str) -> None:
        for got in self.world.sink.mails[self.seen :]:
            found = unfit(got.raw)
            for to in got.rcpts:
                known = (
                    to in MEMBERS
                    or to == hostile.EVE
                    or re.fullmatch(r"(victim|p)\d*@innocent\.example|a@b\.example", to)
                )
                found += told(self.world, got.raw, to) + ([] if known else [f"who is {to}"])
            self.faults += [
                f"{name}: {fault} in a mail to {got.rcpts}: {parse(got.raw).subject[:60]!r}" for fault in found
            ]
        self.seen = len(self.world.sink.mails)

    async def honest(self) -> None:
        """A post that reaches the others."""
        n = len(self.world.outcomes())
        self.world.sink.mails.clear()
        self.seen = 0
        author = f"Cleo Diaz <{CLEO}>"
        raw = hostile.mail(
            f"An ordinary answer about pump number {n}.", author=author, subject=f"Pump {n}", id=f"honest{n}"
        )
        await self.one("honest", Harm(raw, mail_from=CLEO, border="dmarc=pass header.from=far.example"))
        got = sorted(to for mail in self.world.sink.mails for to in mail.rcpts)
        if not {ANA, BOB, DINA} <= set(got):
            self.faults.append(f"an honest mail reached {got}")

    async def week(self) -> None:
        """Digests, reminders and what else the clock brings, with all that was said and set."""
        await self.world.wait(days=8)
        self._fit("a week later")

    async def play(self, mails: Iterable[tuple[str, Harm]]) -> None:
        before = self.process.memory_info().rss
        for name, harm in mails:
            await self.one(name, harm)
        await self.honest()
        grown = self.process.memory_info().rss - before
        if grown > GROWTH:
            self.faults.append(f"{grown >> 20} MB more")
        with self.world.app.store.reading() as conn:
            self.faults += [f"{state}: {count}" for state, count in inbox.counts(conn)]


def pick(name: str, every: int) -> list[tuple[str, Harm]]:
    """One in so many of a class, another each class, so that all kinds of words come through."""
    return list(hostile.CLASSES[name]())[len(name) % every :: every]


@pytest.mark.parametrize("name", hostile.CLASSES)
async def test_no_mail_of_this_class_does_any_harm(world: World, name: str) -> None:
    play = Play(world)
    await play.play(pick(name, 4 if name == "bombs" else 8))
    assert play.faults == []


async def test_what_was_said_and_set_does_no_harm_in_a_week_of_mails(world: World) -> None:
    """Names, titles, tags and meetings of hostile words are in everything that goes out from then on."""
    play = Play(world)
    for name in hostile.CLASSES:
        if name.startswith("injection"):
            await play.play(pick(name, 25))
    await play.play(hostile.persistent_fields())
    await play.week()
    assert play.faults == []


@pytest.mark.bench
async def test_all_of_them_in_one_life(world: World) -> None:
    play = Play(world)
    for name, mails in hostile.CLASSES.items():
        start, count = time.process_time(), 0
        for each, harm in mails():
            await play.one(f"{name}: {each}", harm)
            count += 1
        await play.play(hostile.persistent_fields())
        spent = time.process_time() - start
        size = play.process.memory_info().rss >> 20
        print(f"{name:24} {count:4} mails {spent:6.1f} s CPU, slowest {play.slowest:.2f} s, {size} MB")
    await play.week()
    assert play.faults == []


def test_there_are_a_thousand() -> None:
    assert sum(len(list(mails())) for mails in hostile.CLASSES.values()) >= 1000
