"""Mails out of an mbox and into one: plain, gzip or xz; mboxrd, and mboxo as far as it can be undone.

A mail begins at a line `From ... hh:mm ...` that a header field follows, so that a paragraph beginning with "From"
begins no mail even where nobody escaped it. Used by import and export.
"""

import gzip
import lzma
import multiprocessing
import os
import re
import signal
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BufferedReader
from pathlib import Path
from threading import Thread

from mailer.errors import Malformed
from mailer.mail.folding import fold
from mailer.mail.message import Body, Message
from mailer.mail.parse import parse

Reading = tuple[Message, Body] | None

BLOCK = 1 << 20  # octets read at a time
LINE = 400  # octets: no separator is longer

_START = re.compile(rb"^From ([^\n]{0,300}?\d\d?:\d\d[^\n]{0,60})\n(?=[!-9;-~]{1,80}[ \t]?:|>From )", re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_UNQUOTED = re.compile(rb"^(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail of an mbox: its octets, and when the separator says it came (UTC)."""

    raw: bytes
    came: datetime | None


class Mbox:
    """An mbox open for reading; `place` of `size` octets of the file have been read."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self.broken = False  # it ends in the middle, or is damaged from some place on
        self._file = path.open("rb")
        magic = self._file.read(6)
        self._file.seek(0)
        self._stream: BufferedReader | gzip.GzipFile | lzma.LZMAFile = self._file
        if magic[:2] == b"\x1f\x8b":
            self._stream = gzip.GzipFile(fileobj=self._file)
        elif magic == b"\xfd7zXZ\0":
            self._stream = lzma.LZMAFile(self._file)  # noqa: SIM115 - closed by close()

    @property
    def place(self) -> int:
        return self._file.tell()

    def __iter__(self) -> Iterator[Letter]:
        kept, scanned, start = b"", 0, None
        while block := self._read():
            kept += block
            for match in _START.finditer(kept, scanned):
                if start is not None:
                    yield _letter(kept[start : match.start()])
                start = match.start()
            done = max(0, len(kept) - LINE) if start is None else start
            scanned = max(scanned, len(kept) - LINE, done + (start is not None)) - done
            kept, start = kept[done:], None if start is None else 0
        if start is not None and not self.broken:  # a mail cut short would be another one than the whole
            yield _letter(kept[start:])

    def _read(self) -> bytes:
        """The next octets, none at the end; what stands before a damage is worth having."""
        pieces, missing = [], BLOCK
        try:
            while missing and not self.broken and (piece := self._stream.read1(missing)):
                pieces.append(piece)
                missing -= len(piece)
        except (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error):
            self.broken = True
        return b"".join(pieces)

    def close(self) -> None:
        self._stream.close()
        self._file.close()


def _letter(entry: bytes) -> Letter:
    line, _, raw = entry.partition(b"\n")
    if b">From " in raw:
        raw = _QUOTED.sub(rb"\1", raw)
    for ending in (b"\r\n\r\n", b"\n\n"):
        if raw.endswith(ending):
            raw = raw[: -len(ending) // 2]
            break
    return Letter(raw, _moment(line))


def _moment(line: bytes) -> datetime | None:
    """The date of a separator: `From ana@acme.example Tue Mar  3 09:00:00 2026`, with or without a zone."""
    words = line.decode("ascii", "replace").split()[2:]
    if len(words) < 5:
        return None
    clock = next((at for at, word in enumerate(words) if ":" in word), None)
    years = [word for word in words if len(word) == 4 and word.isdigit()]
    zones = [word for word in words if word[:1] in "+-" and word[1:].isdigit()]
    if clock is None or clock < 2 or not years:
        return None
    month, day = words[clock - 2 : clock]
    try:
        found = parsedate_to_datetime(f"{day} {month} {years[0]} {words[clock]} {(zones or ['+0000'])[0]}")
        return found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def process() -> None:
    """A process that reads begins: it leaves it to its parent to be interrupted, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """A parent that is killed tells nobody, and a pool would wait for its next word for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def read(raws: list[bytes]) -> list[Reading]:
    """Each mail read and folded, or None. Runs in processes of its own, so this file imports little."""
    return [_read(raw) for raw in raws]


def _read(raw: bytes) -> Reading:
    try:
        message = parse(raw)
    except Malformed:
        return None
    return message, fold(message)


def entry(raw: bytes, sender: str, came: datetime) -> bytes:
    """A mail as it stands in an mboxrd: with its separator, its own From lines marked, a blank line behind it."""
    text = _UNQUOTED.sub(rb">\1", raw.replace(b"\r\n", b"\n"))
    who = "".join(sender.split()).encode("utf-8", "replace") or b"MAILER-DAEMON"
    line = f" {came.astimezone(UTC):%a %b %d %H:%M:%S %Y}\n".encode("ascii")
    return b"From " + who + line + text + (b"\n" if text.endswith(b"\n") else b"\n\n")
