"""Killed half-way through a migration, an import, a job of the clock: begun again it comes to the same end, once."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import printing
import pytest
import sqlalchemy as sa
from alembic import command
from killing import line_of_settings

from mailer import config
from mailer.store import migrate
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.tables import delivery, inbox, mailing, post
from mailer.verbs.doorway import ready_store

DYING = Path(__file__).parent / "dying.py"
ROWS = 300
NEVER = 1_000_000
FILLERS = {int: 1, bool: False, bytes: b"x", datetime: datetime(2026, 3, 3, tzinfo=UTC), dict: {}, list: []}


def run(place: Path, statement: int, *words: str) -> bool:
    """Whether it came to its end; if not, it died of what it was to die of."""
    verb, *more = words
    settings = str(place / "mailer.toml")
    done = subprocess.run([sys.executable, DYING, str(statement), verb, "-c", settings, *more], capture_output=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode == 0


def settled(place: Path, url: str) -> config.Settings:
    """Settings with this database."""
    (place / "secret.key").touch(0o600)
    (place / "secret.key").write_text("a key for tests, long enough")
    (place / "mailer.toml").write_text(f'domain = "cop.example"\n{line_of_settings("database.url", url)}')
    printing.lend(place)
    return config.load(place / "mailer.toml")


# --- a migration


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database of the first version with mail in it."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    admin = None
    if request.param == "postgres":
        server: sa.URL = request.getfixturevalue("_postgres")
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            conn.exec_driver_sql("CREATE DATABASE half_done")
        url = server.set(database="half_done").render_as_string(hide_password=False)
    store = Store(url, tmp_path)
    with store.writing() as conn:
        command.upgrade(migrate.config(conn), "0001")
        _fill(conn)
    yield store
    store.close()
    if admin:
        with admin.connect() as conn:
            conn.exec_driver_sql("DROP DATABASE half_done WITH (FORCE)")
        admin.dispose()


def _fill(conn: sa.Connection) -> None:
    """Rows that the oldest version could have written."""
    there = sa.MetaData()
    there.reflect(conn, only=["inbox"])
    table = there.tables["inbox"]
    row = {
        column.name: FILLERS.get(column.type.python_type, "x")
        for column in table.columns
        if not column.nullable and not column.primary_key and column.server_default is None
    }
    conn.execute(table.insert(), [{**row, "state": "done", "mail_from": f"m{n}@acme.example"} for n in range(ROWS)])


def _as_it_is(store: Store) -> tuple[str | None, int, int]:
    """Its revision, how many mails and how many senders it holds."""
    with store.reading() as conn:
        mails, senders = conn.exec_driver_sql("SELECT count(*), count(DISTINCT mail_from) FROM inbox").one()
    return migrate.behind(store)[0], mails, senders


@pytest.mark.fault("F23")
@pytest.mark.fault("F1")
def test_a_migration_killed_half_way_is_as_if_it_had_not_begun(old: Store, tmp_path: Path) -> None:
    settled(tmp_path, old.url.render_as_string(hide_password=False))
    for statement in (8, 40):
        assert not run(tmp_path, statement, "queue")
        assert _as_it_is(old) == ("0001", ROWS, ROWS)
    assert run(tmp_path, NEVER, "queue")
    assert _as_it_is(old) == (migrate.behind(old)[1], ROWS, ROWS)


# --- an import


@pytest.mark.fault("F1")
def test_an_import_killed_again_and_again_takes_each_mail_once(sqlite_url: str, tmp_path: Path) -> None:
    store = ready_store(settled(tmp_path, sqlite_url))
    with store.writing() as conn:
        people.add_community(conn, "wells", datetime.now(UTC))
    mails = 600  # three transactions
    (tmp_path / "old.mbox").write_bytes(b"".join(map(_mail, range(mails))))
    words = ("import", "--community", "wells", str(tmp_path / "old.mbox"))
    kills = 0
    while not run(tmp_path, 20 * 2**kills, *words):
        kills += 1
        with store.reading() as conn:
            raws = sa.select(sa.func.count()).select_from(inbox)
            posts = sa.select(sa.func.count()).select_from(post)
            assert conn.scalar(raws) == conn.scalar(posts)  # a mail and its post come together
    assert kills >= 2
    with store.reading() as conn:
        ids = list(conn.scalars(sa.select(post.c.message_id)))
    store.close()
    assert sorted(ids) == sorted(f"{number}@old.example" for number in range(mails))


def _mail(number: int) -> bytes:
    return (
        f"From x Tue Mar  3 09:00:00 2026\nFrom: <m{number % 9}@old.example>\nTo: <wells@cop.example>\n"
        f"Subject: Post {number}\nDate: Tue, 3 Mar 2026 09:00:00 +0000\nMessage-ID: <{number}@old.example>\n\n"
        f"The seal of well {number} held.\n\n"
    ).encode()


# --- a job


@pytest.mark.fault("F1")
def test_a_digest_killed_while_it_is_made_goes_out_once(sqlite_url: str, tmp_path: Path) -> None:
    store = ready_store(settled(tmp_path, sqlite_url))
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", start)
        for number in range(5):
            who = people.add_person(conn, f"m{number}@acme.example", start, confirmed=True)
            people.join(conn, who, wells, start, mode="daily")
        home = people.community_by_id(conn, wells)
    (tmp_path / "old.mbox").write_bytes(b"".join(map(_mail, range(3))))
    assert run(tmp_path, NEVER, "import", "--community", home.name, str(tmp_path / "old.mbox"))
    kills = 0
    at = ("run-job", "daily-digest", "--community", "wells", "--at", "2026-03-04T09:00")
    while not run(tmp_path, 12 * 2**kills, *at):
        kills += 1
        with store.reading() as conn:
            assert conn.scalar(sa.select(sa.func.count()).select_from(mailing)) == 0
    assert kills >= 2
    with store.reading() as conn:
        told = sorted(conn.scalars(sa.select(delivery.c.email)))
    assert told == [f"m{number}@acme.example" for number in range(5)]
    assert run(tmp_path, NEVER, *at)
    with store.reading() as conn:
        assert sorted(conn.scalars(sa.select(delivery.c.email))) == told
    store.close()
