"""From the tree of parts to what a mail says: its text, its HTML, and everything that came with it.

Called by `parse`. Of alternatives the plain text is read, unless it only says that there is another; HTML becomes text
where there is no plain text. Attached mails, signed and encrypted parts stay whole.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from mailer.mail import itip
from mailer.mail.message import Attachment, Calendar
from mailer.mail.parts import attached, charsets, flowed, hypertext, winmail
from mailer.mail.parts.mime import Part

TEXT_LIMIT: Final = 2_000_000  # octets of one text that are read
ATTACHMENTS_LIMIT: Final = 1_000  # behind so many, no more are looked for inside texts
BOXES_LIMIT: Final = 3  # winmail.dat of one mail that are opened
CALENDAR_TYPES: Final = frozenset({"text/calendar", "text/x-vcalendar", "application/ics", "text/ics"})
REPORT_TYPES: Final = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "message/disposition-notification",
        "message/global-disposition-notification",
    }
)
MAIL_TYPES: Final = frozenset(
    {"message/rfc822", "message/global", "message/news", "text/rfc822-headers", "message/global-headers", "text/rfc822"}
)
TEXT_TYPES: Final = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"}
)
_MARKED_UP: Final = re.compile(r"<[^<>]{1,100}>")
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_WORD: Final = re.compile(r"\w{3,}")
_STUB_WORDS: Final = 60  # a text that says only "there is HTML" is shorter


class Piece(NamedTuple):
    """One stretch of the text, in one or two forms of the same words."""

    plain: str | None
    html: str | None


@dataclass(slots=True)
class Gathered:
    """All that was found below one part."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: int = 0  # winmail.dat that were met
    boxed: list[Piece] = field(default_factory=list)  # texts found in them
    worded: bool = False  # a text for reading has been met
    attachments: list[Attachment] = field(default_factory=list)
    calendars: list[Calendar] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)  # attached mails, which are among the attachments too
    reports: list[bytes] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    encrypted: str = ""

    def add(self, part: Part) -> list[Piece]:
        """Gather `part` and what is below it; the pieces of text are returned in order."""
        self.encrypted = self.encrypted or attached.encryption(part)
        if not part.parts:
            return self._leaf(part)
        match part.type:
            case "multipart/alternative":
                return [_alternative([self.add(child) for child in part.parts])]
            case "multipart/related":
                return self._related(part)
            case "multipart/encrypted":
                self.attachments.extend(attached.attachment(child) for child in part.parts if not child.parts)
                return []
        return [piece for child in part.parts for piece in self.add(child)]

    def _related(self, part: Part) -> list[Piece]:
        """The root is what the others are for: the first part, or the one that is named (RFC 2387)."""
        start = part.parameters.get("start", "").encode()
        named = [child for child in part.parts if start and child.raw("content-id").strip() == start]
        root = (named or part.parts)[0]
        pieces: list[Piece] = []
        for child in part.parts:
            if (
                child is root
                or child.parts
                or child.type in CALENDAR_TYPES
                or (child.type == "text/plain" and not child.filename and not child.raw("content-id"))
            ):
                pieces.extend(self.add(child))
            else:
                self.attachments.append(attached.attachment(child, inline=True))
        return pieces

    def _leaf(self, part: Part) -> list[Piece]:
        kind = part.type
        if kind in REPORT_TYPES:
            self.reports.append(part.content)
        elif kind in MAIL_TYPES:
            content = part.content
            self.mails.append(content)
            self.attachments.append(attached.attachment(part, content=content))
        elif kind in CALENDAR_TYPES or part.filename.lower().endswith(".ics"):
            self._calendar(part)
        elif winmail.is_winmail(part):
            self._winmail(part)
        elif kind.startswith("text/") and self._is_text(part):
            return self._text(part)
        elif part.source and (part.end > part.start or part.filename):
            self.attachments.append(attached.attachment(part))
        return []

    def _is_text(self, part: Part) -> bool:
        """Whether a text part is for reading in place: a file that is shown inline is still a file."""
        if part.disposition == "attachment" or part.type not in TEXT_TYPES:
            return False
        return not (part.filename and self.worded)

    def _text(self, part: Part) -> list[Piece]:
        self.worded = True
        label = part.parameters.get("charset", "")
        body = part.content
        if len(body) > TEXT_LIMIT:
            self.defects.append("text too long")
            body = body[:TEXT_LIMIT]
        match part.type:
            case "text/html":
                if not charsets.codec(label) and (meta := _META_CHARSET.search(body[:4096])):
                    label = meta[1].decode("ascii")
                return [Piece(None, charsets.decode(body, label))]
            case "text/x-amp-html" | "text/watch-html":
                return []
        if len(self.attachments) < ATTACHMENTS_LIMIT and (b"\nbegin" in body or body.startswith(b"begin")):
            body, files = attached.uuencoded(body)
            self.attachments.extend(files)
        text = charsets.lines_clean(charsets.decode(body, label))
        if part.type != "text/plain":
            text = _MARKED_UP.sub("", text)
        elif part.parameters.get("format", "").lower() == "flowed":
            text = flowed.unflowed(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        if text.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
            self.encrypted = self.encrypted or "pgp"
        return [Piece(text, None)]

    def _calendar(self, part: Part) -> None:
        content = part.content
        found: tuple[Calendar, ...] = ()
        if len(self.calendars) < itip.EVENTS_LIMIT:
            found = itip.calendars(content, part.parameters.get("charset", ""), part.parameters.get("method", ""))
            self.calendars.extend(each for each in found if each not in self.calendars)
        if part.filename or part.disposition == "attachment" or not found:
            self.attachments.append(attached.attachment(part, content=content))

    def _winmail(self, part: Part) -> None:
        content = part.content
        opened = winmail.opened(content) if self.boxes < BOXES_LIMIT else None
        self.boxes += 1
        if opened is None:
            self.attachments.append(attached.attachment(part, content=content))
            return
        self.attachments.extend(opened.attachments)
        if opened.text or opened.html:
            self.boxed.append(Piece(opened.text or None, opened.html or None))


def _alternative(children: list[list[Piece]]) -> Piece:
    """One piece of alternatives: the last plain form that says anything, and the last HTML form."""
    plain: str | None = None
    html: str | None = None
    for pieces in children:
        if any(piece.html is not None for piece in pieces):
            html = "\n".join(piece.html if piece.html is not None else _escaped(piece.plain or "") for piece in pieces)
            said = [piece.plain for piece in pieces]
            if plain is None and all(text is not None for text in said):
                plain = "\n".join(text or "" for text in said)
        elif text := "\n".join(piece.plain or "" for piece in pieces):
            plain = text if plain is None or text.strip() else plain
    return Piece(plain, html)


def _escaped(text: str) -> str:
    return "<pre>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</pre>" if text.strip() else ""


def text_of(piece: Piece) -> str:
    """A piece as plain text."""
    if piece.html is None:
        return piece.plain or ""
    if piece.plain is None or not piece.plain.strip():
        return hypertext.to_text(piece.html)
    words = set(_WORD.findall(piece.plain.lower())) if len(piece.plain) < 10 * _STUB_WORDS else set()
    if not 5 <= len(words) <= _STUB_WORDS:
        return piece.plain
    full = hypertext.to_text(piece.html)
    shown = set(_WORD.findall(full.lower()))
    return full if len(shown) > 2 * len(words) and len(words & shown) * 2 < len(words) else piece.plain


def gather(part: Part) -> Gathered:
    """Everything in the tree below `part`."""
    found = Gathered()
    pieces = found.add(part)
    found.pieces = pieces if any(piece.html or (piece.plain or "").strip() for piece in pieces) else found.boxed
    return found
