"""The words that count: the tables of each language, and those of them that one mail offered, made plain to compare.

Refuses a table that names a command nobody knows. Called by the grammar, and by outbound for the tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailer.community.likeness import is_name, plain

# What the lines below a command are: its comment, a sign that the whole is a post, or a reason to ask.
ANSWERS = frozenset({"yes", "no", "maybe", "number", "ok", "send", "edit", "another", "comment"})  # may carry a comment
KIND = frozenset({"thanks", "solved", "useful", "help", "tag", "split", "merge", "title"})  # may open a post as well
FIRM = frozenset({"stop", "leave", "mute", "undo"})  # nobody begins a post with this line

_OTHERS = {"find", "follow", "each", "daily", "weekly", "events", "none", "quiet", "settings", "files", "more"}
_OTHERS |= {"private", "all", "who"}
_OTHERS |= {"always", "rule", "everything", "hold", "unhold", "volunteer", "swap"}  # of who facilitates, or would
_OTHERS |= {"invite", "charter", "rules"}
_OTHERS |= {"tags", "away", "back", "cap", "own", "receipts", "plain", "html", "named"}  # each their own way
_OTHERS |= {"language", "zone", "name", "organisation"}
_OTHERS |= {"also", "here", "mailto", "unlink", "mydata", "erase"}  # of a person
_OTHERS |= {"members", "facilitator", "member", "sponsor", "remove", "ban", "unban", "govern", "set"}  # who is who
COMMANDS = ANSWERS | KIND | FIRM | _OTHERS

THANKING = ("thanks", "useful")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SIGN_OFF_LINES, SIGN_OFF_CHARS = 4, 40

_AROUND = ("please", "wish", "but", "or", "closing", "everyone", "link", "greeting", "doubtful")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of one language, read once: command -> words, the one shown first. `"1"` … `"9"` are number words;
    `"_please" "_wish" "_but" "_or" "_closing" "_everyone" "_link" "_greeting"` are what may stand around a command
    (but `"_doubtful"` is what people answer a post with as well),
    `"=friday" "=on" "=weeks" "=fr"` what may follow one; `"~first_posts"` are a community's settings (choices) and
    `"?mail"` what wishes are made of (wishes)."""

    language: str
    table: Mapping[str, tuple[str, ...]]


def words_of(language: str, mapping: Mapping[str, Mapping[str, Iterable[str]]]) -> Words:
    """The tables of a words file as one: words, numbers, around, arguments, and the names of days and months. Raises
    ValueError for an unknown command."""
    table = {command: tuple(said) for command, said in mapping["words"].items()}
    if unknown := sorted(set(table) - COMMANDS):
        raise ValueError(f"no such command: {', '.join(unknown)}")
    table |= {number: tuple(said) for number, said in mapping.get("numbers", {}).items()}
    table |= {f"_{place}": tuple(said) for place, said in mapping.get("around", {}).items() if place in _AROUND}
    dates, arguments = mapping.get("dates", {}), mapping.get("arguments", {})
    for value, said in zip((*DAYS, *MONTHS), (*dates.get("weekdays", ()), *dates.get("months", ())), strict=False):
        table[f"={value}"] = (said,)
    table |= {f"~{name}": tuple(said) for name, said in mapping.get("settings", {}).items()}
    table |= {f"?{name}": tuple(said) for name, said in mapping.get("wishes", {}).items()}
    for value, more in arguments.items():
        table[f"={value}"] = (*table.get(f"={value}", ()), *more)
    return Words(language, table)


# a few hundred words a language, the same for every reply
_word = lru_cache(16_384)(plain)


@dataclass(frozen=True, slots=True)
class Known:
    """The words that count for one reply, made plain for comparison."""

    exact: Mapping[str, str]  # plain word -> command offered
    others: Mapping[str, tuple[str, ...]]  # plain word -> what else it may stand for, with something after it
    numbers: Mapping[str, str]  # "second" -> "2"
    around: Mapping[str, frozenset[str]]
    values: Mapping[str, str]  # "vendredi" -> "friday"
    kind: frozenset[str]  # words of thanks, offered or not

    @classmethod
    def of(cls, offers: Sequence[str], words: Sequence[Words]) -> "Known":
        """A word may stand for several commands ("ok"): the mail's offer decides, then the order of the languages."""
        return _of(tuple(offers), tuple(words))

    def counts(self, token: str) -> bool:
        """A number, or a word for one that is no article in any language."""
        return token[0].isdigit() or self.numbers.get(token, "1") != "1"

    def is_sign_off(self, lines: Sequence[str]) -> bool:
        """Nothing more than a closing and a name: short lines, none of them a sentence."""
        return len(lines) <= SIGN_OFF_LINES and all(
            self.closes(piece) or (at == len(lines) and line.isalpha())
            for at, line in enumerate(lines, 1)
            for piece in line.split(",")
        )

    def closes(self, piece: str) -> bool:
        """A closing, or the look of a name."""
        bare = piece.strip("-–—_/~*. \t")
        if len(bare) > SIGN_OFF_CHARS or bare.endswith(("?", "!", "。")):
            return False
        return not plain(bare) or plain(bare) in self.around["closing"] or is_name(bare)


@lru_cache(64)  # the same offers come back with every mail of a kind
def _of(offers: tuple[str, ...], words: tuple[Words, ...]) -> Known:
    exact: dict[str, str] = {}
    others: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, str] = {}
    values: dict[str, str] = {}
    around: dict[str, set[str]] = {place: set() for place in _AROUND}
    for name, word in ((name, word) for each in words for name, some in each.table.items() for word in some):
        if name.startswith("_"):
            around[name[1:]].add(_word(word))
        elif name.startswith("="):
            values.setdefault(_word(word), name[1:])
        elif name.isdigit() and "number" in offers:
            numbers.setdefault(_word(word), name)
        elif name in offers and name != "number" and exact.setdefault(_word(word), name) != name:
            others[_word(word)] = (*others.get(_word(word), ()), name)
    for said in [said for said, command in exact.items() if command == "thanks"]:
        if exact.get(said.partition(" ")[0]) in ANSWERS:
            exact[said] = exact[said.partition(" ")[0]]  # "ok thanks" answers, where there is a question
    kind = frozenset(_word(word) for each in words for name in THANKING for word in each.table.get(name, ()))
    return Known(exact, others, numbers, {place: frozenset(some) for place, some in around.items()}, values, kind)
