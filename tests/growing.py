"""An archive of any size in minutes: rows written straight into the real tables and indexes of SQLite, then measured.

A post every ten minutes by one of the members, threads of six, words by Zipf's law; what a post leaves behind when it
goes out (mailing, variant, deliveries, ledger) is there too. They are the rows that the reader makes of the same mails:
tests/store/test_growing.py compares them.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from mailer.inbound.reader import Reader
from mailer.jobs import digest
from mailer.outbound.desk import House
from mailer.store.db import Store
from mailer.store.record import vitals
from mailer.store.society import people
from mailer.store.talk import posts, search, stems
from mailer.store.traffic import inbox, tries
from mailer.store.traffic.inbox import Envelope
from mailer.store.traffic.tries import Result

BEGAN = datetime(2007, 1, 1, tzinfo=UTC)
EVERY = timedelta(minutes=10)
THREAD = 6  # posts
MEMBERS = ("ana", "bob", "cleo", "dan", "eve")
WORDS = 20  # of a post
VOCABULARY = 30_000
_MEASURE = 100  # instructions of SQLite's machine between two counts

_ROWS = {
    "thread": "id, community_id, subject, base_subject, person_id, started_at, last_at",
    "inbox": "id, raw, mail_from, recipients, peer, trusted, received_at, state, tries, fingerprint, done_at",
    "post": "id, community_id, thread_id, parent_id, message_id, refs, inbox_id, person_id, author, subject,"
    " base_subject, sender, sent_at, posted_at, new_text, text, folded, content_hash",
    "node": "community_id, message_id, thread_id, post_id",
    "post_search": "rowid, terms",
    "mailing": "id, community_id, kind, subject, message_id, offers, thread_id, post_id, numbers, priority, created_at",
    "variant": "id, mailing_id, key, raw, personal",
    "delivery": "mailing_id, variant_id, address_id, email, state, priority, tries, next_try, ambiguous, reply,"
    " created_at, sent_at",
    "ledger": "at, community_id, inbox_id, person_id, post_id, what, detail",
}
_OUT = b"X" * 1_400  # octets; what our fields and the footer add to a post


def moment(number: int) -> datetime:
    """When the post of this number was written."""
    return BEGAN + EVERY * number


@dataclass
class Archive:
    """A community of five whose posts are numbered from 1; `now` is when the next one comes."""

    store: Store
    house: House
    size: int = 0
    home: int = 0
    members: list[people.Person] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        letters = "bcdfghklmnprstvz"
        self.words = ["".join(self.dice.choice(letters) + self.dice.choice("aeiou") for _ in "1234")
                      for _ in range(VOCABULARY)]  # fmt: skip
        total, self.weights = 0.0, []
        for rank in range(VOCABULARY):
            total += 1 / (rank + 10)
            self.weights.append(total)
        with self.store.writing() as conn:
            self.home = people.add_community(conn, "wells", BEGAN)
            for name in MEMBERS:
                who = people.add_person(conn, f"{name}@acme.example", BEGAN, name=name.title(), confirmed=True)
                people.join(conn, who, self.home, BEGAN)
                self.members.append(who)

    @property
    def now(self) -> datetime:
        return moment(self.size + 1)

    def text(self, count: int = WORDS) -> str:
        return " ".join(self.dice.choices(self.words, cum_weights=self.weights, k=count))

    def grow(self, size: int) -> None:
        """Until it holds this many posts. Ids leave room for what came by mail before."""
        self.size += -self.size % THREAD
        while self.size < size:
            last = min(size, self.size + 20_000)
            with self.store.writing() as conn:
                self._write(conn, range(self.size + 1, last + 1))
            self.size = last
        with self.store.writing() as conn:
            conn.exec_driver_sql("ANALYZE")

    def _write(self, conn: Connection, numbers: range) -> None:
        made: dict[str, list[tuple[object, ...]]] = {table: [] for table in _ROWS}
        for number in numbers:
            for table, row in self._rows(number):
                made[table].append(row)
        for table, columns in _ROWS.items():
            marks = ", ".join("?" * (columns.count(",") + 1))
            if made[table]:
                conn.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", made[table])

    def mail(self, number: int) -> tuple[people.Person, str, str, bytes]:
        """Who writes the post of this number, its subject, its words, and the whole mail."""
        first, who, text = self.first(number), self.members[number % len(self.members)], self.text()
        subject = f"Re: matter {first}" if number > first else f"matter {first}"
        named = f"In-Reply-To: <{first}@acme.example>\r\n" if number > first else ""
        return who, subject, text, self._octets(who, number, subject, named, text)

    @staticmethod
    def first(number: int) -> int:
        """The post that began the thread of this one."""
        return (number - 1) // THREAD * THREAD + 1

    @staticmethod
    def _octets(who: people.Person, number: int, subject: str, named: str, text: str) -> bytes:
        return (
            "Authentication-Results: mx.cop.example; dmarc=pass header.from=acme.example\r\n"
            f"From: {who.name} <{who.email}>\r\nTo: wells@cop.example\r\nSubject: {subject}\r\n"
            f"{named}Message-ID: <{number}@acme.example>\r\n\r\n{text}\r\n"
        ).encode()

    def _rows(self, number: int) -> Iterator[tuple[str, tuple[object, ...]]]:
        at, first, home = stamp(moment(number)), self.first(number), self.home
        who, subject, text, raw = self.mail(number)
        base, name, mailing = f"matter {first}", f"{number}@acme.example", 4 * number
        parent, refs = (first, f'["{first}@acme.example"]') if number > first else (None, "[]")
        if number == first:
            last = stamp(moment(number + THREAD - 1))
            yield "thread", (number, home, subject, base, who.id, at, last)
        print_ = f"{hash((number, text)) & (1 << 64) - 1:040x}"
        yield "inbox", (number, raw, who.email, '["wells@cop.example"]', "127.0.0.1", True, at, "done", 1, print_, at)
        said = (who.id, who.name, subject, base, who.email, at, at, text, f"{text}\n", "[]", print_)
        yield "post", (number, home, first, parent, name, refs, number, *said)
        yield "node", (home, name, first, number)
        found_by = stems.terms(search.text_of(subject, who.name, (), text), "en", kept=True)
        yield "post_search", (number, search.row(home, found_by))
        yield "mailing", (mailing, home, "post", subject, name, "[]", first, number, "{}", 1, at)
        yield "variant", (mailing, mailing, "en", raw + _OUT, True)
        for to in self.members:
            if to is not who:
                sent = ("sent", 1, 1, at, False, "250 ok", at, at)
                yield "delivery", (mailing, mailing, to.address_id, to.email, *sent)
        yield "ledger", (at, home, number, who.id, number, "posted", f"thread {first}")

    # ---- what is measured

    async def post(self, reader: Reader, reply: bool) -> None:
        """One more by mail: accepted, read, and on its way to the members."""
        number = self.size + 1
        who, about = self.members[number % len(self.members)], max(1, number - 9)
        named = f"In-Reply-To: <{about}@acme.example>\r\n" if reply else ""
        subject = "Re: matter" if reply else "matter"
        await self.take(reader, who, self._octets(who, number, subject, named, self.text()))

    async def take(self, reader: Reader, who: people.Person, raw: bytes) -> None:
        """This mail, accepted and read."""
        envelope = Envelope(raw, who.email, ("wells@cop.example",), "127.0.0.1", True, self.now)
        await self.store.write(inbox.accept, [envelope])
        assert await reader.step() == 1
        self.size += 1

    def send(self, conn: Connection) -> int:
        """Claim what waits, and mark it as sent; how many recipients."""
        claimed = tries.claim(conn, 500, self.now, timedelta(minutes=5), worker=1)
        tries.variants(conn, {one.variant_id for one in claimed})
        tries.mark(conn, [Result(one.id, one.tries, "sent", "250 ok") for one in claimed], self.now)
        tries.next_due(conn)
        return len(claimed)

    def thread(self, conn: Connection) -> None:
        found = posts.by_message_id(conn, self.home, f"{self.dice.randrange(1, self.size + 1)}@acme.example")
        assert found and posts.posts_of(conn, found.thread_id)

    def find(self, conn: Connection) -> None:
        search.find(conn, self.home, self.text(3), "en")

    def related(self, conn: Connection) -> None:
        search.related(conn, self.home, self.text(60))

    def digest(self, conn: Connection) -> None:
        here = people.community_by_id(conn, self.home)
        members, desk = people.members(conn, self.home), self.house.desk(conn, self.now)
        found = digest.gather(conn, here, self.now - timedelta(days=1), self.now)
        assert digest.copies(desk, here, members, found, "daily")

    def vitals(self, conn: Connection) -> None:
        vitals.look(conn)


def stamp(at: datetime) -> str:
    """As SQLite keeps it."""
    return at.isoformat(sep=" ", timespec="microseconds")


@dataclass
class Cost:
    """Instructions of SQLite's machine, and seconds of the processor."""

    steps: int = 0
    seconds: float = 0.0


@contextmanager
def cost(store: Store) -> Iterator[Cost]:
    """What is done by the one writer of this SQLite database meanwhile."""
    found = Cost()

    def count() -> int:
        found.steps += _MEASURE
        return 0

    with store.writing() as conn:
        raw = conn.connection.driver_connection
    assert raw is not None
    raw.set_progress_handler(count, _MEASURE)
    begun = time.process_time()
    try:
        yield found
    finally:
        found.seconds = time.process_time() - begun
        raw.set_progress_handler(None, 0)


def each(store: Store, times: int, work: Callable[[Connection], object]) -> list[Cost]:
    """The cost of each of several goes."""
    found = []
    for _ in range(times):
        with cost(store) as one, store.writing() as conn:
            work(conn)
        found.append(one)
    return found
