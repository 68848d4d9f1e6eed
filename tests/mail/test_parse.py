"""Whole mails, as programs write them and as they break."""

import base64
from datetime import UTC, datetime

import pytest

from mailer.mail.message import Mailbox, Message
from mailer.mail.parse import parse


def mail(*lines: str | bytes, header: str = "") -> bytes:
    """A mail from Ada to the pumps list; `lines` are further header fields, an empty line, and the body."""
    head = (
        "From: Ada Wells <ada@example.org>\nTo: pumps@community.example\nSubject: Seals\nMessage-ID: <1@example.org>\n"
        f"Date: Tue, 3 Mar 2026 10:00:00 +0100\nMIME-Version: 1.0\n{header}"
    ).encode()
    return head + b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)


def multipart(kind: str, *parts: str, header: str = "") -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return mail(f"Content-Type: multipart/{kind}; boundary=b{header}", "", f"preamble\n{body}--b--\nepilogue\n")


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nplain wörds\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>rich <b>wörds</b></p>\n"
PDF = (
    'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment\n'
    "Content-Transfer-Encoding: base64\n\nJVBERg==\n"
)
PNG = "Content-Type: image/png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\niVBORw==\n"


def test_a_plain_mail() -> None:
    found = parse(mail("In-Reply-To: <0@example.org>", "References: <a@b> <0@example.org>", "", "Hello", "there"))
    assert found.senders == (Mailbox("Ada Wells", "ada@example.org"),)
    assert found.sender == Mailbox("Ada Wells", "ada@example.org")
    assert found.to == (Mailbox("", "pumps@community.example"),)
    assert (found.subject, found.message_id) == ("Seals", "1@example.org")
    assert (found.in_reply_to, found.references) == (("0@example.org",), ("a@b", "0@example.org"))
    assert found.date == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert (found.text, found.html, found.attachments, found.defects) == ("Hello\nthere", "", (), ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_kind_of_line_end(end: str) -> None:
    found = parse(multipart("alternative", PLAIN, HTML).decode().replace("\n", end).encode())
    assert (found.subject, found.text.strip(), found.html.strip()) == (
        "Seals",
        "plain wörds",
        "<p>rich <b>wörds</b></p>",
    )


SCRIPTS = {
    "German": ("iso-8859-1", "Grüße, die Dichtung hält"),
    "French": ("windows-1252", "L’été à l’œuvre, ça coûte 5 €"),
    "Polish": ("iso-8859-2", "Zażółć gęślą jaźń"),
    "Czech": ("windows-1250", "Příliš žluťoučký kůň"),
    "Turkish": ("iso-8859-9", "Çığ gibi büyüyen ılık İzmir"),
    "Greek": ("iso-8859-7", "Καλημέρα κόσμε"),
    "Russian": ("koi8-r", "Съешь ещё этих булок"),
    "Ukrainian": ("windows-1251", "Щедрий ґанок їжака"),
    "Hebrew": ("windows-1255", "שלום לכולם"),
    "Arabic": ("windows-1256", "صباح الخير"),
    "Thai": ("tis-620", "สวัสดีตอนเช้า"),
    "Japanese": ("iso-2022-jp", "おはようございます"),
    "Japanese, Shift_JIS": ("shift_jis", "ポンプの件"),
    "Chinese": ("gb18030", "水泵密封圈的问题"),
    "Chinese, traditional": ("big5", "水泵密封圈的問題"),
    "Korean": ("euc-kr", "펌프 밀봉 문제"),
    "Hindi": ("utf-8", "पंप की सील"),
    "Amharic": ("utf-8", "የፓምፕ ማኅተም"),
    "Georgian": ("utf-8", "ტუმბოს ბეჭედი"),
    "Vietnamese": ("utf-8", "Gioăng bơm bị rò"),
}


@pytest.mark.parametrize(("charset", "text"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_the_subject_the_name_and_the_words_in_any_script(charset: str, text: str) -> None:
    octets = text.encode({"gb18030": "gb18030"}.get(charset, charset))
    word = f"=?{charset}?B?{base64.b64encode(octets).decode()}?="
    raw = (
        f"From: {word} <a@example.org>\nSubject: Re: {word}\nContent-Type: text/plain; charset={charset}\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.b64encode(octets + b'!').decode()}\n"
    ).encode()
    found = parse(raw)
    assert (found.senders[0].name, found.subject, found.text) == (text, f"Re: {text}", f"{text}!")


def test_of_alternatives_the_plain_text_is_read() -> None:
    found = parse(multipart("alternative", PLAIN, HTML))
    assert (found.text, found.html) == ("plain wörds\n", "<p>rich <b>wörds</b></p>\n")


def test_html_alone_becomes_text() -> None:
    assert parse(multipart("alternative", HTML)).text == "rich wörds"
    assert parse(multipart("alternative", "Content-Type: text/plain\n\n \n", HTML)).text == "rich wörds"


def test_a_plain_text_that_only_points_to_the_html_is_passed_over() -> None:
    stub = "Content-Type: text/plain\n\nThis message needs an HTML capable viewer, please upgrade yours\n"
    rich = f"Content-Type: text/html\n\n<p>{'Seals and gaskets last longer when greased before winter. ' * 5}</p>\n"
    several = rich.replace(
        "winter. ", "winter, rain, snow, storms, dust, heat, sand, fog, salt, frost, mud, ice, wind. "
    )
    assert parse(multipart("alternative", stub, several)).text.startswith("Seals and gaskets")


def test_a_short_answer_is_never_taken_for_a_pointer() -> None:
    rich = f"Content-Type: text/html\n\n<p>Thanks</p><blockquote>{'quoted words of others ' * 50}</blockquote>\n"
    assert parse(multipart("alternative", "Content-Type: text/plain\n\nThanks\n", rich)).text == "Thanks\n"


def test_files_beside_the_text() -> None:
    found = parse(multipart("mixed", PLAIN, PDF, "Content-Type: text/plain\n\nfooter of a list\n"))
    assert found.text == "plain wörds\n\nfooter of a list\n"
    assert [(each.name, each.type, each.content, each.inline) for each in found.attachments] == [
        ("a.pdf", "application/pdf", b"%PDF", False)
    ]


def test_text_files_are_files() -> None:
    notes = 'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: inline; filename="notes.txt"\n\nnotes\n'
    found = parse(multipart("mixed", PLAIN, notes))
    assert (found.text, [each.name for each in found.attachments]) == ("plain wörds\n", ["notes.txt"])


def test_pictures_of_the_html_are_inline() -> None:
    related = f"Content-Type: multipart/related; boundary=r\n\n--r\n{HTML}\n--r\n{PNG}\n--r--\n"
    found = parse(multipart("alternative", PLAIN, related))
    assert (found.text, found.html) == ("plain wörds\n", "<p>rich <b>wörds</b></p>\n")
    assert [(each.type, each.content_id, each.inline) for each in found.attachments] == [("image/png", "logo@x", True)]


def test_html_inside_alternatives_with_pictures_between() -> None:
    mixed = f"Content-Type: multipart/mixed; boundary=m\n\n--m\n{HTML}\n--m\n{PDF}\n--m\n{HTML}\n--m--\n"
    found = parse(multipart("alternative", PLAIN, mixed))
    assert (found.text, found.html.count("rich"), len(found.attachments)) == ("plain wörds\n", 2, 1)


def test_an_attached_mail_stays_whole_and_is_called_by_its_subject() -> None:
    inner = "From: x@y.org\nSubject: =?utf-8?q?Alte_S=C3=A4tze?=\n\nold words"
    found = parse(multipart("mixed", PLAIN, f"Content-Type: message/rfc822\n\n{inner}\n"))
    (attached,) = found.attachments
    assert (found.text, attached.name, attached.type) == ("plain wörds\n", "Alte Sätze.eml", "message/rfc822")
    assert parse(attached.content).text.strip() == "old words"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\dir\\\\report.pdf", "report.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00\x07b.txt", "ab.txt"),
        ("..", ""),
        (" .hidden ", "hidden"),
        ("x" * 500 + ".pdf", "x" * 176 + ".pdf"),
        ("Überblick 概要.pdf", "Überblick 概要.pdf"),
    ],
)
def test_names_of_files_hold_no_path(name: str, shown: str) -> None:
    found = parse(mail(f'Content-Disposition: attachment; filename="{name}"', "Content-Type: application/pdf", "", "x"))
    assert [each.name for each in found.attachments] == [shown]


def test_text_that_flows() -> None:
    found = parse(mail("Content-Type: text/plain; format=flowed; delsp=no", "", "one ", "two", "> three ", "> four"))
    assert found.text == "one two\n> three four"


def test_uuencoded_files_in_the_text() -> None:
    found = parse(mail("", "see this", "begin 644 a.bin", "#86)C", "`", "end", "bye"))
    assert (found.text, [(each.name, each.content) for each in found.attachments]) == (
        "see this\nbye",
        [("a.bin", b"abc")],
    )


REPORT = (
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
    "Final-Recipient: rfc822; bo@example.net\nAction: failed\nStatus: 5.1.1\n"
)


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_a_report_and_the_mail_it_returns(kind: str) -> None:
    returned = f"Content-Type: {kind}\n\nFrom: list@community.example\nMessage-ID: <sent-1@community.example>\n\nx\n"
    found = parse(multipart("report", PLAIN, REPORT, returned, header="; report-type=delivery-status"))
    assert (found.kind, dict(found.parameters)["report-type"]) == ("multipart/report", "delivery-status")
    assert b"Final-Recipient: rfc822; bo@example.net" in found.report
    assert isinstance(found.returned, Message)
    assert found.returned.message_id == "sent-1@community.example"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("multipart/encrypted; protocol=application/pgp-encrypted", "pgp"),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "smime"),
        ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", ""),
        ("multipart/signed; protocol=application/pgp-signature", ""),
    ],
)
def test_what_needs_a_key_is_named(kind: str, said: str) -> None:
    parts = f"--b\n{PLAIN}\n--b\nContent-Type: application/octet-stream\n\nx\n--b--\n"
    found = parse(mail(f"Content-Type: {kind}; boundary=b", "", parts))
    assert found.encrypted == said


def test_a_signed_mail_is_read_and_an_encrypted_one_is_not() -> None:
    signature = 'Content-Type: application/pgp-signature; name="signature.asc"\n\n-----BEGIN PGP SIGNATURE-----\n'
    assert parse(multipart("signed", PLAIN, signature)).text == "plain wörds\n"
    assert [each.name for each in parse(multipart("signed", PLAIN, signature)).attachments] == ["signature.asc"]
    assert parse(multipart("encrypted", PLAIN, signature)).text == ""
    assert len(parse(multipart("encrypted", PLAIN, signature)).attachments) == 2
    assert parse(mail("", "-----BEGIN PGP MESSAGE-----", "x")).encrypted == "pgp"


EVENT = "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nUID:7\nDTSTART:20260714T080000Z\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable"])
def test_a_calendar_among_alternatives(encoding: str) -> None:
    body = EVENT.format("REPLY")
    body = {
        "7bit": body,
        "base64": base64.b64encode(body.encode()).decode(),
        "quoted-printable": body.replace("=", "=3D"),
    }[encoding]
    part = f"Content-Type: text/calendar; method=REPLY\nContent-Transfer-Encoding: {encoding}\n\n{body}\n"
    found = parse(multipart("alternative", PLAIN, part))
    assert found.calendar and (found.calendar.method, found.calendar.uid) == ("REPLY", "7")
    assert (found.text, found.attachments) == ("plain wörds\n", ())


def test_the_same_calendar_twice_counts_once() -> None:
    part = f"Content-Type: text/calendar; method=REQUEST\n\n{EVENT.format('REQUEST')}"
    file = f'Content-Type: application/ics; name="invite.ics"\n\n{EVENT.format("REQUEST")}'
    found = parse(multipart("mixed", PLAIN, part, file))
    assert (len(found.calendars), [each.name for each in found.attachments]) == (1, ["invite.ics"])


@pytest.mark.parametrize(
    ("kind", "body", "defect"),
    [
        ("multipart/mixed; boundary=b", f"--b\n{PLAIN}", "multipart not closed"),
        ("multipart/mixed; boundary=b", f"--b\n{PLAIN.strip()}--b-- \n", "multipart not closed"),
        ("multipart/mixed; boundary=b", "only words", "multipart without parts"),
        ("multipart/mixed", f"--x\n{PLAIN}\n--x--\n", "multipart without a boundary"),
        ("multipart/mixed; boundary=wrong", f"--x\n{PLAIN}\n--x--\n", "multipart with a wrong boundary"),
    ],
)
def test_broken_multiparts_keep_their_words(kind: str, body: str, defect: str) -> None:
    found = parse(mail(f"Content-Type: {kind}", "", body))
    assert (found.text.strip() in ("plain wörds", "only words"), found.defects) == (True, (defect,))


def test_an_inner_boundary_that_begins_like_the_outer_one() -> None:
    inner = f"Content-Type: multipart/alternative; boundary=b-1\n\n--b-1\n{PLAIN}\n--b-1\n{HTML}\n--b-1--\n"
    found = parse(multipart("mixed", inner, PDF))
    assert (found.text, len(found.attachments), found.defects) == ("plain wörds\n", 1, ())


def test_a_multipart_that_was_encoded_whole() -> None:
    body = base64.b64encode(f"--b\n{PLAIN}\n--b--\n".encode())
    found = parse(mail("Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "", body))
    assert found.text.strip() == "plain wörds"


def test_nothing_of_what_every_mail_has() -> None:
    found = parse(b"only words")
    assert (found.text, found.subject, found.senders, found.date) == ("only words", "", (), None)
    assert found.defects == ("no line between header and body", "no message id", "no date", "no sender")


def test_a_mail_without_an_id_gets_the_same_one_every_time() -> None:
    one, other = b"Received: by a\nSubject: x\n\nbody", b"Received: by b\nSubject: x\n\nbody"
    assert parse(one).message_id == parse(other).message_id
    assert parse(one).message_id != parse(one + b" more").message_id


@pytest.mark.parametrize(
    "sender",
    [
        "From: ada@example.org, bo@example.org",
        "From: ada@example.org\nFrom: bo@example.org",
        "From: ada@example.org\nFrom: ada@example.org",
        "From: ada@example.org <bo@example.org>",
        "From: ada@x(<bo@example.org>",
        "From: ada@example.org\x00",
    ],
)
def test_a_sender_that_can_be_read_in_two_ways_is_nobody(sender: str) -> None:
    found = parse(f"{sender}\nMessage-ID: <1@x>\nDate: Tue, 3 Mar 2026 10:00:00 +0100\n\nx".encode())
    assert (found.sender, found.clear_sender, found.defects) == (None, False, ("sender is not clear",))


def test_an_encoded_word_holds_no_address_and_no_field() -> None:
    found = parse(
        b"From: =?utf-8?q?ada=40example.org=3E=0ABcc=3A?= <bo@example.org>\nSubject: =?utf-8?q?a=0AB=3A_c?=\n\nx"
    )
    assert [each.address for each in found.senders] == ["bo@example.org"]
    assert found.subject == "a B: c"
    assert "bcc" not in found.headers
    assert "b" not in found.headers


def test_a_machines_field_does_not_say_what_a_stranger_encoded() -> None:
    said = "mx.example.org; spf=pass smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass?=@evil.example"
    found = parse(f"Authentication-Results: {said}\nSubject: =?utf-8?q?a=3Bb?=\n\nx".encode())
    assert (found.headers.get("authentication-results"), found.subject) == (said, "a;b")


def test_ids_that_were_encoded_are_read() -> None:
    found = parse(b"Message-ID: =?utf-8?Q?=3C1=40x.org=3E?=\nReferences: =?utf-8?Q?=3C0=40x.org=3E?=\n\nx")
    assert (found.message_id, found.references) == ("1@x.org", ("0@x.org",))


def test_no_control_character_is_left() -> None:
    found = parse(mail("X-Odd: a\x00b\x1bc", "", "one\x00two\x08\x1b[0m\ttab"))
    assert (found.headers.get("x-odd"), found.text) == ("abc", "onetwo[0m\ttab")
