"""Each journey is played over real SMTP, against SQLite and against a real PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kept_promises import broken
from world import World


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
