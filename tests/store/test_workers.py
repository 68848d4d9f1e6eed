"""What a dead process had in hand is taken back at once; what a living one has is left alone."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.traffic import deliveries, inbox, mailings, tries, workers
from mailer.store.traffic.inbox import Envelope
from mailer.store.traffic.workers import LIFE, Hand, Rescued

LEASE = timedelta(minutes=5)
THEM, ME = 11, 22


@pytest.fixture
def begun(store: Store, now: datetime) -> list[int]:
    """Three mails, two in the hand of another process, which has claimed one of two deliveries as well."""
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        mailing = mailings.add(conn, "post", wells, "1@cop.example", now, about=mailings.About())
        assert mailing
        variant = mailings.add_variant(conn, mailing, "", b"Subject: x\r\n\r\nx\r\n", personal=False)
        to = [deliveries.Recipient(f"{name}@nord.example", None, variant) for name in ("ana", "bob")]
        deliveries.fan_out(conn, mailing, to, now)
        tries.claim(conn, 1, now, LEASE, worker=THEM)
        ids = inbox.accept(conn, [Envelope(b"x", "", ("wells@cop.example",), "", True, now) for _ in range(3)])
        inbox.begin(conn, ids[:2], THEM)
    return ids


def test_what_another_has_in_hand_is_passed_over(store: Store, begun: list[int]) -> None:
    with store.writing() as conn:
        assert inbox.waiting(conn, 9) == begun[2:]
        assert inbox.waiting(conn, 9, fresh=True) == begun[2:]


def test_a_process_that_lives_keeps_what_it_has(postgres_url: str, tmp_path: Path, now: datetime) -> None:
    store, other = Store(postgres_url, tmp_path), Store(postgres_url, tmp_path)
    with store.writing() as conn:
        ids = inbox.accept(conn, [Envelope(b"x", "", ("wells@cop.example",), "", True, now)])
        inbox.begin(conn, ids, THEM)
    with other.engine.connect() as life:
        life.execute(sa.select(sa.func.pg_advisory_lock(LIFE, THEM)))
        with store.writing() as conn:
            assert workers.rescue(conn, ME) == Rescued()
        life.invalidate()  # as a kill would
    for _ in range(600):  # the server needs a moment to see it
        with store.writing() as conn:
            found = workers.rescue(conn, ME, [])
        if found.missed:
            break
        time.sleep(0.05)
    assert found == Rescued(missed=frozenset({THEM}))  # it may be back in a moment
    with store.writing() as conn:
        assert workers.rescue(conn, ME, found.missed) == Rescued(mails=1)
        assert inbox.waiting(conn, 9) == ids
    store.close()
    other.close()


def test_what_the_dead_had_is_due_at_once_and_may_have_been_sent(store: Store, begun: list[int], now: datetime) -> None:
    with store.writing() as conn:
        assert workers.rescue(conn, THEM) == Rescued()  # one's own work is nobody's to take
        assert workers.rescue(conn, ME) == Rescued(mails=2, deliveries=1)
        assert workers.rescue(conn, ME) == Rescued()
        assert inbox.waiting(conn, 9) == [begun[2], *begun[:2]]
        assert [one.ambiguous for one in deliveries.queue(conn)] == [True, False]
        assert len(tries.claim(conn, 9, now, LEASE, worker=ME)) == 2


def test_a_reader_that_fell_over_begins_again_what_it_had(store: Store, begun: list[int]) -> None:
    with store.writing() as conn:
        assert workers.let_go(conn, [THEM]) == 2
        assert inbox.waiting(conn, 9, fresh=True) == begun[2:]
        assert inbox.waiting(conn, 9) == [begun[2], *begun[:2]]


def test_who_has_what_in_hand(store: Store, begun: list[int], now: datetime) -> None:
    with store.reading() as conn:
        assert workers.hands(conn) == [Hand("", mails=2, deliveries=1)]
        if store.sqlite:
            assert workers.hands(conn, "mailer 7") == [Hand("mailer 7", mails=2, deliveries=1)]
            return
    with store.engine.connect() as life:
        life.execute(sa.select(sa.func.set_config("application_name", "mailer one:7", False)))
        life.execute(sa.select(sa.func.pg_advisory_lock(LIFE, THEM)))
        life.execute(sa.select(sa.func.pg_advisory_lock(LIFE, ME)))
        with store.reading() as conn:
            assert workers.hands(conn) == [Hand("mailer one:7", 2, 1), Hand("mailer one:7", 0, 0)]
        life.invalidate()
