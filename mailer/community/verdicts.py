"""What a facilitator's reply says about the posts that wait: for each a word, and what goes with it. Pure.

`ok`, `no off topic` and `rule 2` for the only one; `1 ok`, `2 no off topic`, `1, 3 ok`, `ok all` for several, on one
line or on many. Refuses to guess: an ok with conditions, two words for one post, a word for none of several are asked
back. Linear in the text. Called by commands' moderating.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailer.community.grammar import Words
from mailer.community.likeness import APOSTROPHES, plain

DECIDING = ("always", "everything", "rule", "edit", "no", "ok")
MOST_WORDS = 4  # of a word of the tables
LONGEST = 300  # characters of a line that are looked at for a word

_TOKEN = re.compile(r"\d{1,3}|[^\W\d_][^\W\d_']*(?:'[^\W\d_']+)*")
_AROUND = " \t,.:;!=()[]#*–—-،؛。、：＝"
_CLAUSES = re.compile("[,;.:!\n،؛。、—–(]")
_ENDS = ",;.،؛。、"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word for one post. `word` is one of ok always no rule edit; empty where it could not be told, with the line
    as `text`. `text` is a reason, the number of a rule and a reason, or the post as it is to go out."""

    number: str  # of the post; empty where the line names none
    word: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    """A line that begins with a word for some posts. `named`: it says for which."""

    targets: tuple[str, ...]
    named: bool
    word: str
    rest: str
    line: str
    below: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    numbers: tuple[str, ...]
    exact: Mapping[str, str]
    but: frozenset[str]
    closing: frozenset[str]

    @classmethod
    def of(cls, numbers: Sequence[str], words: Sequence[Words]) -> "_Known":
        exact: dict[str, str] = {}
        for command in DECIDING:
            for table in (each.table for each in words):
                for word in table.get(command, ()):
                    exact.setdefault(plain(word), command)
        but, closing = (
            frozenset(plain(word) for each in words for word in each.table.get(place, ()))
            for place in ("_but", "_closing")
        )
        return cls(tuple(numbers), exact, but, closing)


def verdicts(text: str, numbers: Sequence[str], words: Sequence[Words]) -> list[Verdict]:
    """What is said, in order; each number at most once. Empty where there are no words at all."""
    known = _Known.of(numbers, words)
    heads: list[_Head] = []
    stray = ""
    for line in text.split("\n"):
        if line.lstrip().startswith(">"):
            continue
        whole = bool(heads) and heads[-1].word == "edit" and len(known.numbers) == 1  # to the end, whatever it says
        found = [] if whole else _heads(line, known)
        if found and (found[0].named or not (heads or stray)):
            heads += found
        elif heads:
            heads[-1].below.append(line)
        else:
            stray = stray or line.strip()
    if not heads:
        return [Verdict(known.numbers[0] if len(known.numbers) == 1 else "", "", stray)] if stray else []
    return _once(verdict for head in heads for verdict in _read(head, known))


def _heads(line: str, known: _Known) -> list[_Head]:
    """The words a line begins with, and those behind a comma that name a number: "1 ok, 2 no spam"."""
    shown = line[:LONGEST].translate(APOSTROPHES)
    tokens = list(_TOKEN.finditer(shown))
    found: list[_Head] = []
    begin = 0
    for at in range(1, len(tokens) - 1):
        parted = shown[: tokens[at].start()].rstrip()[-1:] in _ENDS or plain(tokens[at - 1][0]) in known.but
        if tokens[at][0] in known.numbers and parted and _word(tokens, at + 1, shown, known):
            head = _head(line[begin : tokens[at].start()].strip(), known)
            if head is not None and head.named:
                found.append(head)
                begin = tokens[at].start()
    last = _head(line[begin:].strip(), known)
    return [*found, last] if last else found


def _head(line: str, known: _Known) -> _Head | None:
    shown = line[:LONGEST].translate(APOSTROPHES)
    tokens = list(_TOKEN.finditer(shown))
    if not tokens:
        command = known.exact.get(plain(shown), "")  # a thumb
        return _Head(known.numbers, False, command, "", line) if command and shown.strip() else None
    if shown[: tokens[0].start()].strip(_AROUND):
        return None
    targets, at = _targets(tokens, shown, known)
    found = _word(tokens, at, shown, known)
    if found is None:
        thumb = known.exact.get(plain(shown[tokens[at - 1].end() :]), "") if targets and at == len(tokens) else ""
        return _Head(targets, True, thumb, "", line) if thumb else None
    command, end = found
    behind = line[tokens[end - 1].end() :]
    if command == "everything":
        return _Head(known.numbers, True, "ok", behind, line)
    if not targets and command != "rule":
        targets, behind = _behind(behind, known)
    return _Head(targets or known.numbers, bool(targets), command, behind, line)


def _word(tokens: Sequence[re.Match[str]], at: int, line: str, known: _Known) -> tuple[str, int] | None:
    """The longest word of the tables that begins at this token, and the token behind it."""
    for end in range(min(at + MOST_WORDS, len(tokens)), at, -1):
        if command := known.exact.get(plain(line[tokens[at].start() : tokens[end - 1].end()])):
            return command, end
    return None


def _targets(tokens: Sequence[re.Match[str]], line: str, known: _Known) -> tuple[tuple[str, ...], int]:
    """The numbers a line begins with: "1", "1, 2 and 4", "1-3"; and the token behind them."""
    found: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at][0]
        if token in known.numbers:
            gap = line[tokens[at - 1].end() : tokens[at].start()].strip() if at else ""
            if found and gap in ("-", "–", "—"):
                first, last = known.numbers.index(found[-1]), known.numbers.index(token)
                found += known.numbers[first + 1 : last]
            found.append(token)
        elif not (found and plain(token) in known.but and tokens[at + 1 :] and tokens[at + 1][0] in known.numbers):
            break
        at += 1
    return tuple(dict.fromkeys(found)), at


def _behind(rest: str, known: _Known) -> tuple[tuple[str, ...], str]:
    """ "ok 1 and 3", "no all": the numbers behind a word, where nothing else is; of one post alone it is a reason."""
    tokens = list(_TOKEN.finditer(rest))
    if len(known.numbers) == 1 or not tokens:
        return (), rest
    if known.exact.get(plain(tokens[0][0])) == "everything":
        return known.numbers, rest[tokens[0].end() :]
    targets, at = _targets(tokens, rest, known)
    return (targets, rest[tokens[at - 1].end() :]) if targets else ((), rest)


def _read(head: _Head, known: _Known) -> Iterator[Verdict]:
    """What a line and those below it say to each of its posts."""
    if not head.named and len(known.numbers) > 1:
        yield Verdict("", "", head.line)
        return
    edits = head.word == "edit"
    below = "\n".join(head.below if edits else _without_closing(head.below, known)).strip("\n").rstrip()
    text = "\n".join(part for part in (head.rest.strip(_AROUND), below) if part)
    unsure = len(head.targets) > 1 if edits else head.word in ("ok", "always") and _conditional(head, text, known)
    for number in head.targets:
        yield Verdict(number, "", head.line) if unsure else Verdict(number, head.word, text)


def _conditional(head: _Head, text: str, known: _Known) -> bool:
    """ "ok but not the name", "ok?", "okay this is odd", "yes, fine, but not now": no word to send something by."""
    first = _TOKEN.search(text.translate(APOSTROPHES))
    if head.line.rstrip().endswith(("?", "？", "؟")):
        return True
    if first is None:
        return False
    said = head.rest.lstrip()
    prose = bool(said) and said[0] not in ",;.:!،؛。、—–-(" and plain(head.rest) not in known.closing
    begins = (_TOKEN.search(clause) for clause in _CLAUSES.split(text.translate(APOSTROPHES)))
    return prose or any(word and plain(word[0].partition("'")[0]) in known.but for word in begins)


def _without_closing(lines: Sequence[str], known: _Known) -> list[str]:
    """The lines up to "Regards"."""
    end = next((at for at, line in enumerate(lines) if plain(line) in known.closing and plain(line)), len(lines))
    return list(lines[:end])


def _once(found: Iterator[Verdict]) -> list[Verdict]:
    """Two words for one post are none."""
    kept: dict[str, Verdict] = {}
    for verdict in found:
        before = kept.get(verdict.number)
        differs = before is not None and before.word != verdict.word
        kept[verdict.number] = replace(verdict, word="") if differs else verdict
    return list(kept.values())
