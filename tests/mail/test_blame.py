"""Of whom a refusal speaks."""

import pytest

from mailer.mail.reports.blame import blame

SAID = {
    "address": (
        "550 5.1.1 No such user",
        "5.2.2 mailbox full",
        "550 mailbox unavailable",
        "550 5.7.1 unknown user here",
        "550 5.7.1 This account is disabled",
        "550 15.7.1.2 odd",
        "",
        "x" * 100_000,
    ),
    "relay": (
        "550 5.7.1 The recipient is on our suppression list",
        "554 Message rejected: Address is suppressed",
        "605 Not delivering to previously bounced address",
        "406 Inactive recipient",
    ),
    "us": (
        "550 5.7.1 Message rejected due to content",
        "554 5.7.26 Unauthenticated mail is not accepted",
        "550-5.7.1 [192.0.2.1] Our policy says no",
    ),
}


@pytest.mark.parametrize(("whose", "reply"), [(whose, one) for whose, many in SAID.items() for one in many])
def test_whose_fault(whose: str, reply: str) -> None:
    assert blame(reply) == whose
