"""The relay of the demo: takes every mail over SMTP and puts it into the mailbox it is for, a file each."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from mailer.mail import addressing
from mailer.mail.message import Message
from mailer.mail.parse import parse

LARGEST = 30_000_000  # octets


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in one mailbox; numbers count from 1 in each."""

    number: int
    raw: bytes
    mail_from: str

    @property
    def message(self) -> Message:
        return _read(self.raw)


class PostOffice:
    """Mailboxes under `place`, filled by an SMTP server on 127.0.0.1; `port` is known once it has started."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.port = 0
        self._server: asyncio.Server | None = None
        self._boxes: dict[str, list[Mail]] = {}
        for folder in place.iterdir() if place.is_dir() else ():
            files = sorted(folder.glob("*.eml"), key=lambda path: int(path.stem))
            self._boxes[folder.name] = [_kept(n, path.read_bytes()) for n, path in enumerate(files, 1)]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, data_size_limit=LARGEST, enable_SMTPUTF8=True), "127.0.0.1", 0
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        if self._server:
            self._server.close()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        for rcpt in envelope.rcpt_tos:
            address = addressing.address(rcpt)
            if address is None or "/" in address:
                return "550 5.1.1 No such mailbox"
            self._keep(address, envelope.mail_from or "", envelope.content)
        return "250 2.0.0 Delivered"

    def box(self, address: str) -> list[Mail]:
        """What came for an address, oldest first."""
        return self._boxes.get(address, [])

    def _keep(self, address: str, mail_from: str, raw: bytes) -> None:
        box = self._boxes.setdefault(address, [])
        folder = self._place / address
        folder.mkdir(parents=True, exist_ok=True)
        whole = f"Return-Path: <{mail_from}>\r\n".encode() + raw
        (folder / f"{len(box) + 1}.eml").write_bytes(whole)
        box.append(_kept(len(box) + 1, whole))


def _kept(number: int, raw: bytes) -> Mail:
    first = raw.partition(b"\r\n")[0].decode("ascii", "replace")
    return Mail(number, raw, first.partition("<")[2].rstrip(">"))


@lru_cache(maxsize=2000)
def _read(raw: bytes) -> Message:
    return parse(raw)
