"""What a signature speaks for is what it lists, as often as it stands."""

import pytest

from mailer.mail.parse import parse
from mailer.mail.seals import covers


def message(*fields: str) -> bytes:
    return "\r\n".join((*fields, "From: a@b.example", "Message-ID: <x@b.example>", "", "Words.", "")).encode()


def seal(names: str) -> str:
    return f"DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s; h={names};\r\n bh=eA==; b=eA=="


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((), True),
        ((seal("from:to"), "To: a@c.example"), True),
        ((seal("From : TO :\r\n subject"), "To: a@c.example"), True),
        ((seal("from:subject"), "To: a@c.example"), False),
        ((seal("from:to"), "To: a@c.example", "To: b@c.example"), False),
        ((seal("from:to:to"), "To: a@c.example", "To: b@c.example"), True),
        ((seal("from"),), False),  # it may have been there, and was taken out
        ((seal("from:to"),), True),  # signed as being absent
        ((seal("from:to"), seal("from"), "To: a@c.example"), False),  # either may be the one that holds
        (("DKIM-Signature: h=to; h=to", "To: a@c.example"), False),
        (("DKIM-Signature: to", "To: a@c.example"), False),
        (("DKIM-Signature: v=1; h=from:to; l=12", "To: a@c.example"), False),  # the rest of the body is anybody's
        (("To: a@c.example", *(f"X-{number}: y" for number in range(1100)), seal("from")), False),
        (("To: a@c.example", "--", seal("from")), False),
    ],
)
def test_a_field_counts_where_every_signature_lists_it(fields: tuple[str, ...], expected: bool) -> None:
    assert covers(parse(message(*fields)), "to") is expected
