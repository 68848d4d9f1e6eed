"""Prints how many threads of a real archive with hidden headers come out whole: `python tests/corpus/forests.py`."""

import csv
import gzip
import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path

from mailer.store import migrate
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.talk import exports, imports
from mailer.store.talk.imports import Taken
from mailer.verbs.mboxes import Mbox, read

CORPORA = Path(os.environ.get("MAILER_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
NOW = datetime(2026, 3, 3, tzinfo=UTC)
_ADDRESSED = re.compile(rb"(?im)^(?:to|cc|reply-to):.*\n(?:[ \t].*\n)*")


def truth(folder: Path) -> dict[str, str]:
    """Thread by Message-ID, from the headers before some were hidden."""
    with gzip.open(folder / "openbmc.threads.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["message_id"]: row["thread_id"] for row in rows}


def to_the_list(raw: bytes) -> bytes:
    """The mail as lists have it that send every answer to everybody: nobody else is addressed."""
    head, blank, body = raw.partition(b"\n\n")
    return b"To: list@lists.example\n" + _ADDRESSED.sub(b"", head + b"\n").rstrip(b"\n") + blank + body


def ours(folder: Path, place: Path, limit: int | None = None, only_list: bool = False) -> dict[str, int]:
    """Thread by Message-ID, after taking the archive in, or its first `limit` mails."""
    store = Store("sqlite:///threads.db", place)
    migrate.upgrade(store)
    with store.writing() as conn:
        home = people.add_community(conn, "wells", NOW)
    letters = Mbox(folder / "openbmc.hidden.mbox.gz")
    source = islice(letters, limit)
    while batch := list(islice(source, 500)):
        if only_list:
            batch = [replace(letter, raw=to_the_list(letter.raw)) for letter in batch]
        readings = read([letter.raw for letter in batch])
        with store.writing() as conn:
            taken = [
                Taken(letter.raw, imports.name("wells", letter.raw), letter.came or NOW, *(reading or (None, None)))
                for letter, reading in zip(batch, readings, strict=True)
            ]
            imports.keep(conn, home, taken, NOW)
    letters.close()
    with store.reading() as conn:
        found = dict(exports.threads(conn, home))
    store.close()
    return found


def figures(right: Mapping[str, str], found: Mapping[str, int]) -> tuple[int, int, float, float]:
    """Threads of several mails that came out exactly, how many there are, pair precision and pair recall."""
    expected, made = _groups({name: right[name] for name in found}), _groups(found)
    several = [group for group in expected if len(group) > 1]
    both = Counter((found[name], right[name]) for name in found)
    common = sum(_pairs(size) for size in both.values())
    precision = common / sum(_pairs(len(group)) for group in made)
    recall = common / sum(_pairs(len(group)) for group in expected)
    return sum(group in made for group in several), len(several), precision, recall


def _groups(threads: Mapping[str, object]) -> set[frozenset[str]]:
    groups: dict[object, set[str]] = defaultdict(set)
    for name, thread in threads.items():
        groups[thread].add(name)
    return {frozenset(group) for group in groups.values()}


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


def main(folders: Iterable[str]) -> None:
    for folder, only_list in product(folders, (False, True)):
        with tempfile.TemporaryDirectory() as place:
            found = ours(Path(folder), Path(place), only_list=only_list)
        exact, several, precision, recall = figures(truth(Path(folder)), found)
        which = " where only the list is addressed" if only_list else ""
        print(f"exact {exact}/{several} = {exact / several:.1%}, precision {precision:.2%}, recall {recall:.2%}{which}")


if __name__ == "__main__":
    main(sys.argv[1:] or [str(CORPORA / "archives")])
