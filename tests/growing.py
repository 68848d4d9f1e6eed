"""An archive of any size in seconds: rows written straight into the real tables and indexes of SQLite, then measured.

A post every ten minutes by one of the members, threads of about six, words by Zipf's law; what a post leaves behind
when it goes out (mailing, variant, delivery, ledger) is there too.
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
from mailer.store.talk import posts, search
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
    "inbox": "id, raw, mail_from, recipients, trusted, received_at, state, tries, fingerprint, done_at",
    "post": "id, community_id, thread_id, parent_id, message_id, refs, inbox_id, person_id, author, subject,"
    " base_subject, sender, sent_at, posted_at, new_text, text, folded, content_hash",
    "node": "community_id, message_id, thread_id, post_id",
    "post_search": "rowid, terms",
    "mailing": "id, community_id, kind, message_id, offers, thread_id, post_id, inbox_id, numbers, priority,"
    " created_at",
    "variant": "id, mailing_id, key, raw, personal",
    "delivery": "mailing_id, variant_id, address_id, email, state, priority, tries, next_try, ambiguous, created_at,"
    " sent_at",
    "ledger": "at, community_id, inbox_id, person_id, post_id, what",
}


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

    def _rows(self, number: int) -> Iterator[tuple[str, tuple[object, ...]]]:
        at, who, text = stamp(moment(number)), self.members[number % len(self.members)], self.text()
        to = self.members[(number + 1) % len(self.members)]
        first = (number - 1) // THREAD * THREAD + 1
        subject, name = f"matter {first}", f"{number}@acme.example"
        parent, refs = (first, f'["{first}@acme.example"]') if number > first else (None, "[]")
        thread, mailing, person, home = first, 4 * number, who.id, self.home
        if number == first:
            last = stamp(moment(number + THREAD - 1))
            yield "thread", (thread, home, subject, subject, person, at, last)
        print_ = f"{hash((number, text)) & (1 << 64) - 1:040x}"
        raw, out, our_id = text.encode(), 1, f"p{number}@cop.example"
        named = (person, who.name, subject, subject, who.email)
        yield "inbox", (number, raw, who.email, "[]", True, at, "done", 1, print_, at)
        yield "post", (number, home, thread, parent, name, refs, number, *named, at, at, text, text, "[]", print_)
        yield "node", (home, name, thread, number)
        yield "post_search", (number, text)
        yield "mailing", (mailing, home, "post", our_id, "[]", thread, number, number, "{}", out, at)
        yield "variant", (mailing, mailing, "", raw, True)
        yield "delivery", (mailing, mailing, to.address_id, to.email, "sent", out, 1, at, False, at, at)
        yield "ledger", (at, home, number, person, number, "posted")

    # ---- what is measured

    async def post(self, reader: Reader, reply: bool) -> None:
        """One more by mail: accepted, read, and on its way to the members."""
        number = self.size + 1
        who, about = self.members[number % len(self.members)], max(1, number - 9)
        named = f"In-Reply-To: <{about}@acme.example>\r\n" if reply else ""
        raw = (
            "Authentication-Results: mx.cop.example; dmarc=pass header.from=acme.example\r\n"
            f"From: {who.name} <{who.email}>\r\nTo: wells@cop.example\r\nSubject: {'Re: ' if reply else ''}matter\r\n"
            f"{named}Message-ID: <{number}@acme.example>\r\n\r\n{self.text()}\r\n"
        )
        envelope = Envelope(raw.encode(), who.email, ("wells@cop.example",), "127.0.0.1", True, self.now)
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
