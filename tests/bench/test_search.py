"""Searches and related threads in an archive of 100,000 posts, both databases. Prints, asserts no time.

Words by Zipf's law, so that most searches hold a common word; MAILER_POSTS sets another size.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from archiving import NOW, community
from sqlalchemy import Connection

from mailer.store import tables
from mailer.store.db import Store
from mailer.store.talk import imports, search

SIZE = int(os.environ.get("MAILER_POSTS", "100000"))
LENGTH, VOCABULARY, THREAD, CHUNK = 60, 50_000, 6, 5_000
TIMES = 200


class Language:
    """Texts of words by Zipf's law, the same at each run."""

    def __init__(self) -> None:
        self.dice = random.Random(1)
        letters = "bcdfghklmnprstvz"
        choice = self.dice.choice
        self.words = ["".join(choice(letters) + choice("aeiou") for _ in "1234") for _ in range(VOCABULARY)]
        self.weights = [1 / (rank + 10) for rank in range(VOCABULARY)]
        for rank in range(1, VOCABULARY):
            self.weights[rank] += self.weights[rank - 1]

    def text(self, count: int) -> str:
        return " ".join(self.dice.choices(self.words, cum_weights=self.weights, k=count))


def fill(conn: Connection, home: int, language: Language) -> None:
    """Posts in threads, findable; not woven."""
    for first in range(1, SIZE + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, SIZE + 1))
        at = {number: NOW + timedelta(minutes=number) for number in numbers}
        threads = [
            {"id": number, "community_id": home, "started_at": at[number], "last_at": at[number]}
            for number in numbers
            if number % THREAD == 1
        ]
        conn.execute(sa.insert(tables.thread), threads)
        rows = [
            {
                "id": number, "community_id": home, "thread_id": (number - 1) // THREAD * THREAD + 1, "refs": [],
                "author": "Ana", "subject": f"matter {number}", "message_id": f"{number}@x", "folded": [],
                "sent_at": at[number], "posted_at": at[number], "new_text": language.text(LENGTH),
            }
            for number in numbers
        ]  # fmt: skip
        conn.execute(sa.insert(tables.post), rows)
        search.index(conn, home, "en", [(row["id"], row["new_text"]) for row in rows])


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_search(store: Store) -> None:
    language = Language()
    with store.writing() as conn:
        home = community(conn)
        fill(conn, home, language)
    with store.writing() as conn:
        imports.settle(conn)
    common = language.words[:20]
    looks: dict[str, Callable[[Connection], object]] = {
        "find 3 words": lambda conn: search.find(conn, home, language.text(3), "en"),
        "find 1 common word": lambda conn: search.find(conn, home, language.dice.choice(common), "en"),
        "find 2 common words": lambda conn: search.find(conn, home, " ".join(language.dice.sample(common, 2)), "en"),
        "related to 60 words": lambda conn: search.related(conn, home, language.text(LENGTH)),
    }
    print(f"\nsearch in {SIZE:,} posts, {store.engine.dialect.name}", file=sys.stderr)
    for name, look in looks.items():
        took, spent = [], []
        with store.reading() as conn:
            for _ in range(TIMES):
                begun, used = time.perf_counter(), time.thread_time()
                look(conn)
                took.append(1e3 * (time.perf_counter() - begun))
                spent.append(1e3 * (time.thread_time() - used))
        wall, cpu = (
            f"p50 {sorted(each)[TIMES // 2]:6.1f}, p99 {sorted(each)[TIMES * 99 // 100]:6.1f} ms"
            for each in (took, spent)
        )
        print(f"  {name:<22} {wall}; CPU of ours {cpu}", file=sys.stderr)
