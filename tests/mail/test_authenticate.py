"""Who really sent a mail: only our own border's word counts, read to the letter."""

import pytest

from mailer.mail.authenticate import Verdict, authenticate
from mailer.mail.message import Message
from mailer.mail.parse import parse

BORDER = "mx.cop.example"
FROM = "From: Ann <Ann@bank.test>"


def mail(*fields: str, sender: str = FROM) -> Message:
    return parse("\r\n".join([*fields, *filter(None, [sender]), "Subject: x", "", "text", ""]).encode())


def said(results: str, sender: str = FROM) -> Verdict:
    return authenticate(mail(f"Authentication-Results: {BORDER}; {results}", sender=sender), BORDER, True)


PASSES = {
    "dmarc": ("dmarc=pass header.from=bank.test", "dmarc"),
    "dmarc, any case": ("DMARC=Pass HEADER.FROM=Bank.Test", "dmarc"),
    "dmarc with comments": ("dmarc=pass (p=none dis=none) header.from=bank.test", "dmarc"),
    "dmarc with nested comments": ("dmarc (a (b) c) = (d) pass (e) header.from = (f) bank.test", "dmarc"),
    "dmarc with a version": ("dmarc/1=pass header.from=bank.test", "dmarc"),
    "dmarc among others": ("spf=fail smtp.mailfrom=x.test; dkim=none; dmarc=pass header.from=bank.test", "dmarc"),
    "dmarc with a reason": ('dmarc=pass reason="all good; dmarc=fail" header.from=bank.test', "dmarc"),
    "dkim by header.d": ("dkim=pass header.d=bank.test header.s=s1 header.b=Ab/+cd==", "dkim"),
    "dkim by header.i": ("dkim=pass header.i=@bank.test", "dkim"),
    "dkim of a full identity": ("dkim=pass header.i=ann@bank.test", "dkim"),
    "second of two signatures": ("dkim=fail header.d=bank.test; dkim=pass header.d=bank.test", "dkim"),
    "dkim where no policy is published": ("dmarc=none header.from=bank.test; dkim=pass header.d=bank.test", "dkim"),
    "spf": ("spf=pass (sender is 192.0.2.1) smtp.mailfrom=bounces@bank.test", "spf"),
    "spf with a domain only": ("spf=pass smtp.mailfrom=bank.test", "spf"),
    "spf of a tagged sender": ("spf=pass smtp.mailfrom=b+ann=x.test@bank.test", "spf"),
}


@pytest.mark.parametrize(("results", "method"), PASSES.values(), ids=PASSES)
def test_a_pass_of_our_border_verifies(results: str, method: str) -> None:
    verdict = said(results)
    assert (verdict.address, verdict.verified, verdict.method) == ("ann@bank.test", True, method)


REFUSED = {
    "fail with a pass in a comment": "dmarc=fail (dmarc=pass header.from=bank.test) header.from=bank.test",
    "fail with a pass in the reason": 'dmarc=fail reason="dmarc=pass header.from=bank.test" header.from=bank.test',
    "pass in a comment alone": "(dmarc=pass header.from=bank.test)",
    "pass in a quoted string alone": '"dmarc=pass header.from=bank.test"',
    "pass behind a semicolon in a comment": "dmarc=fail (; dmarc=pass header.from=bank.test;) header.from=bank.test",
    "pass behind one in quotes": 'dmarc=fail reason="; dmarc=pass header.from=bank.test;" header.from=bank.test',
    "quoted quote": 'dmarc=fail reason="\\"; dmarc=pass header.from=bank.test; \\"" header.from=bank.test',
    "escaped parenthesis": "dmarc=fail (\\); dmarc=pass header.from=bank.test; \\() header.from=bank.test",
    "comment never closed": "dmarc=pass header.from=bank.test (",
    "comment closed twice": "dmarc=pass header.from=bank.test )",
    "quote never closed": 'dmarc=pass header.from=bank.test "',
    "backslash outside": "dmarc=pass header.from=bank.test \\",
    "another domain": "dmarc=pass header.from=evil.test",
    "no domain": "dmarc=pass",
    "empty domain": "dmarc=pass header.from=",
    "quoted domain": 'dmarc=pass header.from="bank.test"',
    "domain that ends the same": "dmarc=pass header.from=evilbank.test",
    "domain that begins the same": "dmarc=pass header.from=bank.test.evil.test",
    "subdomain of the author's": "dmarc=pass header.from=x.bank.test",
    "two domains": "dmarc=pass header.from=bank.test header.from=evil.test",
    "two domains, ours last": "dmarc=pass header.from=evil.test header.from=bank.test",
    "two results": "dmarc=pass header.from=bank.test; dmarc=fail header.from=bank.test",
    "a temporary error": "dmarc=temperror header.from=bank.test; dkim=pass header.d=bank.test",
    "fail beats a dkim pass": "dmarc=fail header.from=bank.test; dkim=pass header.d=bank.test",
    "none": "none",
    "nothing": "",
    "a longer word": "dmarc=passed header.from=bank.test",
    "a word that ends in pass": "dmarc=bypass header.from=bank.test",
    "a method that ends in dmarc": "x-dmarc=pass header.from=bank.test",
    "a property named dmarc": "x=none policy.dmarc=pass header.from=bank.test",
    "result missing, pass a property": "dmarc= pass.x=pass header.from=bank.test",
    "a stray word": "dmarc=pass trust-me header.from=bank.test",
    "dkim of another": "dkim=pass header.d=evil.test",
    "dkim of a name below": "dkim=pass header.d=evil.bank.test",
    "dkim of a top level": "dkim=pass header.d=test",
    "dkim says one thing in d, another in i": "dkim=pass header.d=evil.test header.i=@bank.test",
    "dkim with the domain in a comment": "dkim=pass (header.d=bank.test) header.d=evil.test",
    "dkim without a domain": "dkim=pass",
    "dkim of the address' local part": "dkim=pass header.i=bank.test@evil.test",
    "dkim neutral": "dkim=neutral header.d=bank.test",
    "spf of another": "spf=pass smtp.mailfrom=ann@evil.test",
    "spf of a greeting": "spf=pass smtp.helo=bank.test",
    "spf of the null sender": "spf=pass smtp.mailfrom=<> smtp.helo=bank.test",
    "spf softfail": "spf=softfail smtp.mailfrom=bank.test",
    "spf with a quoted local part": 'spf=pass smtp.mailfrom="x smtp.mailfrom=bank.test "@evil.test',
    "spf with a local part that says it all": "spf=pass smtp.mailfrom=ann@bank.test@evil.test",
    "spf told twice": "spf=pass smtp.mailfrom=evil.test smtp.mailfrom=bank.test",
    "arc": "arc=pass header.d=bank.test",
    "iprev": "iprev=pass policy.iprev=192.0.2.1",
    "auth of a login": "auth=pass smtp.auth=ann@bank.test",
    "blank that is none": "dmarc=fail\u00a0dmarc=pass header.from=bank.test",
    "full-width letters": "dmarc=ｐass header.from=bank.test",
    "full-width equals": "dmarc＝pass header.from=bank.test",
    "kelvin in the method": "d\u212aim=pass header.d=bank.test",
    "a domain that only looks the same": "dmarc=pass header.from=b\u0430nk.test",
}


@pytest.mark.parametrize("results", REFUSED.values(), ids=REFUSED)
def test_anything_else_does_not(results: str) -> None:
    verdict = said(results)
    assert (verdict.address, verdict.verified, verdict.method) == ("ann@bank.test", False, "")


PASS = "dmarc=pass header.from=bank.test"
STRANGERS = {
    "another id": f"Authentication-Results: mx.evil.test; {PASS}",
    "an id that begins like ours": f"Authentication-Results: {BORDER}.evil.test; {PASS}",
    "our id in a comment": f"Authentication-Results: ({BORDER}) mx.evil.test; {PASS}",
    "our id second": f"Authentication-Results: mx.evil.test; {PASS}; {BORDER}; {PASS}",
    "our id quoted": f'Authentication-Results: "{BORDER}"; {PASS}',
    "no id": f"Authentication-Results: {PASS}",
    "no semicolon": f"Authentication-Results: {BORDER} {PASS}",
    "an unknown version": f"Authentication-Results: {BORDER} 2; {PASS}",
    "a field with a longer name": f"X-Authentication-Results: {BORDER}; {PASS}",
    "a blank that a filter of names may not see": f"Authentication-Results : {BORDER}; {PASS}",
    "the field of ARC": f"ARC-Authentication-Results: i=1; {BORDER}; {PASS}",
}


@pytest.mark.parametrize("field", STRANGERS.values(), ids=STRANGERS)
def test_only_our_own_field_counts(field: str) -> None:
    assert authenticate(mail(field), BORDER, True).verified is False


def test_only_the_topmost_field_counts() -> None:
    ours = f"Authentication-Results: {BORDER}; {PASS}"
    others = (
        "Authentication-Results: mx.evil.test; dmarc=pass header.from=bank.test",
        f"Authentication-Results: {BORDER}; none",
    )
    below = [authenticate(mail(other, ours), BORDER, True).verified for other in others]
    above = [authenticate(mail(ours, other), BORDER, True).verified for other in others]
    assert (below, above) == ([False, False], [True, True])


def test_our_id_in_any_case_with_a_version_and_folded() -> None:
    field = "Authentication-Results: MX.Cop.Example\r\n\t1;\r\n\tdmarc=pass\r\n\t(p=none)\r\n\theader.from=bank.test"
    assert authenticate(mail(field), BORDER, True).verified is True


def test_without_an_id_or_from_an_untrusted_peer_nobody_is_verified() -> None:
    message = mail(f"Authentication-Results: {BORDER}; {PASS}")
    verdicts = [
        authenticate(message, None, True),
        authenticate(message, "", True),
        authenticate(message, BORDER, False),
    ]
    assert [(one.verified, one.policy) for one in verdicts] == [(False, "")] * 3


AUTHORS = {
    "none": "",
    "two fields": "From: ann@bank.test\r\nFrom: eve@evil.test",
    "two fields of one address": "From: ann@bank.test\r\nFrom: ann@bank.test",
    "an empty second field": "From: ann@bank.test\r\nFrom:",
    "two addresses": "From: ann@bank.test, eve@evil.test",
    "an empty field": "From:",
    "the null address": "From: <>",
    "quoted local part": 'From: "ann"@bank.test',
    "percent": "From: ann%bank.test@evil.test",
    "a literal": "From: ann@[192.0.2.1]",
    "controls": "From: ann@bank.test\x00.evil.test",
}


@pytest.mark.parametrize("sender", AUTHORS.values(), ids=AUTHORS)
def test_one_plain_author_or_none(sender: str) -> None:
    verdict = said(PASS, sender=sender)
    assert (verdict.address, verdict.verified) == ("", False)


def test_the_name_is_not_the_address() -> None:
    verdict = said("dmarc=pass header.from=evil.test", sender='From: "ann@bank.test" <eve@evil.test>')
    assert (verdict.address, verdict.verified) == ("eve@evil.test", True)


def test_an_author_below_the_signing_domain_is_its() -> None:
    assert said("dkim=pass header.d=bank.test", sender="From: ann@mail.bank.test").verified is True


def test_a_domain_of_another_script_is_compared_in_ascii() -> None:
    verdict = said("dmarc=pass header.from=b\u00fccher.example", sender="From: ann@xn--bcher-kva.example")
    assert (verdict.address, verdict.verified) == ("ann@xn--bcher-kva.example", True)


@pytest.mark.parametrize(
    "sender",
    [
        '"=?utf-8?q?a=22=3B_dmarc=3Dpass_header=2Efrom=3Dbank=2Etest=3B_x=3D=22?="@evil.test',
        "=?utf-8?q?a=3B_dmarc=3Dpass_header=2Efrom=3Dbank=2Etest=3B_x=3D?=@evil.test",
    ],
)
def test_encoded_words_that_our_border_repeats_stay_closed(sender: str) -> None:
    assert said(f"spf=pass smtp.mailfrom={sender}").verified is False


POLICIES = {
    "dmarc=fail policy.dmarc=reject header.from=bank.test": "reject",
    "dmarc=fail policy.published-domain-policy=quarantine header.from=bank.test": "quarantine",
    "dmarc=fail policy.dmarc=none header.from=bank.test": "none",
    "dmarc=fail (p=REJECT sp=NONE dis=NONE) header.from=bank.test": "reject",
    "dmarc=fail (p=none dis=none) header.from=bank.test": "",
    "dmarc=fail (policy=quarantine) header.from=bank.test": "quarantine",
    "dmarc=fail policy.dmarc=reject (p=none) header.from=bank.test": "reject",
    "dmarc=fail policy.dmarc=none (p=reject) header.from=bank.test": "reject",
    'dmarc=fail reason="p=reject" header.from=bank.test': "",
    "dmarc=fail header.from=bank.test": "",
    "dmarc=none (p=reject) header.from=bank.test": "",
    "spf=fail (p=reject) smtp.mailfrom=bank.test": "",
}


@pytest.mark.parametrize(("results", "policy"), POLICIES.items())
def test_a_comment_may_make_the_policy_stricter_only(results: str, policy: str) -> None:
    assert said(results).policy == policy


@pytest.mark.parametrize("piece", ["(", ")", '"', "\\", ";", "=", " ", "a=b ", "()", "(a;", "dmarc=pass;"])
def test_a_field_beyond_measure_is_read_to_its_end(piece: str) -> None:
    assert said(piece * 4000).verified is False
