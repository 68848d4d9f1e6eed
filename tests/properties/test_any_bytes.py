"""Any bytes are a Message: total, clean, and the same every time."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.mail import itip
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.parts import hypertext, mailboxes

SEED = b"""From: =?utf-8?q?J=C3=BCrgen?= "x" <j@example.org> (c)
To: Team: a@b.org, "Q, R" <q@r.org>;, <[x]@y>
Subject: =?iso-2022-jp?B?GyRCMnE1RBsoQg==?= AW: x
Date: Tue, 3 Mar 2026 10:00:00 +0100 (CET)
Message-ID: <1@x>
References: <a@b> <c@d>
Content-Type: multipart/report; boundary="b"; name*0*=utf-8''%C3; name*1=x

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe =
an > alle

--c
Content-Type: text/html; charset=x

<p>a<table><tr><td>b<blockquote><a href="http://x/">y</a><ul><li>&#x41;<pre>z
--c
Content-Type: text/calendar; method=REPLY

BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:Z
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Z:20260714T080000
DURATION:P1D
ATTENDEE;PARTSTAT=x:mailto:a@b.org
--c--
--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; a@b
--b
Content-Type: message/rfc822

Subject: old

begin 644 x
#86)C
`
end
--b
Content-Type: application/ms-tnef; name=winmail.dat
Content-Transfer-Encoding: base64

eJ8+Ig==
--b--
"""
WORDS = [
    *(bytes([octet]) for octet in b'\r\n\0\t "<>()@,;:=?*&-\x1b\x80\xc3\xff'),
    b"\r\n\r\n", b"--b", b"--c--", b"=?utf-8?b?", b"?=", b"boundary=", b"multipart/mixed", b"message/rfc822", b"<div",
    b"</", b"<!--", b"style=display:none", b"BEGIN:VEVENT\n", b"END:", b"TZID=", b"begin 644 ", b"base64", b"gb18030",
    b"utf-16", b"iso-2022-jp", b"\x1b$B", b"99999999999", b"From: ", b"Content-Type: ", b"name*0*=",
]  # fmt: skip
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def sound(found: Message) -> None:
    """What holds for every Message: no control, no lone surrogate, one line where one line is meant, an id."""
    lines = [value for _, value in found.headers.fields]
    lines += [found.subject, *(each.name for each in found.attachments), *(each.summary for each in found.calendars)]
    for group in (found.senders, found.to, found.cc, found.reply_to):
        lines += [text for each in group for text in (each.name, each.address)]
    assert [line for line in lines if UNCLEAN.search(line) or "\n" in line or "\t" in line] == []
    assert UNCLEAN.search(found.text) is None
    assert found.message_id
    assert [each.name for each in found.attachments if "/" in each.name or "\\" in each.name] == []
    for moment in (found.date, *(each.start for each in found.calendars), *(each.end for each in found.calendars)):
        assert moment is None or moment.utcoffset() is not None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes(raw: bytes) -> None:
    sound(parse(raw))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=4), max_size=60).map(b"".join))
def test_any_words_of_mail(raw: bytes) -> None:
    sound(parse(raw))


@pytest.mark.fault("F15")
@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SEED)), st.integers(0, 40), st.sampled_from(WORDS) | st.binary(max_size=6)),
        min_size=1,
        max_size=12,
    )
)
def test_any_mutation_of_a_mail(changes: list[tuple[int, int, bytes]]) -> None:
    raw = SEED
    for at, length, piece in changes:
        raw = raw[:at] + piece + raw[at + length :]
    sound(parse(raw))
    assert parse(raw) == parse(raw)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(['"', "<", ">", "(", ")", "@", ",", ":", "\\", "a", " "])).map("".join)
)
def test_any_address_list(value: str) -> None:
    found = mailboxes.mailboxes(value)
    alone = mailboxes.one(value)
    assert alone is None or alone == found[0]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=500))
def test_any_html_and_any_calendar(text: str) -> None:
    assert UNCLEAN.search(hypertext.to_text(f"<table><p>{text}")) is None
    itip.calendars(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + text.encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"), max_size=80
    )
)
def test_words_in_utf8_come_back(text: str) -> None:
    found = parse(b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()).text
    assert found == (text if text.strip() else "")
