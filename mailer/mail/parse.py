"""Any bytes to a Message: the one way in. Total: no input raises, and the time grows with the length alone.

Called by the reader, the importer and `mailer read`. What is broken is read as well as it can be, and named in
`defects`; what is beyond a limit stays closed. Nothing is fetched, rendered or unpacked.
"""

from dataclasses import replace
from typing import Final

from mailer.mail import dates, msgid
from mailer.mail.message import Headers, Mailbox, Message
from mailer.mail.parts import charsets, gathering, headers, mailboxes, mime

RETURNED_DEPTH: Final = 3  # reports inside reports that are opened


def parse(raw: bytes) -> Message:
    """The mail in `raw`, read as well as it can be. A mail without a Message-ID gets one made from its content."""
    return _parse(bytes(raw), 0)


def _parse(raw: bytes, depth: int) -> Message:
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    tree, defects = mime.tree(raw)
    found = gathering.gather(tree)
    charset = tree.parameters.get("charset", "")
    fields = Headers(tuple(headers.field(name, value, charset) for name, value in tree.fields))
    message_id = msgid.own(fields.get("message-id"))
    made = message_id or msgid.made(tree.raw("from"), tree.raw("date"), tree.raw("subject"), tree.body)
    reports = tree.type == "multipart/report" or bool(found.reports)
    message = Message(
        headers=fields,
        message_id=made,
        in_reply_to=msgid.ids(fields.get("in-reply-to")),
        references=msgid.ids(fields.get("references")),
        subject=fields.get("subject"),
        senders=_mailboxes(tree, "from", charset),
        to=_mailboxes(tree, "to", charset),
        cc=_mailboxes(tree, "cc", charset),
        reply_to=_mailboxes(tree, "reply-to", charset),
        date=dates.date(fields.get("date")),
        text="\n".join(gathering.text_of(piece) for piece in found.pieces),
        html="\n".join(piece.html for piece in found.pieces if piece.html),
        attachments=tuple(found.attachments),
        calendars=tuple(found.calendars),
        report=b"\n\n".join(found.reports),
        returned=_parse(found.mails[0], depth + 1) if reports and found.mails and depth < RETURNED_DEPTH else None,
        kind=tree.type,
        parameters=tuple(tree.parameters.items()),
        encrypted=found.encrypted,
        clear_sender=_clear_sender(tree, charset),
        defects=defects + tuple(dict.fromkeys(found.defects)),
    )
    return replace(message, defects=message.defects + _missing(message, message_id))


def _missing(message: Message, message_id: str) -> tuple[str, ...]:
    """What every mail should have (RFC 5322 §3.6), and this one has not."""
    there = {
        "no message id": message_id,
        "no date": message.date,
        "no sender": message.senders,
        "sender is not clear": message.clear_sender or not message.senders,
    }
    return tuple(what for what, found in there.items() if not found)


def _mailboxes(tree: mime.Part, name: str, charset: str) -> tuple[Mailbox, ...]:
    """The mailboxes of every field of that name; read before encoded words are decoded, which may hold anything."""
    values = [charsets.decode(value, charset) for key, value in tree.fields if key == name]
    return tuple(mailbox for value in values for mailbox in mailboxes.mailboxes(value))[: mailboxes.LIMIT]


def _clear_sender(tree: mime.Part, charset: str) -> bool:
    """Whether there is one From field, and one way only to read it."""
    values = [value for key, value in tree.fields if key == "from"]
    return len(values) == 1 and mailboxes.one(charsets.decode(values[0], charset)) is not None
