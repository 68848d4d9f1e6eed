"""A mail on its way to one recipient, as the connections see it: bytes and where they go. No rows, no people."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from mailer.outbound.backoff import Answer


class Content(NamedTuple):
    """The bytes many mails share: as they are, and with dots stuffed (RFC 5321 §4.5.2)."""

    raw: bytes
    stuffed: bytes


@dataclass(slots=True, eq=False)
class Parcel:
    """One try at one mail for one recipient. `head` goes on top of the content. The lowest rank goes first."""

    id: int
    rank: tuple[int, float, int]
    mail_from: bytes
    rcpt: bytes
    head: bytes
    content: Content = field(repr=False)
    until: float = math.inf  # `loop.time()` after which the try is somebody else's
    refused: Answer | None = None  # the first no of this try
    gone: bool = False  # its content is on the way
    cuts: int = 0  # connections lost before its content went
