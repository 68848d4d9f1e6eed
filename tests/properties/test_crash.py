"""A crash at every commit, then a restart, equals no crash: nothing is lost, and nobody gets anything twice.

A fortnight in a community is played into the inbox. Then it is played again as often as it has commits, and the process
dies right before one of them or right after it. Whoever handed the mail over hears no 250 and hands it over again.
"""

import asyncio
import itertools
import json
import re
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from printing import press
from sqlalchemy import Connection, event

from mailer.app import furnish
from mailer.config import Settings, Trust
from mailer.inbound.reader import Reader
from mailer.jobs.clock import Clock
from mailer.mail import addressing, tokens
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.store import migrate
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.traffic import inbox, workers
from mailer.store.traffic.inbox import Envelope

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
BORDER = "mx.cop.example"
KEYS = Keys(b"a key for tests, long enough")
ANA, BOB, CLEO, NIA = "ana@acme.example", "bob@nord.example", "cleo@far.example", "nia@new.example"
LIST = "wells@cop.example"

Picture = dict[str, Counter[str]]


class Killed(BaseException):
    """What no code of ours may catch: the process is gone."""


class Mortal(Store):
    """A store whose process dies at its n-th commit: right before it, or right after."""

    def __init__(self, url: str, place: Path, doomed: int = 0, *, after: bool = False) -> None:
        super().__init__(url, place, connections=2)
        self.commits, self.doomed, self.after = 0, doomed, after
        event.listen(self.engine, "commit", self._before)

    def _before(self, _: Connection) -> None:
        self.commits += 1
        if self.commits == self.doomed and not self.after:
            raise Killed

    @contextmanager
    def writing(self, lightly: bool = False) -> Iterator[Connection]:
        with super().writing(lightly) as conn:
            yield conn
        if self.commits == self.doomed and self.after:
            self.doomed = 0
            raise Killed


# --- the script


Step = Callable[[Connection], Envelope]  # what is written by somebody with the mails we sent so far before them


def got(conn: Connection, who: str, kind: str) -> tuple[int, Message]:
    """The last mail of a kind to someone, with the id of its delivery."""
    query = (
        "SELECT d.id, v.raw FROM delivery d JOIN mailing m ON m.id = d.mailing_id JOIN variant v ON v.id = d.variant_id"
        f" WHERE d.email = '{who}' AND m.kind = '{kind}' ORDER BY d.id DESC LIMIT 1"
    )
    delivery, raw = conn.exec_driver_sql(query).one()
    return delivery, parse(bytes(raw))


def mail(who: str, to: str, subject: str, text: str, *, proven: bool = True, headers: str = "") -> bytes:
    border = f"Authentication-Results: {BORDER}; dmarc=pass header.from={who.partition('@')[2]}\r\n"
    id = re.sub(r"\W", "", subject + text)[:40]
    return (
        f"{border if proven else ''}From: <{who}>\r\nTo: <{to}>\r\nSubject: {subject}\r\n"
        f"Date: {format_datetime(START)}\r\nMessage-ID: <{id}@{who.partition('@')[2]}>\r\n{headers}\r\n{text}\r\n"
    ).encode()


def write(who: str, to: str, subject: str, text: str, *, proven: bool = True) -> Step:
    return lambda conn: _envelope(who, to, mail(who, to, subject, text, proven=proven))


def reply(who: str, kind: str, text: str, *, proven: bool = True) -> Step:
    def step(conn: Connection) -> Envelope:
        _, answered = got(conn, who, kind)
        to = (answered.reply_to or answered.senders)[0].address
        named = f"In-Reply-To: <{answered.message_id}>\r\n"
        return _envelope(who, to, mail(who, to, f"Re: {answered.subject}", text, proven=proven, headers=named))

    return step


def bounce(conn: Connection) -> Envelope:
    delivery, _ = got(conn, CLEO, "post")
    to = addressing.join("wells", "bounces", tokens.seal(KEYS, "bounce", delivery), "cop.example", "-")
    report = (
        "From: MAILER-DAEMON@far.example\r\nSubject: Undelivered Mail\r\nMessage-ID: <b1@far.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.far.example\r\n\r\n"
        f"Final-Recipient: rfc822; {CLEO}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    return _envelope("", to, report.encode())


def _envelope(who: str, to: str, raw: bytes) -> Envelope:
    return Envelope(raw, who, (to,), "127.0.0.1", True, START)


LOSSES = write(BOB, LIST, "Losses at the shoe", "Who has cured losses at the shoe?")
WEBINAR = "Thursday 12 March 2026, 10:00-11:00\nPlace: Room 2\n\nIngrid shows how."
SCRIPT: tuple[tuple[Step, ...], ...] = (  # mails of one line arrive together
    (LOSSES, write(ANA, LIST, "News", "#announce #urgent\n\nA new rig comes in May.")),
    (
        reply(BOB, "post", "thanks"),
        reply(CLEO, "post", "We had one, too."),
        write(CLEO, LIST, "Beads #lesson #cementing", "Ceramic beads hold."),
    ),
    (write(NIA, LIST, "Centralisers", "Which held up for you?", proven=False),),
    (reply(NIA, "stranger-held", "yes", proven=False),),
    (reply(CLEO, "post", "daily", proven=False),),
    (reply(CLEO, "sender-confirm", "yes", proven=False),),
    (write(ANA, "wells-event@cop.example", "Webinar: barriers", WEBINAR),),
    (reply(ANA, "event-preview", "send"),),
    (reply(BOB, "event-invite", "yes, but late"), reply(NIA, "event-invite", "no")),
    (bounce, write(NIA, "wells-leave@cop.example", "leave", ""), LOSSES),
    (lambda conn: _envelope(BOB, LIST, b"\xff\xfe From nowhere\r\n\tbroken\x00: \r\n\r\n\xc3"),),
)
LINES = range(len(SCRIPT) + 1)  # and a night


# --- playing it


class Play:
    """Lines of the script, dying once if the store is doomed, and coming back."""

    def __init__(self, url: str, place: Path, house: House, doomed: int = 0, *, after: bool = False) -> None:
        self.url, self.place, self.house = url, place, house
        self.store: Store = Mortal(url, place, doomed, after=after)
        self.died, self.now = False, START

    async def line(self, number: int) -> None:
        """Mails come in and are read; after the last line a night passes."""
        self.now = START + timedelta(minutes=10 * number)
        if number == len(SCRIPT):
            self.now = START + timedelta(days=1)
            await self._surely(lambda: Clock(self.house, self.store, int, lambda: self.now).tick(self.now))
            return
        with self.store.reading() as conn:
            envelopes = [step(conn) for step in SCRIPT[number]]
        await self._surely(lambda: self.store.write(inbox.accept, envelopes))
        await self._surely(self._read)

    async def _read(self) -> None:
        reader = Reader(self.house, self.store, int, lambda: self.now)
        while await reader.step():
            pass

    async def _surely(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do it; after a death once more, by a process that remembers nothing."""
        try:
            await work()
        except Killed:
            self.died = True
            self.store.close()
            self.store = Store(self.url, self.place, connections=2)
            await self.store.write(workers.rescue, self.store.worker)  # as every start does
            await work()

    def picture(self) -> Picture:
        """All that became of it, without the numbers and the words of chance in it."""
        with self.store.reading() as conn:
            return {what: Counter(map(_bare, conn.execute(sa.text(query)))) for what, query in PICTURES.items()}


PICTURES = {
    "archive": "SELECT p.author, p.subject, p.new_text, p.state, q.subject, q.author, t.subject, t.state"
    " FROM post p JOIN thread t ON t.id = p.thread_id LEFT JOIN post q ON q.id = p.parent_id",
    "items": "SELECT i.number, i.kind, i.title, i.text, i.status FROM item i",
    "tags": "SELECT p.subject, g.name FROM tagging JOIN tag g ON g.id = tag_id JOIN post p ON p.id = post_id",
    "members": "SELECT a.email, p.name, m.role, m.mode, m.state, a.bounce_score, a.confirmed_at FROM membership m"
    " JOIN address a ON a.id = m.address_id JOIN person p ON p.id = m.person_id",
    "people": "SELECT email FROM address",
    "asks": "SELECT k.kind, k.state, a.email, i.mail_from FROM ask k LEFT JOIN address a ON a.person_id = k.person_id"
    " LEFT JOIN inbox i ON i.id = k.inbox_id",
    "answers": "SELECT k.kind, a.email, w.value, w.comment FROM answer w JOIN ask k ON k.id = w.ask_id"
    " JOIN address a ON a.person_id = w.person_id WHERE w.superseded_by IS NULL",
    "events": "SELECT title, state, sequence, starts_at, place FROM event",
    "ledger": "SELECT l.what, l.detail, a.email, b.email FROM ledger l LEFT JOIN address a ON a.person_id = l.person_id"
    " LEFT JOIN address b ON b.person_id = l.other_id WHERE l.what != 'duplicate'",
    "mail": "SELECT d.email, m.kind, m.subject, d.state FROM delivery d JOIN mailing m ON m.id = d.mailing_id",
    "inbox": "SELECT DISTINCT state, trouble FROM inbox",
    "clock": "SELECT job, slot, outcome FROM runs",
}


def _bare(row: Sequence[object]) -> str:
    """A row without ids: what a ledger line calls "thread 7" may be thread 8."""
    told = json.dumps([*row], default=str)
    return re.sub(r"(thread|event) \d+|\.000000|\+00:00", "", told)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    place = str(tmp_path_factory.mktemp("state"))
    return furnish(Settings(domain="cop.example", state=place, trust=Trust(authserv_id=BORDER)), KEYS, press())


def found(url: str, place: Path) -> str:
    """The community and its three members."""
    store = Store(url, place)
    migrate.upgrade(store)
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", START, zone="Europe/Oslo")
        for address, name in ((ANA, "Ana Lima"), (BOB, "Bob Berg"), (CLEO, "Cleo Diaz")):
            who = people.add_person(conn, address, START, name=name, confirmed=True)
            people.join(conn, who, wells, START, role="facilitator" if address == ANA else "member")
    store.close()
    return url


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory, house: House) -> tuple[Path, list[Picture]]:
    """The play without a death: a copy of the database before each line, and the picture after it."""
    place, pictures = tmp_path_factory.mktemp("rehearsal"), []

    async def play() -> None:
        for number in LINES:
            shutil.copy(place / "mailer.db", place / f"before-{number}.db")
            play = Play(url, place, house)
            await play.line(number)
            pictures.append(play.picture())
            play.store.close()

    url = found("sqlite:///mailer.db", place)
    asyncio.run(play())
    return place, pictures


def test_the_play_has_everything_in_it(rehearsal: tuple[Path, list[Picture]]) -> None:
    last = rehearsal[1][-1]
    words = "announced answered asked bounced held invited joined left posted recorded released set thanked"
    assert sorted({json.loads(row)[0] for row in last["ledger"]}) == words.split()
    assert [row for row, times in last["mail"].items() if times > 1] == []
    assert [json.loads(row)[1] for row in last["mail"] if NIA in row] == [
        "stranger-held",
        "member-welcome",
        "event-invite",
        "event-answer",
        "member-left",
    ]


@pytest.mark.fault("F1")
@pytest.mark.parametrize("number", LINES)
async def test_a_death_at_any_commit_is_none(
    number: int, rehearsal: tuple[Path, list[Picture]], house: House, tmp_path: Path
) -> None:
    """From the same beginning each line ends in the same picture, so the whole play does."""
    rehearsed, pictures = rehearsal
    for doomed in itertools.count(1):
        # Right after a commit is right before the next, but for the first: who handed the mail over waits for its 250.
        for after in (False, True) if doomed == 1 else (False,):
            url = f"sqlite:///{doomed}-{after}.db"
            shutil.copy(rehearsed / f"before-{number}.db", tmp_path / f"{doomed}-{after}.db")
            play = Play(url, tmp_path, house, doomed, after=after)
            await play.line(number)
            picture = play.picture()
            play.store.close()
            assert picture == pictures[number], f"died at commit {doomed}"
        if not play.died:
            assert doomed > 3
            return


@pytest.mark.fault("F1")
@pytest.mark.parametrize(("doomed", "after"), [(3, False), (21, True), (34, False), (47, True)])
async def test_so_it_is_on_postgresql(
    doomed: int, after: bool, postgres_url: str, rehearsal: tuple[Path, list[Picture]], house: House, tmp_path: Path
) -> None:
    play = Play(found(postgres_url, tmp_path), tmp_path, house, doomed, after=after)
    for number in LINES:
        await play.line(number)
    picture = play.picture()
    play.store.close()
    assert play.died
    assert picture == rehearsal[1][-1]
