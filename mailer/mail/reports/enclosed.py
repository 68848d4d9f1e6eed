"""The mail that a report holds: the one that came back, or the one complained of.

Refuses nothing: a report may hold none. Called by the readers of bounces and of feedback.
"""

from mailer.errors import Malformed
from mailer.mail.message import Message
from mailer.mail.parse import parse


def enclosed(message: Message) -> Message | None:
    """The mail inside, also where the report is not in the form of RFC 6522; None where there is none."""
    content = content_of(message)
    try:
        return message.returned or (parse(content) if content else None)
    except Malformed:
        return None


def content_of(message: Message) -> bytes:
    """The bytes of the first attached mail, or b''."""
    return next((part.content for part in message.attachments if part.type == "message/rfc822"), b"")
