"""A database comes to its shape whoever else is bringing it there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import posting
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from archiving import community, message, new

from mailer.errors import Misconfigured
from mailer.store import migrate
from mailer.store import tables as t
from mailer.store.db import Store
from mailer.store.talk import posts, search


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url: sa.URL = request.getfixturevalue("_postgres")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.exec_driver_sql("CREATE DATABASE empty")
    yield url.set(database="empty").render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.exec_driver_sql("DROP DATABASE empty WITH (FORCE)")
    admin.dispose()


def test_processes_that_start_at_once_take_turns(empty_url: str, tmp_path: Path) -> None:
    stores = [Store(empty_url, tmp_path) for _ in range(3)]
    try:
        assert migrate.behind(stores[0])[0] is None
        with ThreadPoolExecutor(len(stores)) as pool:
            assert list(pool.map(migrate.upgrade, stores)) == [None] * len(stores)
        has, wants = migrate.behind(stores[0])
        assert has == wants is not None
    finally:
        for store in stores:
            store.close()


def test_migrations_form_one_line_and_files_bear_their_revisions(store: Store) -> None:
    with store.reading() as conn:
        line = ScriptDirectory.from_config(migrate.config(conn))
    assert line.get_heads() == [migrate.behind(store)[1]]
    assert all(Path(each.path).name.startswith(f"{each.revision}_") for each in line.walk_revisions())


def test_what_was_kept_before_is_found_after(store: Store) -> None:
    with store.writing() as conn:
        homes = [community(conn, name) for name in ("wells", "pumps")]
        for home in homes:
            kept = posts.add(conn, new(home, message("a", text="ceramic gaskets")))
            search.forget(conn, [kept.post_id])
            if store.sqlite:
                old = "INSERT INTO post_search (rowid, terms) VALUES (:post, 'ceram gasket')"
            else:
                old = "INSERT INTO post_search VALUES (:post, array_to_tsvector(ARRAY['ceram', 'gasket']))"
            conn.execute(sa.text(old), {"post": kept.post_id})
        line = ScriptDirectory.from_config(migrate.config(conn))
        with Operations.context(MigrationContext.configure(conn)):
            line.get_revision("0009").module.upgrade()
        assert [[hit.post_id for hit in search.find(conn, home, "gaskets", "en")] for home in homes] == [[1], [2]]


def test_a_number_that_our_mails_carry_is_never_given_again(store: Store) -> None:
    numbers = []
    for _ in range(2):
        home = posting.community(store, ["ana@acme.example"])
        posting.post(store, home)
        with store.writing() as conn:
            tables = (t.delivery, t.variant, t.mailing, t.membership, t.address, t.community)
            carried = (t.delivery, t.address, t.community)
            numbers.append([conn.scalar(sa.select(sa.func.max(table.c.id))) for table in carried])
            for table in tables:
                conn.execute(sa.delete(table))
    assert [new > old for old, new in zip(*numbers, strict=True)] == [True] * 3


def test_a_database_of_something_else_is_left_alone(empty_url: str, tmp_path: Path) -> None:
    store = Store(empty_url, tmp_path)
    try:
        with store.writing() as conn:
            conn.exec_driver_sql("CREATE TABLE post (theirs INTEGER)")
        for look in (migrate.upgrade, migrate.behind):
            with pytest.raises(Misconfigured, match="the tables of something else"):
                look(store)
        with store.reading() as conn:
            assert sa.inspect(conn).get_table_names() == ["post"]
    finally:
        store.close()
