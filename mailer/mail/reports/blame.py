"""Whom a refusal speaks of: the address it was for, the relay's own list, or us. Pure; called by the store.

A relay that has an address on its own suppression list never tried it, and a host that refuses us by policy says
nothing about whoever lives there: neither is a member's fault.
"""

import re
from typing import Literal

Blame = Literal["address", "relay", "us"]

READ = 1000  # characters of a reply
# as Amazon SES, SendGrid, Mailgun, Postmark, SparkPost, Mailjet and Brevo word it
_LIST = re.compile(
    r"suppress(?:ion|ed|ing)|inactive recipient|previously bounced|previously unsubscribed|hard bounce list"
    r"|recipient is (?:on|in) (?:the|our|your) (?:block|bounce)|globally blocked",
    re.IGNORECASE,
)
_POLICY = re.compile(r"(?<![\d.])5\.7\.\d{1,3}(?![\d.])")
_GONE = re.compile(
    r"no such|unknown|not exist|disabled|inactive|not found|invalid (?:recipient|mailbox|user)", re.IGNORECASE
)


def blame(reply: str) -> Blame:
    """Of whom this refusal of one recipient speaks. A policy code that names a mailbox as gone is of the address."""
    said = reply[:READ]
    if _LIST.search(said):
        return "relay"
    return "us" if _POLICY.search(said) and not _GONE.search(said) else "address"
