"""What the relay's answer means, and when to try again. Pure. Called by the deliverer.

A reply to RCPT speaks of the recipient and a reply to the mail speaks of the mail; a reply to anything before speaks of
us, so it never fails a mail: an operator's mistake is not a member's.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from mailer.config import Relay

Step = Literal["connect", "MAIL", "RCPT", "DATA", "dot"]
Verdict = Literal["delivered", "deferred", "failed"]

SPREAD = 0.2  # of a wait: retries of one moment are spread over it
TOO_BIG = (552, 523)  # said to MAIL of the SIZE, and no other time will be different
FULL = 552  # said to RCPT: RFC 5321 §4.5.3.1.10 wants it read as 452
OUT_OF_STEP = 503  # speaks of our dialogue


class Answer(NamedTuple):
    """What came of one try. `code` is 0 where no reply came; `ambiguous`: the whole mail was on its way by then."""

    step: Step
    code: int
    text: str
    ambiguous: bool = False


def verdict(answer: Answer) -> Verdict:
    """2xx to the dot delivered; 5xx to RCPT, DATA or dot failed; everything else deferred."""
    code, kind = answer.code, answer.code // 100
    if answer.step == "dot" and kind == 2:
        return "delivered"
    if answer.step == "MAIL" and code in TOO_BIG:
        return "failed"
    if kind != 5 or code == OUT_OF_STEP or (answer.step == "RCPT" and code == FULL):
        return "deferred"
    return "failed" if answer.step in ("RCPT", "DATA", "dot") else "deferred"


def blames_address(answer: Answer) -> bool:
    """Whether a failure says something about the address rather than about the mail."""
    return answer.step == "RCPT"


def wait(relay: Relay, tries: int, id: int) -> timedelta:
    """The pause after this many tries: doubling from first_retry to last_retry, and up to a fifth longer by the id."""
    doubled = relay.first_retry * 2.0 ** min(max(tries, 1) - 1, 30)
    return timedelta(seconds=min(doubled, relay.last_retry) * (1 + SPREAD * _spread(id, tries)))


def given_up(relay: Relay, created_at: datetime, now: datetime) -> bool:
    """Whether a mail that still waits has waited long enough."""
    return now - created_at >= timedelta(seconds=relay.give_up)


def _spread(id: int, tries: int) -> float:
    """0 to 1, the same each time for the same two numbers, far apart for neighbours (Knuth's multiplicative hash)."""
    return ((id * 2_654_435_761 + tries * 40_503) & 0xFFFFFFFF) / 0x100000000
