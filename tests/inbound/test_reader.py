"""A mail that harms its reader is set aside, and the others get through."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from printing import lend, press

from mailer.app import furnish
from mailer.config import Settings, Trust
from mailer.inbound.reader import Reader
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.store.db import Store
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope
from mailer.verbs.operating import queue, replay

BOB = "bob@nord.example"


def envelope(now: datetime, subject: str) -> Envelope:
    raw = (
        f"Authentication-Results: mx.cop.example; dmarc=pass header.from=nord.example\r\nFrom: Bob <{BOB}>\r\n"
        f"Subject: {subject}\r\nMessage-ID: <{subject}@nord.example>\r\n\r\nWords about {subject}.\r\n"
    )
    return Envelope(raw.encode(), BOB, ("wells@cop.example",), "127.0.0.1", True, now)


def settle(store: Store, now: datetime, *subjects: str) -> list[int]:
    """The community with Bob in it, and these mails of his waiting."""
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        people.join(conn, people.add_person(conn, BOB, now, name="Bob", confirmed=True), wells, now)
        return inbox.accept(conn, [envelope(now, subject) for subject in subjects])


@pytest.fixture
def house(tmp_path: Path) -> House:
    settings = Settings(domain="cop.example", state=str(tmp_path), trust=Trust(authserv_id="mx.cop.example"))
    return furnish(settings, Keys(b"a key for tests, long enough"), press())


def reader(house: House, store: Store, now: datetime) -> Reader:
    return Reader(house, store, lambda: None, lambda: now)


DEADLY = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from mailer import journal
from mailer.app import furnish
from mailer.config import Settings
from mailer.inbound import gather
from mailer.inbound.reader import Reader
from mailer.mail.tokens import Keys
from mailer.store.traffic import workers
from mailer.store.db import Store

journal.setup()
url, place = sys.argv[1:]
house = furnish(Settings(domain="cop.example", state=place), Keys(b"a key for tests, long enough"))
read = gather.read
gather.read = lambda house, mail: os._exit(9) if b"poison" in mail.envelope.raw else read(house, mail)

async def life():
    store = Store(url, Path(place))
    await store.write(workers.rescue, store.worker)
    reader = Reader(house, store, lambda: None, lambda: datetime(2026, 3, 3, 9, tzinfo=UTC))
    while await reader.step():
        pass
    store.close()

for _ in range(11):  # each life is a process of its own
    if not (child := os.fork()):
        asyncio.run(life())
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.fault("F18")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_mail_that_takes_its_readers_down_is_set_aside_and_a_few_kills_do_not_count(
    store: Store, database_url: str, now: datetime, tmp_path: Path
) -> None:
    lend(tmp_path)
    _, poison, _ = ids = settle(store, now, "before", "poison", "behind")
    ran = subprocess.run(
        [sys.executable, "-c", DEADLY, database_url, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert ran.stdout.split() == ["9"] * inbox.DEATHS + ["0"]
    assert "shunted" in ran.stderr
    with store.reading() as conn:
        assert inbox.shunted(conn, 9) == [(poison, "it took its reader down")]
        assert [[entry.what for entry in ledger.outcomes_of(conn, id)] for id in ids] == [["posted"], [], ["posted"]]


@pytest.mark.fault("F18")
async def test_a_mail_that_cannot_be_handled_is_set_aside_and_replayed(
    sqlite_url: str, house: House, now: datetime, tmp_path: Path
) -> None:
    store = Store(sqlite_url, tmp_path)
    [id] = settle(store, now, "hello")
    (tmp_path / "mailer.toml").write_text(f'domain = "cop.example"\nstate = "{tmp_path}"\n[log]\nlevel = "ERROR"\n')

    def no_luck() -> str:
        raise RuntimeError("no words left")

    broken = reader(replace(house, mint=no_luck), store, now)
    assert [await broken.step() for _ in range(4)] == [1, 1, 1, 0]
    assert await store.read(ledger.outcomes_of, id) == []
    shown = CliRunner().invoke(queue, ["-c", str(tmp_path / "mailer.toml")]).output
    assert f"{id}: RuntimeError: no words left; `mailer replay {id}` tries again" in shown

    said = CliRunner().invoke(replay, [str(id), "-c", str(tmp_path / "mailer.toml")]).output
    assert said == f"{id} will be read again\n"
    assert await reader(house, store, now).step() == 1
    assert [entry.what for entry in await store.read(ledger.outcomes_of, id)] == ["posted"]
    store.close()
