"""A backup is what there was at one moment; a move loses nothing and says so."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from archiving import community, message, new
from click.testing import CliRunner

from mailer.errors import Misconfigured
from mailer.store import alone, copying, tables
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.talk import posting, search
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope
from mailer.verbs.backup import backup
from mailer.verbs.migratedb import migrate_db
from mailer.verbs.operating import queue


@pytest.fixture
def source(sqlite_url: str, tmp_path: Path, now: datetime) -> Iterator[Store]:
    """A community whose reply came before what it answers, a mail with every octet, a person with a NULL or two."""
    store = Store(sqlite_url, tmp_path)
    with store.writing() as conn:
        home = community(conn)
        ana = people.add_person(conn, "ana@acme.example", now, name="Åna 佐藤", confirmed=True)
        people.join(conn, ana, home, now)
        posting.add(conn, new(home, message("b@acme.example", ["a@acme.example"], "Re: Pumps", "They hold #lesson")))
        posting.add(conn, new(home, message("a@acme.example", (), "Pumps", "Ceramic gaskets?"), person=ana.id))
        inbox.accept(conn, [Envelope(bytes(range(256)), "", ("wells@cop.example",), "", True, now)])
    yield store
    store.close()


def test_a_backup_taken_while_mail_comes_in_is_one_moment(source: Store, tmp_path: Path, now: datetime) -> None:
    stop = threading.Event()

    def come_in() -> None:
        while not stop.is_set():
            with source.writing() as conn:  # two rows, or none
                inbox.accept(conn, [Envelope(b"x" * 9000, "", ("wells@cop.example",), "", True, now)] * 2)

    coming = threading.Thread(target=come_in)
    coming.start()
    try:
        for number in range(5):
            copying.back_up(Path(str(source.url.database)), tmp_path / f"{number}.db")
    finally:
        stop.set()
        coming.join()
    for number in range(5):
        with sqlite3.connect(tmp_path / f"{number}.db") as db:
            [count] = db.execute("SELECT count(*) FROM inbox").fetchone()
            assert count % 2 == 1
    assert not list(tmp_path.glob(".*.part"))


def test_a_backup_put_back_is_the_community(source: Store, tmp_path: Path) -> None:
    copying.back_up(Path(str(source.url.database)), tmp_path / "copy.db")
    again = Store("sqlite:///copy.db", tmp_path)
    with source.reading() as old, again.reading() as new:
        for table in tables.meta.sorted_tables:
            assert copying.fingerprint(old, table) == copying.fingerprint(new, table)
        assert [hit.snippet for hit in search.find(new, 1, "gasket", "en")] == ["Ceramic gaskets?"]
    again.close()


def test_the_move_to_postgres_keeps_every_row(source: Store, postgres_url: str, tmp_path: Path, now: datetime) -> None:
    target = Store(postgres_url, tmp_path)
    counts = copying.move(source, target)
    assert (counts["post"], counts["inbox"], counts["person"]) == (2, 1, 1)
    with source.reading() as old, target.writing() as new:
        for table in tables.meta.sorted_tables:
            assert copying.fingerprint(old, table) == copying.fingerprint(new, table)
        assert [hit.snippet for hit in search.find(new, 1, "gasket", "en")] == ["Ceramic gaskets?"]
        assert inbox.raw(new, 1) == bytes(range(256))
        assert inbox.accept(new, [Envelope(b"x", "", (), "", True, now)]) == [2]  # ids go on where they were
    with pytest.raises(Misconfigured, match="not empty"):
        copying.move(source, target)
    target.close()


def test_a_row_changed_on_the_way_stops_the_move(
    source: Store, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Store(postgres_url, tmp_path)
    rename = sa.update(tables.person).values(name="somebody")
    with monkeypatch.context() as patch:
        patch.setattr(copying, "_index", lambda conn: conn.execute(rename))
        with pytest.raises(Misconfigured, match="what arrived in person is not what left"):
            copying.move(source, target)
    with target.reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(tables.post)) == 0
    target.close()


def test_the_verbs_say_what_they_did(
    source: Store, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "mailer.toml"
    settings.write_text(f'domain = "cop.example"\nstate = "{tmp_path}"\n')
    copy = tmp_path / "copy.db"
    said = CliRunner().invoke(backup, [str(copy), "-c", str(settings)])
    assert said.exit_code == 0 and "read through and sound" in said.output
    assert copy.stat().st_mode & 0o077 == 0
    again = CliRunner().invoke(backup, [str(copy), "-c", str(settings)])
    assert isinstance(again.exception, Misconfigured) and "is there already" in str(again.exception)

    move = ["--to", postgres_url, "-c", str(settings)]
    with monkeypatch.context() as patch, alone.held(tmp_path / "mailer.db"):
        patch.setattr(alone, "PATIENCE", 0.1)
        busy = CliRunner().invoke(migrate_db, move)
        assert isinstance(busy.exception, Misconfigured) and "is being served by" in str(busy.exception)
        said = CliRunner().invoke(queue, ["-c", str(settings)])
        assert f"mailer {os.getpid()} has 0 mails and 0 deliveries in hand" in said.output
    moved = CliRunner().invoke(migrate_db, move)
    assert moved.exit_code == 0 and "each compared" in moved.output
    settings.write_text(f'domain = "cop.example"\nstate = "{tmp_path}"\ndatabase.url = "{postgres_url}"\n')
    said = CliRunner().invoke(backup, ["x y.dump", "-c", str(settings)])
    assert said.output.startswith("pg_dump --format=custom --file='x y.dump' ")
