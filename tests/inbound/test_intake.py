import asyncio
import errno
import sqlite3
from datetime import datetime

import pytest
from sqlalchemy.exc import OperationalError

from mailer import journal
from mailer.errors import TryLater
from mailer.inbound import intake
from mailer.inbound.intake import Intake
from mailer.store.db import Store
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope


def envelope(now: datetime, raw: bytes = b"a mail", sender: str = "ana@acme.example") -> Envelope:
    return Envelope(raw, sender, ("wells@cop.example",), "127.0.0.1", True, now)


async def test_every_mail_gets_its_own_id(store: Store, now: datetime) -> None:
    door = Intake(store, lambda: None)
    ids = await asyncio.gather(*(door.keep(envelope(now, b"%d" % number)) for number in range(30)))
    assert len(set(ids)) == 30
    kept = {mail: await store.read(inbox.raw, mail) for mail in ids}
    assert kept == {mail: b"%d" % number for number, mail in enumerate(ids)}


async def test_a_cancelled_client_does_not_undo_its_mail(store: Store, now: datetime) -> None:
    door = Intake(store, lambda: None)
    keeping, other = (asyncio.create_task(door.keep(envelope(now))) for _ in range(2))
    await asyncio.sleep(0)
    keeping.cancel()
    assert await other == 2
    await door.close()
    assert keeping.cancelled()
    assert await store.read(inbox.waiting, 9) == [1, 2]


async def test_a_mail_the_database_cannot_take_does_not_take_the_others_with_it(store: Store, now: datetime) -> None:
    arrivals: list[int] = []
    door = Intake(store, lambda: arrivals.append(1))
    mails = [envelope(now, b"one"), envelope(now, sender="\udcff"), envelope(now, b"three")]
    results = await asyncio.gather(*map(door.keep, mails), return_exceptions=True)
    assert [type(result) for result in results] == [int, TryLater, int]
    assert [await store.read(inbox.raw, mail) for mail in await store.read(inbox.waiting, 9)] == [b"one", b"three"]
    assert arrivals == [1]


async def test_a_reader_in_trouble_does_not_keep_clients_waiting(store: Store, now: datetime) -> None:
    def arrived() -> None:
        raise RuntimeError("no reader")

    door = Intake(store, arrived)
    keeping = [asyncio.create_task(door.keep(envelope(now)))]
    await asyncio.sleep(0)
    keeping += [asyncio.create_task(door.keep(envelope(now))) for _ in range(2)]
    assert len(set(await asyncio.gather(*keeping))) == 3


async def test_a_store_that_is_gone_is_try_later_and_complained_of_once(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.write(lambda conn: conn.exec_driver_sql("ALTER TABLE inbox RENAME TO away") and None)
    said: list[str] = []
    monkeypatch.setattr(journal, "trouble", lambda what, **facts: said.append(what))
    monkeypatch.setattr(journal, "say", lambda what, **facts: said.append(what))
    door = Intake(store, lambda: None)
    for _ in range(3):
        with pytest.raises(TryLater) as later:
            await door.keep(envelope(now))
        assert later.value.reason == "trouble"
    await store.write(lambda conn: conn.exec_driver_sql("ALTER TABLE away RENAME TO inbox") and None)
    assert await door.keep(envelope(now)) > 0
    assert said == ["mail cannot be kept", "mail is kept again"]


async def test_batches_are_bounded(store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "OCTETS", 100)
    monkeypatch.setattr(intake, "MAILS", 3)
    arrivals: list[int] = []
    door = Intake(store, lambda: arrivals.append(1))
    sizes = [60, 60, 300, 1, 1, 1, 1]
    await asyncio.gather(*(door.keep(envelope(now, b"x" * size)) for size in sizes))
    assert len(arrivals) == 5  # 60 | 60 | 300 | 1 1 1 | 1


def test_which_errors_mean_a_full_disk() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert [
        intake._full(error)
        for error in (
            OperationalError("INSERT", {}, full),
            OSError(errno.ENOSPC, "No space left on device"),
            OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked")),
            ValueError("other"),
        )
    ] == [True, True, False, False]
