"""An archive goes in, is looked at, and comes out again, by the verbs an operator types."""

import gzip
import lzma
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import printing
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from mailer.__main__ import verbs
from mailer.errors import Misconfigured
from mailer.store import tables
from mailer.store.db import Store
from mailer.store.knowledge import library
from mailer.store.society import people
from mailer.store.talk import exports
from mailer.verbs import importing
from mailer.verbs.exporting import cell, inline
from mailer.verbs.mboxes import Letter, Mbox, entry

Run = Callable[..., Result]

ARCHIVE = b"""\
From ana@acme.example Tue Mar  3 09:00:00 2026
From: Ana <ana@acme.example>
Subject: Ceramic gaskets #lesson
Message-ID: <one@acme.example>
Date: Tue, 3 Mar 2026 09:00:00 +0000

They hold at forty bar.
>From my own bench, that is.
>>From the bench before it.

From here on: no separator, though a colon follows.
From now on at 10:15 we meet
in the shed.

From bo@birch.example Tue Mar  3 10:00:00 2026
From: Bo <bo@birch.example>
Subject: Re: Ceramic gaskets
Message-ID: <two@birch.example>
In-Reply-To: <one@acme.example>
Date: Tue, 3 Mar 2026 10:00:00 +0000

Same here.

From cy@cedar.example Wed Mar  4 10:00:00 2026 +0100
From: =?utf-8?q?C=C3=BD?= <cy@cedar.example>
Subject: Valves
Date: never

No Message-ID, no date.
"""

TWICE = b"""
From bo@birch.example Tue Mar  3 10:00:00 2026
Received: by another way
From: Bo <bo@birch.example>
Subject: Re: Ceramic gaskets
Message-ID: <two@birch.example>

Same here.
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    config = tmp_path / "state" / "mailer.toml"

    def invoke(*words: str | Path) -> Result:
        verb, *rest = map(str, words)
        more = [] if verb == "init" else ["-c", str(config)]
        return CliRunner().invoke(verbs, [verb, *rest, *more], catch_exceptions=False)

    config.parent.mkdir()
    printing.lend(config.parent)
    assert invoke("init", config.parent).exit_code == 0
    result = CliRunner().invoke(verbs, ["community", "add", "wells", "-c", str(config)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return invoke


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    path = tmp_path / "wells.mbox"
    path.write_bytes(ARCHIVE)
    return path


def test_an_archive_is_taken_in_once(run: Run, mbox: Path, tmp_path: Path) -> None:
    packed = tmp_path / "wells.mbox.xz"
    packed.write_bytes(lzma.compress(ARCHIVE + TWICE))
    assert "3 mails: 3 new posts" in run("import", "--community", "wells", mbox).output
    again = run("import", "--community", "wells", packed)
    assert "4 mails: 0 new posts, 3 taken in before, 1 there twice" in again.output
    lines = [line.split("\t") for line in run("threads", "--community", "wells", "--tsv").output.splitlines()]
    assert [name for name, _ in lines[:2]] == ["one@acme.example", "two@birch.example"]
    assert lines[0][1] == lines[1][1] != lines[2][1]


def test_what_was_taken_in_is_found_and_nothing_is_sent(run: Run, mbox: Path, tmp_path: Path) -> None:
    run("import", "--community", "wells", mbox)
    found = run("search", "--community", "wells", "GASKET", "holds").output
    assert found.splitlines()[0] == "Ceramic gaskets #lesson"
    assert found.splitlines()[-1] == "2 found"
    assert run("search", "--community", "wells", '"', "AND", "*", "NEAR(", "'").output == "Nothing found\n"
    store = Store("sqlite:///mailer.db", tmp_path / "state")
    with store.reading() as conn:
        assert conn.execute(sa.select(tables.delivery)).all() == []
        assert conn.execute(sa.select(tables.membership)).all() == []
        authors = conn.execute(sa.select(tables.post.c.author, tables.post.c.sent_at).order_by(tables.post.c.id)).all()
        assert authors[2] == ("Cý", datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    store.close()


def test_what_goes_out_can_come_in_again(run: Run, mbox: Path, tmp_path: Path) -> None:
    run("import", "--community", "wells", mbox)
    store = Store("sqlite:///mailer.db", tmp_path / "state")
    now = datetime(2026, 3, 5, tzinfo=UTC)
    with store.writing() as conn:
        home, first = conn.execute(sa.select(tables.post.c.community_id, tables.post.c.id)).first() or (0, 0)
        title = "Gaskets [x](http://bad.example)"
        library.keep(conn, home, "lesson", [first], title, "They hold.", None, None, ["ceramic"], now)
    store.close()
    place = tmp_path / "out"
    assert run("export", "--community", "wells", place).exit_code == 0
    assert sorted(path.name for path in place.rglob("*")) == [
        "T-1.md", "events.ics", "index.md", "library", "mails.mbox", "members.csv",
    ]  # fmt: skip
    assert (place / "library" / "T-1.md").read_text("utf-8").splitlines() == [
        "# Gaskets \\[x\\](http://bad.example)",
        "",
        "Lesson T-1, 2026-03-05",
        "\\#ceramic",
        "",
        "They hold.",
        "",
        "Sources:",
        "",
        "- `one@acme.example`",
    ]
    letters, original = Mbox(place / "mails.mbox"), Mbox(mbox)
    assert [letter.raw for letter in letters] == [letter.raw for letter in original]
    letters.close()
    original.close()
    assert "0 new posts, 3 taken in before" in run("import", "--community", "wells", place / "mails.mbox").output
    with pytest.raises(Misconfigured, match="has something in it"):
        run("export", "--community", "wells", place)


def test_an_import_that_was_stopped_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    letters = [
        Letter(b"Message-ID: <%d@x>\nReferences: <%d@x>\n\n%d\n" % (number, number - 1, number), at)
        for number in range(2 * importing.BATCH + 1)
    ]
    store = Store(sqlite_url, tmp_path)
    with store.writing() as conn:
        home = people.add_community(conn, "wells", at)
    stopped = importing.run(store, home, "wells", letters)
    assert next(stopped).posts == importing.BATCH
    stopped.close()
    *_, last = importing.run(store, home, "wells", letters)
    assert (last.mails, last.before, last.posts) == (2 * importing.BATCH + 1, importing.BATCH, importing.BATCH + 1)
    with store.reading() as conn:
        assert len({thread for _, thread in exports.threads(conn, home)}) == 1
    store.close()


def test_a_transaction_has_a_bound_in_mails_and_in_octets() -> None:
    small, large = Letter(b"x", None), Letter(b"x" * importing.HEAVY, None)
    assert [len(batch) for batch in importing.batches([small] * 600)] == [500, 100]
    assert [len(batch) for batch in importing.batches([large, small, large, small])] == [1, 1, 1, 1]
    assert list(importing.batches([])) == []


def test_a_file_that_is_no_mbox_is_said_to_be_none(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"From here\n" * 300_000)
    with pytest.raises(Misconfigured, match="no mails in"):
        run("import", "--community", "wells", path)


def test_an_unknown_community_is_named_with_those_there_are(run: Run, mbox: Path) -> None:
    with pytest.raises(Misconfigured, match="there are: wells"):
        run("import", "--community", "well", mbox)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_mails_come_out_of_an_mbox_whole(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.mbox"
    path.write_bytes(pack(ARCHIVE))
    letters = Mbox(path)
    first, second, third = letters
    letters.close()
    assert first.raw.endswith(b"in the shed.\n")
    assert b"\nFrom my own bench, that is.\n>From the bench before it.\n" in first.raw
    assert first.came == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert second.raw.endswith(b"\n\nSame here.\n")
    assert third.came == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def test_a_mail_longer_than_what_is_read_at_a_time_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.mbox"
    raw = b"Subject: long\n\n" + b"0123456789abcdef\n" * 200_000
    at = datetime(2026, 3, 3, tzinfo=UTC)
    path.write_bytes(b"".join(entry(raw + b"%d\n" % number, "ana@acme.example", at) for number in range(3)))
    letters = Mbox(path)
    assert [letter.raw[-2:] for letter in letters] == [b"0\n", b"1\n", b"2\n"]
    letters.close()


def test_a_cell_is_never_a_formula() -> None:
    assert [cell(text) for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "Ana", "")] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "Ana", "",
    ]  # fmt: skip


def test_a_title_is_text_to_markdown() -> None:
    assert inline("a\n# b <b> `c` [d](e) *f* _g_") == "a \\# b \\<b\\> \\`c\\` \\[d\\](e) \\*f\\* \\_g\\_"
