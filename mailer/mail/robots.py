"""Which mail no person wrote."""

from mailer.mail.message import Automatic, Message


def automatic(message: Message, mail_from: str | None = None) -> Automatic | None:
    """What kind of machine wrote this, or None for a person."""
    return None


def complained(message: Message) -> str:
    """The recipient a feedback report (RFC 5965) complains for, or ''."""
    return ""
