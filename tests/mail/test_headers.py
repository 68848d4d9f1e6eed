"""Header fields are decoded and clean, however they are broken."""

import pytest

from mailer.mail.parts.headers import BLOCK_LIMIT, FIELD_LIMIT, FIELDS_LIMIT, block, decoded
from mailer.mail.parts.parameters import media_type, parameters, value_of


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
        (b"Re: =?iso-8859-1?Q?Caf=E9?= heute", "Re: Café heute"),
        (b"=?UTF-8?Q?a?= =?UTF-8?Q?b?=", "ab"),
        (b"=?UTF-8?B?5pel5pw=?= =?UTF-8?B?rOiqng==?=", "日本語"),  # a letter cut between two words
        (b"=?ISO-2022-JP?B?GyRCMnE1RBsoQg==?= 4", "会議 4"),
        (b"=?koi8-r?B?8NLJ18XU?= =?utf-8?B?IPCfmYI=?=", "Привет 🙂"),
        (b"=?UTF-8?Q?two words inside?=", "two words inside"),
        (b"=?UTF-8*de?Q?Stra=C3=9Fe?=", "Straße"),
        (b"=?UTF-8?B?R3LDvMOfZQ?=", "Grüße"),  # no padding
        (b"=?UTF-8?X?abc?=", "=?UTF-8?X?abc?="),
        (b"=?UTF-8?Q?never closed", "=?UTF-8?Q?never closed"),
        (b"=?x-nonsense?Q?=41?=", "A"),
        (b"=?utf-8?Q?=3F=3D?=", "?="),
        ("Grüße roh".encode(), "Grüße roh"),
        (b"caf\xe9", "café"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?B?AGEAYg==?=", "ab"),
        (b"a  b", "a  b"),
    ],
)
def test_a_value_is_decoded(raw: bytes, text: str) -> None:
    assert decoded(raw) == text


def test_an_undeclared_header_is_read_in_the_charset_of_the_body() -> None:
    assert decoded("Привет всем".encode("koi8-r"), "koi8-r") == "Привет всем"


def read(raw: bytes) -> tuple[dict[str, bytes], bytes, tuple[str, ...]]:
    found = block(raw, 0, len(raw))
    return dict(found.fields), raw[found.body :], found.defects


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n"])
def test_line_ends_of_any_kind(end: bytes) -> None:
    raw = end.join([b"From: a@b.org", b"Subject: one", b"\t two", b"", b"body", b"more"])
    assert read(raw) == ({"from": b"a@b.org", "subject": b"one two"}, end.join([b"body", b"more"]), ())


def test_spaces_before_the_colon() -> None:
    assert read(b"Subject   : x\n\nb")[0] == {"subject": b"x"}


def test_a_missing_line_between_header_and_body() -> None:
    assert read(b"Subject: x\nHello there, all\nFrom: what I heard\n\nyes") == (
        {"subject": b"x"},
        b"Hello there, all\nFrom: what I heard\n\nyes",
        ("no line between header and body",),
    )


def test_a_stray_line_among_fields_of_machines_is_passed_over() -> None:
    fields, body, defects = read(b"Subject: x\nstray line\nMessage-ID: <1@b>\n\nbody")
    assert (fields, body, defects) == (
        {"subject": b"x", "message-id": b"<1@b>"},
        b"body",
        ("line in the header that is no field",),
    )


def test_a_text_above_a_quoted_header_is_no_header() -> None:
    text = b"I agree\n____\nFrom: Jane\nSent: today\nSubject: x\n\nold words"
    assert read(text)[:2] == ({}, text)


def test_a_delimiter_ends_the_header() -> None:
    assert read(b"Subject: x\n \n--b\nContent-Type: text/plain\n\nhi")[1].startswith(b"--b\n")


def test_a_value_on_the_next_line_without_its_space() -> None:
    assert read(b"Subject:\nlost\nMessage-ID: <1@b>\n\nbody")[:2] == ({"subject": b"", "message-id": b"<1@b>"}, b"body")


def test_no_header_at_all() -> None:
    assert read(b"\nonly words\n") == ({}, b"only words\n", ())
    assert read(b"") == ({}, b"", ())


def test_nothing_beyond_the_limits_is_read() -> None:
    fields, body, defects = read(b"A:" + b"x" * 50_000 + b"\n\nb")
    assert (len(fields["a"]), body, defects) == (FIELD_LIMIT, b"b", ())
    found = block(raw := b"".join(b"x-%d: y\n" % i for i in range(5000)) + b"\nb", 0, len(raw))
    assert (len(found.fields), raw[found.body :], found.defects) == (FIELDS_LIMIT, b"b", ("too many header fields",))
    fields, _, defects = read(b"To: a@b.org,\n" + b" a@b.org,\n" * 20_000 + b"Content-Type: text/html\n\nb")
    assert (len(fields["to"]) <= FIELD_LIMIT, fields["content-type"], defects) == (True, b"text/html", ())
    found = block(raw := (b"x: " + b"y" * 1000 + b"\n") * 200 + b"\nb", 0, len(raw))
    assert len(found.fields) <= BLOCK_LIMIT // 1000 + 1
    assert (raw[found.body :], found.defects) == (b"b", ("header block too long",))


@pytest.mark.parametrize(
    ("raw", "value", "expected"),
    [
        (b'text/plain; charset="utf-8"', "text/plain", {"charset": "utf-8"}),
        (b"TEXT/Plain; CHARSET=utf-8 ;; format=flowed", "text/plain", {"charset": "utf-8", "format": "flowed"}),
        (b"a/b; name=my file.pdf; x=y", "a/b", {"name": "my file.pdf", "x": "y"}),
        (b'a/b; name="semi;colon \\"q\\".txt"', "a/b", {"name": 'semi;colon "q".txt'}),
        (b"a/b; name*=utf-8''Gr%C3%BC%C3%9Fe.txt", "a/b", {"name": "Grüße.txt"}),
        (b"a/b; name*0*=iso-8859-1'de'Gr%FC; name*1=sse; name*2*=%2Etxt", "a/b", {"name": "Grüsse.txt"}),
        (b"a/b; name*1=two; name*0=one", "a/b", {"name": "onetwo"}),
        (b"a/b; name=plain; name*=utf-8''better", "a/b", {"name": "better"}),
        (b'a/b; name="=?UTF-8?B?R3LDvMOfZQ==?=.txt"', "a/b", {"name": "Grüße.txt"}),
        ("a/b; name=Grüße.txt".encode(), "a/b", {"name": "Grüße.txt"}),
        (b"text/plain; name*", "text/plain", {}),
        (b"text/plain; name*0*", "text/plain", {}),
        (b"text/plain; =x; ;=", "text/plain", {}),
        (b'text/plain; name="never closed', "text/plain", {"name": "never closed"}),
        (b"text/plain (a comment); charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"charset=utf-8", "", {"charset": "utf-8"}),
        (b"", "", {}),
    ],
)
def test_parameters(raw: bytes, value: str, expected: dict[str, str]) -> None:
    assert value_of(raw) == (value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/html", "text/html"),
        ("text", "text/plain"),
        ("", "text/plain"),
        ("multipart", "multipart/mixed"),
        ("/", "text/plain"),
    ],
)
def test_a_media_type_is_always_one(value: str, expected: str) -> None:
    assert media_type(value) == expected


def test_parameters_are_bounded() -> None:
    assert len(parameters("; ".join(f"a{i}=b" for i in range(5000)))) == 1000


def test_a_parameter_that_is_not_indented_belongs_to_the_field_above() -> None:
    raw = b'Content-Type: text/plain;\r\ncharset=utf-8;\r\nname="a.txt"\r\nSubject: a;\r\nb = 1;\r\n\r\nx'
    fields = dict(block(raw, 0, len(raw)).fields)
    assert fields["content-type"].split() == [b"text/plain;", b"charset=utf-8;", b'name="a.txt"']
    assert fields["subject"].strip() == b"a;"


def test_a_line_that_is_no_field_above_fields_of_a_part() -> None:
    raw = b"Content-Type: image/png\nstray words\nContent-Disposition: attachment\n\nx"
    found = block(raw, 0, len(raw))
    assert ([name for name, _ in found.fields], raw[found.body :]) == (["content-type", "content-disposition"], b"x")
