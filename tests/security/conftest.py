"""A community of four, on SQLite: what these tests look for is above the database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from world import World

from .hostile import ANA, BOB, CLEO, DINA


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """`wells`: Ana facilitates, Bob, Cleo and Dina are members, of several languages."""
    async with World(sqlite_url, tmp_path) as made:
        made.community("wells", zone="Europe/Oslo")
        made.member(ANA, "Ana Lima", role="facilitator", organisation="Acme")
        made.member(BOB, "Bob Berg", organisation="Nord Drilling")
        made.member(CLEO, "Cleo Diaz", language="es")
        made.member(DINA, "Dina Eck", language="de")
        yield made
