"""What somebody wishes for in words of their own: "Can I get these once a week?", "please take my name off the list".

Every word of the message must be one that people use to speak of the mail they get, and together they must name one
setting; a single word of anything else, and it is a post. Refuses to act: the wish is asked back in one line. The words
are in `[wishes]` of each language's table. Pure and linear; called by inbound/saying for short mails alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from mailer.community.grammar import UNSPACED, Near, new_lines
from mailer.community.greetings import past_greeting
from mailer.community.likeness import plain
from mailer.community.vocabulary import DAYS, Known, Words

LONGEST = 240  # characters of a wish, without greeting and closing
MOST_LINES = 5
SHORT_LINES = 12  # with greeting, closing and name
STRONG = 8  # letters of a word that needs no mail beside it: "unsubscribe"
DATE_WORDS = 5  # behind "until"

_ADDRESS = re.compile(r"[^\s<>@,;:()]{1,64}@[^\s<>@,;:()]{1,120}\.[^\W\d_]{2,20}")
_OFTEN = ("weekly", "daily", "each", "events")
_COMMANDS = (*_OFTEN, "leave", "mute", "settings", "files", "plain", "erase", "mydata", "cap")
_AROUND = {"_please": "please", "_wish": "filler", "_link": "filler", "_closing": "filler"}
_TONGUES = frozenset({"=en", "=fr", "=es", "=de", "=pt", "=ar", "=sw", "=ja"})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The phrases of one language, as tuples of words (of signs, where a script has no spaces), and what each is."""

    language: str
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    longest: int


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a message names. `kinds` holds "mail", "ask", commands, and the like; the rest is what was said of them."""

    kinds: frozenset[str]
    day: str = ""
    tongue: str = ""
    number: str = ""
    until: str = ""
    address: str = ""

    def has(self, *kinds: str) -> bool:
        return self.kinds.issuperset(kinds)

    @property
    def ours(self) -> bool:
        """It is about the mail they get from us."""
        return "mail" in self.kinds or self.wished

    @property
    def wished(self) -> bool:
        return not self.kinds.isdisjoint(("ask", "please", "wish"))

    @property
    def often(self) -> list[str]:
        return [name for name in _OFTEN if name in self.kinds]


Meant = tuple[str, str]  # command, argument
# The first that holds is what was meant. Two ways at once, or going and staying, is for the screen of settings.
_RULES: tuple[tuple[Callable[[_Heard], bool], Callable[[_Heard], Meant]], ...] = (
    (lambda h: bool(h.address) and h.has("address"), lambda h: ("also", h.address)),
    (lambda h: h.has("cap", "mail") and bool(h.number), lambda h: ("cap", h.number)),
    (lambda h: bool(h.until) and h.has("mail"), lambda h: ("away", h.until)),
    (lambda h: h.has("thread") and bool(h.kinds & {"mute", "go"}), lambda h: ("mute", "")),
    (lambda h: h.has("erase"), lambda h: ("erase", "")),
    (lambda h: h.has("mydata"), lambda h: ("mydata", "")),
    (lambda h: len(h.often) > 1 and h.ours, lambda h: ("settings", "")),
    (lambda h: bool(h.often) and bool(h.kinds & {"leave", "go"}), lambda h: ("settings", "")),
    (lambda h: bool(h.day) and h.has("mail") and not {"each", "events"} & h.kinds, lambda h: ("weekly", h.day)),
    (lambda h: bool(h.often) and h.ours, lambda h: (h.often[0], "")),
    (lambda h: bool(h.tongue) and (h.has("mail") or h.has("write")), lambda h: ("language", h.tongue)),
    (lambda h: h.has("plain") and h.wished, lambda h: ("plain", "")),
    (lambda h: h.has("files") and h.wished, lambda h: ("files", "")),
    (lambda h: h.has("leave") or h.has("go", "mail"), lambda h: ("leave", "")),
    (lambda h: h.has("less", "mail"), lambda h: ("daily", "")),
    (lambda h: h.has("settings") or h.has("address"), lambda h: ("settings", "")),
)


def wish(new_text: str, tables: Sequence[Words]) -> Near | None:
    """The setting that these words wish for, to be asked about; None for all that is meant for people."""
    lines = list(islice(new_lines(new_text), SHORT_LINES + 1))
    line = " ".join(_own(lines, Known.of((), tables))) if len(lines) <= SHORT_LINES else ""
    if not line or len(line) > LONGEST:
        return None
    address = found[0] if (found := _ADDRESS.search(line)) else ""
    pieces = _pieces(_ADDRESS.sub(" ", line))
    for words in tables:
        heard = _heard(pieces, address, _lexicon(words))
        meant = next((means(heard) for holds, means in _RULES if holds(heard)), None) if heard else None
        if meant:
            return Near(meant[0], line, meant[1])
    return None


def _own(lines: list[str], known: Known) -> list[str]:
    """The lines between greeting and closing; none where there are many."""
    lines = past_greeting(lines, known) or lines
    while len(lines) > 1 and all(known.closes(piece) for piece in lines[-1].split(",")):
        lines = lines[:-1]
    return lines if len(lines) <= MOST_LINES else []


def _heard(words: Sequence[str], address: str, lexicon: _Lexicon) -> _Heard | None:
    """What the words name in this language, where it knows each of them."""
    kinds: set[str] = {"email"} if address else set()
    said = {"address": address.rstrip(".")}
    at = 0
    while at < len(words):
        here, length = _longest(words, at, lexicon)
        at += length or 1
        if "until" in here and 0 < len(words) - at <= DATE_WORDS:
            said["until"] = " ".join(words[at:])
            at = len(words)
        elif not length and not words[at - 1].isdigit():
            return None
        elif not length:
            said["number"] = words[at - 1]
        for kind in here:
            name, _, value = kind.partition(":")
            said |= {name: value} if value else {}
            kinds.add(name)
    return _Heard(frozenset(kinds), **said)


def _longest(words: Sequence[str], at: int, lexicon: _Lexicon) -> tuple[frozenset[str], int]:
    """What the longest phrase that begins here is, and of how many words."""
    for length in range(min(lexicon.longest, len(words) - at), 0, -1):
        if kinds := lexicon.phrases.get(tuple(words[at : at + length])):
            return kinds, length
    return frozenset(), 0


def _pieces(text: str) -> list[str]:
    bare = plain(text).replace("'", " ")
    return list(bare.replace(" ", "")) if any(char >= UNSPACED for char in bare) else bare.split()


@lru_cache(32)
def _lexicon(words: Words) -> _Lexicon:
    found: dict[tuple[str, ...], set[str]] = {}
    for kind, phrase in _phrases(words):
        if pieces := tuple(_pieces(phrase)):
            found.setdefault(pieces, set()).add(kind)
    return _Lexicon(
        words.language, {key: frozenset(kinds) for key, kinds in found.items()}, max(map(len, found), default=0)
    )


def _phrases(words: Words) -> Iterator[tuple[str, str]]:
    """Each phrase with what it is: a wish's own, a command's, or one of those that may stand around them."""
    for name, some in words.table.items():
        for phrase in some:
            if name.startswith("?"):
                yield name[1:], phrase
            elif name in _COMMANDS:
                weak = name == "leave" and " " not in phrase and len(phrase) < STRONG and max(phrase) < UNSPACED
                yield "go" if weak else name, phrase
            elif name in _AROUND:
                yield _AROUND[name], phrase
            elif name[1:] in DAYS:
                yield f"day:{name[1:]}", phrase
            elif name in _TONGUES:
                yield f"tongue:{name[1:]}", phrase
