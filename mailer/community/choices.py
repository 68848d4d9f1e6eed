"""The choices of a community as facilitators say them: `first posts held`, `digest hour 8`, `language français`.

Drawn from the Policy itself, so that a new field is a new choice. Words come from the `[settings]` of the words files:
`first_posts` names a choice, `first_posts.held` or just `held` a value, `first_posts.why` says what it is about.
Refuses to guess a value. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import msgspec

from mailer.community.likeness import plain
from mailer.community.policy import Policy
from mailer.community.vocabulary import Known, Words

LINES = 50  # of one mail
LINE = 400  # characters; a longer line is no choice
NAME = 60  # characters within which a name ends
RANGES = {"digest_hour": (0, 23), "k_min": (2, 100), "files_size": (1, 100)}
ANY_NUMBER = (0, 1000)
SWITCH = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: one of `values`, a number from `lowest` to `highest`, or free words."""

    key: str
    values: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0

    @property
    def number(self) -> bool:
        return self.highest > 0

    @property
    def free(self) -> bool:
        return not self.values and not self.number


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice, understood. `free` words may be any; `marked` ones stand behind a colon."""

    key: str
    value: str | int | bool
    free: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Unsure:
    """It names a choice, and a value that it cannot have."""

    key: str
    line: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What several lines choose, in their order; of two for the same the last. `lost` are lines that name no choice."""

    chosen: tuple[Chosen, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    lost: tuple[str, ...] = ()


def read(text: str, of: Sequence[Choice], tables: Sequence[Words]) -> Heard:
    """Each line but the closing and the name at the end."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip() and not line.startswith(">")][:LINES]
    found = [(line, read_line(line, of, tables)) for line in lines]
    known = Known.of((), tables)
    end = max((at for at, (_, what) in enumerate(found, 1) if what is not None), default=0)
    if known.is_sign_off(lines[end:]):
        found = found[:end]
    chosen = {what.key: what for _, what in found if isinstance(what, Chosen)}
    unsure = tuple(what for _, what in found if isinstance(what, Unsure))
    return Heard(tuple(chosen.values()), unsure, tuple(line for line, what in found if what is None))


def choices(languages: Sequence[str]) -> tuple[Choice, ...]:
    """Everything that can be chosen: what a community is called and speaks, then each field of its policy."""
    own = (Choice("title"), Choice("description"), Choice("language", tuple(languages)), Choice("zone"))
    fields = ((field.name, field.type) for field in msgspec.structs.fields(Policy))
    return (*own, *(made for name, kind in fields if (made := _choice(name, kind))))


def _said(table: Words, name: str) -> tuple[str, ...]:
    return table.table.get(f"~{name}", ())


def _choice(name: str, kind: Any) -> Choice | None:
    """None for a field of a sort that no line can say."""
    if get_origin(kind) is Literal:
        return Choice(name, get_args(kind))
    if kind is bool:
        return Choice(name, tuple(SWITCH))
    if kind is int:
        return Choice(name, (), *RANGES.get(name, ANY_NUMBER))
    return Choice(name) if kind is str else None


def read_line(line: str, of: Sequence[Choice], tables: Sequence[Words]) -> Chosen | Unsure | None:
    """What a line chooses; None where it names no choice."""
    line = line.strip(" \t-–•*·>")
    if not line or len(line) > LINE:
        return None
    named = [(cut, choice) for choice in of for cut in _cuts(line, choice, tables)]
    if not named:
        return None
    cut, choice = max(named, key=lambda found: found[0])
    rest = line[cut:].strip(" \t:=：-–—").strip()
    value = _value(choice, rest, tables)
    if value is None:
        return Unsure(choice.key, line, rest)
    return Chosen(choice.key, value, choice.free, line[cut:].lstrip()[:1] in (":", "：", "="))


def _cuts(line: str, choice: Choice, tables: Sequence[Words]) -> Iterator[int]:
    """Where a name of the choice that begins the line ends."""
    names = {plain(name) for table in tables for name in _said(table, choice.key)} | {choice.key.replace("_", " ")}
    for cut in range(1, min(len(line), NAME) + 1):
        ends = cut == len(line) or not line[cut].isalnum() or not line[cut - 1].isascii()
        if ends and plain(line[:cut]) in names:
            yield cut


def _value(choice: Choice, rest: str, tables: Sequence[Words]) -> str | int | bool | None:
    if choice.free:
        return rest or None
    if choice.number:
        digits = plain(rest).split()
        number = int(digits[0]) if digits and digits[0].isdecimal() and len(digits[0]) <= 4 else -1
        fits = choice.lowest <= number <= choice.highest and set(digits[1:]) <= {"00", "h"}
        return number if fits else None
    wanted = plain(rest)
    for value in choice.values:
        if wanted and wanted in {plain(name) for table in tables for name in names_of(choice.key, value, table)}:
            return SWITCH.get(value, value)
    return None


def names_of(key: str, value: str, table: Words) -> tuple[str, ...]:
    """The words for a value in one language, the shown one first; the value itself where there are none."""
    found = _said(table, f"{key}.{value}") or _said(table, value) or table.table.get(f"={value}", ())
    return (*found, value.replace("_", " "))


def name_of(key: str, table: Words) -> str:
    """What a choice is called in one language."""
    return (*_said(table, key), key.replace("_", " "))[0]


def why(key: str, table: Words) -> str:
    """What a choice is about, in a few words of one language; empty where none are needed."""
    return (*_said(table, f"{key}.why"), "")[0]


def shown(choice: Choice, value: object, table: Words) -> str:
    """A value as one language says it."""
    if isinstance(value, bool):
        value = next(word for word, means in SWITCH.items() if means is value)
    return str(value) if choice.free or choice.number else names_of(choice.key, str(value), table)[0]


def others(choice: Choice, value: object, table: Words) -> tuple[str, ...]:
    """What else it may be."""
    if choice.number:
        return (f"{choice.lowest}–{choice.highest}",)
    now = shown(choice, value, table)
    return tuple(name for each in choice.values if (name := names_of(choice.key, each, table)[0]) != now)
