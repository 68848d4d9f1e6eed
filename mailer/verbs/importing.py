"""`mailer import`: an existing archive, with progress, resumable, nothing sent.

Mails are read by a pool of processes while one writer keeps them: a batch is one transaction. What was taken in before
is passed over by its octets alone.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from mailer.errors import Misconfigured
from mailer.store.db import Store
from mailer.store.talk import imports
from mailer.store.talk.imports import Taken
from mailer.verbs import mboxes
from mailer.verbs.doorway import chosen_community, community_option, load, ready_store, settings_option
from mailer.verbs.mboxes import Letter, Mbox, Reading, read

BATCH = 500  # mails in one transaction
HEAVY = 8 << 20  # octets of mail in one transaction, or one mail that is larger
SELDOM = 50_000  # objects between two searches for rings among them: mails that were read are many, without any
AHEAD = 4  # batches being read while one is written: what memory holds

Read = Callable[[], list[Reading]]
Batch = list[tuple[str, Letter]]


@dataclass(slots=True)
class Count:
    """What became of the mails of an archive."""

    mails: int = 0
    posts: int = 0
    before: int = 0  # taken in by an earlier run
    twice: int = 0  # there more than once
    unread: int = 0  # could not be read; kept

    def __str__(self) -> str:
        more = ((self.before, "taken in before"), (self.twice, "there twice"), (self.unread, "kept but not readable"))
        said = "".join(f", {number:,} {what}" for number, what in more if number)
        return f"{self.mails:,} mails: {self.posts:,} new posts{said}"


@click.command("import")
@settings_option
@community_option
@click.argument("mbox", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(config_file: Path, community: str, mbox: Path) -> None:
    """Take in the archive MBOX (plain, .gz or .xz). Nothing is sent; run it again to go on where it stopped."""
    store = ready_store(load(config_file))
    letters = Mbox(mbox)
    try:
        with store.reading() as conn:
            home = chosen_community(conn, community).id
        with _progress() as progress:
            task = progress.add_task(mbox.name, total=letters.size, count="")
            for count in run(store, home, community, letters):
                seconds = progress.tasks[0].elapsed or 1
                progress.update(
                    task, completed=letters.place, count=f"{count.mails:,} mails, {count.mails / seconds:,.0f}/s"
                )
        if count.mails:
            click.echo(str(count))
        if letters.broken:
            raise Misconfigured(f"{mbox} is damaged or ends in the middle; get a whole one and run this again")
        if not count.mails:
            raise Misconfigured(f"no mails in {mbox}: is it an mbox?")
    finally:
        letters.close()
        store.close()


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(), transient=False,
    )  # fmt: skip


def run(store: Store, home: int, community: str, letters: Iterable[Letter]) -> Iterator[Count]:
    """Take these mails in; the count after each batch, and once at the end."""
    count = Count()
    workers = max(1, os.cpu_count() or 1)
    with (
        _seldom_collecting(),
        ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), mboxes.process) as pool,
    ):
        for batch, reading in _read_ahead(store, community, letters, pool, count):
            _keep(store, home, batch, reading(), count)
            yield count
    with store.writing() as conn:
        imports.settle(conn)
    yield count


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _read_ahead(
    store: Store, community: str, letters: Iterable[Letter], pool: ProcessPoolExecutor, count: Count
) -> Iterator[tuple[Batch, Read]]:
    """Batches of mails not taken in before, while the next ones are being read."""
    waiting: deque[tuple[Batch, Read]] = deque()
    for batch in batches(letters):
        named = {imports.name(community, letter.raw): letter for letter in batch}
        with store.reading() as conn:
            known = imports.known(conn, named)
        fresh = [(name, letter) for name, letter in named.items() if name not in known]
        count.mails += len(batch)
        count.before += len(known)
        count.twice += len(batch) - len(named)
        raws = [letter.raw for _, letter in fresh]
        alone = len(batch) < BATCH and not waiting  # the only batch is not worth another process
        waiting.append((fresh, partial(read, raws) if alone else pool.submit(read, raws).result))
        if len(waiting) > AHEAD:
            yield waiting.popleft()
    yield from waiting


def batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """The mails in their order, as many at a time as one transaction takes."""
    batch: list[Letter] = []
    weight = 0
    for letter in letters:
        if batch and (len(batch) == BATCH or weight + len(letter.raw) > HEAVY):
            yield batch
            batch, weight = [], 0
        batch.append(letter)
        weight += len(letter.raw)
    if batch:
        yield batch


def _keep(store: Store, home: int, batch: Batch, readings: list[Reading], count: Count) -> None:
    now = datetime.now(UTC)
    taken = []
    for (name, letter), reading in zip(batch, readings, strict=True):
        message, body = reading or (None, None)
        taken.append(Taken(letter.raw, name, letter.came or now, message, body))
    with store.writing() as conn:
        posted = imports.keep(conn, home, taken, now)
    count.posts += sum(not each.duplicate for each in posted)
    count.twice += sum(each.duplicate for each in posted)
    count.unread += sum(each.message is None for each in taken)
