"""What a mail is once it has been read: plain values, no bytes of the wire left to interpret.

Called by everything that understands mail. Made only by `mail/parse`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Automatic = Literal["auto-reply", "bounce", "feedback-report", "receipt", "list"]
FoldKind = Literal["quote", "signature", "disclaimer", "forward", "footer"]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address; the address is as written, in no particular case, never with angle brackets."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text: its decoded content and how it was called. `name` never holds a path."""

    name: str
    type: str  # lower-case media type, "image/jpeg"
    content: bytes = field(repr=False)
    content_id: str = ""  # without angle brackets
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Fold:
    """A piece of the text that is not new words. Folded, never deleted: `text` is the piece whole."""

    kind: FoldKind
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a mail, told apart. `text` is everything; `new_text` what the person wrote, in their order."""

    text: str
    new_text: str
    folded: tuple[Fold, ...] = ()
    forwarded: Mailbox | None = None  # the author of a forwarded mail, where one is named
    flagged: bool = False  # nothing new was found, so the whole body stands as the post


@dataclass(frozen=True, slots=True)
class Attendee:
    address: str
    partstat: str  # upper case: ACCEPTED DECLINED TENTATIVE NEEDS-ACTION ..., or "" where none is given


@dataclass(frozen=True, slots=True)
class Calendar:
    """One VEVENT of an iTIP object (RFC 5546). Times are aware UTC, or None where there is none."""

    method: str
    uid: str
    sequence: int
    recurrence_id: str | None  # a time in UTC ("20260312T090000Z"), or a day ("20260312")
    start: datetime | None
    end: datetime | None
    summary: str
    organizer: str
    attendees: tuple[Attendee, ...] = ()
    location: str = ""
    description: str = ""
    zone: str = ""  # the IANA zone the organiser wrote in, where known
    all_day: bool = False
    rrule: str = ""


@dataclass(frozen=True, slots=True)
class Bounced:
    """One recipient of a non-delivery report (RFC 3464). `status` is an enhanced code, or empty."""

    recipient: str
    status: str
    permanent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Headers:
    """The header fields in order: (lower-case name, decoded value). Values are cleaned of control characters."""

    fields: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str = "") -> str:
        """The first value of the field, or `default`."""
        return next((value for key, value in self.fields if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of the field, topmost first."""
        return [value for key, value in self.fields if key == name]

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self.fields)

    def names(self) -> Iterable[str]:
        return (key for key, _ in self.fields)


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, read. Ids are without angle brackets; times are aware UTC."""

    headers: Headers
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    senders: tuple[Mailbox, ...]  # every mailbox of every From field: an honest mail has exactly one
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    date: datetime | None
    text: str  # the whole body as text; from HTML where there is no text part
    html: str  # the HTML part as sent, or empty; never shown or mailed as it is
    attachments: tuple[Attachment, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    report: bytes = field(default=b"", repr=False)  # message/delivery-status or feedback-report, decoded
    returned: "Message | None" = None  # the message/rfc822 or text/rfc822-headers part of a report
    kind: str = "text/plain"  # the media type of the whole
    parameters: tuple[tuple[str, str], ...] = ()  # of the top Content-Type: report-type, protocol, ...
    encrypted: str = ""  # "pgp", "smime", or empty
    clear_sender: bool = True  # False where the From fields can be read in more than one way
    defects: tuple[str, ...] = ()

    @property
    def sender(self) -> Mailbox | None:
        """The one author, or None where there is not exactly one: RFC 5322 §3.6.2 allows several, we act on none."""
        return self.senders[0] if len(self.senders) == 1 and self.clear_sender else None

    @property
    def calendar(self) -> Calendar | None:
        return self.calendars[0] if self.calendars else None
