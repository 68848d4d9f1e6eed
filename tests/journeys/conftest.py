"""Each journey is played over real SMTP, against SQLite and, one in three, against a real PostgreSQL.

`MAILER_EVERYWHERE=1` plays them all on both: what the journeys stand on is tested on both in tests/store in any case.
"""

import os
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kept_promises import broken
from world import World

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("MAILER_EVERYWHERE"):
        return
    left = [item for item in items if HERE in item.path.parents and "[postgres" in item.name and not _chosen(item)]
    config.hook.pytest_deselected(items=left)
    gone = set(left)
    items[:] = [item for item in items if item not in gone]


def _chosen(item: pytest.Item) -> bool:
    """The same third on every machine."""
    return zlib.crc32(item.name.encode()) % 3 == 0


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The service with the community `wells` and nobody in it. In the end every word that any mail offered must be
    one that is understood in reply to it, in each language."""
    async with World(database_url, tmp_path) as made:
        made.community("wells", zone="Europe/Oslo")
        yield made
        assert broken(made) == []


@pytest.fixture
def ana(world: World) -> str:
    """The facilitator."""
    return world.member("ana@acme.example", "Ana Lima", role="facilitator", organisation="Acme")


@pytest.fixture
def bob(world: World) -> str:
    return world.member("bob@nord.example", "Bob Berg", organisation="Nord Drilling")


@pytest.fixture
def cleo(world: World) -> str:
    return world.member("cleo@far.example", "Cleo Diaz")
