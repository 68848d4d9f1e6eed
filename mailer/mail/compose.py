"""A draft becomes the bytes of a mail: CRLF, seven bits, nothing in it but what the draft names.

Refuses (Malformed) an address that is none, a field outside the allow-list, and whatever the final check finds.
Called by outbound/render and outbound/notices; the deliverer puts each recipient's own fields on top.
"""

import binascii
import re
from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from mailer.errors import Malformed
from mailer.mail.message import Attachment, Mailbox
from mailer.mail.writing import headline
from mailer.mail.writing.lint import lint

__all__ = ["Draft", "compose", "lint"]

SHORT_LINE = 78  # RFC 5322 §2.1.1: text within it travels as it is
FOREIGN = 1.5  # times the text: past it quoted-printable is neither short nor readable, as in most other scripts
REFERENCES = 20  # the first and the latest ids: enough for any client to find its thread

_TOKENS = re.compile(
    r"list-(?:post|help|subscribe|unsubscribe|unsubscribe-post|archive|owner)"
    r"|precedence|auto-submitted|archived-at|x-auto-response-suppress|content-language"
)
_MINE = "x-mailer-"
_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")
_METHOD = re.compile(r"[A-Z-]{1,20}")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSAFE_LINE = re.compile(rb"^(?:From |\.$)", re.MULTILINE)  # mbox tools and old relays change these
_FROM = re.compile(rb"^From ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail as we mean it. Ids are without angle brackets; `date` is aware; `extra` only of the allow-list."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str = ""
    reply_to: Mailbox | None = None
    cc: tuple[Mailbox, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    calendar: bytes = b""  # an iCalendar object, UTF-8
    method: str = ""  # its METHOD: REQUEST CANCEL ...
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Part:
    """A MIME entity: its Content-* fields and its encoded body, which ends in CRLF."""

    head: str
    body: bytes

    def __bytes__(self) -> bytes:
        return self.head.encode("ascii") + b"\r\n" + self.body


def compose(draft: Draft) -> bytes:
    """The complete mail; the same draft gives the same bytes. Raises Malformed."""
    raw = _head(draft).encode("ascii") + bytes(_content(draft))
    if defects := lint(raw):
        raise Malformed(f"This mail may not leave: {'; '.join(defects)}")
    return raw


def _head(draft: Draft) -> str:
    if draft.date.tzinfo is None:
        raise Malformed("A date without a zone")
    if not headline.is_id(draft.message_id):
        raise Malformed("That is no Message-ID")
    if not draft.to:
        raise Malformed("A mail to nobody")
    fields = [
        headline.mailboxes("From", [draft.sender]),
        headline.mailboxes("Reply-To", [draft.reply_to]) if draft.reply_to else "",
        headline.mailboxes("To", draft.to),
        headline.mailboxes("Cc", draft.cc) if draft.cc else "",
        headline.text("Subject", draft.subject),
        headline.tokens("Date", format_datetime(draft.date)),
        headline.ids("Message-ID", [draft.message_id]),
        headline.ids("In-Reply-To", [draft.in_reply_to]),
        headline.ids("References", _short(draft.references)),
        *(_extra(name, value) for name, value in draft.extra),
        "MIME-Version: 1.0\r\n",
    ]
    return "".join(fields)


def _extra(name: str, value: str) -> str:
    lower = name.lower()
    if lower == "list-id":
        return headline.list_id(value)
    if _TOKENS.fullmatch(lower):
        return headline.tokens(name, value)
    if lower.startswith(_MINE):
        return headline.text(name, value)
    raise Malformed(f"{headline.clean(name, 60)} is not a field we send")


def _short(references: Sequence[str]) -> Sequence[str]:
    known = [id for id in references if headline.is_id(id)]
    return known if len(known) <= REFERENCES else [known[0], *known[1 - REFERENCES :]]


def _content(draft: Draft) -> _Part:
    """text, or alternative(text, html, calendar), or mixed(that, attachments).

    The calendar is one part among the alternatives, as Exchange sends it: Outlook and Gmail show their buttons by its
    method parameter, Apple Mail opens it; a second copy as a file is twice the bytes and a second event in some.
    """
    inline = [a for a in draft.attachments if a.inline and a.content_id and draft.html]
    views = [_text("text/plain", draft.text)]
    if draft.html:
        html = _text("text/html", draft.html)
        views.append(_bundle("multipart/related", [html, *map(_file, inline)], draft) if inline else html)
    if draft.calendar:
        views.append(_calendar(draft.calendar, draft.method))
    whole = _bundle("multipart/alternative", views, draft) if len(views) > 1 else views[0]
    files = [_file(a) for a in draft.attachments if a not in inline]
    return _bundle("multipart/mixed", [whole, *files], draft) if files else whole


def _bundle(kind: str, parts: Sequence[_Part], draft: Draft) -> _Part:
    """The parts with a boundary made of all they contain, so that no content can name it beforehand."""
    pieces = [bytes(part) for part in parts]
    name = sha256(draft.message_id.encode() + b"".join(pieces)).hexdigest()[:32]
    fence = f"--{name}".encode()
    body = b"".join(fence + b"\r\n" + piece for piece in pieces) + fence + b"--\r\n"
    return _Part(headline.content("Content-Type", kind, [("boundary", name)]), body)


def _text(kind: str, text: str) -> _Part:
    """A text part in the first encoding that suits it: as it is, quoted-printable, base64."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    data = _NOT_TEXT.sub("", plain).encode("utf-8", "replace")
    how, body = "7bit", data.replace(b"\n", b"\r\n")
    if not data.isascii() or _UNSAFE_LINE.search(data) or any(len(line) > SHORT_LINE for line in data.split(b"\n")):
        how, body = "quoted-printable", quoted_printable(data)
        if len(body) > FOREIGN * len(data) + SHORT_LINE:
            how, body = "base64", _base64(data.replace(b"\n", b"\r\n"))
    return _Part(headline.content("Content-Type", kind, [("charset", "utf-8")]) + _encoding(how), body)


def quoted_printable(data: bytes) -> bytes:
    """RFC 2045 §6.7, CRLF at the ends; no line begins with "From " or is a single dot."""
    encoded = binascii.b2a_qp(data, istext=True)
    return _FROM.sub(b"=46rom =\n", encoded).replace(b"\n", b"\r\n")


def _calendar(data: bytes, method: str) -> _Part:
    if not _METHOD.fullmatch(method):
        raise Malformed("A calendar needs its method")
    parameters = [("charset", "utf-8"), ("method", method)]
    return _Part(headline.content("Content-Type", "text/calendar", parameters) + _encoding("base64"), _base64(data))


def _file(attachment: Attachment) -> _Part:
    """An attachment; what claims to be a mail or a bundle of parts travels as plain octets."""
    kind = attachment.type.lower()
    kind = kind if _TYPE.fullmatch(kind) else "application/octet-stream"
    name = re.sub(r"[/\\]", "_", attachment.name)
    named = [("filename", name)] if headline.clean(name) else []
    head = headline.content("Content-Type", kind)
    head += headline.content("Content-Disposition", "inline" if attachment.inline else "attachment", named)
    head += headline.ids("Content-ID", [attachment.content_id])
    return _Part(head + _encoding("base64"), _base64(attachment.content))


def _encoding(how: str) -> str:
    return f"Content-Transfer-Encoding: {how}\r\n"


def _base64(data: bytes) -> bytes:
    return encodebytes(data).replace(b"\n", b"\r\n") or b"\r\n"
