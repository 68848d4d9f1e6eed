"""Whom a mail answers when its headers do not say: by subject, with care. A wrong join is worse than a split.

A lost reply is joined to the recent post with the same subject (reply signs and gateway marks aside, numbers in
brackets kept: "[PATCH v2 1/3]" is not "[PATCH v3 1/3]") with which it has most words in common: a quote. On many lists
only the list is addressed; where the author is, or is named, a shorter quote will do. A reply that quotes nothing is
joined where nothing else goes by a telling subject and its author is addressed within days. A part of a numbered series
("[2/5]") without headers is joined to the other parts, if they are together. Anything less stays alone.
Called by `store/weaving` for posts that name no relative at all.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest

from mailer.mail.subjects import base_subject, is_reply

WINDOW = timedelta(days=30)  # between a reply and what it answers; most come within a day
SKEW = timedelta(days=1)  # clocks and zones that are wrong
SERIES = timedelta(minutes=10)  # between the parts of a series
LONGEST = 200  # characters of a subject that are compared
SOON = timedelta(days=7)  # between a reply that quotes nothing and what it answers
ROW = 6  # words in a row that are no chance; of a script without spaces twice as many characters
ROWS = 3  # such rows in common are a quote of somebody who is addressed or named
ENOUGH = 6  # such rows are a quote, whoever is addressed
TELLING = 3  # words of a subject that says what it is about
WORDS = 1500  # of a text are compared
LOOKED_AT = 100  # youngest posts of one subject

_BLOB = re.compile(r"(?<!\w)[\[【]([^\[\]【】]{1,80})[\]】]")
_NUMBERED = re.compile(r"\w*\d\w*")
_PART = re.compile(r"(?<![\d/])(\d{1,4})\s?/\s?(\d{1,4})(?![\d/])")
# scripts that put no spaces between words: each letter is compared by itself
_CLOSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_STOPS = "\x00-/:-@\\[-^`{-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"  # between words
_LETTER = re.compile(f"[{_CLOSE}]")
_WORD = re.compile(rf"[^\s{_STOPS}{_CLOSE}]+|[{_CLOSE}]")
_WAS = re.compile(r"\((?:was|war|était|era|antes|olim)\b[: ]\s*([^()]{1,200})\)?\s*$", re.IGNORECASE)
_OF_OTHERS = ("quote", "forward")
_QUOTED = re.compile(r"^[ \t]{0,9}[>|]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lost:
    """A post that names no relative. `text` is what it says and quotes; addresses are in lower case."""

    key: str  # of its subject
    subject: str
    sender: str
    addressed: frozenset[str]
    sent_at: datetime
    text: str
    quotes: bool = True  # whether there are words of others in it


@dataclass(frozen=True, slots=True)
class Kin:
    """A post that it may belong to. `text` as of `Lost`."""

    post: int
    thread: int
    key: str  # of its subject
    subject: str
    sender: str
    sent_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` (0: the cover) of `whole` that go by one name."""

    name: str
    number: int
    whole: int


def subject_key(subject: str) -> str:
    """What two mails of one conversation have in common: the base subject and the numbers in brackets before it."""
    base = base_subject(subject)
    before = subject[: -len(base)] if base and subject.endswith(base) else ""
    numbers = (number for blob in _BLOB.findall(before[:LONGEST]) for number in _NUMBERED.findall(blob))
    return " ".join((base, *numbers)).casefold()[:LONGEST]


def former(subject: str) -> str:
    """The key of the subject that this one had before, "Rings (was: Gaskets)", or empty."""
    was = _WAS.search(subject[-LONGEST:])
    return subject_key(was[1]) if was else ""


def keys(key: str, subject: str) -> frozenset[str]:
    """The keys under which what a lost post belongs to may be found."""
    return frozenset({key, former(subject) or key})


def part(subject: str) -> Part | None:
    """What the brackets at the beginning of a subject count, or None."""
    blob = _BLOB.match(subject.strip())
    counted = _PART.search(blob[1]) if blob else None
    if not blob or not counted:
        return None
    number, whole = int(counted[1]), int(counted[2])
    name = " ".join(_PART.sub(" ", blob[1], count=1).split()).casefold()
    return Part(name, number, whole) if number <= whole >= 2 else None


def spoken(new_text: str, folded: Iterable[tuple[str, str]]) -> str:
    """What a mail says and quotes: its new words, then its folded quotes; no signatures, no footers."""
    return "\n".join((new_text, *(text for kind, text in folded if kind in _OF_OTHERS)))


def quotes(new_text: str, kinds: Iterable[str]) -> bool:
    """Whether a mail holds words of others: folded (`kinds` of folds), or marked as such among its own."""
    return any(kind in _OF_OTHERS for kind in kinds) or _QUOTED.search(new_text) is not None


class Kindred:
    """Posts, found by what a lost one looks for."""

    def __init__(self, posts: Iterable[Kin] = ()) -> None:
        self._by: dict[object, list[Kin]] = {}
        self._said: dict[int, frozenset[str]] = {}
        for post in posts:
            self.add(post)

    def add(self, post: Kin) -> None:
        self._by.setdefault(post.key, []).append(post)
        if counted := part(post.subject):
            self._by.setdefault((counted.name, counted.whole, post.sender), []).append(post)

    def of(self, lost: Lost) -> Kin | None:
        """The post that it belongs to, or None: the one it quotes most of, of several the youngest."""
        if not is_reply(lost.subject) and not former(lost.subject):
            return self._series(lost)
        same = (other for key in keys(lost.key, lost.subject) for other in self._by.get(key, ()))
        recent = (other for other in same if -SKEW < lost.sent_at - other.sent_at <= WINDOW)
        near = nlargest(LOOKED_AT, recent, key=_age)
        text = lost.text[: WORDS * 20].casefold()
        said = rows(text)
        common = [(len(said & self._rows(other)), other) for other in near]
        quoted = [each for each in common if each[0] >= (ROWS if _speaks_of(lost, text, each[1]) else ENOUGH)]
        return max(quoted, key=lambda each: (each[0], _age(each[1])))[1] if quoted else _only(lost, near)

    def _rows(self, post: Kin) -> frozenset[str]:
        if post.post not in self._said:
            self._said[post.post] = rows(post.text)
        return self._said[post.post]

    def _series(self, lost: Lost) -> Kin | None:
        """The first part of the youngest series that lacks this one, and has its cover or two parts together."""
        mine = part(lost.subject)
        if mine is None or mine.number == 0:
            return None
        series: dict[int, dict[int, Kin]] = {}
        for other in sorted(self._by.get((mine.name, mine.whole, lost.sender), ()), key=_age):
            theirs = part(other.subject)
            if theirs and not is_reply(other.subject) and timedelta(0) <= lost.sent_at - other.sent_at <= SERIES:
                series.setdefault(other.thread, {}).setdefault(theirs.number, other)
        whole = [parts for parts in series.values() if mine.number not in parts and (0 in parts or len(parts) > 1)]
        return min(max(whole, key=lambda parts: max(map(_age, parts.values()))).items())[1] if whole else None


def _age(post: Kin) -> tuple[datetime, int]:
    return post.sent_at, post.post


def can_be_lost(subject: str) -> bool:
    """Whether a mail of this subject belongs to another one."""
    counted = part(subject)
    return is_reply(subject) or former(subject) != "" or (counted is not None and counted.number > 0)


def _only(lost: Lost, near: Sequence[Kin]) -> Kin | None:
    """The youngest it addresses, where it quotes nothing and all that go by its telling subject are one thread."""
    same = [other for other in near if other.key == lost.key]
    if lost.quotes or len({other.thread for other in same}) != 1 or not _telling(lost.key):
        return None
    return next((other for other in same if _addresses(lost, other) and lost.sent_at - other.sent_at <= SOON), None)


def _telling(subject: str) -> bool:
    return sum(1 if _LETTER.match(word) else 2 for word in _WORD.findall(subject)) >= 2 * TELLING


def _speaks_of(lost: Lost, text: str, other: Kin) -> bool:
    """Whether it speaks to the author or names them, as the line above a quote does."""
    return _addresses(lost, other) or (bool(other.sender) and other.sender in text)


def _addresses(lost: Lost, other: Kin) -> bool:
    """Whether it speaks to the author, or goes on where its own author stopped."""
    return bool(other.sender) and (other.sender in lost.addressed or other.sender == lost.sender)


def rows(text: str) -> frozenset[str]:
    """Each row of words that is no chance, however the lines are broken."""
    said = _WORD.findall(text[: WORDS * 20].casefold())[:WORDS]
    ends = (at + (2 * ROW if _LETTER.match(word) else ROW) for at, word in enumerate(said))
    return frozenset(" ".join(said[at:end]) for at, end in enumerate(ends) if end <= len(said))
