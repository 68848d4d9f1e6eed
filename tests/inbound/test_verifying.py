"""Being the MX itself: what is looked up says who sent a mail; what is not answered says nothing against anybody."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import signing
from nameserver import NameServer

from mailer.config import Settings, Trust
from mailer.errors import Misconfigured
from mailer.inbound import resolver, verifying
from mailer.mail.authenticate import Verdict, authenticate
from mailer.mail.parse import parse
from mailer.store.traffic.inbox import Envelope

NOW = datetime.now(UTC)  # the signer of these tests looks at the clock itself
THEIRS, ELSEWHERE = "192.0.2.7", "203.0.113.9"
BOB = "bob@nord.example"
ZONE = {
    ("nord.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 -all"],
    ("_dmarc.nord.example", "TXT"): ["v=DMARC1; p=reject; sp=quarantine"],
    ("s1._domainkey.nord.example", "TXT"): [signing.pair()[1]],
    ("s1._domainkey.mail.nord.example", "TXT"): [signing.pair()[1]],
    ("mail.nord.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 -all"],
    ("evil.example", "TXT"): ["v=spf1 +all"],
    ("s1._domainkey.evil.example", "TXT"): [signing.pair()[1]],
    ("_dmarc.strict.example", "TXT"): ["v=DMARC1; p=reject; adkim=s; aspf=s"],
    ("s1._domainkey.strict.example", "TXT"): [signing.pair()[1]],
    ("s1._domainkey.mail.strict.example", "TXT"): [signing.pair()[1]],
    ("mail.strict.example", "TXT"): ["v=spf1 +all"],
    ("quiet.example", "TXT"): ["v=spf1 +all"],
    ("_dmarc.trying.example", "TXT"): ["v=DMARC1; p=reject; t=y"],
    ("_dmarc.gov.example", "TXT"): ["v=DMARC1; p=reject; psd=y"],
    ("s1._domainkey.b.gov.example", "TXT"): [signing.pair()[1]],
    ("_dmarc.huge.example", "TXT"): ["v=DMARC1; p=reject; x=" + "a" * 30_000],
    ("huge.example", "TXT"): ["v=spf1 " + "ip4:192.0.2.1 " * 2000 + "+all"],
    ("_dmarc.twice.example", "TXT"): ["v=DMARC1; p=reject", "v=DMARC1; p=none"],
    ("_dmarc.long.example", "TXT"): ["v=DMARC1; p=quarantine; " + " ".join(f"x{n}=y;" for n in range(500))],
}


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    async with NameServer(ZONE) as server:
        yield server


def mail(author: str = BOB, *fields: str) -> bytes:
    head = [
        *fields,
        f"From: Bob <{author}>",
        "Subject: Losses",
        "Message-ID: <a@nord.example>",
        "To: wells@cop.example",
    ]
    return "\r\n".join([*head, "", "Who has cured losses?", ""]).encode()


async def verdict(
    names: NameServer, raw: bytes, mail_from: str = "x@far.example", peer: str = ELSEWHERE, trusted: bool = False
) -> Verdict:
    """What the reader will know."""
    settings = Settings(trust=Trust(verify="dns", resolver=names.where))
    verify = verifying.verifier(settings)
    assert verify
    envelope = Envelope(raw, mail_from, ("wells@cop.example",), peer, trusted, NOW)
    return authenticate(parse(raw), None, trusted, await verify(envelope))


async def short(names: NameServer, raw: bytes, *rest: object, **more: object) -> tuple[bool, str]:
    found = await verdict(names, raw, *rest, **more)  # type: ignore[arg-type]
    return found.verified, found.policy


YES, NO, KEPT, NOBODY = (True, "reject"), (False, "reject"), (False, "quarantine"), (False, "")


async def test_a_signature_or_the_right_host_is_enough(names: NameServer) -> None:
    assert await short(names, signing.signed(mail(), "nord.example")) == YES
    assert await short(names, mail(), BOB, THEIRS) == YES
    assert await short(names, signing.signed(mail(), "mail.nord.example")) == YES  # relaxed
    assert await short(names, mail(), "b@mail.nord.example", THEIRS) == YES
    assert await short(names, mail("bob@mail.nord.example"), BOB, THEIRS) == (True, "quarantine")


async def test_a_forged_author_fails(names: NameServer) -> None:
    assert await short(names, mail()) == NO
    assert await short(names, mail(), BOB) == NO  # -all
    assert await short(names, mail(), "eve@evil.example") == NO  # a pass of somebody else
    assert await short(names, signing.signed(mail(), "evil.example"), "eve@evil.example") == NO
    assert await short(names, mail("bob@sub.nord.example")) == KEPT
    assert await short(names, signing.signed(mail(), "nord.example").replace(b"cured", b"spread")) == NO
    assert await short(names, signing.signed(mail(), "nord.example", length=True) + b"Pay.\r\n") == NO


async def test_nobody_is_verified_by_what_stands_in_the_mail(names: NameServer) -> None:
    forged = ("ourselves", "mx.cop.example", "lists.localhost")
    fields = [f"Authentication-Results: {one}; dmarc=pass header.from=nord.example" for one in forged]
    assert (
        await short(names, mail(BOB, *fields, "Received-SPF: pass", "ARC-Seal: i=1; cv=none; d=evil.example; b=AA=="))
        == NO
    )


async def test_strict_is_strict(names: NameServer) -> None:
    raw = mail("bob@strict.example")
    assert await short(names, signing.signed(raw, "strict.example")) == YES
    assert await short(names, signing.signed(raw, "mail.strict.example")) == NO
    assert await short(names, raw, "b@mail.strict.example") == NO


async def test_neighbours_under_a_public_suffix_are_strangers(names: NameServer) -> None:
    raw = mail("bob@a.gov.example")
    assert await short(names, signing.signed(raw, "b.gov.example")) == NO


async def test_without_a_policy_only_the_same_domain_speaks(names: NameServer) -> None:
    assert await short(names, mail("bob@quiet.example"), "b@quiet.example") == (True, "")
    assert await short(names, mail("bob@quiet.example")) == NOBODY
    assert await short(names, mail("bob@nowhere.example"), "e@evil.example") == NOBODY
    assert await short(names, mail("bob@trying.example")) == KEPT
    assert await short(names, mail("bob@twice.example")) == NOBODY
    assert await short(names, mail("bob@long.example")) == KEPT  # comes over TCP


async def test_huge_records_are_no_records(names: NameServer) -> None:
    assert await short(names, mail("bob@huge.example"), "bob@huge.example") == NOBODY


@pytest.mark.fault("F11")
async def test_no_answer_proves_nothing_against_anybody(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "PATIENCE", 0.2)
    signed = signing.signed(mail(), "nord.example")
    for name in ("_dmarc.nord.example", "s1._domainkey.nord.example", "nord.example"):
        for trouble in (names.silent, names.broken):
            trouble.add(name)
            found = await short(names, signed, BOB, ELSEWHERE)
            policy = "" if name == "_dmarc.nord.example" else "reject"
            assert found in ((True, policy), NOBODY)
            assert await short(names, mail(), BOB, THEIRS) in ((True, policy), NOBODY)
            trouble.clear()
    names.silent |= {"s1._domainkey.nord.example", "nord.example"}
    assert await short(names, signed, BOB, THEIRS) == NOBODY
    names.silent |= {"_dmarc.nord.example"}
    found_all = await verdict(names, signed, BOB, THEIRS)
    assert (found_all.verified, found_all.policy, found_all.why[:15]) == (False, "", "dmarc=temperror")


@pytest.mark.fault("F11")
async def test_all_questions_about_one_mail_share_a_bound(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "PATIENCE", 0.3)
    names.silent |= {"_dmarc.nord.example", "nord.example", "s1._domainkey.nord.example"}
    assert await short(names, signing.signed(mail(), "nord.example"), BOB, THEIRS) == NOBODY


async def test_a_front_that_says_nothing_leaves_the_signature(names: NameServer) -> None:
    assert await short(names, signing.signed(mail(), "nord.example"), BOB, "127.0.0.1", trusted=True) == YES
    assert await short(names, mail(), BOB, "127.0.0.1", trusted=True) == NO
    assert ("nord.example", "TXT") not in names.asked  # the front's address is not where it came from


async def test_what_a_front_vouches_for_is_not_asked(names: NameServer) -> None:
    verify = verifying.verifier(Settings(trust=Trust(verify="dns", authserv_id="mx", resolver=names.where)))
    assert verify and await verify(Envelope(mail(), BOB, (), "127.0.0.1", True, NOW)) == ""
    assert names.asked == []


@pytest.mark.parametrize("author", ["", "a@x.example>, <b@y.example", "x"])
async def test_nobody_to_ask_about(names: NameServer, author: str) -> None:
    assert (await verdict(names, mail(author))).verified is False
    assert names.asked == []


async def test_many_signatures_are_few_questions(names: NameServer) -> None:
    field = "DKIM-Signature: v=1; a=rsa-sha256; d=d{n}.example; s=s; h=from; bh=AA==; b=AA=="
    raw = mail(BOB, *(field.format(n=n) for n in range(100)))
    assert await short(names, raw) == NO
    assert len(names.asked) < 12


def test_names_are_walked_upwards() -> None:
    from mailer.inbound.domainpolicy import _walk

    assert _walk("a.b.example") == ["a.b.example", "b.example", "example"]
    long = "a.b.c.d.e.f.g.h.i.j.example"
    assert _walk(long) == [long, *(".".join(["e", "f", "g", "h", "i", "j", "example"][at:]) for at in range(7))]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Settings(trust=Trust(verify="dns"))
    assert verifying.verifier(Settings()) is None
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "cryptography", None)
        with pytest.raises(Misconfigured, match=r"pip install cryptography"):
            verifying.verifier(wanted)
    with pytest.raises(Misconfigured, match=r"trust\.resolver"):
        verifying.verifier(Settings(trust=Trust(verify="dns", resolver="nonsense")))
