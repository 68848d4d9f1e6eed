"""Mails as the programs of the members write them: Outlook, phones, web mailers, plain text. Pure.

Used by the player and by the post room, so that what comes in looks like what comes in everywhere.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from mailer.demo import seeing
from mailer.demo.cast import Player
from mailer.mail.message import Message

SIZES = {"pdf": ("application", "pdf"), "jpg": ("image", "jpeg"), "xlsx": ("application", "octet-stream")}


@dataclass(frozen=True, slots=True)
class Letter:
    """What someone wants to write. `inline`: the text already holds the quotes it answers."""

    to: str
    subject: str
    text: str
    answers: Message | None = None
    inline: bool = False
    files: tuple[str, ...] = ()


def written(player: Player, letter: Letter, id: str, now: datetime) -> bytes:
    """The bytes that this player's program hands over."""
    mail = EmailMessage(SMTP)
    mail["From"] = Address(player.name, addr_spec=player.address)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{id}>"
    if letter.answers:
        named = [*letter.answers.references, letter.answers.message_id]
        mail["In-Reply-To"] = f"<{named[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in named[-10:])
    text = f"{letter.text.rstrip()}\n\n{player.closing}".rstrip() if player.closing else letter.text.rstrip()
    quoted = _quote(player, letter.answers, now) if letter.answers and not letter.inline else ""
    charset = "iso-2022-jp" if player.client == "japanese" and _fits(text + quoted) else "utf-8"
    mail.set_content(f"{text}\n{quoted}", charset=charset, cte="base64" if charset == "utf-8" else None)
    if player.client in ("outlook", "iphone", "gmail"):
        mail.add_alternative(_dressed(player, letter, text, now), subtype="html")
    for name in letter.files:
        main, sub = SIZES[name.rpartition(".")[2]]
        mail.add_attachment(f"{name}\n".encode() * 400, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def answered(player: Player, invitation: Message, partstat: str, id: str, now: datetime) -> bytes:
    """What a calendar sends when its button is pressed (RFC 5546 §3.2.3)."""
    calendar = invitation.calendar
    assert calendar
    lines = (
        "BEGIN:VCALENDAR", "PRODID:-//Calendar//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT",
        f"UID:{calendar.uid}", f"SEQUENCE:{calendar.sequence}", f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{calendar.start:%Y%m%dT%H%M%SZ}", f"ORGANIZER:mailto:{calendar.organizer}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{player.address}", "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    mail = EmailMessage(SMTP)
    mail["From"] = Address(player.name, addr_spec=player.address)
    mail["To"] = Address(addr_spec=calendar.organizer)
    mail["Subject"] = f"{partstat.capitalize()}: {calendar.summary}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{id}>"
    mail.set_content("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


def undelivered(address: str, id: str, now: datetime) -> bytes:
    """A report that there is no such mailbox (RFC 3464)."""
    host = address.rpartition("@")[2]
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@{host}>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Date: {format_datetime(now)}\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.{host}\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 4.2.2\r\n"
        "Diagnostic-Code: smtp; 452 4.2.2 Mailbox full\r\n\r\n--b--\r\n"
    ).encode()


def _fits(text: str) -> bool:
    try:
        return bool(text.encode("iso-2022-jp"))
    except UnicodeEncodeError:
        return False


def _quote(player: Player, mail: Message, now: datetime) -> str:
    author = seeing.author(mail)
    if player.client == "outlook":
        return (
            f"\n________________________________\nFrom: {author.name} <{author.address}>\n"
            f"Sent: {now:%A, %B %d, %Y %H:%M}\nTo: {mail.to[0].address if mail.to else ''}\n"
            f"Subject: {mail.subject}\n\n{mail.text}"
        )
    lines = "\n".join(f"> {line}".rstrip() for line in mail.text.splitlines())
    if player.language == "fr":
        return f"\nLe {now:%d/%m/%Y à %H:%M}, {author.name} <{author.address}> a écrit :\n{lines}"
    return f"\nOn {now:%d %b %Y, at %H:%M}, {author.name} <{author.address}> wrote:\n{lines}"


def _dressed(player: Player, letter: Letter, text: str, now: datetime) -> str:
    """The same words in this program's HTML."""
    mail = letter.answers if not letter.inline else None
    words = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())
    quoted = "<br>".join(escape(line) for line in mail.text.splitlines()) if mail else ""
    author = escape(f"{seeing.author(mail).name} <{seeing.author(mail).address}>") if mail else ""
    if player.client == "outlook":
        paragraphs = "".join(f'<p class="MsoNormal">{escape(line) or "&nbsp;"}</p>' for line in text.splitlines())
        head = (
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
            f"<b>From:</b> {author}<br><b>Sent:</b> {now:%A, %B %d, %Y %H:%M}<br><b>Subject:</b> "
            f'{escape(mail.subject)}</p></div><p class="MsoNormal">{quoted}</p>'
            if mail
            else ""
        )
        return f'<html><body lang="EN-GB"><div class="WordSection1">{paragraphs}{head}</div></body></html>'
    if player.client == "gmail":
        said = f"On {now:%a, %d %b %Y at %H:%M}, {author} wrote:"
        tail = (
            f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{said}<br></div>'
            f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{quoted}</blockquote></div>'
        )
        return f'<div dir="ltr">{words}</div>{tail if mail else ""}'
    tail = f'<blockquote type="cite">On {now:%d %b %Y, at %H:%M}, {author} wrote:<br><br>{quoted}</blockquote>'
    return f'<html><body dir="auto">{words}{tail if mail else ""}</body></html>'
