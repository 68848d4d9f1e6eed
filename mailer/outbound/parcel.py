"""A mail on its way to one recipient, as the connections see it: bytes and where they go. No rows, no people."""

import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from mailer import journal
from mailer.mail.writing.lint import wire_defects
from mailer.outbound.backoff import Answer

_PLAIN = re.compile(r"[^\x00-\x20\x7f-\xa0<>@]+@[^\x00-\x20\x7f-\xa0<>@]+")


class Content(NamedTuple):
    """The bytes many mails share: as they are, and with dots stuffed (RFC 5321 §4.5.2).

    `personal`: each recipient's own fields go on top.
    """

    raw: bytes
    stuffed: bytes
    personal: bool


@dataclass(slots=True, eq=False)
class Parcel:
    """One try at one mail for one recipient; the lowest priority goes first.

    The envelope sender and `head`, what goes on top of the content, are put on when it goes.
    """

    id: int
    priority: int
    rcpt: bytes
    content: Content = field(repr=False)
    until: float = math.inf  # `loop.time()` after which the try is somebody else's
    mail_from: bytes = b""
    head: bytes = b""
    refused: Answer | None = None  # the first no of this try
    gone: bool = False  # its content is on the way
    cuts: int = 0  # connections lost before its content went


def content(raw: bytes, personal: bool) -> Content | None:
    """The content ready for the wire; None for what could change its meaning there."""
    if defects := wire_defects(raw):
        journal.trouble("a mail is not fit to leave", defects=defects)
        return None
    head = raw.partition(b"\r\n\r\n")[0].lower()
    return Content(raw, raw.replace(b"\r\n.", b"\r\n.."), personal and b"\r\nlist-unsubscribe:" not in head)


def is_plain(email: str) -> bool:
    """Whether an address can stand in a command and be nothing else; what it means was settled when it was kept."""
    return bool(_PLAIN.fullmatch(email))
