"""Mails made to break their reader are read, bounded, and named."""

from collections.abc import Callable

import pytest

from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.parts.headers import FIELDS_LIMIT
from mailer.mail.parts.mime import DEPTH_LIMIT, PARTS_LIMIT
from mailer.mail.parts.mime import tree as read_tree

HEAD = b"From: a@x.org\nTo: b@x.org\nSubject: s\nMessage-ID: <1@x.org>\nDate: Tue, 3 Mar 2026 10:00:00 +0100\n"


def typed(kind: str, body: bytes) -> bytes:
    return HEAD + f"Content-Type: {kind}\n\n".encode() + body


def nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth))
    return HEAD + opened + b"\nwords\n"


MAILS: dict[str, bytes] = {
    "10,000 deep": nested(10_000),
    "10,000 deep, one boundary": typed(
        "multipart/mixed; boundary=b", b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 10_000
    ),
    "10,000 mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 10_000,
    "reports in reports": typed(
        "multipart/report; boundary=b",
        b"--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=b\n\n" * 10_000,
    ),
    "a million empty parts": typed("multipart/mixed; boundary=b", b"--b\n\n" * 1_000_000),
    "a delimiter that goes on": typed("multipart/mixed; boundary=b", b"\n--b" + b" " * 1_000_000 + b"x"),
    "100,000 fields": b"".join(b"X-%d: y\n" % at for at in range(100_000)) + HEAD + b"\nwords",
    "100,000 lines that are no field": HEAD + b"stray\n" * 100_000 + b"X-Last: y\n\nwords",
    "an endless field": HEAD + b"X-Long: " + b"x" * 1_000_000 + b"\n\nwords",
    "20,000 encoded words": HEAD + b"X-Words: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nwords",
    "encoded words never closed": HEAD + b"X-Words: " + b"=?utf-8?q?" * 20_000 + b"\n\nwords",
    "20,000 parameters": typed("text/plain" + "; a=b" * 20_000, b"words"),
    "20,000 sections": typed("text/plain" + "".join(f"; n*{at}*=b" for at in range(20_000)), b"words"),
    "a section without a value": typed("text/plain; name*", b"words"),
    "NUL": b"\0" * 100_000,
    "CR": b"\r" * 1_000_000,
    "CR behind a field": b"a: b\n" + b"\r" * 1_000_000,
    "empty lines": b"\r\n" * 500_000,
    "quotes": HEAD.replace(b"b@x.org", b'"' * 16_000) + b"\nwords",
    "brackets": HEAD.replace(b"b@x.org", b"(" * 16_000) + b"\nwords",
    "angles": HEAD.replace(b"b@x.org", b'<"' * 8_000) + b"\nwords",
    "groups": HEAD.replace(b"b@x.org", b"a@b:" * 4_000) + b"\nwords",
    "commas": HEAD.replace(b"b@x.org", b"a," * 8_000) + b"\nwords",
    "spaces": HEAD.replace(b"b@x.org", b"a" + b" " * 16_000 + b"b") + b"\nwords",
    "flowed": typed("text/plain; format=flowed", b"> \n" * 100_000),
    "uuencode": HEAD + b"\n" + b"begin 644 x\n" * 50_000,
    "quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"= " * 500_000,
    "base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"YQ==" * 300_000,
    "events": typed("text/calendar", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 100_000),
    "a thousand calendars": typed(
        "multipart/mixed; boundary=b",
        b"".join(
            b"--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nUID:%d\nEND:VEVENT\n" % at * 50
            for at in range(999)
        ),
    ),
    "a thousand reports": typed(
        "multipart/report; boundary=b", (b"--b\nContent-Type: message/delivery-status\n\n" + b"x: y\n" * 500) * 999
    ),
    "quotes in events": typed("text/calendar", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE" + b';A="' * 100_000),
    "a broken winmail.dat": typed("application/ms-tnef", b"\x78\x9f\x3e\x22" + b"\xff" * 10_000),
    "a text without end": HEAD + b"\n" + b"words and words\n" * 150_000,
    "one line of 100 kB": HEAD + b"\n" + b"> a b: <a@b> " * 8_000,
}


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS.keys())
def test_a_hostile_mail_is_read(raw: bytes) -> None:
    found = parse(raw)
    assert isinstance(found, Message)
    assert len(found.headers.fields) <= FIELDS_LIMIT
    assert len(found.attachments) <= PARTS_LIMIT + 100


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("10,000 deep", "too deep"),
        ("a million empty parts", "too many parts"),
        ("100,000 fields", "header block too long"),
        ("a delimiter that goes on", "multipart without parts"),
        ("a text without end", "text too long"),
    ],
)
def test_what_is_left_closed_is_named(name: str, defect: str) -> None:
    assert defect in parse(MAILS[name]).defects


def test_behind_a_header_that_is_too_long_the_words_are_found() -> None:
    assert parse(MAILS["100,000 fields"]).text == "words"


def test_the_tree_is_bounded() -> None:
    part, depth = read_tree(nested(100))[0], 0
    while part.parts:
        part, depth = part.parts[0], depth + 1
    assert depth == DEPTH_LIMIT
    assert len(read_tree(MAILS["a million empty parts"])[0].parts) == PARTS_LIMIT - 1


@pytest.mark.parametrize(
    "field",
    [
        b"Message-ID: <[x@y]>",
        b'To: "',
        b"To: (c):",
        b"From: <",
        b"Date: Tue, 3 Mar 99999999999999999999 10:00:00 +0100",
        b"Date: 31 Dec 9999 23:59:59 -2359",
        b"Content-Type: text/plain; name*0*",
        b'Content-Type: text/plain; charset="\0"',
        b"Content-Type: multipart/mixed; boundary=",
        b'Content-Type: multipart/mixed; boundary=""',
        b"Content-Transfer-Encoding: \xff\xfe",
        b"Content-Disposition: ; filename*=x",
        b"Subject: =?\xff?q?a?=",
        b"Subject: =?utf-16?b?//4=?=",
        b"References: " + b"<" * 10_000,
    ],
)
def test_a_field_that_breaks_others_is_read(field: bytes) -> None:
    assert parse(field + b"\n\nwords").text == "words"


@pytest.mark.parametrize("make", [lambda raw: raw[:-1], lambda raw: raw[::-1], lambda raw: raw.replace(b"\n", b"\r")])
def test_a_torn_mail_is_read(make: Callable[[bytes], bytes]) -> None:
    for raw in list(MAILS.values())[:4]:
        assert isinstance(parse(make(raw[:20_000])), Message)
