import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.errors import Malformed
from mailer.mail.compose import Draft, compose, lint
from mailer.mail.message import Attachment, Mailbox
from mailer.mail.parse import parse
from mailer.mail.writing import headline

WELLS = Mailbox("A. Name (Acme) via Wells", "wells@cop.example")
DRAFT = Draft(
    sender=WELLS,
    to=(Mailbox("Wells", "wells@cop.example"),),
    subject="Which seal did you use?",
    text="Hello all,\n\nwhich seal did you use last winter?\n",
    message_id="q1@acme.example",
    date=datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
)
HOSTILE = [
    "hello\r\nBcc: victim@bank.example",
    "=?UTF-8?Q?=0ABcc=3A_victim=40bank.example?=",
    "=?utf-8?q?hello?=\n x",
    "a\x00b\x1bc\x85d\u2028e\u2029f",
    "\ud800 lone",
    '"root@bank.example" <root@bank.example>, x',
    "x" * 5000,
    "ä" * 3000,
    "word " * 400,
    "\u202eelpmaxe.knab",
    "  ",
    "=?" * 100,
    '\\" quote',
    "a,b;c:d@e(f)[g]",
]
text = st.one_of(
    st.text(max_size=300), st.sampled_from(HOSTILE), st.text("=?utf8-QBb_\r\n \t<>@\",\\'ä日", max_size=80)
)


def header(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def names(raw: bytes) -> list[bytes]:
    return [line.partition(b":")[0] for line in header(raw) if line[:1] != b" "]


def addresses(raw: bytes) -> dict[bytes, list[bytes]]:
    """By the grammar of RFC 5322: quoted strings and encoded words are names whatever they hold."""
    lines = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")
    fields = {name: value for name, _, value in (line.partition(b": ") for line in lines) if name in (b"From", b"To")}
    bare = {name: re.sub(rb'"[^"\\]*"|=\?utf-8\?[QB]\?[!->@-~]*\?=', b"", value) for name, value in fields.items()}
    assert all(re.fullmatch(rb"[^<>,@]*<[^<>,]+>(?:,[^<>,@]*<[^<>,]+>)*", value) for value in bare.values())
    return {name: re.findall(rb"<([^<>]*)>", value) for name, value in bare.items()}


def test_the_plain_mail_is_as_plain_as_it_can_be() -> None:
    assert compose(DRAFT) == (
        b'From: "A. Name (Acme) via Wells" <wells@cop.example>\r\n'
        b"To: Wells <wells@cop.example>\r\n"
        b"Subject: Which seal did you use?\r\n"
        b"Date: Tue, 03 Mar 2026 09:00:00 +0000\r\n"
        b"Message-ID: <q1@acme.example>\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Hello all,\r\n\r\nwhich seal did you use last winter?\r\n"
    )


@settings(max_examples=300, deadline=None)
@given(subject=text, name=text, filename=text, body=st.one_of(text, st.text("From .\n\r=ä", max_size=200)))
def test_whatever_members_write_stays_where_it_belongs(subject: str, name: str, filename: str, body: str) -> None:
    draft = replace(
        DRAFT,
        subject=subject,
        sender=Mailbox(name, "wells@cop.example"),
        to=(Mailbox(name, "wells@cop.example"), Mailbox(name, "team@cop.example")),
        text=body,
        html="<p>x</p>",
        attachments=(Attachment(filename, "image/png", b"png"),),
    )
    raw = compose(draft)
    assert lint(raw) == []
    assert names(raw) == [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"]
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    message = parse(raw)
    assert message.subject == headline.clean(subject)
    assert addresses(raw) == {b"From": [b"wells@cop.example"], b"To": [b"wells@cop.example", b"team@cop.example"]}
    assert message.message_id == DRAFT.message_id
    assert message.html.strip() == "<p>x</p>"
    assert [(a.type, a.content) for a in message.attachments] == [("image/png", b"png")]


def test_names_come_back_as_they_were() -> None:
    for name in ("Åsa Öberg", "A. Name (Acme) via Wells", "O'Neil, Pat", "李小龙", "root@bank.example", "=?x?="):
        [box] = parse(compose(replace(DRAFT, sender=Mailbox(name, "wells@cop.example")))).senders
        if not re.search(r"[().,]", name):  # these a reader may shorten or reorder; the address it may not
            assert box.name == name
        assert box.address == "wells@cop.example"


@pytest.mark.parametrize("subject", HOSTILE)
def test_a_subject_is_one_field_of_short_lines(subject: str) -> None:
    written = headline.text("Subject", subject)
    assert written.endswith("\r\n") and "\r\n" not in written[:-2].replace("\r\n ", "")
    assert all(len(line) <= 78 for line in written.split("\r\n"))
    assert all(len(word) <= 75 for word in re.findall(r"=\?utf-8\?\S*\?=", written))


def test_an_encoded_word_holds_whole_characters() -> None:
    for value in ("日本語の件名" * 30, "é" * 200, "🎉" * 60):
        for word in headline.encoded_words(value):
            assert "\ufffd" not in parse(f"Subject: {word}\r\n\r\n".encode()).subject


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "ana@acme.example\r\nBcc: x@y.example",
        "ana@acme.example>",
        "<ana@acme.example>",
        "ana@acme.example, eve@bank.example",
        '"a b"@acme.example',
        "a%b@acme.example",
        "ana@acme.example ",
    ],
)
def test_an_address_that_is_none_stops_the_mail(address: str) -> None:
    for draft in (
        replace(DRAFT, sender=Mailbox("", address)),
        replace(DRAFT, to=(Mailbox("", address),)),
        replace(DRAFT, cc=(Mailbox("", address),)),
        replace(DRAFT, reply_to=Mailbox("", address)),
    ):
        with pytest.raises(Malformed):
            compose(draft)


def test_a_recipient_beyond_ascii_is_named_and_not_written() -> None:
    """A header of seven bits has no room for it (RFC 6858 §3.1.1); the envelope has. Answers to it would be lost."""
    jose = Mailbox("José Prado", "josé@norte.example")
    raw = compose(replace(DRAFT, to=(jose, Mailbox("", "ana@acme.example")), cc=(Mailbox("", jose.address),)))
    assert b"\r\nTo: =?utf-8?B?Sm9zw6kgUHJhZG8=?= :;, <ana@acme.example>\r\n" in raw
    assert [box.address for box in parse(raw).to] == ["ana@acme.example"]
    for draft in (replace(DRAFT, sender=jose), replace(DRAFT, reply_to=jose)):
        with pytest.raises(Malformed):
            compose(draft)


@pytest.mark.parametrize("id", ["", "a b@c", "a@b>\r\nBcc: x", "<a@b>", "a@b\x00", "ä@b", "x" * 901])
def test_an_id_that_is_none_is_refused_or_left_out(id: str) -> None:
    with pytest.raises(Malformed):
        compose(replace(DRAFT, message_id=id))
    message = parse(compose(replace(DRAFT, in_reply_to=id, references=("first@x", id, "last@x"))))
    assert message.in_reply_to == ()
    assert message.references == ("first@x", "last@x")


def test_many_references_become_the_first_and_the_latest() -> None:
    ids = tuple(f"id{n}@acme.example" for n in range(60))
    assert parse(compose(replace(DRAFT, references=ids))).references == (ids[0], *ids[-19:])


def test_only_fields_of_the_list_are_sent() -> None:
    extra = (
        ("List-Id", "Brunnen für alle <wells.cop.example>"),
        ("List-Post", "<mailto:wells@cop.example>"),
        ("Precedence", "list"),
        ("X-Mailer-Note", "grün"),
    )
    headers = parse(compose(replace(DRAFT, extra=extra))).headers
    assert [headers.get(name.lower()) for name, _ in extra] == [value for _, value in extra]
    for name, value in [
        ("Bcc", "x@y.example"),
        ("Received", "x"),
        ("List-Post", "<mailto:x>\r\nBcc: y"),
        ("List-Archive", "<https://ä.example>"),
        ("List-Id", "no brackets"),
        ("List-Id", "x <a b>"),
        ("X-Mailer-Not a name", "x"),
        ("X-Mailer-A:\r\nBcc", "x"),
        ("Precedence", ""),
    ]:
        with pytest.raises(Malformed):
            compose(replace(DRAFT, extra=((name, value),)))


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("short and plain", b"7bit"),
        ("From here on", b"quoted-printable"),
        ("see\n.\nabove", b"quoted-printable"),
        ("x" * 79, b"quoted-printable"),
        ("naïve café", b"quoted-printable"),
        ("日本語の本文" * 10, b"base64"),
        ("", b"7bit"),
    ],
)
def test_a_body_travels_in_the_plainest_way_that_keeps_it(body: str, how: bytes) -> None:
    raw = compose(replace(DRAFT, text=body))
    assert b"Content-Transfer-Encoding: " + how + b"\r\n" in raw
    assert not re.search(rb"(?m)^(?:From |\.\r$)", raw)
    assert parse(raw).text.rstrip("\n") == body


def test_a_body_loses_controls_and_keeps_its_words() -> None:
    assert parse(compose(replace(DRAFT, text="a\x00b\x1b[31m\tc\r\nd\re\ud800"))).text == "ab[31m\tc\nd\ne?\n"


def test_parts_and_their_order() -> None:
    picture = Attachment("chart.png", "image/png", b"png", content_id="chart@cop.example", inline=True)
    letter = Attachment("../a/b.eml", "message/rfc822", b"Subject: x\n\nbare\n")
    html = '<p>x <img src="cid:chart@cop.example"></p>'
    raw = compose(
        replace(DRAFT, html=html, calendar=b"BEGIN:VCALENDAR\r\n", method="REQUEST", attachments=(picture, letter))
    )
    assert re.findall(rb"(?m)^Content-Type: ([a-z/-]+)", raw) == [
        b"multipart/mixed",
        b"multipart/alternative",
        b"text/plain",
        b"multipart/related",
        b"text/html",
        b"image/png",
        b"text/calendar",
        b"application/octet-stream",
    ]
    assert raw.count(b'method="REQUEST"') == 1
    assert b'filename=".._a_b.eml"' in raw
    assert raw == compose(
        replace(DRAFT, html=html, calendar=b"BEGIN:VCALENDAR\r\n", method="REQUEST", attachments=(picture, letter))
    )


def test_a_boundary_cannot_be_known_before_its_content() -> None:
    found = re.search(rb'boundary="([0-9a-f]+)"', compose(replace(DRAFT, html="<p>x</p>")))
    assert found
    copied = compose(replace(DRAFT, html="<p>x</p>", text=f"--{found[1].decode()}--\n"))
    assert len(parse(copied).text.strip()) == 36 and parse(copied).html.strip() == "<p>x</p>"


def test_what_no_mail_can_do_without() -> None:
    for draft in (
        replace(DRAFT, to=()),
        replace(DRAFT, date=DRAFT.date.replace(tzinfo=None)),
        replace(DRAFT, calendar=b"x", method=""),
        replace(DRAFT, calendar=b"x", method="REQUEST\r\n"),
    ):
        with pytest.raises(Malformed):
            compose(draft)


@pytest.mark.parametrize(
    ("old", "new", "defect"),
    [
        (b"Hello all", b"Hello\nall", "a line feed alone"),
        (b"Hello all", b"Hello\rall", "a carriage return alone"),
        (b"Hello all", b"Hello\0all", "a NUL"),
        (b"Hello all", "Hällo".encode(), "eight bits"),
        (b"Hello all", b"x" * 999, "a line over 998 octets"),
        (b"Date: Tue", b"Data: Tue", "no date field"),
        (b"MIME-Version: 1.0", b"From: x@y.example", "two from fields"),
        (b"MIME-Version: 1.0", b"Bcc: x@y.example", "a bcc field"),
        (b"MIME-Version: 1.0", b"Mime Version: 1.0", "a line in the header that is no field"),
        (b"MIME-Version: 1.0", b"A: b\r\n ", "a folded line with nothing to fold"),
        (b"Which seal", b"Which\x07seal", "a control character in the header"),
        (b"last winter?\r\n", b"last winter?", "no line end at the end"),
    ],
)
def test_the_last_look_names_what_is_wrong(old: bytes, new: bytes, defect: str) -> None:
    raw = compose(DRAFT)
    assert old in raw and lint(raw) == []
    assert lint(raw.replace(old, new)) == [defect]


def test_the_last_look_wants_a_header_and_a_body() -> None:
    assert lint(b"From: x\r\n") == ["no empty line after the header"]
