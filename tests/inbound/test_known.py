"""Which addresses are ours: nobody is refused from memory, and a flood of strangers costs few looks."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from mailer.config import Settings
from mailer.inbound.known import Known
from mailer.mail.tokens import Keys, seal
from mailer.store.db import Store
from mailer.store.society import people

KEYS = Keys(b"a key for tests, long enough")


@pytest.fixture
def known(store: Store, tmp_path: Path) -> Known:
    return Known(Settings(domain="cop.example", state=str(tmp_path)), store, KEYS)


async def test_a_community_is_there_for_everyone_as_soon_as_it_is(store: Store, known: Known, now: datetime) -> None:
    assert not await known("wells@cop.example")
    with store.writing() as conn:  # as another process would
        people.add_community(conn, "wells", now)
    assert await known("wells@cop.example")
    assert await known("wells-join@cop.example")
    assert not await known("wells@elsewhere.example")


async def test_a_bounce_is_for_a_delivery_or_for_a_mail_that_many_got_and_names_whose_it_is(
    store: Store, known: Known, now: datetime
) -> None:
    with store.writing() as conn:
        people.add_community(conn, "wells", now)
    own, many, other = (seal(KEYS, purpose, 7) for purpose in ("bounce", "mailing", "leave"))
    taken = [
        f"wells-b-{own}",
        f"wells-b-{many}",
        f"wells-b-{many}-ann=far.example",
        f"wells+b+{many}+a-b+c=d.example",
    ]
    refused = [f"wells-b-{own}-ann=far.example", f"wells-b-{other}", f"wells-b-{many[:-1]}b-ann=far.example"]
    refused += [f"wells-b-{many}-ann", f"wells-b-{many}-", f"wells-leave-{many}", f"wells-r-{many}-ann=far.example"]
    answers = {local: await known(f"{local}@cop.example") for local in taken + refused}
    assert answers == dict.fromkeys(taken, True) | dict.fromkeys(refused, False)


async def test_a_flood_of_strangers_costs_few_looks(store: Store, known: Known, now: datetime) -> None:
    with store.writing() as conn:
        people.add_community(conn, "wells", now)
    looks: list[str] = []
    sa.event.listen(store._reader, "before_cursor_execute", lambda *given: looks.append(given[2]))
    answers = await asyncio.gather(*(known(f"nobody{number}@cop.example") for number in range(1000)))
    assert set(answers) == {False}
    assert len([statement for statement in looks if "community" in statement]) <= 4
    seen = len(looks)
    assert set(await asyncio.gather(*(known("wells@cop.example") for _ in range(1000)))) == {True}
    assert len(looks) == seen  # those who are known are known by heart
