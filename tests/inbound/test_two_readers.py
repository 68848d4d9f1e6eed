"""Two processes read at the same time: the same mail handed over to both is one post."""

import asyncio
import threading
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from printing import press

from mailer.app import furnish
from mailer.config import Settings, Trust
from mailer.inbound.reader import Reader
from mailer.mail.tokens import Keys
from mailer.store import tables
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope

WRITERS = [f"m{number}@nord.example" for number in range(20)]


def envelope(who: str, now: datetime) -> Envelope:
    raw = (
        f"Authentication-Results: mx.cop.example; dmarc=pass header.from=nord.example\r\nFrom: <{who}>\r\n"
        f"To: <wells@cop.example>\r\nSubject: Of {who}\r\nMessage-ID: <1.{who}>\r\n\r\nWords of {who}.\r\n"
    )
    return Envelope(raw.encode(), who, ("wells@cop.example",), "127.0.0.1", True, now)


async def test_the_same_mails_at_the_same_time_are_posted_once(
    postgres_url: str, tmp_path: Path, now: datetime
) -> None:
    settings = Settings(domain="cop.example", state=str(tmp_path), trust=Trust(authserv_id="mx.cop.example"))
    house = furnish(settings, Keys(b"a key for tests, long enough"), press())
    stores = [Store(postgres_url, tmp_path), Store(postgres_url, tmp_path)]
    with stores[0].writing() as conn:
        wells = people.add_community(conn, "wells", now)
        for who in WRITERS:
            people.join(conn, people.add_person(conn, who, now, confirmed=True), wells, now)
        inbox.accept(conn, [envelope(who, now) for who in WRITERS * 2])
    readers = [Reader(house, store, lambda: None, lambda: now) for store in stores]
    assert await asyncio.gather(*(reader.step() for reader in readers)) == [20, 20]
    with stores[0].reading() as conn:
        posted = sorted(conn.scalars(sa.select(tables.post.c.message_id)))
        mailings = conn.scalar(sa.select(sa.func.count()).where(tables.mailing.c.kind == "post"))
    for store in stores:
        store.close()
    assert posted == sorted(f"1.{who}" for who in WRITERS)
    assert mailings == len(WRITERS)


def test_who_reads_the_same_mail_waits_and_sees_its_twin(postgres_url: str, tmp_path: Path, now: datetime) -> None:
    one, other = Store(postgres_url, tmp_path), Store(postgres_url, tmp_path)
    with one.writing() as conn:
        first, second = inbox.accept(conn, [envelope(WRITERS[0], now)] * 2)
    print_, seen = inbox.fingerprint([b"the same"]), []

    def read_again() -> None:
        with other.writing() as conn:
            assert inbox.done(conn, second, print_, now)
            seen.append(inbox.twin(conn, print_, "wells@cop.example", now, second))

    with one.writing() as conn:
        assert inbox.done(conn, first, print_, now)
        reading = threading.Thread(target=read_again)
        reading.start()
        reading.join(0.5)  # time enough to go wrong
    reading.join(30)
    assert seen == [first]
    one.close()
    other.close()
