"""Signatures made by another implementation, and what must not pass for one."""

import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import signing
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.mail import domainkeys
from mailer.mail.domainkeys import Result, Signed, signatures, verify

NOW = datetime.now(UTC)  # the signer of these tests looks at the clock itself
MAIL = (
    b"From: Bob Berg <bob@nord.example>\r\nTo: wells@cop.example\r\nSubject:  Losses \t at\r\n the shoe\r\n"
    b"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <a@nord.example>\r\n\r\n"
    b"Who has  cured \t losses? \r\n\r\nBob\r\n\r\n\r\n"
)
SIMPLE, RELAXED = b"simple", b"relaxed"


def said(raw: bytes, record: str | None = None, now: datetime = NOW) -> Result:
    mail = Signed.of(raw)
    [one] = signatures(mail)
    return verify(mail, one, record or signing.pair()[1], now)[0]


@pytest.mark.parametrize("head", [SIMPLE, RELAXED])
@pytest.mark.parametrize("body", [SIMPLE, RELAXED])
@pytest.mark.parametrize("raw", [MAIL, MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", MAIL.rstrip(), MAIL + b" \t\r\n"])
def test_what_another_signs_passes_here(head: bytes, body: bytes, raw: bytes) -> None:
    assert said(signing.signed(raw, "nord.example", canonicalize=(head, body))) == "pass"


def test_a_signature_over_the_names_of_fields_that_are_not_there() -> None:
    names = [b"from", b"from", b"to", b"subject", b"subject", b"cc", b"reply-to"]
    raw = signing.signed(MAIL, "nord.example", include_headers=names)
    assert said(raw) == "pass"
    assert said(raw.replace(b"To: wells", b"Cc: eve@evil.example\r\nTo: wells")) == "fail"


def test_edwards_curve() -> None:
    key, record = signing.edwards()
    body = b64encode(sha256(domainkeys._body(Signed.of(MAIL).body, True)).digest()).decode()
    field = (
        f"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=nord.example; s=e1; h=from:subject; bh={body}; b="
    )
    mail = Signed.of(field.encode() + b"\r\n" + MAIL)
    signed = domainkeys._head(mail, [b"from", b"subject"], mail.fields[0], True)
    raw = field.encode() + b64encode(key.sign(sha256(signed).digest())) + b"\r\n" + MAIL
    assert said(raw, record) == "pass"
    assert said(raw.replace(b"Bob\r\n", b"Eve\r\n"), record) == "fail"
    assert said(raw) == "permerror"  # an RSA key


CHANGED = {
    "the body": (b"Bob\r\n\r\n", b"Eve\r\n\r\n"),
    "something below the body": (b"\r\n\r\n\r\n", b"\r\nVisit evil.example\r\n"),
    "the author": (b"bob@nord", b"eve@nord"),
    "the subject": (b"Losses", b"Prizes"),
    "one letter of the signature's own fields": (b"s=s1", b"s=s2"),
}


@pytest.mark.parametrize(("old", "new"), CHANGED.values(), ids=CHANGED)
def test_what_was_changed_fails(old: bytes, new: bytes) -> None:
    raw = signing.signed(MAIL, "nord.example")
    assert raw.count(old) >= 1
    assert said(raw.replace(old, new)) == "fail"


def test_a_part_of_the_body_signed_proves_nothing() -> None:
    raw = signing.signed(MAIL, "nord.example", length=True)
    assert b" l=" in raw
    assert said(raw) == said(raw + b"Pay evil.example\r\n") == "policy"


@pytest.mark.parametrize("field", ["From: eve@evil.example", "Subject: stop", "Content-Type: text/html", "Date: now"])
def test_a_field_that_stands_twice_proves_nothing(field: str) -> None:
    twice = f"{field}\r\n{field}\r\n".encode()
    assert said(twice + signing.signed(MAIL, "nord.example")) == "policy"


def expiring(at: int) -> bytes:
    """A signature with x=, put in before signing: no signer at hand writes it."""
    import dkim

    class Expiring(dkim.DKIM):
        def gen_header(self, fields, *rest, **more):  # type: ignore[no-untyped-def]
            fields.insert(-1, (b"x", str(at).encode()))
            return super().gen_header(fields, *rest, **more)

    signer = Expiring(MAIL)
    return bytes(signer.sign(b"s1", b"nord.example", signing.pair()[0], canonicalize=(RELAXED, RELAXED))) + MAIL


def test_a_signature_has_its_day() -> None:
    end = int(time.time()) + 3600
    raw = expiring(end)
    assert said(raw) == "pass"
    assert said(raw, now=NOW + timedelta(hours=2)) == "permerror"  # by the time it came, not by a clock on the wall
    assert said(expiring(1)) == "permerror"


RECORDS = {
    "taken back": "v=DKIM1; k=rsa; p=",
    "no key": "v=DKIM1; k=rsa",
    "another version": "v=DKIM2; k=rsa; p={key}",
    "another kind": "v=DKIM1; k=ed25519; p={key}",
    "another hash": "v=DKIM1; h=sha1; k=rsa; p={key}",
    "not for mail": "v=DKIM1; s=tlsrpt; k=rsa; p={key}",
    "told twice": "v=DKIM1; k=rsa; p={key}; p={key}",
    "no tag list": "hello",
    "empty": "",
    "not base64": "v=DKIM1; p=***",
    "base64 of nothing": "v=DKIM1; p=AAAA",
    "huge": "v=DKIM1; p=" + "A" * 60_000,
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_keys_that_prove_nothing(record: str) -> None:
    key = signing.pair()[1].rpartition("p=")[2]
    raw = signing.signed(MAIL, "nord.example")
    mail = Signed.of(raw)
    assert verify(mail, signatures(mail)[0], record.format(key=key), NOW)[0] in ("permerror", "fail")


def test_keys_in_other_spellings() -> None:
    key = signing.pair()[1].rpartition("p=")[2]
    raw = signing.signed(MAIL, "nord.example")
    for record in (
        f"p={key}",
        f"k=rsa; p={key[:40]} {key[40:]};",
        f"v=DKIM1; t=y; s=email; h=sha1:sha256; n=x; p={key}",
    ):
        assert said(raw, record) == "pass"
    strict = f"v=DKIM1; t=s; p={key}"
    assert said(raw, strict) == "pass"
    below = signing.signed(MAIL, "nord.example", identity=b"bob@mail.nord.example")
    assert (said(below), said(below, strict)) == ("pass", "permerror")


def test_a_short_key_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = signing.signed(MAIL, "nord.example", bits=1024)
    record = signing.pair(1024)[1]
    assert (domainkeys.SMALLEST, said(raw, record)) == (1024, "pass")
    monkeypatch.setattr(domainkeys, "SMALLEST", 1025)  # no shorter key can be made nowadays
    assert said(raw, record) == "fail"


UNFIT = {
    "no author signed": (b"h=", b"h=to:subject; z="),
    "sha1": (b"a=rsa-sha256", b"a=rsa-sha1"),
    "another version": (b"v=1", b"v=2"),
    "no body hash": (b"bh=", b"zz="),
    "for another domain": (b"i=@nord.example", b"i=@evil.example"),
    "an odd canonicalization": (b"c=relaxed/relaxed", b"c=loose/relaxed"),
    "a time that is none": (b"t=", b"t=x"),
    "a time beyond time": (b"t=", b"t=999999999999999999"),
}


@pytest.mark.parametrize(("old", "new"), UNFIT.values(), ids=UNFIT)
def test_signatures_that_prove_nothing(old: bytes, new: bytes) -> None:
    raw = signing.signed(MAIL, "nord.example", identity=b"@nord.example")
    head, mark, rest = raw.partition(b"From:")
    assert old in head
    assert said(head.replace(old, new, 1) + mark + rest) in ("permerror", "fail")


def test_names_that_are_none_are_not_looked_up() -> None:
    fields = (
        "d=nord.example",
        "d=; s=a",
        "d=a b.example; s=a",
        "d=nord.example; s=a; s=b",
        "d=local; s=a",
        "x",
        "d=\xff.x; s=a",
    )
    raw = "".join(f"DKIM-Signature: v=1; {field}\r\n" for field in fields).encode("latin-1") + MAIL
    assert signatures(Signed.of(raw)) == []
    many = b"DKIM-Signature: v=1; d=a.example; s=b\r\n" * 50 + MAIL
    assert len(signatures(Signed.of(many))) == domainkeys.MOST


def test_large_and_odd_bodies_take_no_long() -> None:
    """Anything that is not linear would take hours."""
    for body in (b" " * 3_000_000, b"\t \r\n" * 700_000, b"\r\n" * 1_000_000, b"a " * 1_000_000):
        assert said(signing.signed(MAIL, "nord.example") + body + b"x\r\n") == "fail"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=120))
def test_any_bytes_and_any_record(raw: bytes, record: str) -> None:
    mail = Signed.of(b"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=b; h=from; bh=AA==; b=AA==\r\n" + raw)
    for one in signatures(mail):
        assert verify(mail, one, record, NOW)[0] != "pass"
