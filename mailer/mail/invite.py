"""The calendar part of our own invitations: one VEVENT to one attendee, as REQUEST or CANCEL (RFC 5545, RFC 5546).

Times are UTC with a Z: nobody's VTIMEZONE is trusted to be read. Whatever a title or a name holds stays inside its
property (SECURITY class 41). Says nothing of alarms, attachments or repetition. Called by invitations.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from mailer.mail.message import Mailbox

LINE_OCTETS = 75  # RFC 5545 §3.1, without the line break
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_IN_ADDRESS = "@$'*+/=^_`{|}~-."  # what mailto: may carry as it is (RFC 6068 §2) and an address of ours may have


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event as one attendee sees it. `organizer` is where Accept and Decline come back to."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    organizer: Mailbox
    attendee: Mailbox
    location: str = ""
    description: str = ""


def request(event: Invitation, stamp: datetime) -> bytes:
    """An invitation, or a newer version of one: METHOD:REQUEST. `stamp` is when it was written."""
    asked = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    return _calendar("REQUEST", event, stamp, "CONFIRMED", asked)


def cancel(event: Invitation, stamp: datetime) -> bytes:
    """The end of it: METHOD:CANCEL, with a sequence above the last REQUEST's."""
    return _calendar("CANCEL", event, stamp, "CANCELLED", "ROLE=REQ-PARTICIPANT")


def _calendar(method: str, event: Invitation, stamp: datetime, status: str, asked: str) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//mailer//community//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(event.start)}",
        f"DTEND:{_utc(event.end)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}" if event.description else "",
        f"LOCATION:{_text(event.location)}" if event.location else "",
        f"ORGANIZER;CN={_parameter(event.organizer.name)}:{_mailto(event.organizer.address)}",
        f"ATTENDEE;{asked};CN={_parameter(event.attendee.name)}:{_mailto(event.attendee.address)}",
        f"STATUS:{status}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(piece + b"\r\n" for line in lines if line for piece in _folded(line))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    r"""A TEXT value (RFC 5545 §3.3.11): every break one \n, other controls gone."""
    value = _BREAK.sub("\n", value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", value).replace("\n", "\\n")


def _parameter(value: str) -> str:
    """A quoted parameter value (RFC 5545 §3.2); a quotation mark has no place in one and becomes an apostrophe."""
    return '"' + _CONTROL.sub("", _BREAK.sub(" ", value)).replace("\n", " ").replace("\t", " ").replace('"', "'") + '"'


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe=_IN_ADDRESS)


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most 75 octets, never within a character; the second and later begin with a space."""
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > LINE_OCTETS:
            yield piece
            piece = b" "
        piece += octets
    yield piece
