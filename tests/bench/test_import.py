"""Import, growth and search in figures; asserts nothing about time. MAILER_POSTS sets how far the archive grows."""

import os
import random
import resource
import time
from itertools import accumulate
from pathlib import Path

import figures
import pytest
from archiving import community, message, new

from mailer.store.db import Store
from mailer.store.talk import imports, posts, search
from mailer.verbs import importing
from mailer.verbs.mboxes import Mbox

pytestmark = pytest.mark.bench
ARCHIVE = "netfilter-10k.mbox.xz"
GROWN = int(os.environ.get("MAILER_POSTS", "20000"))
WORDS = 60  # of a post


@pytest.mark.timeout(300)
def test_an_archive_with_threads_and_index(store: Store, corpora: Path) -> None:
    with store.writing() as conn:
        home = community(conn)
    letters = Mbox(corpora / "archives" / ARCHIVE)
    begun, mine, read = time.perf_counter(), time.process_time(), of_readers()
    for last in importing.run(store, home, "wells", letters):
        count = last
    seconds, mine, read = time.perf_counter() - begun, time.process_time() - mine, of_readers() - read
    letters.close()
    begun = time.perf_counter()
    for _ in importing.run(store, home, "wells", Mbox(corpora / "archives" / ARCHIVE)):
        pass
    again = time.perf_counter() - begun
    each = 1e6 * (mine + read) / count.mails
    figures.keep("import, threads, index", store.engine.dialect.name, "mails", [count.mails / seconds], each)
    print(f"\nimport {store.engine.dialect.name}: {count}")
    print(
        f"  {count.mails / seconds:,.0f} mails a second; {1e3 * mine / count.mails:.2f} ms of CPU a mail in the writer,"
        f" {1e3 * read / count.mails:.2f} in the readers; with both cores to itself at most {2e6 / each:,.0f} a second"
    )
    print(f"  once more, to pass over all of it: {count.mails / again:,.0f} a second")
    print("  mu 804, notmuch 272, public-inbox 96 a second on 20,000 mails (measured elsewhere)")


def of_readers() -> float:
    """Seconds of CPU of the processes that are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.timeout(600)
def test_the_cost_of_a_post_as_the_archive_grows(store: Store) -> None:
    """Single posts, as they come by mail; then searches. Words by Zipf's law, threads of about six."""
    dice = random.Random(1)
    letters = "bcdfghklmnprstvz"
    vocabulary = ["".join(dice.choice(letters) + dice.choice("aeiou") for _ in range(4)) for _ in range(50_000)]
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    with store.writing() as conn:
        home = community(conn)
    made, step = 0, max(1, GROWN // 10)
    print(f"\na post as the archive grows, {store.engine.dialect.name}")
    while made < GROWN:
        mails = []
        for number in range(made, made + step):
            parent = [f"{dice.randrange(max(0, number - 200), number)}@x"] if number and dice.random() < 0.85 else []
            text = " ".join(dice.choices(vocabulary, cum_weights=weights, k=WORDS))
            mails.append(new(home, message(f"{number}@x", parent, f"subject {number}", text), number))
        with store.writing() as conn:
            posts.add_many(conn, mails[:-200])
        begun = time.perf_counter()
        for mail in mails[-200:]:
            with store.writing() as conn:
                posts.add(conn, mail)
        each = 1000 * (time.perf_counter() - begun) / len(mails[-200:])
        made += step
        with store.writing() as conn:
            imports.settle(conn)
        with store.reading() as conn:
            begun = time.perf_counter()
            for _ in range(10):
                search.find(conn, home, " ".join(dice.choices(vocabulary, cum_weights=weights, k=3)), "en", 20)
            found = 100 * (time.perf_counter() - begun)
            begun = time.perf_counter()
            for _ in range(5):
                search.related(conn, home, " ".join(dice.choices(vocabulary, cum_weights=weights, k=WORDS)))
            related = 200 * (time.perf_counter() - begun)
        bar = "#" * round(10 * each)
        print(f"  {made:>9,} posts: {each:5.2f} ms a post, find {found:5.1f} ms, related {related:5.1f} ms {bar}")
