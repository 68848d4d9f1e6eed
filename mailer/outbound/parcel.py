"""A mail on its way, as the connections see it: bytes and where they go. No rows, no people."""

import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from mailer import journal
from mailer.mail.writing.lint import wire_defects
from mailer.outbound.backoff import FULL, Answer

_PLAIN = re.compile(r"[^\x00-\x20\x7f-\xa0<>@]+@[^\x00-\x20\x7f-\xa0<>@]+")
TOO_MANY = (452, FULL)  # said to RCPT, RFC 5321 §4.5.3.1.10


class Shared(NamedTuple):
    """What stands in place of each recipient's own where several share a transaction.

    `verp` is the parameter of MAIL that has the relay put each recipient into the envelope sender.
    """

    mail_from: bytes
    head: bytes
    verp: bytes


class Content(NamedTuple):
    """The bytes many mails have in common: as they are, and with dots stuffed (RFC 5321 §4.5.2).

    `personal`: each recipient's own fields go on top. `shared`: or these, where several may share a transaction.
    """

    raw: bytes
    stuffed: bytes
    personal: bool
    shared: Shared | None = None


@dataclass(slots=True, eq=False)
class Parcel:
    """One try at one mail for one recipient; the lowest priority goes first."""

    id: int
    priority: int
    rcpt: bytes
    content: Content = field(repr=False)
    until: float = math.inf  # `loop.time()` after which the try is somebody else's
    since: float = 0.0  # `loop.time()` when it was taken
    refused: Answer | None = None  # the no to this recipient
    cuts: int = 0  # connections lost before its content went


@dataclass(slots=True, eq=False)
class Bundle:
    """What goes in one transaction: one content to the recipient of one parcel, or of several.

    The envelope sender and `head`, what goes on top of the content, are put on when it goes.
    """

    parcels: list[Parcel]
    content: Content = field(repr=False)
    mail_from: bytes = b""
    head: bytes = b""
    verp: bytes = b""
    refused: Answer | None = None  # the first no to all of them
    answered: int = 0  # recipients the relay has said yes or no to
    refusals: int = 0  # of those, how many no
    gone: bool = False  # its content is on the way

    @property
    def wanted(self) -> bool:
        """Whether anybody is left whom the relay would take it for."""
        return not self.refused and self.refusals < len(self.parcels)

    def answer_rcpt(self, refusal: Answer | None) -> None:
        """The relay has said no to the next recipient, or yes."""
        if refusal:
            self.parcels[self.answered].refused = refusal
            self.refusals += 1
        self.answered += 1

    def answer(self, parcel: Parcel, answer: Answer) -> Answer:
        """What came of this one: the first no, to all or to it, and otherwise this."""
        return self.refused or parcel.refused or answer

    def surplus(self) -> list[Parcel]:
        """Those at the end whom the relay did not take because they were too many: nobody's try. It took others."""
        if not self.refusals or not self.wanted:
            return []
        first = len(self.parcels)
        while (refused := self.parcels[first - 1].refused) and refused.code in TOO_MANY:
            first -= 1
        return self.parcels[first:]


def content(raw: bytes, personal: bool, shared: Shared | None = None) -> Content | None:
    """The content ready for the wire; None for what could change its meaning there."""
    if defects := wire_defects(raw):
        journal.trouble("a mail is not fit to leave", defects=defects)
        return None
    head = raw.partition(b"\r\n\r\n")[0].lower()
    personal = personal and b"\r\nlist-unsubscribe:" not in head
    return Content(raw, raw.replace(b"\r\n.", b"\r\n.."), personal, shared if personal else None)


def is_plain(email: str) -> bool:
    """Whether an address can stand in a command and be nothing else; what it means was settled when it was kept."""
    return bool(_PLAIN.fullmatch(email))
