"""Searches and related threads in an archive of 100,000 posts, both databases. Prints, asserts no time.

Words by Zipf's law, so that most searches hold a common word; MAILER_POSTS sets another size.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import psutil
import pytest
import sqlalchemy as sa
from archiving import NOW, community
from sqlalchemy import Connection

from mailer.store import tables
from mailer.store.db import Store
from mailer.store.talk import imports, search

SIZE = int(os.environ.get("MAILER_POSTS", "100000"))
LENGTH, VOCABULARY, THREAD, CHUNK = 60, 50_000, 6, 5_000
TIMES = 100


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


def wishes(language: Language, home: int) -> dict[str, Callable[[Connection], object]]:
    """What is looked for, the worst of each sort too."""
    dice, words = language.dice, language.words
    common, middling, rare = words[:20], words[300:1500], words[20_000:]  # in most posts, in hundreds, in a few

    def find(say: Callable[[], str]) -> Callable[[Connection], object]:
        return lambda conn: search.find(conn, home, say(), "en")

    def related(say: Callable[[], str]) -> Callable[[Connection], object]:
        return lambda conn: search.related(conn, home, say())

    return {
        "find 3 words": find(lambda: language.text(3)),
        "find 1 common word": find(lambda: dice.choice(common)),
        "find 2 common words": find(lambda: " ".join(dice.sample(common, 2))),
        "find 12 common words": find(lambda: " ".join(dice.sample(common, 12))),
        "find 1 common, 1 rare": find(lambda: f"{dice.choice(common)} {dice.choice(rare)}"),
        "find 6 in hundreds each": find(lambda: " ".join(dice.sample(middling, 6))),
        "find 12 rare words": find(lambda: " ".join(dice.sample(rare, 12))),
        "find a quoted phrase": find(lambda: f'"{language.text(5)}"'),
        "find a #tag": find(lambda: f"#{dice.choice(rare)} {dice.choice(common)}"),
        "find a beginning*": find(lambda: f"{dice.choice(common)[:4]}*"),
        "find what is nowhere": find(lambda: f"zzq {language.text(2)}"),
        "find signs of a query": find(lambda: f'NEAR("{language.text(2)}", 5) OR NOT ({language.text(1)}:* & | !<->)'),
        "find one letter of two": find(lambda: "泵 更 " * 50),
        "find 2,000 words": find(lambda: language.text(2_000)),
        "related to 60 words": related(lambda: language.text(LENGTH)),
        "related to 2,000 words": related(lambda: language.text(2_000)),
        "related, in hundreds each": related(lambda: " ".join(dice.sample(middling, LENGTH))),
    }


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_search(store: Store) -> None:
    language = Language()
    with store.writing() as conn:
        home = community(conn)
        fill(conn, home, language)
    with store.writing() as conn:
        imports.settle(conn)
    looks = wishes(language, home)
    print(f"\nsearch in {SIZE:,} posts, {store.engine.dialect.name}", file=sys.stderr)
    for name, look in looks.items():
        took, spent = [], []
        with store.reading() as conn:
            before = of_server(conn)
            for _ in range(TIMES):
                begun, used = time.perf_counter(), time.thread_time()
                look(conn)
                took.append(1e3 * (time.perf_counter() - begun))
                spent.append(1e3 * (time.thread_time() - used))
            server = 1e3 * (of_server(conn) - before) / TIMES
        wall, cpu = (
            f"p50 {sorted(each)[TIMES // 2]:6.1f}, p99 {sorted(each)[TIMES * 99 // 100]:6.1f} ms"
            for each in (took, spent)
        )
        beside = "" if store.sqlite else f"; of the server {server:.1f} each"
        print(f"  {name:<26} {wall}; CPU of ours {cpu}{beside}", file=sys.stderr)


def of_server(conn: Connection) -> float:
    """Seconds of CPU that the server's side of this connection has taken; SQLite has none."""
    if conn.dialect.name == "sqlite":
        return 0.0
    times = psutil.Process(conn.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()).cpu_times()
    return times.user + times.system
