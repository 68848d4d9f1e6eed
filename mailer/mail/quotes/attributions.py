"""The sentence that stands above somebody else's mail: "On Tuesday, Ana Ruiz <ana@x> wrote:", in any language.

It is one to four lines that end with a colon and hold a date or an address, before quoted lines. Refuses to guess:
where the shape is weak, a verb of the tables or quoted lines below must agree. Called by `quoting`.
"""

import re
from collections.abc import Sequence

from mailer.mail.message import Mailbox
from mailer.mail.quotes import lineshapes as shape
from mailer.mail.quotes import phrases
from mailer.mail.quotes.headings import Heading

MOST_LINES = 5  # of an attribution: Gmail wraps a long name and address over three, some add empty ones
FULL_DATE = 4  # figures of a date with its time: day, year, hour, minute
MOST_PARTICLE = 3  # letters of a small word inside a name: "van", "de la", "via"

_NUMBERS = re.compile(r"\d+")
_BRACKETS = re.compile(r"[<(\[＜《][^<>()\[\]]{0,250}[>)\]＞》]")


def attribution(lines: Sequence[str], last: int) -> Heading | None:
    """The attribution whose last line is `last`, or None. It grows upward until it holds a date and an address."""
    if not lines[last].strip() or len(lines[last]) > shape.LONG or not _may_end(lines[last]):
        return None
    best: Heading | None = None
    text = ""
    for start in range(last, max(-1, last - MOST_LINES), -1):
        line = shape.bare(lines[start])
        if start < last and not _wraps_into(line, text):
            break
        text = f"{line} {text}" if line else text
        found = _judged(text, start, last)
        if found and (best is None or found.sure or found.author):
            best = found
        if shape.dated(text) and shape.addressed(text):
            break
    return best


def _may_end(line: str) -> bool:
    return shape.ends_open(line) or ((shape.bracketed(line) or shape.is_framed(line)) and shape.dated(line))


def _wraps_into(above: str, below: str) -> bool:
    """Whether a mail program broke its attribution between these two lines: not where a person would."""
    if not above:
        return below.startswith("<")
    if len(above) > shape.LONG or above.endswith(("!", "?", ":", "。", "：")):
        return False
    if above.endswith("."):  # only a day's or a year's figure goes on: "schrieb am So., 23.", "2026."
        return above[-2:-1].isdigit() and shape.dated(below)
    if phrases.WROTE.ends(above):  # a name alone is left for the line below
        return len(below) < 60 and _names_only(below)
    word = below.partition(" ")[0]
    broken = (
        above.endswith(("<", ",", "(", "[", '"'))
        or below.startswith(("<", ">", "(", "mailto:"))
        or " " not in below.strip()
        or (
            shape.bracketed(above)
            and not shape.dated(above)
            and shape.dated(below)
            and phrases.WROTE.ends(below.rstrip(" :："))
        )
    )
    return broken or len(above) + len(word) > 55 or len(_NUMBERS.findall(above)) >= 4


def _judged(text: str, start: int, last: int) -> Heading | None:
    """The lines as an attribution, where they hold enough."""
    if len(text) > 400:
        return None
    date, address, wrote = shape.dated(text), shape.addressed(text), phrases.WROTE.within(text)
    beside = address and shape.bracketed(text)
    figures = len(_NUMBERS.findall(text)) if date else 0
    told = beside or (wrote and figures >= FULL_DATE and len(text) < 200)
    closed = shape.ends_open(text) or (beside and figures >= FULL_DATE and phrases.WROTE.ends(text))
    sure = (date and (shape.is_framed(text) or (told and closed))) or (
        beside and wrote and closed and _names_only(_BRACKETS.sub("", text))
    )
    if sure or (date and wrote):
        return Heading(start, last + 1, "quote", mailbox_of(text) if address else None, sure)
    if start < last and not beside:
        return None
    if address or figures >= FULL_DATE or (wrote and _names_only(text)):
        return Heading(start, last + 1, "quote", mailbox_of(text) if address else None, sure=False)
    return None


def _names_only(text: str) -> bool:
    """Whether a line without date and address is a name and a verb: "Ana Ruiz wrote:", not "My mother wrote:".

    Small words stand inside a name only: "Ana Ruiz via Wells", "Carmen de la Rosa".
    """
    rest = [word for word in phrases.WROTE.without(text).split() if word not in ":："]
    small = [n for n, word in enumerate(rest) if word[0].islower()]
    return len(text) < 80 and all(0 < n < len(rest) - 1 and len(rest[n]) <= MOST_PARTICLE for n in small)


def mailbox_of(text: str) -> Mailbox:
    """Who an attribution names: its address; the name is what stands right before it, as far as it can be told."""
    address = shape.address(text)
    before = re.split(r"[\d,:;>]\s|[\"“”„]", text.split(address)[0].rstrip('<([ "').removesuffix("mailto:"))[-1]
    return Mailbox(before.strip(" \"'<([,*:"), address)
