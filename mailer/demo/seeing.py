"""A mail as its reader's program shows it: words to press, links that begin a mail, files to open. Pure.

Called by the post room.
"""

import re
from html import escape, unescape
from urllib.parse import parse_qs, quote, unquote, urlencode

from mailer.mail import addressing
from mailer.mail.message import Mailbox, Message

MOST = 12  # words to press
LONGEST = 24  # characters of one
_MAILTO = re.compile(r'href="mailto:([^"?]{0,300})(?:\?([^"]{0,2000}))?"', re.IGNORECASE)
_CODE = re.compile(r"\[#\w{1,12}\]")
_BRACKETS = re.compile(r"[^<>]{0,200}<([^<>]{1,300})>")


def words(message: Message) -> list[str]:
    """The words below the mail that it may be answered with, in its language."""
    footer = message.text.rpartition("\n---\n")[2] if "\n---\n" in message.text else ""
    offered = _CODE.sub("", re.split(r"[:：]", footer)[-1]).split("·") if re.search(r"[:：]", footer) else []
    flat = [" ".join(word.split()) for word in offered]
    return [word for word in flat if word and len(word) <= LONGEST][:MOST]


def with_pen(html: str, key: str) -> str:
    """The HTML with each link that would begin a mail leading to the pen of this player."""

    def lead(match: re.Match[str]) -> str:
        asked = parse_qs(unescape(match[2] or ""))
        said = {"to": unquote(unescape(match[1]))}
        said |= {
            ours: asked[theirs][0] for theirs, ours in (("subject", "subject"), ("body", "word")) if theirs in asked
        }
        return f'target="_top" href="{escape(f"/write/{quote(key)}?{urlencode(said)}")}"'

    return _MAILTO.sub(lead, html)


def back(message: Message) -> str:
    """Where a Reply goes; '' where nobody is named."""
    return next((one.address for one in (*message.reply_to, *message.senders)), "")


def author(message: Message) -> Mailbox:
    return next(iter(message.senders), Mailbox("", ""))


def answering(message: Message) -> str:
    """The subject of a reply."""
    return message.subject if message.subject.lower().startswith("re:") else f"Re: {message.subject}"


def recipient(text: str) -> str | None:
    """The address somebody put into To, with or without a name before it; None where it is no single address."""
    inside = _BRACKETS.fullmatch(text.strip())
    return addressing.address((inside[1] if inside else text).strip())


def size(octets: int) -> str:
    """As a mail program says it."""
    return f"{max(octets / 1000, 1):,.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:,.1f} MB"
