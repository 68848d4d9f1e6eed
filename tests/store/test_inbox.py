from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from mailer.store.db import Store
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope


def envelope(now: datetime, raw: bytes = b"Subject: x\r\n\r\nhello\r\n") -> Envelope:
    return Envelope(raw, "ana@acme.example", ("wells@cop.example",), "127.0.0.1", True, now)


def test_what_is_accepted_comes_back_whole_and_in_order(store: Store, now: datetime) -> None:
    mails = [envelope(now, b"one"), envelope(now, b"two\x00\xff"), envelope(now, b"three")]
    with store.writing() as conn:
        ids = inbox.accept(conn, mails)
    with store.reading() as conn:
        assert inbox.waiting(conn, 10) == ids == sorted(ids)
        assert inbox.waiting(conn, 10, fresh=True) == ids
    with store.writing() as conn:
        begun = inbox.begin(conn, ids)
    assert [mail.envelope for mail in begun] == mails
    assert [mail.tries for mail in begun] == [1, 1, 1]
    with store.reading() as conn:
        assert inbox.waiting(conn, 10, fresh=True) == []
        assert inbox.fetch(conn, ids[1]) == begun[1]


def test_large_mails_are_not_begun_together(store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "TOGETHER", 1000)
    sizes = (400, 600, 1, 5000, 300)
    with store.writing() as conn:
        ids = inbox.accept(conn, [envelope(now, b"x" * size) for size in sizes])
        together = []
        while waiting := inbox.waiting(conn, 10, fresh=True):
            together.append([ids.index(mail.id) for mail in inbox.begin(conn, waiting)])
    assert together == [[0, 1], [2], [3], [4]]


def test_a_mail_is_done_once(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        [mail] = inbox.accept(conn, [envelope(now)])
        assert inbox.done(conn, mail, "print", now) is True
        assert inbox.done(conn, mail, "print", now) is False
        assert inbox.waiting(conn, 10) == []
        assert inbox.twin(conn, "print", "wells@cop.example", now) == mail
        assert inbox.twin(conn, "print", "wells-leave@cop.example", now) is None
        assert inbox.twin(conn, "other", "wells@cop.example", now) is None


def test_a_contents_name_minds_no_blanks() -> None:
    raw = b"Subject: a\r\n\r\nhello  there\r\nyou\r\n"
    again = b"Received: x\r\nSubject: a\r\n\r\nhello\tthere \r\nyou\r\n\r\n"
    assert inbox.content(raw) == inbox.content(again) != inbox.content(raw.replace(b"you", b"me"))
    assert inbox.content(b"Subject: a\r\n") == inbox.content(b"")
    long = b"\r\n\r\n" + b"word " * 500_000
    assert inbox.content(long) != inbox.content(long + b"more")


@pytest.mark.fault("F18")
def test_a_poison_mail_is_shunted_after_three_tries_and_can_be_replayed(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        [mail] = inbox.accept(conn, [envelope(now)])
        shunted = []
        for _ in range(3):
            inbox.begin(conn, [mail])
            shunted.append(inbox.trouble(conn, mail, "Traceback", now))
        assert shunted == [False, False, True]
        assert inbox.waiting(conn, 10) == []
        assert inbox.replay(conn, mail) is True
        assert inbox.waiting(conn, 10) == [mail]
        assert inbox.replay(conn, mail) is False


@pytest.mark.fault("F18")
def test_a_mail_that_took_its_readers_down_is_shunted(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        [mail] = inbox.accept(conn, [envelope(now)])
        for _ in range(inbox.DEATHS):
            assert inbox.shunt_spent(conn, now) == 0
            inbox.begin(conn, [mail])
        assert inbox.shunt_spent(conn, now) == 1
        assert inbox.waiting(conn, 10) == []


async def test_work_once_begun_is_carried_to_its_end(store: Store, now: datetime) -> None:
    import asyncio

    task = asyncio.create_task(store.write(inbox.accept, [envelope(now)]))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for _ in range(100):
        if await store.read(inbox.waiting, 10):
            break
        await asyncio.sleep(0.02)
    assert len(await store.read(inbox.waiting, 10)) == 1


async def test_two_readers_never_begin_the_same_fresh_mails(postgres_url: str, now: datetime, tmp_path: Path) -> None:
    store = Store(postgres_url, tmp_path)
    with store.writing() as conn:
        ids = inbox.accept(conn, [envelope(now)] * 3)
    with store.writing() as one, store.writing() as other:
        assert inbox.waiting(one, 2, fresh=True) == ids[:2]
        assert inbox.waiting(other, 9, fresh=True) == ids[2:]
    store.close()


def test_what_waits_and_what_is_shunted_is_found_without_reading_every_mail(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url, tmp_path)
    with store.reading() as conn:
        asked: list[tuple[str, object]] = []
        sa.event.listen(conn, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        inbox.counts(conn)
        inbox.shunted(conn, 9)
        plans = [conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all() for sql, values in asked[:3]]
    store.close()
    assert [row[3] for plan in plans for row in plan if "INDEX" not in row[3] and "inbox" in row[3]] == []
