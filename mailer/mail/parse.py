"""Any bytes to a Message: the one way in. Never any other error than Malformed.

Called by the reader, the importer and `mailer read`.
"""

import email
import email.message
import re
from datetime import UTC, datetime
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime

from mailer.mail.message import Attachment, Headers, Mailbox, Message

_ID = re.compile(r"<([^<>\s]{1,900})>")


def parse(raw: bytes) -> Message:
    """The mail in `raw`, read as well as it can be."""
    return _message(email.message_from_bytes(raw))


def _decode(value: object) -> str:
    text = str(value)
    try:
        pieces = decode_header(text.replace("\r", "").replace("\n", ""))
        text = "".join(p if isinstance(p, str) else p.decode(c or "latin-1", "replace") for p, c in pieces)
    except Exception:
        pass
    return text.encode("utf-8", "replace").decode()


def _mailboxes(headers: Headers, name: str) -> tuple[Mailbox, ...]:
    return tuple(Mailbox(n, a) for n, a in getaddresses(headers.all(name)) if a)


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except Exception:
        return None


def _content(part: email.message.Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n")


def _message(mail: email.message.Message) -> Message:
    headers = Headers(tuple((k.lower(), _decode(v)) for k, v in mail.items()))
    text, html, report = "", "", b""
    returned: Message | None = None
    attachments: list[Attachment] = []
    stack = [mail]
    while stack:
        part = stack.pop()
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/feedback-report"):
            inner = part.get_payload()
            report = "\n".join(str(p) for p in inner).encode() if isinstance(inner, list) else str(inner).encode()
        elif kind == "message/rfc822" and mail.get_content_type() == "multipart/report":
            returned = _message(part.get_payload()[0])  # type: ignore[index,arg-type]
        elif kind == "text/rfc822-headers":
            returned = parse(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        elif part.is_multipart() and kind.startswith("multipart/"):
            stack.extend(reversed(part.get_payload()))  # type: ignore[arg-type]
        elif kind == "text/plain" and part.get_content_disposition() != "attachment":
            text = f"{text}\n{_content(part)}" if text else _content(part)
        elif kind == "text/html" and part.get_content_disposition() != "attachment" and not html:
            html = _content(part)
        else:
            data = part.get_payload(decode=True)
            attachments.append(Attachment(part.get_filename() or "", kind, data if isinstance(data, bytes) else b""))
    message_id = next(iter(_ID.findall(headers.get("message-id"))), "")
    return Message(
        headers=headers,
        message_id=message_id,
        in_reply_to=tuple(_ID.findall(headers.get("in-reply-to"))),
        references=tuple(_ID.findall(headers.get("references"))),
        subject=headers.get("subject"),
        senders=_mailboxes(headers, "from"),
        to=_mailboxes(headers, "to"),
        cc=_mailboxes(headers, "cc"),
        reply_to=_mailboxes(headers, "reply-to"),
        date=_date(headers.get("date")),
        text=text or re.sub(r"<[^<>]*>", "", html),
        html=html,
        attachments=tuple(attachments),
        report=report,
        returned=returned,
        kind=mail.get_content_type(),
        parameters=tuple((k.lower(), str(v)) for k, v in (mail.get_params(failobj=[]) or [])[1:]),
    )
