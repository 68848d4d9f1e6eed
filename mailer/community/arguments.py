"""What may follow a command on its line: `weekly friday`, `mute #ppg`, `own posts off`, `find cement kick`.

Each command that takes something has a shape. What fits comes back as it is kept, whatever language it was said in;
what all but fits is Doubtful, to be asked about. Called by the grammar. Pure, and knows no word of any language.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailer.community.likeness import distance, plain
from mailer.community.vocabulary import DAYS, Known

TAG = re.compile(r"#[^\W\d_][\w-]*")
_BETWEEN = re.compile(r"[ ,،、]+")
_NUMBER = re.compile(r"(\d{1,3})(?!\d)")
_AFTER_NUMBER = 4  # words: "5 mails a day"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Nearly what the command takes. `meant` is what it may have been, as it is kept, or ''."""

    meant: str = ""


Fit = str | Doubtful | None
Shape = Callable[[str, Known], Fit]


def words(most: int) -> Shape:
    """Any words, up to so many."""
    return lambda rest, known: rest if len(rest.split()) <= most else None


def doubtful(most: int) -> Shape:
    """Any words, up to so many, that may as well begin a post."""
    return lambda rest, known: Doubtful(rest) if len(rest.split()) <= most else None


def code(rest: str, known: Known) -> Fit:
    """ "k7q", "[#k7q]" """
    bare = rest.strip("[#] ")
    return bare if bare and len(rest.split()) == 1 else None


def addressed(rest: str, known: Known) -> Fit:
    """Words of which one is an address."""
    return rest if "@" in rest and len(rest.split()) <= 60 else None


def mailbox(rest: str, known: Known) -> Fit:
    """One address and nothing else."""
    return rest if "@" in rest and len(rest.split()) == 1 else None


def day(rest: str, known: Known) -> Fit:
    """A weekday: "friday", "on Fridays", "le vendredi"."""
    *before, last = plain(rest).split() or [""]
    if not known.around["link"].issuperset(before):
        return None
    value = known.values.get(last, "")
    if value in DAYS:
        return value
    slips = sorted((distance(last, word), value) for word, value in known.values.items() if value in DAYS)
    near = [value for slip, value in slips if slip <= 2 and len(last) > 3]
    return Doubtful(near[0]) if near else None


def tags(rest: str, known: Known) -> Fit:
    """Tags, as "#ppg #cementing"; one word that has lost its sign is asked about."""
    tokens = [token for token in _BETWEEN.split(rest.rstrip(" .")) if plain(token) not in known.around["link"]]
    if tokens and all(TAG.fullmatch(token) for token in tokens):
        return " ".join(tokens)
    return Doubtful(f"#{tokens[0]}") if len(tokens) == 1 and TAG.fullmatch(f"#{tokens[0]}") else None


def switch(rest: str, known: Known) -> Fit:
    """On or off."""
    value = known.values.get(plain(rest))
    return value if value in ("on", "off") else Doubtful() if len(rest.split()) <= 2 else None


def at_most(rest: str, known: Known) -> Fit:
    """A number, perhaps with what is counted: "5 a day"; or off."""
    digits = "".join(str(int(char)) if char.isdecimal() else char for char in rest)
    if (number := _NUMBER.match(digits)) and len(digits[number.end() :].split()) <= _AFTER_NUMBER:
        return str(int(number[1])) if int(number[1]) else "off"
    return "off" if known.values.get(plain(rest)) == "off" else switch(rest, known) and Doubtful()


SHAPES: Mapping[str, Shape] = {
    "find": words(6),
    "who": words(6),
    "title": words(15),
    "split": doubtful(8),
    "merge": code,
    "invite": addressed,
    **dict.fromkeys(("facilitator", "member", "sponsor", "remove", "ban", "unban"), words(8)),
    "also": mailbox,
    "mailto": mailbox,
    "unlink": mailbox,
    "weekly": day,
    "tags": tags,
    "mute": tags,
    "follow": tags,
    "own": switch,
    "receipts": switch,
    "cap": at_most,
    "away": words(8),
    "language": words(3),
    "zone": words(5),
    "name": words(6),
    "organisation": words(8),
}
