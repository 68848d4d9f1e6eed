"""Whom a mail answers when its headers do not say: by subject, with care. A wrong join is worse than a split.

A lost reply is joined to a recent post with the same subject (reply signs and gateway marks aside, numbers in brackets
kept: "[PATCH v2 1/3]" is not "[PATCH v3 1/3]") whose author it addresses and whose words it quotes. A part of a
numbered series ("[2/5]") without headers is joined to the other parts, if they are together. Anything less stays alone.
Called by `store/weaving` for posts that name no relative at all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailer.mail.subjects import base_subject, is_reply

WINDOW = timedelta(days=30)  # between a reply and what it answers; most come within a day
SKEW = timedelta(days=1)  # clocks and zones that are wrong
SERIES = timedelta(minutes=10)  # between the parts of a series
LONGEST = 200  # characters of a subject that are compared
RUN = 6  # words in a row that are no chance
RUNS = 3  # such rows in common make a quote
WORDS = 1500  # of a text are compared

_BLOB = re.compile(r"[\[【]([^\[\]【】]{1,80})[\]】]")
_NUMBERED = re.compile(r"\w*\d\w*")
_PART = re.compile(r"(?<![\d/])(\d{1,4})\s?/\s?(\d{1,4})(?![\d/])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Lost:
    """A post that names no relative. `text` is what it says and quotes; addresses are in lower case."""

    key: str  # of its subject
    subject: str
    sender: str
    addressed: frozenset[str]
    sent_at: datetime
    text: str


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
    return "\n".join((new_text, *(text for kind, text in folded if kind in ("quote", "forward"))))


class Kindred:
    """Posts, found by what a lost one looks for."""

    def __init__(self, posts: Iterable[Kin] = ()) -> None:
        self._by: dict[object, list[Kin]] = {}
        for post in posts:
            self.add(post)

    def add(self, post: Kin) -> None:
        self._by.setdefault(post.key, []).append(post)
        if counted := part(post.subject):
            self._by.setdefault((counted.name, counted.whole, post.sender), []).append(post)

    def of(self, lost: Lost) -> Kin | None:
        """The youngest post that it belongs to, or None."""
        if not is_reply(lost.subject):
            return self._series(lost)
        said = runs(lost.text)
        found = (other for other in self._by.get(lost.key, ()) if _answers(lost, said, other))
        return max(found, key=_age, default=None)

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
    return is_reply(subject) or (counted is not None and counted.number > 0)


def _answers(lost: Lost, said: frozenset[str], other: Kin) -> bool:
    """Whether it is in time, speaks to the author and repeats what it said."""
    return (
        -SKEW < lost.sent_at - other.sent_at <= WINDOW
        and bool(other.sender)
        and (other.sender in lost.addressed or other.sender == lost.sender)
        and len(said & runs(other.text)) >= RUNS
    )


def runs(text: str) -> frozenset[str]:
    """Each row of RUN words, however the lines are broken."""
    said = _WORD.findall(text[: WORDS * 20].casefold())[:WORDS]
    return frozenset(" ".join(said[at : at + RUN]) for at in range(len(said) - RUN + 1))
