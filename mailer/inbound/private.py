"""What is one person's own in our mails, taken out where it is quoted: addresses with a token, one-click ways out.
And what stands for a mail of ours in anybody's words, `[#k7q]`, is parted: who answers them answers nothing else.

The mail as it came is kept; what others read, find or are mailed never holds somebody's token (SECURITY 21). Pure.
Called by gather.
"""

import re
from dataclasses import replace
from functools import cache

from mailer.mail import tokens
from mailer.mail.message import Body

GONE = "…"
CODE = re.compile(r"\[#([0-9a-z]{3,8})\]", re.IGNORECASE)  # the visible code below a mail of ours


def without(text: str, domain: str, delimiter: str) -> str:
    """The text with each of our tokens replaced by GONE; `wells-r-…@cop.example` still says what stood there. A short
    code keeps its letters, which may be a tag, and is none any more."""
    return CODE.sub(_parted, _tokens(domain, delimiter).sub(rf"\1{GONE}", text))


def _parted(code: re.Match[str]) -> str:
    return code[0] if tokens.number(code[1]) is None else f"[ #{code[1]} ]"


def body_without(body: Body, domain: str, delimiter: str) -> Body:
    """The same of all that was told apart in a mail."""
    folded = tuple(replace(one, text=without(one.text, domain, delimiter)) for one in body.folded)
    text, new_text = without(body.text, domain, delimiter), without(body.new_text, domain, delimiter)
    return replace(body, text=text, new_text=new_text, folded=folded)


@cache
def _tokens(domain: str, delimiter: str) -> re.Pattern[str]:
    """A token between a verb that takes one and our domain, or behind the `/u/` of a web door; any case of letters."""
    mark = rf"(?:{re.escape(delimiter)}|\+)"
    verb = rf"({mark}(?:r|b|bounces|leave|unsubscribe|private){mark})"
    token = "[a-z2-7]{16,64}"
    recipient = rf"(?:{mark}[^\s<>@%]{{1,64}})?"  # as a relay writes it behind the token of a bounce
    return re.compile(rf"{verb}{token}{recipient}(?=(?:@|%40){re.escape(domain)})|(?<=/u/){token}", re.IGNORECASE)
