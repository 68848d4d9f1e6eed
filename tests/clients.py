"""Answers as the programs of members hand them over. World.write and World.reply know only plain text."""

from base64 import b64encode
from datetime import datetime
from email.utils import format_datetime
from html import escape

from world import Mail

CRLF = "\r\n"


def head(
    name: str,
    who: str,
    to: str,
    subject: str,
    id: str,
    now: datetime,
    answers: Mail | None = None,
    sort: str = 'text/plain; charset="utf-8"',
    coding: str = "8bit",
) -> list[str]:
    """The header of any program."""
    named = (
        f"In-Reply-To: <{answers.message.message_id}>{CRLF}References: <{answers.message.message_id}>"
        if answers
        else ""
    )
    lines = [
        f"From: {name} <{who}>", f"To: {to}", f"Subject: {subject}", f"Date: {format_datetime(now)}",
        f"Message-ID: <{id}>", *named.split(CRLF), "MIME-Version: 1.0", f"Content-Type: {sort}",
        f"Content-Transfer-Encoding: {coding}",
    ]  # fmt: skip
    return [line for line in lines if line]


def joined(lines: list[str], body: str, charset: str = "utf-8") -> bytes:
    return CRLF.join([*lines, "", ""]).encode() + CRLF.join(body.split("\n")).encode(charset)


def old_phone(name: str, who: str, id: str, now: datetime, answers: Mail, text: str) -> bytes:
    """A phone of few keys: the words, the operator's advert, the whole mail below, no mark of a reply but a rule."""
    author = answers.message.senders[0]
    body = (
        f"{text}\n\n--\nSent with SunTel Mobile. Dial *144# for 50 MB free today!\n\n"
        f"----- Original message -----\nFrom: {author.name} <{author.address}>\nDate: {format_datetime(now)}\n"
        f"To: {answers.message.to[0].address}\nSubject: {answers.subject}\n\n{answers.text}"
    )
    return joined(head(name, who, answers.back, f"RE: {answers.subject}", id, now, answers), body)


DISCLAIMER = """This e-mail and any files transmitted with it are confidential and may be legally
privileged. They are intended solely for the use of the individual or entity
to whom they are addressed. If you have received this e-mail in error please
notify the sender immediately and delete it from your system. If you are not
the intended recipient you must not disclose, distribute, copy or rely on any
part of this e-mail. Although Nord Drilling has taken reasonable precautions
to ensure that no viruses are present, Nord Drilling cannot accept
responsibility for any loss or damage arising from the use of this e-mail or
its attachments. Any views expressed are those of the author and not those of
Nord Drilling. Nord Drilling AS, Dusavikveien 39, 4007 Stavanger, Norway.
Registered in Norway, enterprise number 914 000 111.
Please consider the environment before printing this e-mail."""


def exchange(name: str, who: str, id: str, now: datetime, answers: Mail, text: str) -> bytes:
    """An office behind Exchange: the server marks the subject and the quote, and adds what its lawyers like."""
    author = answers.message.senders[0]
    body = (
        f"{text}\n\nRegards,\nBob Berg\nSenior Drilling Engineer | Nord Drilling\n\n"
        f"________________________________\nFrom: {author.name} <{author.address}>\n"
        f"Sent: {now:%A, %B %d, %Y %H:%M}\nTo: {answers.message.to[0].address}\n"
        f"Subject: [EXTERNAL] {answers.subject}\n\n"
        "CAUTION: This email originated from outside of Nord Drilling. Do not click links or open attachments unless "
        f"you recognize the sender and know the content is safe.\n\n{answers.text}\n\n"
        f"________________________________\n{DISCLAIMER}\n"
    )
    return joined(head(name, who, answers.back, f"RE: [EXTERNAL] {answers.subject}", id, now, answers), body)


def iphone(name: str, who: str, id: str, now: datetime, answers: Mail, text: str) -> bytes:
    """A telephone of today: HTML only, the words on top, the whole mail in a blockquote."""
    author = answers.message.senders[0]
    said = escape(f"On {now:%d %b %Y, at %H:%M}, {author.name} <{author.address}> wrote:")
    quoted = "<br>".join(escape(line) for line in answers.text.splitlines())
    words = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
    page = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f'{words}<div dir="ltr"><br></div><div dir="ltr">Sent from my phone</div><div dir="ltr"><br>'
        f'<blockquote type="cite">{said}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{quoted}'
        "</div></blockquote></body></html>"
    )
    lines = head(name, who, answers.back, f"Re: {answers.subject}", id, now, answers, "text/html; charset=utf-8")
    return joined(lines, page)


def japanese(name: str, who: str, id: str, now: datetime, answers: Mail, body: str) -> bytes:
    """Plain text in ISO-2022-JP; the quotes stand in the body already."""
    subject = f"=?ISO-2022-JP?B?{b64encode(f'Re: {answers.subject}'.encode('iso-2022-jp')).decode()}?="
    encoded = f"=?ISO-2022-JP?B?{b64encode(name.encode('iso-2022-jp')).decode()}?="
    sort = "text/plain; charset=ISO-2022-JP"
    return joined(head(encoded, who, answers.back, subject, id, now, answers, sort, "7bit"), body, "iso-2022-jp")


def meeting(name: str, who: str, sequence: int, now: datetime, start: str, end: str) -> bytes:
    """An invitation out of Outlook: words, HTML and a calendar with Windows' name of a zone."""
    ics = CRLF.join((
        "BEGIN:VCALENDAR", "METHOD:REQUEST", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0",
        "BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T030000",
        "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE", "BEGIN:VEVENT",
        f"ORGANIZER;CN={name}:mailto:{who}",
        "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Wells:mailto:wells@cop.example",
        "DESCRIPTION;LANGUAGE=en-GB:Ingrid shows how they test barriers.\\n\\n",
            "UID:040000008200E00074C5B7101A82E0080",
        "SUMMARY;LANGUAGE=en-GB:Barrier status in old wells", f"DTSTART;TZID=W. Europe Standard Time:{start}",
        f"DTEND;TZID=W. Europe Standard Time:{end}", "CLASS:PUBLIC", "PRIORITY:5", "DTSTAMP:20260302T080000Z",
        "TRANSP:OPAQUE", "STATUS:CONFIRMED", f"SEQUENCE:{sequence}", "LOCATION;LANGUAGE=en-GB:Teams",
        "END:VEVENT", "END:VCALENDAR", "",
    ))  # fmt: skip
    lines = head(
        name, who, "Wells <wells@cop.example>", "Barrier status in old wells", f"meet{sequence}@acme.example", now,
        sort='multipart/alternative; boundary="_000_"', coding="8bit",
    )  # fmt: skip
    page = '<html><body lang="EN-GB"><p class="MsoNormal">Ingrid shows how they test barriers.</p></body></html>'
    parts = (
        ('text/plain; charset="utf-8"', "Ingrid shows how they test barriers.\r\n"),
        ('text/html; charset="utf-8"', page),
        ('text/calendar; charset="utf-8"; method=REQUEST', ics),
    )
    body = "".join(f"--_000_\r\nContent-Type: {sort}\r\n\r\n{text}\r\n" for sort, text in parts) + "--_000_--\r\n"
    return CRLF.join([*lines, "X-MS-Has-Attach:", "Thread-Topic: Barrier status in old wells", "", body]).encode()


def pressed(invitation: Mail, who: str, partstat: str, now: datetime) -> bytes:
    """What a calendar sends when its button is pressed."""
    calendar = invitation.message.calendar
    assert calendar
    ics = CRLF.join((
        "BEGIN:VCALENDAR", "METHOD:REPLY", "PRODID:Calendar", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{calendar.uid}",
        f"SEQUENCE:{calendar.sequence}", f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}", f"DTSTART:{calendar.start:%Y%m%dT%H%M%SZ}",
        f"ORGANIZER:mailto:{calendar.organizer}", f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}",
        "END:VEVENT", "END:VCALENDAR", "",
    ))  # fmt: skip
    subject, id = f"{partstat.capitalize()}: {calendar.summary}", f"{partstat}.{calendar.sequence}.{who}"
    sort = "text/calendar; charset=utf-8; method=REPLY"
    return CRLF.join([*head(who, who, calendar.organizer, subject, id, now, sort=sort), "", ics]).encode()


def report(*recipients: str, id: str, status: str = "5.1.1") -> bytes:
    """What a server writes of mail it could not deliver (RFC 3464)."""
    groups = [
        f"Final-Recipient: rfc822; {one}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user"
        for one in recipients
    ]
    return (
        "From: MAILER-DAEMON@nord.example\r\nTo: <>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{id}@nord.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.nord.example\r\n\r\n"
        + "\r\n\r\n".join(groups)
        + "\r\n\r\n--b--\r\n"
    ).encode()


def complaint(about: str, of: str = "") -> bytes:
    """What a provider sends where somebody pressed "this is spam", as RFC 5965 has it; `of` is who it says did."""
    named = f"Original-Rcpt-To: <{of}>\r\n" if of else ""
    return (
        "From: fbl@nord.example\r\nTo: abuse@cop.example\r\nSubject: FW: News\r\n"
        f"Message-ID: <arf.{len(about)}.{of}@nord.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: fbl/1\r\n"
        f"Version: 1\r\nOriginal-Mail-From: <{about}>\r\n{named}\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: wells@cop.example\r\n\r\nNews\r\n--b--\r\n"
    ).encode()
