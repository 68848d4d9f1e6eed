"""The paragraphs that people repeat under every mail: their employer's notice, not their words.

Counted by person; what comes often enough is learnt. What came once or twice is forgotten in time. Called by the
reader, after a post and before the next one is told apart.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from mailer.store.tables import habit

TIMES = 3  # mails that end alike make a habit
MEMORY = timedelta(days=90)  # for a paragraph that is none yet
LONGEST = 8000  # characters of a paragraph; whoever writes more at the end of a mail means it


def count(conn: Connection, person_id: int, blocks: Iterable[str], now: datetime) -> None:
    """One more mail of this person ended in these paragraphs, each normalised."""
    insert: Any = sqlite.insert(habit) if conn.dialect.name == "sqlite" else postgresql.insert(habit)
    rows = [
        {"person_id": person_id, "hash": _hash(block), "block": block, "times": 1, "last_at": now}
        for block in dict.fromkeys(blocks)
        if len(block) <= LONGEST
    ]
    if rows:
        again = {"times": habit.c.times + 1, "last_at": now}
        conn.execute(insert.on_conflict_do_update(index_elements=["person_id", "hash"], set_=again), rows)
    old = sa.and_(habit.c.times < TIMES, habit.c.last_at < now - MEMORY)
    conn.execute(sa.delete(habit).where(habit.c.person_id == person_id, old))


def learnt(conn: Connection, person_id: int) -> frozenset[str]:
    """The paragraphs this person has repeated often enough."""
    query = sa.select(habit.c.block).where(habit.c.person_id == person_id, habit.c.times >= TIMES)
    return frozenset(conn.scalars(query))


def _hash(block: str) -> str:
    return hashlib.sha256(block.encode("utf-8", "replace")).hexdigest()[:40]
